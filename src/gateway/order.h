/*
 * Where writes are mirrored, a statement that is a transaction of its own is committed by a request of its own, so that the order of the commits is known (docs/decisions/0059): its
 * Sync is kept until its statements were answered (a Flush asks for the answers); a simple query is put between BEGIN and COMMIT, whose answers are not told. What the client is told
 * is the same.
 */
#ifndef SEGUE_GATEWAY_ORDER_H
#define SEGUE_GATEWAY_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "wire/message.h"

struct client;

enum order_state {
    ORDER_NONE,
    ORDER_SYNC,      /* a Sync is kept */
    ORDER_BEGIN,     /* the answer to BEGIN comes next */
    ORDER_STATEMENT, /* the client's statement */
    ORDER_END        /* COMMIT, or ROLLBACK where it failed */
};

struct ordering {
    enum order_state state;
    struct text done; /* its CommandComplete, which is told when the commit is done */
    struct text told; /* what is to be told now */
};

/* Bytes of the client, read to the end of a message, the last of which is of that type. True: they were sent. */
bool order_sends(struct client *client, char last, const char *data, size_t n);
/* What the server has answered was read: sends the Sync that was kept if its time has come. */
void order_goes_on(struct client *client);
/* Whether the answers that come now go to order_answers. */
static inline bool order_reads(const struct ordering *order)
{
    return order->state > ORDER_SYNC;
}
void order_answers(struct client *client, const char *data, size_t n);
void order_free(struct ordering *order);

#endif
