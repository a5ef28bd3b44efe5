#include "gateway/console_socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/listen.h"

enum { BACKLOG = 16 };

static const char BEFORE[] = ".new"; /* at the end of a name that is not yet the right one */

static bool name_it(const char *spec, struct sockaddr_un *address, struct error *err)
{
    char folder[256];
    const char *port;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (!listen_split(spec, folder, sizeof folder, &port) || folder[0] != '/' || atoi(port) == 0) {
        error_set(err, ERROR_USAGE, "\"%s\" is no place for the console", spec);
        return error_hint(
            err,
            "give the directory of its socket and a port: /run/segue:6433, for psql -h /run/segue -p 6433");
    }
    int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/.s.PGSQL.%s", folder, port);
    if (length > 0 && (size_t)length + sizeof BEFORE <= sizeof address->sun_path)
        return true;
    return error_set(err, ERROR_USAGE, "--console %s: the path of the socket has at most %zu bytes", spec,
                     sizeof address->sun_path - sizeof BEFORE);
}

/* The mode of the socket before it has a name is that of its file: there is no moment in which others may connect. */
static bool listen_there(const struct sockaddr_un *address, struct console_socket *out)
{
    struct sockaddr_un before = *address;
    struct stat about;
    (void)strncat(before.sun_path, BEFORE, sizeof before.sun_path - strlen(before.sun_path) - 1);
    (void)unlink(before.sun_path);
    if (fchmod(out->fd, S_IRUSR | S_IWUSR) < 0 ||
        bind(out->fd, (const struct sockaddr *)&before, sizeof before) < 0 || listen(out->fd, BACKLOG) < 0 ||
        stat(before.sun_path, &about) < 0 || rename(before.sun_path, address->sun_path) < 0)
        return false;
    out->device = about.st_dev;
    out->file = about.st_ino;
    (void)snprintf(out->path, sizeof out->path, "%s", address->sun_path);
    return true;
}

bool console_socket_open(const char *spec, bool instead, struct console_socket *out, struct error *err)
{
    struct sockaddr_un address;
    *out = (struct console_socket){.fd = -1};
    if (!name_it(spec, &address, err))
        return false;
    if (!instead && listen_is_answered(&address)) {
        error_set(err, ERROR_RESOURCE, "cannot listen on %s: %s", spec, strerror(EADDRINUSE));
        return error_hint(err, "something listens there already; choose another port");
    }
    out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (out->fd >= 0 && listen_there(&address, out))
        return true;
    error_set(err, ERROR_RESOURCE, "cannot listen on %s: %s", spec, strerror(errno));
    console_socket_close(out);
    return false;
}

void console_socket_close(struct console_socket *socket)
{
    struct stat about;
    if (socket->fd < 0)
        return;
    if (socket->path[0] && stat(socket->path, &about) == 0 && about.st_dev == socket->device &&
        about.st_ino == socket->file)
        (void)unlink(socket->path);
    (void)close(socket->fd);
    socket->fd = -1;
}
