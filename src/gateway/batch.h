/* What a client asks in one go, from its bytes: the messages up to Query, FunctionCall or Sync. */
#ifndef SEGUE_GATEWAY_BATCH_H
#define SEGUE_GATEWAY_BATCH_H

#include <stdbool.h>

#include "wire/message.h"

struct batch {
    const char *text;                       /* of Query, or of the last Parse; within the bytes */
    const char *parsed;                     /* the name that the last Parse gave; NULL: there is none */
    const char *bound;                      /* the statement that the last Bind named; likewise */
    unsigned n_parses, n_binds, n_executes; /* a Query executes */
    bool describes;                         /* the client asks what columns there are */
};

/* Reads the bytes. True: they are whole messages of exactly one batch, and each message is one of those that can be in one and change nothing by
 * themselves. */
bool batch_read(const char *data, size_t n, struct batch *out) SEGUE_MUST_CHECK;

#endif
