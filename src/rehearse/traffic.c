/* The migration's verbs under traffic: both versions of an application read, write and check what they read, made up from the schema. */

#include "base/interrupt.h"
#include "rehearse/rehearse_internal.h"

enum { WORKERS = 4 };

static const double RATE = 100;

static bool begin(struct rehearsal *rehearsal, struct drive **out, struct error *err)
{
    const char **tables = NULL;
    size_t n = 0;
    for (size_t i = 0; i < rehearsal->plan->n_tables; i++)
        ARENA_PUSH(rehearsal->arena, tables, n, rehearsal->plan->tables[i].name);
    const struct drive_settings settings = {
        .engine = rehearsal->settings->engine,
        .url = place_url(rehearsal, rehearsal->busy.database),
        .schema = rehearsal->settings->schema,
        .workers = {WORKERS, WORKERS},
        .rate = RATE,
        .tables = tables,
        .n_tables = n,
        .hot_apart = true,
        .null_percent = 5,
    };
    return drive_start(&settings, out, err);
}

/* Both versions at work until the one that goes has gone. */
static bool both(struct rehearsal *rehearsal, struct drive *drive, enum drive_version leaving,
                 struct error *err)
{
    if (!drive)
        return true;
    if (!drive_wait(drive, DRIVE_NEW, true, err) || !interrupt_sleep(rehearsal->settings->seconds, err))
        return false;
    drive_end_version(drive, leaving);
    return drive_wait(drive, leaving, false, err);
}

static bool forth_and_back(struct rehearsal *rehearsal, struct drive *drive, struct error *err)
{
    return way_start(rehearsal, &rehearsal->busy, &rehearsal->busy.start, err) &&
           both(rehearsal, drive, DRIVE_NEW, err) && way_rollback(rehearsal, &rehearsal->busy, err);
}

static bool to_the_end(struct rehearsal *rehearsal, struct drive *drive, struct error *err)
{
    return way_start(rehearsal, &rehearsal->busy, &rehearsal->busy.again, err) &&
           both(rehearsal, drive, DRIVE_OLD, err) && way_complete(rehearsal, &rehearsal->busy, err);
}

/* Under traffic of its own, quiet for a while before and after. */
static bool under_traffic(struct rehearsal *rehearsal,
                          bool (*verbs)(struct rehearsal *, struct drive *, struct error *),
                          struct error *err)
{
    struct drive *drive = NULL;
    struct drive_report report;
    double seconds = rehearsal->settings->seconds;
    if (rehearsal->settings->traffic == TRAFFIC_NONE || rehearsal->plan->n_tables == 0)
        return verbs(rehearsal, NULL, err);
    if (!begin(rehearsal, &drive, err))
        return false;
    bool good =
        interrupt_sleep(seconds, err) && verbs(rehearsal, drive, err) && interrupt_sleep(seconds, err);
    drive_finish(drive, rehearsal->arena, &report);
    if (good)
        ARENA_PUSH(rehearsal->arena, rehearsal->traffic, rehearsal->n_traffic, report);
    return good;
}

static bool count_deadlocks(struct rehearsal *rehearsal, struct error *err)
{
    const struct engine *engine = rehearsal->settings->engine;
    const struct session_settings settings = {.url = place_url(rehearsal, rehearsal->busy.database),
                                              .application_name = "segue rehearse"};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return engine->open(&settings, &session, err) &&
           engine->observe_deadlocks(session, &rehearsal->deadlocks, err);
}

bool traffic_way(struct rehearsal *rehearsal, struct error *err)
{
    struct way *busy = &rehearsal->busy;
    struct observing *observing = NULL;
    rehearse_say(rehearsal, "rehearsed %s: start, rollback; start, complete",
                 rehearsal->settings->traffic == TRAFFIC_NONE ? "observed" : "under traffic, and observed");
    if (!place_create(rehearsal, busy->database, rehearsal->copy, err) || !way_init(rehearsal, busy, err) ||
        !observing_begin(rehearsal->settings->engine, place_url(rehearsal, busy->database), &observing,
                         &busy->engine, err))
        return false;
    bool good =
        rehearsal->settings->traffic == TRAFFIC_RECORDED
            ? traffic_recorded(rehearsal, err)
            : under_traffic(rehearsal, forth_and_back, err) && under_traffic(rehearsal, to_the_end, err);
    observing_end(observing, rehearsal->arena, &rehearsal->locks, &rehearsal->n_locks, &rehearsal->statements,
                  &rehearsal->n_statements);
    busy->engine = NULL;
    return good && count_deadlocks(rehearsal, err);
}
