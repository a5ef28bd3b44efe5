/* Who is there: each session as the worker that has it sees it. Asked of every worker in turn, between two events of its loop. */
#ifndef SEGUE_GATEWAY_ROLL_H
#define SEGUE_GATEWAY_ROLL_H

#include "base/arena.h"
#include "gateway/shared.h"

struct rule;

/* A session. Strings in the arena; NULL: not known. */
struct roll_entry {
    uint32_t pid; /* as the client knows it; 0: not yet told */
    const char *user, *database, *application;
    const char *client;  /* host:port, or "local" */
    const char *version; /* of the schema; NULL: none was chosen for it */
    const char *doing;   /* "idle", …; static */
    const char *stays;   /* why it is not where it is to be; static */
    const struct rule *rule;
    int64_t age_us; /* since it connected */
    uint64_t bytes_in, bytes_out;
    bool encrypted;
};

/* From a thread that is no worker's, while the workers live. */
void roll_call(struct shared *shared, struct arena *arena, struct roll_entry **out, size_t *n);
/* How many are in a transaction, or have asked something that is not answered yet. Streams of replication have no transactions. */
unsigned roll_count_busy(struct shared *shared);
/* Ends the session with that number, and what the server does for it, as an administrator does (57P01). False: there is none. */
bool roll_end(struct shared *shared, uint32_t pid);

#endif
