#include "gateway/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"

enum { BACKLOG = 1024, PORT_MAX = 65535 };

void listeners_put(struct listeners *listeners, const struct listener *listener)
{
    listeners->items = memory_resize(listeners->items, (listeners->n + 1) * sizeof *listeners->items);
    listeners->items[listeners->n++] = *listener;
}

/* The port of an address that was chosen by the system is told as it came out. */
static void name_it(struct listener *listener)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[128] = "";
    char port[16] = "";
    if (getsockname(listener->fd, (struct sockaddr *)&address, &length) == 0)
        (void)getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                          NI_NUMERICHOST | NI_NUMERICSERV);
    (void)snprintf(listener->where, sizeof listener->where, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host,
                   port);
}

static bool failed(struct error *err, const char *spec)
{
    error_set(err, ERROR_RESOURCE, "cannot listen on %s: %s", spec, strerror(errno));
    return errno == EADDRINUSE ? error_hint(err, "something listens there already; choose another port")
                               : false;
}

static bool listen_at(struct listeners *listeners, const struct addrinfo *info, const char *spec,
                      bool together, struct error *err)
{
    struct listener listener = {.fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    int on = 1;
    if (listener.fd < 0)
        return failed(err, spec);
    (void)setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (together)
        (void)setsockopt(listener.fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (info->ai_family == AF_INET6)
        (void)setsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(listener.fd, info->ai_addr, info->ai_addrlen) < 0 || listen(listener.fd, BACKLOG) < 0) {
        failed(err, spec);
        (void)close(listener.fd);
        return false;
    }
    name_it(&listener);
    (void)snprintf(listener.spec, sizeof listener.spec, "%s", spec);
    listeners_put(listeners, &listener);
    return true;
}

static bool add_host(struct listeners *listeners, const char *host, const char *port, const char *spec,
                     bool together, struct error *err)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int problem = getaddrinfo(strcmp(host, "*") == 0 ? NULL : host, port, &wanted, &found);
    if (problem)
        return error_set(err, ERROR_USAGE, "cannot listen on %s: %s", spec, gai_strerror(problem));
    bool good = true;
    for (const struct addrinfo *info = found; info && good; info = info->ai_next)
        good = listen_at(listeners, info, spec, together, err);
    freeaddrinfo(found);
    return good;
}

bool listen_is_answered(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0)
        (void)close(fd);
    return answered;
}

static bool add_path(struct listeners *listeners, const char *directory, const char *port, const char *spec,
                     struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct listener listener = {.is_path = true};
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.%s", directory, port);
    if (length < 0 || (size_t)length >= sizeof address.sun_path)
        return error_set(err, ERROR_USAGE, "cannot listen on %s: the path of a socket has at most %zu bytes",
                         spec, sizeof address.sun_path - 1);
    if (listen_is_answered(&address)) {
        errno = EADDRINUSE;
        return failed(err, spec);
    }
    (void)unlink(address.sun_path);
    listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener.fd < 0)
        return failed(err, spec);
    if (bind(listener.fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener.fd, BACKLOG) < 0) {
        failed(err, spec);
        (void)close(listener.fd);
        return false;
    }
    (void)snprintf(listener.where, sizeof listener.where, "%s", address.sun_path);
    (void)snprintf(listener.spec, sizeof listener.spec, "%s", spec);
    listeners_put(listeners, &listener);
    return true;
}

bool listen_split(const char *spec, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(spec, ':');
    char *end = NULL;
    long number = colon ? strtol(colon + 1, &end, 10) : -1;
    if (!colon || colon == spec || !colon[1] || *end || number < 0 || number > PORT_MAX)
        return false;
    size_t length = (size_t)(colon - spec);
    bool bracketed = spec[0] == '[' && colon[-1] == ']';
    (void)snprintf(host, size, "%.*s", (int)(bracketed ? length - 2 : length), spec + bracketed);
    *port = colon + 1;
    return true;
}

bool listeners_add(struct listeners *out, const char *spec, bool together, struct error *err)
{
    char host[256];
    const char *port;
    if (listen_split(spec, host, sizeof host, &port))
        return host[0] == '/' ? add_path(out, host, port, spec, err)
                              : add_host(out, host, port, spec, together, err);
    error_set(err, ERROR_USAGE, "\"%s\" is no place to listen on", spec);
    return error_hint(
        err,
        "give HOST:PORT (127.0.0.1:6432, *:6432, [::1]:6432), or the directory of a socket and a port (/run/segue:6432)");
}

bool listeners_adopt(struct listeners *from, const char *spec, struct listeners *to)
{
    size_t kept = 0;
    size_t before = to->n;
    for (size_t i = 0; i < from->n; i++)
        if (strcmp(from->items[i].spec, spec) == 0)
            listeners_put(to, &from->items[i]);
        else
            from->items[kept++] = from->items[i];
    from->n = kept;
    return to->n > before;
}

void listeners_leave_files(struct listeners *listeners)
{
    for (size_t i = 0; i < listeners->n; i++)
        listeners->items[i].is_path = false;
}

void listeners_close(struct listeners *listeners)
{
    for (size_t i = 0; i < listeners->n; i++) {
        if (listeners->items[i].is_path)
            (void)unlink(listeners->items[i].where);
        (void)close(listeners->items[i].fd);
    }
    free(listeners->items);
    *listeners = (struct listeners){0};
}

bool listen_peer_is_ours(int fd)
{
    struct ucred who;
    socklen_t length = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}
