/* Where the copy is: a throwaway server, or one that is there; and its databases. */

#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "rehearse/rehearse_internal.h"
#include "server/process.h"

/* Copies of a database are made while nobody waits; nothing in them must last. */
static const char *const own_settings[] = {"max_connections = 100"};

#define DUPLICATE_OBJECT "42710"

static const char *maintenance(const struct rehearsal *rehearsal)
{
    return rehearsal->on ? place_on_database(rehearsal) : "postgres";
}

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
        if (!session_run(session, rehearsal->sample->roles[i].statement, err) &&
            strcmp(err->sqlstate, DUPLICATE_OBJECT) != 0)
            return false;
    return true;
}

static void name_databases(struct rehearsal *rehearsal, const char *prefix)
{
    struct arena *arena = rehearsal->arena;
    rehearsal->copy = arena_printf(arena, "%s_sample", prefix);
    rehearsal->twin = arena_printf(arena, "%s_twin", prefix);
    rehearsal->empty.database = arena_printf(arena, "%s_empty", prefix);
    rehearsal->quiet.database = arena_printf(arena, "%s_quiet", prefix);
    rehearsal->busy.database = arena_printf(arena, "%s_busy", prefix);
}

bool place_open(struct rehearsal *rehearsal, struct error *err)
{
    if (rehearsal->settings->on) {
        if (!place_on_open(rehearsal, err))
            return false;
        name_databases(rehearsal, place_on_prefix(rehearsal));
        return true;
    }
    name_databases(rehearsal, "rehearsal");
    if (!start_server(rehearsal, err))
        return false;
    rehearsal->folder = server_folder(rehearsal->server);
    return make_roles(rehearsal, err);
}

void place_close(struct rehearsal *rehearsal)
{
    if (rehearsal->on)
        place_on_close(rehearsal);
    server_stop(rehearsal->server);
    rehearsal->server = NULL;
}

const char *place_url(const struct rehearsal *rehearsal, const char *database)
{
    const char *url = NULL;
    struct error ignored;
    if (!rehearsal->on)
        return server_url(rehearsal->server, rehearsal->arena, database, "postgres");
    /* It was read before, or there would be no such place. */
    (void)!rehearsal->settings->engine->database_url(rehearsal->settings->on, database, rehearsal->arena,
                                                     &url, &ignored);
    return url;
}

const char *place_shown(const struct rehearsal *rehearsal, const char *database)
{
    return rehearsal->on
               ? arena_printf(rehearsal->arena, "database %s of the server given with --on", database)
               : place_url(rehearsal, database);
}

const char *place_client(const struct rehearsal *rehearsal, const char *program)
{
    if (rehearsal->server)
        return server_client(rehearsal->server, rehearsal->arena, program);
    const char *beside = rehearsal->settings->pg_bin
                             ? arena_printf(rehearsal->arena, "%s/%s", rehearsal->settings->pg_bin, program)
                             : program;
    return access(beside, X_OK) == 0 ? beside : program;
}

bool place_variables(const struct rehearsal *rehearsal, const char *database, const char *const **out,
                     struct error *err)
{
    return rehearsal->settings->engine->environment(place_url(rehearsal, database), rehearsal->arena, out,
                                                    err);
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

static bool create(struct rehearsal *rehearsal, const char *database, const char *template, struct error *err)
{
    struct error unlike;
    const char *plain = arena_printf(rehearsal->arena, "CREATE DATABASE %s TEMPLATE %s", database,
                                     template ? template : "template0");
    if (template)
        return place_run(rehearsal, maintenance(rehearsal), &plain, 1, err);
    const char *like = arena_printf(rehearsal->arena, "%s %s", plain, rehearsal->sample->like);
    if (place_run(rehearsal, maintenance(rehearsal), &like, 1, &unlike))
        return true;
    rehearse_remark(rehearsal,
                    "The copy does not sort as the target does, which text in indexes takes its time for: %s",
                    unlike.message);
    return place_run(rehearsal, maintenance(rehearsal), &plain, 1, err);
}

bool place_create(struct rehearsal *rehearsal, const char *database, const char *template, struct error *err)
{
    const char *mark = rehearsal->on ? place_on_mark(rehearsal, database) : NULL;
    return create(rehearsal, database, template, err) &&
           (!mark || place_run(rehearsal, maintenance(rehearsal), &mark, 1, err));
}

bool place_drop(const struct rehearsal *rehearsal, const char *database, struct error *err)
{
    const char *statement =
        arena_printf(rehearsal->arena, "DROP DATABASE IF EXISTS %s WITH (FORCE)", database);
    if (place_run(rehearsal, maintenance(rehearsal), &statement, 1, err))
        return true;
    /* Who may not end an autovacuum worker may still drop the database: the server ends the worker itself. */
    if (strcmp(err->sqlstate, "42501") != 0)
        return false;
    statement = arena_printf(rehearsal->arena, "DROP DATABASE IF EXISTS %s", database);
    return place_run(rehearsal, maintenance(rehearsal), &statement, 1, err);
}

bool place_psql(const struct rehearsal *rehearsal, const char *database, const char *file, struct error *err)
{
    const char *const *variables = NULL;
    const char *argv[] = {place_client(rehearsal, "psql"),
                          "--no-psqlrc",
                          "--quiet",
                          "--set=ON_ERROR_STOP=1",
                          "--no-password",
                          "--file",
                          file,
                          NULL};
    return place_variables(rehearsal, database, &variables, err) &&
           process_run_with(argv, variables, NULL, err);
}
