/* The sockets on which a gateway waits for clients. */
#ifndef SEGUE_GATEWAY_LISTEN_H
#define SEGUE_GATEWAY_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#include "base/error.h"

struct listeners {
    struct listener {
        int fd;
        char spec[256];  /* as it was asked for */
        char where[256]; /* as one would name it to a client: host:port, or the path of the socket */
        bool is_path;    /* a socket of the file system: removed when it is closed */
    } * items;
    size_t n;
};

/* The parts of HOST:PORT or DIR:PORT: what is before the colon, without brackets, and the port, from 0 to 65535. False: it is neither. */
bool listen_split(const char *spec, char *host, size_t size, const char **port);
/* Whether somebody answers there. A socket that nobody answers on was left behind. */
bool listen_is_answered(const struct sockaddr_un *address);
/* Whether the process at the other end of a unix socket is of the same user, or root's. */
bool listen_peer_is_ours(int fd);

/* Listens on HOST:PORT (all addresses of the host; * for all of the machine; [::1]:PORT for an address with colons), or on DIR:PORT (a socket as PostgreSQL would name it
 * there). Errors: ERROR_USAGE for what is neither, ERROR_RESOURCE for what cannot be had. What was opened stays in `out`: close it. `together`:
 * another process of this user may listen on the same port, if it says so as well. */
bool listeners_add(struct listeners *out, const char *spec, bool together,
                   struct error *err) SEGUE_MUST_CHECK;
/* Adds one that is open; it belongs to the list from now on. */
void listeners_put(struct listeners *listeners, const struct listener *listener);
/* Moves those that were asked for in the same words from one list to the other; whether there were any. */
bool listeners_adopt(struct listeners *from, const char *spec, struct listeners *to);
/* The files of sockets stay where they are when the list is closed: they are another process's now. */
void listeners_leave_files(struct listeners *listeners);
void listeners_close(struct listeners *listeners);

#endif
