/*
 * A throwaway PostgreSQL server in a folder of its own, reached through a Unix socket there and by nobody else.
 *
 * Promises: it runs as an unprivileged user, also when the caller is root; nothing of it outlives the caller, however
 * the caller ends (server_stop, exit, a signal, a crash, SIGKILL), because a keeper process holds it and ends it as soon
 * as the caller's end of a socket closes. It does not promise that anything in it survives.
 */
#ifndef SEGUE_SERVER_SERVER_H
#define SEGUE_SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct server;

struct server_options {
    const char *pg_bin;          /* folder of initdb and postgres; NULL: searched (server_find_programs) */
    const char *label;           /* begins the folder's name: "segue-demo" */
    const char *const *settings; /* lines of postgresql.conf: "shared_buffers = 256MB" */
    size_t n_settings;
};

/* The folder that holds initdb and postgres: `wanted` when it is not NULL, else what pg_config --bindir says,
 * else a folder of PATH, else the newest of Debian's /usr/lib/postgresql. The result is in the arena. */
bool server_find_programs(const char *wanted, struct arena *arena, const char **bin,
                          struct error *err) SEGUE_MUST_CHECK;

/* Makes a cluster and starts it; returns when it accepts connections. It forks, so it is called before the caller has
 * threads. ERROR_RESOURCE when it cannot be made, with the end of the server's log as detail; ERROR_INTERRUPTED. */
bool server_start(const struct server_options *options, struct server **out,
                  struct error *err) SEGUE_MUST_CHECK;

/* A connection string for a database of the server as a role (no password: only its user and root reach the socket). */
const char *server_url(const struct server *server, struct arena *arena, const char *database,
                       const char *role);
/* What to run for a client program (psql, pg_dump): the one beside the server, else its name, to be searched in PATH. In the
 * arena or static. */
const char *server_client(const struct server *server, struct arena *arena, const char *program);
/* The temporary folder; other throwaway files of the caller may lie in it. */
const char *server_folder(const struct server *server);

/* Ends the server, removes the folder, frees. NULL is allowed. */
void server_stop(struct server *server);
/* For SEGUE_CLEANUP. */
void server_cleanup(struct server **server);

#endif
