#include "server/server.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "server/keeper_internal.h"

/* sun_path holds 108 bytes on Linux; "/.s.PGSQL.5432" and the random end of the folder's name take part of them. */
enum { SOCKET_PATH_MAX = 107 };

struct server {
    struct arena *arena;
    const char *programs;
    char *folder;
    int socket;
    pid_t keeper;
    uid_t user; /* whom the server runs as */
    gid_t group;
};

/* Root's servers run as postgres, else as nobody; anyone else's as themselves. */
static bool choose_user(struct server *server, struct error *err)
{
    static const char *const names[] = {"postgres", "nobody"};
    server->user = geteuid();
    server->group = getegid();
    if (server->user != 0)
        return true;
    for (size_t i = 0; i < SEGUE_COUNT(names); i++) {
        const struct passwd *entry = getpwnam(names[i]);
        if (entry != NULL && entry->pw_uid != 0) {
            server->user = entry->pw_uid;
            server->group = entry->pw_gid;
            return true;
        }
    }
    error_set(err, ERROR_REFUSED, "PostgreSQL does not run as root, and there is no user postgres or nobody");
    return error_hint(err, "run this as an ordinary user");
}

/* Whether the server's user can work in a folder that it owns: its parents may be closed to it. */
static bool user_reaches(const struct server *server, const char *folder)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        bool reached =
            keeper_drop_root(server->user, server->group) == 0 && access(folder, R_OK | W_OK | X_OK) == 0;
        _exit(reached ? 0 : 1);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool make_folder(struct server *server, const char *label, struct error *err)
{
    const char *const parents[] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
    error_set(err, ERROR_RESOURCE, "no folder for temporary files can be used");
    for (size_t i = 0; i < SEGUE_COUNT(parents); i++) {
        if (parents[i] == NULL || parents[i][0] != '/')
            continue;
        char *folder = arena_printf(server->arena, "%s/%s-XXXXXX", parents[i], label);
        if (strlen(folder) + strlen("/.s.PGSQL.5432") > SOCKET_PATH_MAX || strchr(folder, '\'') != NULL)
            continue;
        if (mkdtemp(folder) == NULL) {
            error_set(err, ERROR_RESOURCE, "cannot make a temporary folder in %s: %s", parents[i],
                      strerror(errno));
            continue;
        }
        if ((geteuid() != 0 || chown(folder, server->user, server->group) == 0) &&
            user_reaches(server, folder)) {
            server->folder = folder;
            return true;
        }
        rmdir(folder);
    }
    return false;
}

static bool fork_keeper(struct server *server, const struct server_options *options, struct error *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set(err, ERROR_RESOURCE, "cannot make a socket pair: %s", strerror(errno));
    fflush(NULL); /* what is buffered must not be written twice */
    server->keeper = fork();
    if (server->keeper == 0) {
        close(ends[0]);
        const struct keeper keeper = {
            .socket = ends[1],
            .user = server->user,
            .group = server->group,
            .programs = server->programs,
            .folder = server->folder,
            .settings = options->settings,
            .n_settings = options->n_settings,
        };
        keeper_main(&keeper);
    }
    close(ends[1]);
    server->socket = ends[0];
    if (server->keeper < 0)
        return error_set(err, ERROR_RESOURCE, "cannot start a process: %s", strerror(errno));
    return true;
}

/* The end of the server's log, as the error's detail. */
static bool failed_to_start(const struct server *server, struct error *err)
{
    char tail[1500];
    size_t got = 0;
    FILE *log = fopen(arena_printf(server->arena, "%s/server.log", server->folder), "r");
    error_set(err, ERROR_RESOURCE, "the throwaway server did not start");
    error_hint(err, "its programs are those of %s; --pg-bin names others", server->programs);
    if (log == NULL)
        return false;
    if (fseek(log, -(long)(sizeof tail - 1), SEEK_END) != 0)
        rewind(log);
    got = fread(tail, 1, sizeof tail - 1, log);
    tail[got] = '\0';
    fclose(log);
    return error_detail(err, "%s", tail);
}

static bool wait_until_ready(const struct server *server, struct error *err)
{
    struct pollfd fd = {.fd = server->socket, .events = POLLIN};
    char word = KEEPER_FAILED;
    while (poll(&fd, 1, 100) <= 0) {
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "interrupted while the server was starting");
    }
    if (read(server->socket, &word, 1) == 1 && word == KEEPER_READY)
        return true;
    return failed_to_start(server, err);
}

bool server_start(const struct server_options *options, struct server **out, struct error *err)
{
    struct arena *arena = arena_new();
    struct server *server = arena_alloc(arena, sizeof *server);
    *server = (struct server){.arena = arena, .socket = -1};
    *out = server;
    if (server_find_programs(options->pg_bin, arena, &server->programs, err) && choose_user(server, err) &&
        make_folder(server, options->label, err) && fork_keeper(server, options, err) &&
        wait_until_ready(server, err))
        return true;
    *out = NULL;
    server_stop(server);
    return false;
}

/* A value in a connection string: what is not plainly harmless is percent-encoded. */
static void append_encoded(struct text *out, const char *value)
{
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-_.", c) != NULL;
        if (plain)
            text_append_char(out, *value);
        else
            text_printf(out, "%%%02X", c);
    }
}

const char *server_url(const struct server *server, struct arena *arena, const char *database,
                       const char *role)
{
    SEGUE_CLEANUP(text_free) struct text url = {0};
    text_append(&url, "postgresql:///");
    append_encoded(&url, database);
    text_append(&url, "?host=");
    append_encoded(&url, server->folder);
    text_append(&url, "&port=5432&user=");
    append_encoded(&url, role);
    return arena_strdup(arena, text_string(&url));
}

const char *server_client(const struct server *server, struct arena *arena, const char *program)
{
    const char *beside = arena_printf(arena, "%s/%s", server->programs, program);
    return access(beside, X_OK) == 0 ? beside : program;
}

const char *server_folder(const struct server *server)
{
    return server->folder;
}

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    if (server->socket >= 0)
        close(server->socket);
    while (server->keeper > 0 && waitpid(server->keeper, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (server->folder != NULL)
        rmdir(
            server->folder); /* the keeper emptied it, but may not be allowed to remove it from its parent */
    arena_free(server->arena);
}

void server_cleanup(struct server **server)
{
    server_stop(*server);
    *server = NULL;
}
