/* The copy from a dump: it is its own target, with all of its rows. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rehearse/rehearse_internal.h"
#include "server/process.h"

/* Archives of pg_dump -Fc begin so; anything else is SQL for psql. */
static bool is_archive(const char *path, bool *archive, struct error *err)
{
    char begin[6] = "";
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    size_t n = fread(begin, 1, sizeof begin - 1, file);
    (void)fclose(file);
    *archive = n == sizeof begin - 1 && memcmp(begin, "PGDMP", n) == 0;
    return true;
}

static bool restore_archive(struct rehearsal *rehearsal, const char *path, struct error *err)
{
    const char *const *variables = NULL;
    /* An empty name means the database that libpq's variables lead to. */
    const char *argv[] = {place_client(rehearsal, "pg_restore"),
                          "--exit-on-error",
                          "--no-owner",
                          "--no-privileges",
                          "--no-password",
                          "--dbname=",
                          path,
                          NULL};
    return place_variables(rehearsal, rehearsal->copy, &variables, err) &&
           process_run_with(argv, variables, NULL, err);
}

static bool restore(struct rehearsal *rehearsal, struct error *err)
{
    const char *path = rehearsal->settings->dump;
    bool archive = false;
    rehearse_say(rehearsal, "%s is restored", path);
    if (!is_archive(path, &archive, err) || !place_create(rehearsal, rehearsal->copy, NULL, err))
        return false;
    return archive ? restore_archive(rehearsal, path, err)
                   : fill_restore(rehearsal, rehearsal->copy, path, err);
}

/* What is there after it, with what it says of itself. */
static bool look(struct rehearsal *rehearsal, struct error *err)
{
    const struct engine *engine = rehearsal->settings->engine;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    const struct session_settings copy = {.url = place_url(rehearsal, rehearsal->copy),
                                          .application_name = "segue rehearse",
                                          .cancel_with_client = true};
    const struct sample_wish wish = fill_wish(rehearsal);
    if (!engine->sample_open(&copy, rehearsal->arena, &rehearsal->sample, err))
        return false;
    engine->sample_close(rehearsal->sample);
    for (size_t i = 0; i < rehearsal->sample->n_tables; i++)
        rehearsal->sample->tables[i].whole = true;
    return engine->sample_scrub(rehearsal->sample, &wish, &copy, err) && fill_settle(rehearsal, err) &&
           engine->open(&copy, &session, err) && plans_read(rehearsal, session, err) &&
           engine->snapshot(session, rehearsal->settings->schema, rehearsal->arena, &rehearsal->catalog, err);
}

/* The schema alone, for the way without rows. */
static bool make_empty(struct rehearsal *rehearsal, struct error *err)
{
    const char *file = arena_printf(rehearsal->arena, "%s/schema.sql", rehearsal->folder);
    const char *const *variables = NULL;
    const char *argv[] = {place_client(rehearsal, "pg_dump"), "--schema-only",
                          arena_printf(rehearsal->arena, "--file=%s", file), "--no-password", NULL};
    return place_variables(rehearsal, rehearsal->copy, &variables, err) &&
           process_run_with(argv, variables, NULL, err) && fill_make_older(file, err) &&
           place_create(rehearsal, rehearsal->empty.database, NULL, err) &&
           fill_restore(rehearsal, rehearsal->empty.database, file, err) &&
           way_plan(rehearsal, &rehearsal->empty, err);
}

bool fill_from_dump(struct rehearsal *rehearsal, struct error *err)
{
    return restore(rehearsal, err) && look(rehearsal, err) && make_empty(rehearsal, err);
}
