/* The life of a run, as its caller sees it. */
#include "drive/drive.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "drive/drive_internal.h"
#include "drive/override.h"
#include "drive/supply.h"
#include "drive/version.h"

/* How long a version may take to begin or end, and how often it is looked at. */
static const double PATIENCE_SECONDS = 60, LOOK_SECONDS = 0.05;

/* --- Beginning --- */

static void crew_init(struct drive *drive, enum drive_version version)
{
    struct crew *crew = &drive->crews[version];
    int workers = drive->settings.workers[version];
    *crew = (struct crew){
        .drive = drive,
        .version = version,
        .arena = arena_new(),
        .n_workers = workers > 0 ? (size_t)workers : 0,
        .began = -1,
        .ended = -1,
    };
    atomic_store(&crew->over, crew->n_workers == 0);
    series_init(&crew->series);
}

static struct drive *drive_new(const struct drive_settings *settings)
{
    struct drive *drive = memory_alloc(sizeof *drive);
    drive->settings = *settings;
    drive->schema = settings->schema ? settings->schema : "public";
    drive->arena = arena_new();
    drive->stock_arena = arena_new();
    drive->plan_arena = arena_new();
    drive->began_us = clock_us();
    drive->run = (uint64_t)time(NULL);
    (void)pthread_mutex_init(&drive->lock, NULL);
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        crew_init(drive, (enum drive_version)version);
    return drive;
}

static void crew_free(struct crew *crew)
{
    for (size_t t = 0; t < crew->n_targets; t++)
        for (size_t c = 0; c < crew->targets[t].shape->n_columns; c++)
            if (crew->targets[t].shape->columns[c].supply)
                supply_free(crew->targets[t].shape->columns[c].supply);
    free(crew->workers);
    series_free(&crew->series);
    arena_free(crew->arena);
}

static void drive_free(struct drive *drive)
{
    session_close(drive->session);
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        crew_free(&drive->crews[version]);
    arena_free(drive->plan_arena);
    arena_free(drive->stock_arena);
    arena_free(drive->arena);
    (void)pthread_mutex_destroy(&drive->lock);
    free(drive);
}

bool drive_open_control(struct drive *drive, struct error *err)
{
    struct session_settings settings = {.url = drive->settings.url, .application_name = "segue drive"};
    return drive->settings.engine->open(&settings, &drive->session, err);
}

/* Each --set must name a table and column that the old version has, or be for the new version. */
static bool check_overrides(const struct drive *drive, struct error *err)
{
    const struct crew *crew = &drive->crews[DRIVE_OLD];
    for (size_t i = 0; i < drive->n_overrides[DRIVE_OLD]; i++) {
        const struct shape_override *override = &drive->overrides[DRIVE_OLD][i];
        bool found = !override->strict || !crew->n_targets;
        for (size_t t = 0; t < crew->n_targets && !found; t++)
            found = strcmp(crew->targets[t].shape->name, override->table) == 0 &&
                    shape_column(crew->targets[t].shape, override->column);
        if (!found)
            return error_set(err, ERROR_USAGE,
                             "--set: the old version has no column %s.%s among the tables driven",
                             override->table, override->column);
    }
    return true;
}

static bool begin_old_version(struct drive *drive, struct error *err)
{
    struct crew *crew = &drive->crews[DRIVE_OLD];
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    const char *version;
    if (!version_find_old(drive, &version, err) ||
        !version_old_names(drive, &drive->names, &drive->n_names, err))
        return false;
    crew->path = version_path(crew->arena, drive, version);
    if (!crew->n_workers)
        return true;
    if (!crew_open(crew, &session, err) || !crew_prepare(crew, session, drive->names, drive->n_names, err))
        return false;
    if (!crew->n_targets)
        return error_set(err, ERROR_REFUSED, "schema %s has no table to drive", drive->schema);
    if (!check_overrides(drive, err))
        return false;
    /* What came before was preparation. */
    drive->began_us = clock_us();
    crew_start(crew);
    return true;
}

bool drive_start(const struct drive_settings *settings, struct drive **out, struct error *err)
{
    struct drive *drive = drive_new(settings);
    *out = NULL;
    /* The plan, when there is one already, says which tables; the crews begin afterwards. */
    bool good = override_parse(drive, err) && drive_open_control(drive, err) && control_plan(drive, err) &&
                begin_old_version(drive, err);
    if (good && pthread_create(&drive->control, NULL, control_main, drive) != 0)
        good = error_set(err, ERROR_RESOURCE, "no thread could be started");
    if (!good) {
        atomic_store(&drive->stop, true);
        crew_join(&drive->crews[DRIVE_OLD]);
        drive_free(drive);
        return false;
    }
    drive->control_runs = true;
    *out = drive;
    return true;
}

/* --- While it runs --- */

void drive_end_version(struct drive *drive, enum drive_version version)
{
    struct crew *crew = &drive->crews[version];
    atomic_store(&crew->over, true);
    atomic_store(&crew->stop, true);
}

bool drive_is_running(struct drive *drive, enum drive_version version)
{
    return atomic_load(&drive->crews[version].busy);
}

bool drive_is_over(struct drive *drive)
{
    double seconds = drive->settings.seconds;
    bool due = seconds > 0 && drive_elapsed(drive) >= seconds;
    for (int version = 0; version < DRIVE_VERSIONS; version++) {
        struct crew *crew = &drive->crews[version];
        if (atomic_load(&crew->busy) || !(due || atomic_load(&crew->over)))
            return false;
    }
    return true;
}

bool drive_wait(struct drive *drive, enum drive_version version, bool running, struct error *err)
{
    int64_t end = clock_us() + (int64_t)(PATIENCE_SECONDS * 1e6);
    while (drive_is_running(drive, version) != running && !drive_is_over(drive)) {
        if (clock_us() > end)
            return error_set(err, ERROR_RESOURCE, "the %s version's traffic did not %s",
                             version == DRIVE_OLD ? "old" : "new", running ? "begin" : "end");
        if (!interrupt_sleep(LOOK_SECONDS, err))
            return false;
    }
    return true;
}

double drive_elapsed(const struct drive *drive)
{
    return (double)(clock_us() - drive->began_us) / 1e6;
}

void drive_mark(struct drive *drive, const char *name)
{
    (void)pthread_mutex_lock(&drive->lock);
    struct drive_mark mark = {.at = drive_elapsed(drive), .name = arena_strdup(drive->arena, name)};
    ARENA_PUSH(drive->arena, drive->marks, drive->n_marks, mark);
    (void)pthread_mutex_unlock(&drive->lock);
}

uint64_t drive_errors(struct drive *drive, enum drive_version version)
{
    (void)pthread_mutex_lock(&drive->lock);
    uint64_t errors = drive->findings.errors[version];
    (void)pthread_mutex_unlock(&drive->lock);
    return errors;
}

uint64_t drive_mismatches(struct drive *drive)
{
    (void)pthread_mutex_lock(&drive->lock);
    uint64_t mismatches = drive->findings.mismatches;
    (void)pthread_mutex_unlock(&drive->lock);
    return mismatches;
}

/* --- Latencies --- */

/* Workers' batches are theirs while they run; the flag keeps a reader from workers that are not there yet or gone. */
static void collect(struct crew *crew)
{
    if (!atomic_load(&crew->busy))
        return;
    for (size_t i = 0; i < crew->n_workers; i++)
        batch_flush(&crew->workers[i].batch, &crew->series);
}

static double milliseconds(int64_t microseconds)
{
    return (double)microseconds / 1000;
}

static struct drive_latency latency_of(const struct histogram *histogram, uint64_t errors)
{
    return (struct drive_latency){
        .requests = histogram->count,
        .errors = errors,
        .p50 = milliseconds(histogram_percentile(histogram, 0.5)),
        .p95 = milliseconds(histogram_percentile(histogram, 0.95)),
        .p99 = milliseconds(histogram_percentile(histogram, 0.99)),
        .p999 = milliseconds(histogram_percentile(histogram, 0.999)),
        .longest = milliseconds(histogram->max),
    };
}

static struct drive_latency latency_between(struct crew *crew, size_t first, size_t end)
{
    struct histogram histogram;
    uint64_t errors;
    series_sum(&crew->series, first, end, &histogram, &errors);
    return latency_of(&histogram, errors);
}

static struct drive_window window_at(struct crew *crew, size_t number)
{
    struct drive_latency latency = latency_between(crew, number, number + 1);
    return (struct drive_window){
        .at = (double)number * SERIES_WINDOW_US / 1e6,
        .requests = latency.requests,
        .errors = latency.errors,
        .p50 = latency.p50,
        .p95 = latency.p95,
        .p99 = latency.p99,
        .max = latency.longest,
    };
}

size_t drive_windows(struct drive *drive, enum drive_version version, size_t first, struct drive_window *out,
                     size_t n)
{
    struct crew *crew = &drive->crews[version];
    collect(crew);
    size_t count = series_count(&crew->series), copied = 0;
    for (size_t number = first; number < count && copied < n; number++)
        out[copied++] = window_at(crew, number);
    return copied;
}

static size_t window_number(double seconds)
{
    double number = seconds * 1e6 / SERIES_WINDOW_US;
    return number > 0 ? (size_t)(number + 0.5) : 0;
}

struct drive_latency drive_between(struct drive *drive, enum drive_version version, double from, double to)
{
    struct crew *crew = &drive->crews[version];
    collect(crew);
    return latency_between(crew, window_number(from), window_number(to));
}

/* --- The end --- */

static const char *keep(struct arena *arena, const char *string)
{
    return arena_strdup(arena, string);
}

static void report_version(struct drive *drive, int version, struct arena *arena, struct drive_report *report)
{
    struct crew *crew = &drive->crews[version];
    report->total[version] = latency_between(crew, 0, SIZE_MAX);
    report->total[version].errors = drive->findings.errors[version];
    report->began[version] = crew->began;
    report->ended[version] = crew->ended;
    report->workers[version] = (int)crew->n_workers;
    size_t n = series_count(&crew->series);
    report->windows[version] = arena_alloc(arena, (n + 1) * sizeof(struct drive_window));
    report->n_windows[version] = n;
    for (size_t i = 0; i < n; i++)
        report->windows[version][i] = window_at(crew, i);
}

static void report_findings(const struct drive *drive, struct arena *arena, struct drive_report *report)
{
    for (size_t i = 0; i < drive->findings.n; i++) {
        struct drive_finding finding = drive->findings.list[i];
        finding.sqlstate = keep(arena, finding.sqlstate);
        finding.message = keep(arena, finding.message);
        finding.statement = keep(arena, finding.statement);
        ARENA_PUSH(arena, report->findings, report->n_findings, finding);
    }
    for (size_t i = 0; i < drive->n_marks; i++) {
        struct drive_mark mark = {.at = drive->marks[i].at, .name = keep(arena, drive->marks[i].name)};
        ARENA_PUSH(arena, report->marks, report->n_marks, mark);
    }
    for (size_t i = 0; i < drive->n_notes; i++) {
        const char *note = keep(arena, drive->notes[i]);
        ARENA_PUSH(arena, report->notes, report->n_notes, note);
    }
}

void drive_finish(struct drive *drive, struct arena *arena, struct drive_report *report)
{
    atomic_store(&drive->stop, true);
    if (drive->control_runs)
        (void)pthread_join(drive->control, NULL);
    override_note_unused(drive);
    *report = (struct drive_report){
        .seconds = drive_elapsed(drive),
        .mismatches = drive->findings.mismatches,
        .lost_rows = drive->findings.lost,
        .own_checks = atomic_load(&drive->own_checks),
        .agree_checks = atomic_load(&drive->agree_checks),
        .swept_rows = atomic_load(&drive->swept_rows),
        .counted_rows = atomic_load(&drive->counted_rows),
    };
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        report_version(drive, version, arena, report);
    report_findings(drive, arena, report);
    drive_free(drive);
}
