/* The socket of the console: in the file system, for its owner alone. */
#ifndef SEGUE_GATEWAY_CONSOLE_SOCKET_H
#define SEGUE_GATEWAY_CONSOLE_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct console_socket {
    int fd; /* -1: closed */
    char path[108];
    dev_t device; /* of the file, by which it is known again */
    ino_t file;
};

/* Listens at DIR:PORT, in place of whoever does so: without `instead` only where nobody does. */
bool console_socket_open(const char *spec, bool instead, struct console_socket *out,
                         struct error *err) SEGUE_MUST_CHECK;
/* Closes it; its file goes, where it is not another's by now. */
void console_socket_close(struct console_socket *socket);
#endif
