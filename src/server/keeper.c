/*
 * The keeper: a small process between segue and the throwaway server. Being another process is what makes the clean-up
 * certain: however segue ends, the kernel closes its end of the socket, and the keeper hears that.
 *
 * Everything happens in the folder, which is its working directory, as the unprivileged user.
 */

#include "server/keeper_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/clock.h"

enum { SOCKET_FD = 3, TICK_MS = 20, START_SECONDS = 60, STOP_SECONDS = 10 };

int keeper_drop_root(uid_t user, gid_t group)
{
    if (geteuid() != 0)
        return 0;
    if (setgroups(0, NULL) != 0 || setgid(group) != 0 || setuid(user) != 0)
        return errno;
    return 0;
}

/* Waits one tick; false when the other end has closed the socket. */
static bool still_wanted(const struct keeper *keeper)
{
    struct pollfd fd = {.fd = keeper->socket, .events = POLLIN};
    char byte;
    if (poll(&fd, 1, TICK_MS) <= 0)
        return true;
    return read(keeper->socket, &byte, 1) != 0;
}

static void say(const struct keeper *keeper, enum keeper_word word)
{
    char byte = (char)word;
    /* When nobody listens any more the next look at the socket says so. */
    ssize_t ignored = write(keeper->socket, &byte, 1);
    (void)ignored;
}

/* Starts a program of the server's, its output in the log file. -1 when it cannot. */
static pid_t launch(const char *const *argv)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
#ifdef __linux__
    /* If the keeper itself is killed, the server shuts down all the same. */
    prctl(PR_SET_PDEATHSIG, SIGINT);
#endif
    execv(argv[0], (char *const *)argv);
    fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Waits until the process ends, at most that long (negative: as long as segue wants the server). True when it has
 * ended; *status as from waitpid. */
static bool wait_for_end(const struct keeper *keeper, pid_t pid, double seconds, int *status)
{
    int64_t end = clock_us() + (int64_t)(seconds * 1e6);
    while (waitpid(pid, status, WNOHANG) != pid) {
        if (seconds >= 0) {
            if (clock_us() > end)
                return false;
            clock_sleep_us(TICK_MS * 1000);
        } else if (!still_wanted(keeper)) {
            return false;
        }
    }
    return true;
}

/* SIGINT asks the server for a fast shutdown, SIGQUIT for an immediate one. */
static void end_process(const struct keeper *keeper, pid_t pid)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGKILL};
    int status = 0;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (kill(pid, signals[i]) != 0 || wait_for_end(keeper, pid, STOP_SECONDS, &status))
            return;
    }
}

static bool write_settings(const struct keeper *keeper)
{
    FILE *file = fopen("data/postgresql.conf", "a");
    if (file == NULL)
        return false;
    fprintf(file, "\nlisten_addresses = ''\nport = 5432\nunix_socket_directories = '%s'\n", keeper->folder);
    fprintf(file, "unix_socket_permissions = 0700\nlogging_collector = off\n");
    for (size_t i = 0; i < keeper->n_settings; i++)
        fprintf(file, "%s\n", keeper->settings[i]);
    return fclose(file) == 0;
}

static bool make_cluster(const struct keeper *keeper)
{
    char initdb[4096];
    int status = 0;
    if (snprintf(initdb, sizeof initdb, "%s/initdb", keeper->programs) >= (int)sizeof initdb)
        return false;
    const char *argv[] = {initdb,         "--pgdata=data",     "--username=postgres",
                          "--auth=trust", "--encoding=UTF8",   "--locale=C",
                          "--no-sync",    "--no-instructions", NULL};
    pid_t pid = launch(argv);
    if (pid < 0)
        return false;
    if (!wait_for_end(keeper, pid, -1, &status)) {
        end_process(keeper, pid);
        return false;
    }
    return status == 0 && write_settings(keeper);
}

/* The eighth line of postmaster.pid says "ready" as soon as connections are taken; the first is the server's pid. */
static bool accepts_connections(pid_t server)
{
    char line[1024];
    bool ours = false;
    FILE *file = fopen("data/postmaster.pid", "r");
    if (file == NULL)
        return false;
    int number = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        if (number == 1)
            ours = strtol(line, NULL, 10) == (long)server;
        if (number == 8) {
            fclose(file);
            return ours && strncmp(line, "ready", 5) == 0;
        }
    }
    fclose(file);
    return false;
}

/* The server's process, ready; -1 when it did not get there or is no longer wanted. */
static pid_t start_server(const struct keeper *keeper)
{
    char postgres[4096];
    int status = 0;
    if (snprintf(postgres, sizeof postgres, "%s/postgres", keeper->programs) >= (int)sizeof postgres)
        return -1;
    const char *argv[] = {postgres, "-D", "data", NULL};
    pid_t pid = launch(argv);
    int64_t end = clock_us() + (int64_t)START_SECONDS * 1000000;
    while (pid > 0 && !accepts_connections(pid)) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return -1;
        if (clock_us() > end || !still_wanted(keeper)) {
            end_process(keeper, pid);
            return -1;
        }
    }
    return pid;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    (void)remove(path);
    return 0;
}

static void remove_folder(const struct keeper *keeper)
{
    (void)nftw(keeper->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A session of its own: Ctrl-C at the terminal is segue's to answer. */
static bool settle(struct keeper *keeper)
{
    sigset_t none;
    setsid();
    /* Nothing else of the caller's stays open here, above all not the socket of another server's keeper. */
    if (dup2(keeper->socket, SOCKET_FD) < 0)
        return false;
    keeper->socket = SOCKET_FD;
    closefrom(SOCKET_FD + 1);
    fcntl(SOCKET_FD, F_SETFD, FD_CLOEXEC);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    umask(077);
    if (keeper_drop_root(keeper->user, keeper->group) != 0 || chdir(keeper->folder) != 0)
        return false;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = open("server.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (null < 0 || log < 0)
        return false;
    /* Holding on to segue's output would keep its reader waiting after segue has gone. */
    return dup2(null, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0;
}

_Noreturn void keeper_main(const struct keeper *given)
{
    struct keeper own = *given;
    const struct keeper *keeper = &own;
    pid_t server = -1;
    int status = 0;
    if (settle(&own) && make_cluster(keeper))
        server = start_server(keeper);
    say(keeper, server > 0 ? KEEPER_READY : KEEPER_FAILED);
    if (server > 0 && wait_for_end(keeper, server, -1, &status)) {
        say(keeper, KEEPER_FAILED);
        server = -1;
    }
    if (server > 0)
        end_process(keeper, server);
    else
        while (still_wanted(keeper))
            continue; /* its log is read first */
    remove_folder(keeper);
    _exit(0);
}
