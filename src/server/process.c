#include "server/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/must.h"

static size_t count(char *const *list)
{
    size_t n = 0;
    while (list[n] != NULL)
        n++;
    return n;
}

/* The environment without libpq's variables, which would add to what the arguments say, and with those given. Free the array
 * only. */
static char **quiet_environment(const char *const *variables)
{
    size_t n = count(environ);
    /* As for posix_spawn, which takes them so for historical reasons: nothing is changed. */
    char *const *added = (char *const *)variables;
    size_t n_added = added != NULL ? count(added) : 0;
    char **kept = calloc(n + n_added + 1, sizeof *kept);
    size_t used = 0;
    for (size_t i = 0; kept != NULL && i < n; i++) {
        if (strncmp(environ[i], "PG", 2) != 0)
            kept[used++] = environ[i];
    }
    for (size_t i = 0; kept != NULL && i < n_added; i++)
        kept[used++] = added[i];
    return kept;
}

/* One read of what is there; false at the end. */
static bool drain(int fd, struct text *into)
{
    char buffer[16384];
    ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0)
        return errno == EINTR;
    if (got > 0 && into != NULL)
        text_append_n(into, buffer, (size_t)got);
    return got > 0;
}

/* Reads both pipes to their ends, whichever speaks, so that neither fills up. Closes them. */
static void read_both(int out_fd, struct text *out, int err_fd, struct text *errors)
{
    struct pollfd fds[2] = {{.fd = out_fd, .events = POLLIN}, {.fd = err_fd, .events = POLLIN}};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (poll(fds, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        for (int i = 0; i < 2; i++) {
            if (fds[i].fd >= 0 && fds[i].revents != 0 && !drain(fds[i].fd, i == 0 ? out : errors))
                fds[i].fd = -1;
        }
    }
    close(out_fd);
    close(err_fd);
}

static int spawn(const char *const *argv, const char *const *variables, int out_fd, int err_fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    char **environment = quiet_environment(variables);
    if (environment == NULL)
        return ENOMEM;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
    /* posix_spawn takes the arguments as `char *const *` for historical reasons and does not change them. */
    int failed = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return failed;
}

static bool reap(pid_t pid, const char *program, const struct text *errors, struct error *err)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return error_set(err, ERROR_RESOURCE, "cannot wait for %s: %s", program, strerror(errno));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        error_set(err, ERROR_RESOURCE, "%s was ended by signal %d", program, WTERMSIG(status));
    else
        error_set(err, ERROR_RESOURCE, "%s failed with exit status %d", program, WEXITSTATUS(status));
    return error_detail(err, "%s", text_string(errors));
}

bool process_run(const char *const *argv, struct text *out, struct error *err)
{
    return process_run_with(argv, NULL, out, err);
}

bool process_run_with(const char *const *argv, const char *const *variables, struct text *out,
                      struct error *err)
{
    int out_pipe[2];
    int err_pipe[2];
    SEGUE_CLEANUP(text_free) struct text errors = {0};
    if (pipe2(out_pipe, O_CLOEXEC) != 0)
        return error_set(err, ERROR_RESOURCE, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(err_pipe, O_CLOEXEC) != 0) {
        close(out_pipe[0]);
        close(out_pipe[1]);
        return error_set(err, ERROR_RESOURCE, "cannot make a pipe: %s", strerror(errno));
    }
    pid_t pid = 0;
    int failed = spawn(argv, variables, out_pipe[1], err_pipe[1], &pid);
    close(out_pipe[1]);
    close(err_pipe[1]);
    if (failed != 0) {
        close(out_pipe[0]);
        close(err_pipe[0]);
        return error_set(err, ERROR_RESOURCE, "cannot run %s: %s", argv[0], strerror(failed));
    }
    read_both(out_pipe[0], out, err_pipe[0], &errors);
    return reap(pid, argv[0], &errors, err);
}
