/* A real server for a test program: started once for its group of tests, ended with it. */
#ifndef SEGUE_TESTS_LIVE_SERVER_H
#define SEGUE_TESTS_LIVE_SERVER_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "postgres/session.h"
#include "server/server.h"

struct live_server {
    struct server *server;
    struct arena *arena;
};

static struct live_server live;

static inline int live_start(void **state)
{
    static const char *const settings[] = {"fsync = off", "shared_buffers = 16MB", "autovacuum = off"};
    const struct server_options options = {.label = "segue-test", .settings = settings, .n_settings = 3};
    struct error err = {0};
    (void)state;
    live.arena = arena_new();
    if (server_start(&options, &live.server, &err))
        return 0;
    print_error("%s: %s\n", err.message, err.detail);
    return -1;
}

static inline int live_stop(void **state)
{
    (void)state;
    server_stop(live.server);
    arena_free(live.arena);
    return 0;
}

static inline const char *live_url(const char *database)
{
    return server_url(live.server, live.arena, database, "postgres");
}

static inline struct session *live_session(const char *database)
{
    const struct session_settings settings = {.url = live_url(database), .application_name = "test"};
    struct session *session = NULL;
    struct error err = {0};
    if (!pg_open(&settings, &session, &err))
        fail_msg("%s: %s", err.message, err.detail);
    return session;
}

static inline void live_run(struct session *session, const char *sql)
{
    struct error err = {0};
    if (!session_run(session, sql, &err))
        fail_msg("%s: %s %s", sql, err.message, err.detail);
}

/* The one value of a query; "NULL" for NULL. */
static inline const char *live_value(struct session *session, const char *sql)
{
    char value[4096];
    bool null;
    struct error err = {0};
    if (!session_value(session, sql, 0, NULL, value, sizeof value, &null, &err))
        fail_msg("%s: %s %s", sql, err.message, err.detail);
    return null ? "NULL" : arena_strdup(live.arena, value);
}

#endif
