/* segue drive: traffic of an old and a new application version that checks what it reads. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/compare.h"
#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/run_options.h"
#include "drive/drive.h"

enum { LOOK_EVERY_NS = 50000000, MAX_WORKERS = 500 };

/* --- Settings --- */

/* Names separated by commas. */
static void split_tables(struct arena *arena, const char *list, const char ***tables, size_t *n)
{
    while (list && *list) {
        size_t length = strcspn(list, ",");
        if (length) {
            const char *name = arena_strndup(arena, list, length);
            ARENA_PUSH(arena, *tables, *n, name);
        }
        list += length + (list[length] == ',');
    }
}

static bool makes(const struct change *change, const char *name)
{
    if (change->kind == CHANGE_CREATE_TABLE)
        return strcmp(change->table.name, name) == 0;
    if (change->kind == CHANGE_RENAME_TABLE)
        return strcmp(change->new_name, name) == 0;
    return change->kind == CHANGE_STATEMENT && change->statement->object == OBJECT_MATERIALIZED_VIEW &&
           change->statement->n_subjects && strcmp(change->statement->subjects[0].name.name, name) == 0;
}

/* Whether the file itself makes the relation, or gives it its name. */
static bool is_made(const struct migration *migration, const char *name)
{
    for (size_t i = 0; i < migration->n_changes; i++) {
        if (makes(&migration->changes[i], name))
            return true;
    }
    return false;
}

static bool is_about_table(const struct change *change)
{
    if (change->kind == CHANGE_STATEMENT)
        return change->table.name &&
               (change->statement->object == OBJECT_TRIGGER || change->statement->object == OBJECT_POLICY ||
                change->statement->object == OBJECT_TABLE);
    return change->kind <= CHANGE_RENAME_CONSTRAINT || change->kind == CHANGE_CREATE_INDEX ||
           change->kind == CHANGE_DROP_TABLE || change->kind == CHANGE_RENAME_TABLE;
}

/* The tables that a migration file changes; those that it creates are not there yet. */
static bool file_tables(struct invocation *call, const char *path, const char ***tables, size_t *n,
                        struct error *err)
{
    struct migration *migration;
    if (!call->engine->read_migration(call->arena, path, &migration, err))
        return false;
    for (size_t i = 0; i < migration->n_changes; i++) {
        const struct change *change = &migration->changes[i];
        if (is_about_table(change) && !name_is_among(*tables, *n, change->table.name) &&
            !is_made(migration, change->table.name))
            ARENA_PUSH(call->arena, *tables, *n, change->table.name);
    }
    return true;
}

static bool read_settings(struct invocation *call, struct drive_settings *settings, struct error *err)
{
    long old = 0, new = 0, nulls = 0;
    double seconds_ms = 0;
    const char **tables = NULL;
    *settings = (struct drive_settings){
        .engine = call->engine,
        .url = call->url,
        .schema = call->schema,
        .migration = migration_name(call, given_value(call, "migration")),
        .mark_states = true,
    };
    split_tables(call->arena, given_value(call, "tables"), &tables, &settings->n_tables);
    const char *file = given_value(call, "file");
    if (file && !file_tables(call, file, &tables, &settings->n_tables, err))
        return false;
    settings->tables = tables;
    settings->overrides = given_values(call, "set", &settings->n_overrides);
    if (!given_long(call, "old", 0, MAX_WORKERS, &old, err) ||
        !given_long(call, "new", 0, MAX_WORKERS, &new, err) ||
        !given_long(call, "nulls", 0, 100, &nulls, err) ||
        !given_duration_ms(call, "seconds", 0, 1e9, &seconds_ms, err) ||
        !given_double(call, "rate", 0, 1e6, &settings->rate, err))
        return false;
    settings->workers[DRIVE_OLD] = (int)old;
    settings->workers[DRIVE_NEW] = (int)new;
    settings->null_percent = (int)nulls;
    settings->hot_apart = given(call, "hot-apart");
    settings->seconds = seconds_ms / 1000;
    return true;
}

/* --- The run --- */

/* How far a version's workers are, as far as it has been said. */
enum told { TOLD_NOTHING, TOLD_ANSWERED, TOLD_ENDED };

/* Whoever ends a version's workers may wait for the first line: before it, they may not have done anything. Whoever takes the version
 * away then waits for the second: a request may be under way until it. */
static void tell(struct drive *drive, enum told told[DRIVE_VERSIONS])
{
    for (int version = 0; version < DRIVE_VERSIONS; version++) {
        const char *name = version == DRIVE_OLD ? "old" : "new";
        bool runs = drive_is_running(drive, (enum drive_version)version);
        if (told[version] == TOLD_NOTHING && runs &&
            drive_between(drive, (enum drive_version)version, 0, drive_elapsed(drive) + 1).requests) {
            told[version] = TOLD_ANSWERED;
            (void)fprintf(stderr, "drive: the %s version's first requests are answered\n", name);
        } else if (told[version] == TOLD_ANSWERED && !runs) {
            told[version] = TOLD_ENDED;
            (void)fprintf(stderr, "drive: the %s version's last requests are answered\n", name);
        }
    }
}

/* SIGUSR1 and SIGUSR2 stay blocked in every thread and are taken here one by one: no handler, no flag. */
static void wait_until_over(struct drive *drive, const sigset_t *signals)
{
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_NS};
    enum told told[DRIVE_VERSIONS] = {TOLD_NOTHING, TOLD_NOTHING};
    while (!drive_is_over(drive) && !interrupted()) {
        tell(drive, told);
        int number = sigtimedwait(signals, NULL, &pause);
        if (number == SIGUSR1)
            drive_end_version(drive, DRIVE_OLD);
        else if (number == SIGUSR2)
            drive_end_version(drive, DRIVE_NEW);
    }
    tell(drive, told);
    /* What follows are the last checks: they are not what the signal meant to cancel. */
    interrupt_reset();
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct drive_settings settings;
    struct drive_report report;
    struct drive *drive;
    sigset_t signals, before;
    if (!read_settings(call, &settings, err))
        return false;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGUSR1);
    (void)sigaddset(&signals, SIGUSR2);
    (void)pthread_sigmask(SIG_BLOCK, &signals, &before);
    if (!drive_start(&settings, &drive, err))
        return false;
    /* Whoever starts a migration under this traffic waits for this line. */
    (void)fprintf(stderr, "drive: ready, %d workers of the old version run\n", settings.workers[DRIVE_OLD]);
    wait_until_over(drive, &signals);
    drive_finish(drive, call->arena, &report);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (call->json)
        drive_report_json(&report, !given(call, "no-windows"), &out);
    else
        drive_report_text(&report, &out);
    (void)printf("%s%s", text_string(&out), call->json ? "\n" : "");
    call->status = drive_report_clean(&report) ? 0 : 1;
    return true;
}

/* --- The command --- */

static const struct command_option options[] = {
    {.name = "old", .value = "N", .help = "Workers of the old version.", .fallback = "4"},
    {.name = "new",
     .value = "N",
     .help = "Workers of the new version; they begin when both versions are live.",
     .fallback = "4"},
    {.name = "seconds",
     .value = "S",
     .help =
         "How long; 0: until SIGINT or SIGTERM, or until SIGUSR1 has ended the old and SIGUSR2 the new version.",
     .fallback = "10"},
    {.name = "rate",
     .value = "TX/S",
     .help =
         "Requests a second of each version, begun on time whether or not earlier ones are done; latency counts from when "
         "a request should have begun. 0: each worker sends the next request when the last one is answered.",
     .fallback = "0"},
    {.name = "tables",
     .value = "A,B",
     .help = "The tables to use, as the old version names them. Without it those of the live "
             "migration, else all tables of the schema."},
    {.name = "migration",
     .value = "NAME",
     .help =
         "Whose versions are driven, where several migrations are under way; without it the newest one's."},
    {.name = "file",
     .value = "FILE",
     .help = "Use the tables that this migration changes.",
     .kind = VALUE_FILE},
    {.name = "set",
     .value = "T.c=EXPR",
     .help =
         "Values for a column as an SQL expression, for one version with old: or new: before the table. May be given "
         "several times.",
     .repeated = true},
    {.name = "nulls",
     .value = "PERCENT",
     .help = "How often a column that may be NULL gets NULL.",
     .fallback = "5"},
    {.name = "hot-apart",
     .help =
         "The two versions do not fight over the same rows: for tables that are split or merged, where that may deadlock."},
    {.name = "no-windows", .help = "Leave the windows of 100 ms out of the JSON report."},
    {0},
};

static const char *const description[] = {
    "Runs workers of the old and of the new application version side by side, each with prepared statements through its own "
    "search path: SELECT * and explicit columns, INSERT, INSERT ... ON CONFLICT DO UPDATE ... RETURNING, UPDATE (also past the "
    "views and in functions with a search path of their own), DELETE, transactions, and a few rows that all fight over. It fits "
    "any schema: values are made by type, keys and foreign keys are respected, and what cannot be made is left out with a note.",
    "Every worker checks what it reads: its own writes are seen, both shapes of a row agree within one snapshot, no row is lost. "
    "Errors of any kind are counted. The workers of the new version begin when the migration becomes active and end when it is "
    "rolled back; those of the old version run from the beginning to the end, or to SIGUSR1. SIGUSR2 ends the new version's.",
    "It writes to the tables: use it on a database made for it.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue drive --seconds 60 --rate 200", "checked traffic for a minute; run segue start meanwhile"},
    {"segue drive --tables users --set \"users.email='u' || random() || '@example.org'\"",
     "values of one's own"},
    {0},
};

static const struct command_exit exits[] = {
    {0, "No error, no mismatch, no lost row."},
    {1, "Something was found; the report says what."},
    {2, "The command line is wrong."},
    {3, "The database could not be reached or read before the traffic began."},
    {0, NULL},
};

const struct command command_drive = {
    .name = "drive",
    .summary = "run checked traffic of two application versions",
    .options = options,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
