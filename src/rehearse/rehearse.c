/* The order of a rehearsal. */

#include "rehearse/rehearse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/interrupt.h"
#include "base/must.h"
#include "rehearse/rehearse_internal.h"
#include "server/schema_diff.h"

void rehearse_say(const struct rehearsal *rehearsal, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (rehearsal->settings->say)
        rehearsal->settings->say(rehearsal->settings->context, line);
}

void rehearse_remark(struct rehearsal *rehearsal, const char *format, ...)
{
    char line[1500];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    ARENA_PUSH(rehearsal->arena, rehearsal->remarks, rehearsal->n_remarks,
               arena_strdup(rehearsal->arena, line));
}

void rehearse_salt(char *out, size_t size)
{
    unsigned char bytes[16] = {0};
    ssize_t ignored = getrandom(bytes, sizeof bytes, 0);
    (void)ignored; /* so few bytes are always there */
    for (size_t i = 0; i < sizeof bytes && 2 * i + 2 < size; i++)
        (void)snprintf(out + 2 * i, size - 2 * i, "%02x", bytes[i]);
}

/* Two migrations would have to be rehearsed at once, of which one is half done. */
static bool refuse_live(struct rehearsal *rehearsal, struct session *session, struct error *err)
{
    const struct engine *engine = rehearsal->settings->engine;
    struct state_migration *live = NULL;
    size_t n = 0;
    bool installed = false;
    if (!engine->state_installed(session, &installed, err) ||
        (installed && !engine->state_live(session, rehearsal->arena, false, &live, &n, err)))
        return false;
    if (n == 0)
        return true;
    error_set(err, ERROR_REFUSED, "migration %s is under way on the target (%s)", live[0].name,
              live[0].state);
    return error_hint(err,
                      "rehearse when it is complete or rolled back: the copy would lack what it has made");
}

/* What is there, before anything is made here. */
static bool look(struct rehearsal *rehearsal, struct error *err)
{
    const struct rehearse_settings *settings = rehearsal->settings;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    const struct session_settings target = {.url = settings->url,
                                            .application_name = "segue rehearse",
                                            .cancel_with_client = true,
                                            .single = true};
    struct migration *migration = NULL;
    return settings->engine->read_migration(rehearsal->arena, settings->file, &migration, err) &&
           settings->engine->open(&target, &session, err) && refuse_live(rehearsal, session, err) &&
           settings->engine->snapshot(session, settings->schema, rehearsal->arena, &rehearsal->catalog,
                                      err) &&
           plans_read(rehearsal, session, err) &&
           settings->engine->sample_open(&target, rehearsal->arena, &rehearsal->sample, err);
}

static bool dump_schema(const struct rehearsal *rehearsal, const char *database, struct text *out,
                        struct error *err)
{
    const char *const *variables = NULL;
    return place_variables(rehearsal, database, &variables, err) &&
           schema_dump(place_client(rehearsal, "pg_dump"), NULL, variables, rehearsal->settings->schema, out,
                       err);
}

/* What psql makes of the file, against what is there after `complete`. Nobody wrote to the tables: rows do not matter. */
static bool compare(struct rehearsal *rehearsal, struct error *err)
{
    const char *twin = rehearsal->twin;
    SEGUE_CLEANUP(text_free) struct text wanted = {0};
    SEGUE_CLEANUP(text_free) struct text found = {0};
    if (!place_psql(rehearsal, twin, rehearsal->settings->file, err) ||
        !dump_schema(rehearsal, twin, &wanted, err) ||
        !dump_schema(rehearsal, rehearsal->empty.database, &found, err))
        return false;
    rehearsal->n_differences =
        schema_diff(text_string(&wanted), text_string(&found), &rehearsal->differences);
    return place_drop(rehearsal, twin, err);
}

static bool rehearse_empty(struct rehearsal *rehearsal, struct error *err)
{
    const char *database = rehearsal->empty.database;
    rehearse_say(rehearsal, "rehearsed without rows: start, rollback, start, complete");
    return place_create(rehearsal, rehearsal->twin, database, err) &&
           way_whole(rehearsal, &rehearsal->empty, err) && compare(rehearsal, err) &&
           place_drop(rehearsal, database, err);
}

static bool rehearse_quiet(struct rehearsal *rehearsal, struct error *err)
{
    struct way *quiet = &rehearsal->quiet;
    rehearse_say(rehearsal, "rehearsed with nobody else at work: start, rollback, start, complete");
    return place_create(rehearsal, quiet->database, rehearsal->copy, err) &&
           sequences_before(rehearsal, err) && plans_look(rehearsal, MOMENT_BEFORE, err) &&
           way_init(rehearsal, quiet, err) && way_start(rehearsal, quiet, &quiet->start, err) &&
           way_rollback(rehearsal, quiet, err) && way_start(rehearsal, quiet, &quiet->again, err) &&
           plans_look(rehearsal, MOMENT_LIVE, err) && way_complete(rehearsal, quiet, err) &&
           plans_look(rehearsal, MOMENT_AFTER, err) && sequences_after(rehearsal, err) &&
           place_drop(rehearsal, quiet->database, err);
}

static bool play(struct rehearsal *rehearsal, struct error *err)
{
    bool dumped = rehearsal->settings->dump != NULL;
    return (dumped || look(rehearsal, err)) && place_open(rehearsal, err) &&
           (dumped ? fill_from_dump(rehearsal, err) : fill(rehearsal, err)) &&
           rehearse_empty(rehearsal, err) && rehearse_quiet(rehearsal, err) && traffic_way(rehearsal, err);
}

bool rehearse(const struct rehearse_settings *settings, struct arena *arena, struct document **out,
              bool *clean, struct error *err)
{
    struct rehearsal rehearsal = {.settings = settings,
                                  .arena = arena,
                                  .sample = arena_alloc(arena, sizeof *rehearsal.sample),
                                  .busy.unguarded = true};
    bool good = play(&rehearsal, err);
    if (good) {
        estimate(&rehearsal);
        *out = rehearsal_report(&rehearsal, clean);
        if (settings->keep)
            settings->keep(settings->context, place_shown(&rehearsal, rehearsal.copy));
    }
    if (rehearsal.sample && rehearsal.sample->source)
        settings->engine->sample_close(rehearsal.sample);
    place_close(&rehearsal);
    text_free(&rehearsal.differences);
    return good;
}
