/* The control thread: watches the migration's state, starts the new version's crew, ends crews, and sweeps. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/compare.h"
#include "drive/drive_internal.h"
#include "drive/version.h"

enum { LOOK_EVERY_US = 100000, NAP_US = 10000 };

void drive_note(struct drive *drive, const char *format, ...)
{
    char buffer[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    (void)pthread_mutex_lock(&drive->lock);
    if (!name_is_among(drive->notes, drive->n_notes, buffer)) {
        const char *note = arena_strdup(drive->arena, buffer);
        ARENA_PUSH(drive->arena, drive->notes, drive->n_notes, note);
    }
    (void)pthread_mutex_unlock(&drive->lock);
}

void drive_found(struct drive *drive, enum drive_finding_kind kind, enum drive_version version,
                 const char *sqlstate, const char *statement, const char *format, ...)
{
    char buffer[1200];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    struct drive_finding finding = {
        .kind = kind,
        .version = version,
        .at = drive_elapsed(drive),
        .sqlstate = sqlstate,
        .message = buffer,
        .statement = statement,
    };
    (void)pthread_mutex_lock(&drive->lock);
    findings_add(&drive->findings, drive->arena, &finding);
    (void)pthread_mutex_unlock(&drive->lock);
}

/* --- The migration's state --- */

static bool is_wanted(const struct drive *drive, const struct state_migration *live, int64_t id)
{
    const char *name = drive->settings.migration;
    return id ? live->id == id : !name || strcmp(live->name, name) == 0;
}

/* The state word of the migration that this run is about, or of the one that is live now; "" when there is none. */
static bool read_state(struct drive *drive, struct session *session, struct arena *arena, bool with_plan,
                       struct state_migration *out, struct error *err)
{
    const struct engine *engine = drive->settings.engine;
    struct state_migration *live = NULL, *history = NULL;
    size_t n = 0, n_live = 0;
    bool installed = false;
    *out = (struct state_migration){.state = ""};
    if (!engine->state_installed(session, &installed, err))
        return false;
    if (!installed)
        return true;
    if (!engine->state_live(session, arena, with_plan, &live, &n_live, err))
        return false;
    int64_t id = atomic_load(&drive->migration);
    /* The newest one, unless the run is about another. */
    for (size_t i = n_live; i > 0; i--) {
        if (!is_wanted(drive, &live[i - 1], id))
            continue;
        *out = live[i - 1];
        return true;
    }
    if (!id)
        return true;
    if (!engine->state_history(session, arena, &history, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (history[i].id == id)
            *out = history[i];
    return true;
}

static void read_state_word(struct drive *drive, struct session *session, char *word, size_t size)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct state_migration migration;
    struct error err;
    bool good = session && read_state(drive, session, arena, false, &migration, &err);
    (void)snprintf(word, size, "%s", good ? migration.state : "unknown");
}

bool state_is_active(struct drive *drive, struct session *session)
{
    char word[32];
    read_state_word(drive, session, word, sizeof word);
    return strcmp(word, "active") == 0;
}

bool version_is_gone(struct drive *drive, struct session *session)
{
    char word[32];
    read_state_word(drive, session, word, sizeof word);
    return strcmp(word, "rolling-back") == 0 || strcmp(word, "rolled-back") == 0;
}

/* --- What a state means for the crews --- */

static void start_new_version(struct drive *drive)
{
    struct crew *crew = &drive->crews[DRIVE_NEW];
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct error err;
    const char **names = NULL;
    size_t n = 0;
    if (atomic_load(&crew->over) || crew->workers)
        return;
    version_names(drive, &names, &n);
    crew->path = version_path(crew->arena, drive, drive->plan->new_version);
    if (crew_open(crew, &session, &err) && crew_prepare(crew, session, names, n, &err)) {
        crew_compare(crew, drive->plan);
        crew_start(crew);
        return;
    }
    drive_found(drive, DRIVE_ERROR, DRIVE_NEW, err.sqlstate,
                err.detail[0] ? err.detail : "preparing the new version", "%s", err.message);
    atomic_store(&crew->over, true);
}

static void state_changed(struct drive *drive, const char *state)
{
    bool active = strcmp(state, "active") == 0;
    (void)snprintf(drive->state, sizeof drive->state, "%s", state);
    if (drive->settings.mark_states && state[0])
        drive_mark(drive, state);
    if (active && drive->plan) {
        crew_compare(&drive->crews[DRIVE_OLD], drive->plan);
        atomic_store(&drive->overlap, OVERLAP_NOW);
        start_new_version(drive);
    }
    if (!active && atomic_load(&drive->overlap) == OVERLAP_NOW)
        atomic_store(&drive->overlap, OVERLAP_AFTER);
    if (strcmp(state, "rolling-back") == 0 || strcmp(state, "rolled-back") == 0) {
        atomic_store(&drive->crews[DRIVE_NEW].stop, true);
        atomic_store(&drive->crews[DRIVE_NEW].over, true);
    }
}

static void take_plan(struct drive *drive, const struct state_migration *migration)
{
    struct error err;
    atomic_store(&drive->migration, migration->id);
    if (!migration->plan || !plan_from_json(drive->plan_arena, migration->plan, &drive->plan, &err)) {
        drive->plan = NULL;
        drive_note(drive, "the stored plan cannot be read: %s",
                   migration->plan ? err.message : "there is none");
    }
}

bool control_plan(struct drive *drive, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct state_migration migration;
    if (!read_state(drive, drive->session, arena, true, &migration, err))
        return false;
    if (migration.id)
        take_plan(drive, &migration);
    return true;
}

/* Looks at the state once and acts on it. */
static bool control_look(struct drive *drive, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct state_migration migration;
    bool first = atomic_load(&drive->migration) == 0;
    if (!read_state(drive, drive->session, arena, first, &migration, err))
        return false;
    if (first && migration.id)
        take_plan(drive, &migration);
    if (migration.id && strcmp(migration.state, drive->state) != 0)
        state_changed(drive, migration.state);
    return true;
}

/* A failed look is no error of an application's; but a control session that is gone must come back. */
static void look(struct drive *drive)
{
    struct error err;
    if (drive->session && control_look(drive, &err))
        return;
    if (drive->session && err.class != ERROR_LOST) {
        drive_note(drive, "the state could not be read: %s", err.message);
        return;
    }
    session_close(drive->session);
    drive->session = NULL;
    if (!drive_open_control(drive, &err))
        drive_note(drive, "the state could not be read: %s", err.message);
}

/* --- The end of a crew --- */

static void end_crew(struct drive *drive, struct crew *crew)
{
    if (!atomic_load(&crew->busy) || atomic_load(&crew->active) > 0)
        return;
    crew_join(crew);
    crew->ended = drive_elapsed(drive);
    atomic_store(&crew->over, true);
    if (drive->session)
        check_sweep(drive);
    atomic_store(&crew->busy, false);
}

static bool is_due(const struct drive *drive)
{
    double seconds = drive->settings.seconds;
    return atomic_load(&drive->stop) || (seconds > 0 && drive_elapsed(drive) >= seconds);
}

void *control_main(void *argument)
{
    struct drive *drive = argument;
    int64_t looked = 0;
    for (;;) {
        bool due = is_due(drive);
        if (clock_us() - looked >= LOOK_EVERY_US) {
            looked = clock_us();
            if (!due || atomic_load(&drive->overlap) == OVERLAP_NOW)
                look(drive);
        }
        for (int version = 0; version < DRIVE_VERSIONS; version++)
            end_crew(drive, &drive->crews[version]);
        if (atomic_load(&drive->stop) && !atomic_load(&drive->crews[DRIVE_OLD].busy) &&
            !atomic_load(&drive->crews[DRIVE_NEW].busy))
            return NULL;
        clock_sleep_us(NAP_US);
    }
}
