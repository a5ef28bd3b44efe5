/* Where the copy is: a throwaway server, and its databases. */

#include <string.h>

#include "base/must.h"
#include "rehearse/rehearse_internal.h"
#include "server/process.h"

/* Copies of a database are made while nobody waits; nothing in them must last. */
static const char *const own_settings[] = {"max_connections = 100"};

#define DUPLICATE_OBJECT "42710"

static bool open_session(const struct rehearsal *rehearsal, const char *database, struct session **out,
                         struct error *err)
{
    const struct session_settings settings = {.url = place_url(rehearsal, database),
                                              .application_name = "segue rehearse",
                                              .cancel_with_client = true};
    return rehearsal->settings->engine->open(&settings, out, err);
}

/* As fast as the target, as far as settings go. */
static bool start_server(struct rehearsal *rehearsal, struct error *err)
{
    const char **lines = NULL;
    size_t n = 0;
    for (size_t i = 0; i < rehearsal->sample->n_settings; i++)
        ARENA_PUSH(rehearsal->arena, lines, n, rehearsal->sample->settings[i]);
    for (size_t i = 0; i < SEGUE_COUNT(own_settings); i++)
        ARENA_PUSH(rehearsal->arena, lines, n, own_settings[i]);
    const struct server_options options = {
        .pg_bin = rehearsal->settings->pg_bin, .label = "segue-rehearse", .settings = lines, .n_settings = n};
    rehearse_say(rehearsal, "a throwaway server is started");
    return server_start(&options, &rehearsal->server, err);
}

/* Names that the schema gives tables and privileges to. One that is there already stays. */
static bool make_roles(struct rehearsal *rehearsal, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!open_session(rehearsal, "postgres", &session, err))
        return false;
    for (size_t i = 0; i < rehearsal->sample->n_roles; i++)
        if (!session_run(session, rehearsal->sample->roles[i], err) &&
            strcmp(err->sqlstate, DUPLICATE_OBJECT) != 0)
            return false;
    return true;
}

bool place_open(struct rehearsal *rehearsal, struct error *err)
{
    if (!start_server(rehearsal, err))
        return false;
    rehearsal->folder = server_folder(rehearsal->server);
    return make_roles(rehearsal, err);
}

void place_close(struct rehearsal *rehearsal)
{
    server_stop(rehearsal->server);
    rehearsal->server = NULL;
}

const char *place_url(const struct rehearsal *rehearsal, const char *database)
{
    return server_url(rehearsal->server, rehearsal->arena, database, "postgres");
}

bool place_run(const struct rehearsal *rehearsal, const char *database, const char *const *statements,
               size_t n, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!open_session(rehearsal, database, &session, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!session_run(session, statements[i], err))
            return false;
    return true;
}

bool place_create(struct rehearsal *rehearsal, const char *database, const char *template, struct error *err)
{
    struct error unlike;
    const char *plain = arena_printf(rehearsal->arena, "CREATE DATABASE %s TEMPLATE %s", database,
                                     template ? template : "template0");
    if (template)
        return place_run(rehearsal, "postgres", &plain, 1, err);
    const char *like = arena_printf(rehearsal->arena, "%s %s", plain, rehearsal->sample->like);
    if (place_run(rehearsal, "postgres", &like, 1, &unlike))
        return true;
    rehearse_remark(rehearsal,
                    "The copy does not sort as the target does, which text in indexes takes its time for: %s",
                    unlike.message);
    return place_run(rehearsal, "postgres", &plain, 1, err);
}

bool place_drop(const struct rehearsal *rehearsal, const char *database, struct error *err)
{
    const char *statement =
        arena_printf(rehearsal->arena, "DROP DATABASE IF EXISTS %s WITH (FORCE)", database);
    return place_run(rehearsal, "postgres", &statement, 1, err);
}

bool place_psql(const struct rehearsal *rehearsal, const char *database, const char *file, struct error *err)
{
    const char *argv[] = {server_client(rehearsal->server, rehearsal->arena, "psql"),
                          "--no-psqlrc",
                          "--quiet",
                          "--set=ON_ERROR_STOP=1",
                          "--dbname",
                          place_url(rehearsal, database),
                          "--file",
                          file,
                          NULL};
    return process_run(argv, NULL, err);
}
