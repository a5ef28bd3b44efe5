/* The process that owns a throwaway server; private to server.c. */
#ifndef SEGUE_SERVER_KEEPER_INTERNAL_H
#define SEGUE_SERVER_KEEPER_INTERNAL_H

#include <stddef.h>
#include <sys/types.h>

/* What the keeper writes to its socket: one byte when something has happened. */
enum keeper_word { KEEPER_READY = 'r', KEEPER_FAILED = 'f' };

struct keeper {
    int socket; /* the keeper lives until the other end closes */
    uid_t user; /* becomes this user when it is root */
    gid_t group;
    const char *programs, *folder;
    const char *const *settings;
    size_t n_settings;
};

/* Becomes the keeper: makes the cluster, starts the server, says so, waits for the other end of the socket to close,
 * ends the server, empties the folder. Does not return. Runs in a forked child without other threads. */
_Noreturn void keeper_main(const struct keeper *given);

/* Gives up root for good, in a child. Returns 0 or an errno. */
int keeper_drop_root(uid_t user, gid_t group);

#endif
