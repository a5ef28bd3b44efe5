/*
 * Shadow writes: transactions that have written are done again in a second database, in the order in which they were committed, by a thread of its own. What sessions
 * write is gathered as it passes (gather.h), and is in a queue of files (shadow/queue.h) before the client is told that it was committed. Nothing of it is ever seen by a
 * client; what cannot be mirrored is counted. docs/gateway-shadow.md
 */
#ifndef SEGUE_GATEWAY_SHADOW_H
#define SEGUE_GATEWAY_SHADOW_H

#include "base/error.h"
#include "base/text.h"
#include "gateway/request.h"
#include "shadow/queue.h"

struct client;
struct shared;
struct shadow;

/* Why a transaction is not mirrored. */
enum shadow_loss {
    LOSS_FULL,      /* the queue has no room */
    LOSS_DISK,      /* the queue cannot be written */
    LOSS_LARGE,     /* it writes more than is kept of one transaction */
    LOSS_UNSEEN,    /* something in it could not be read */
    LOSS_TWO_PHASE, /* it was prepared for a commit by its name */
    LOSS_UNKNOWN,   /* the session ended before it was known whether it was committed */
    SHADOW_LOSSES
};

/* Opens the queue, and begins to mirror; *out is NULL where the settings name no target. shadow_stop also after a failure. */
bool shadow_start(struct shared *shared, struct shadow **out, struct error *err) SEGUE_MUST_CHECK;
/* Ends it when all sessions are gone; what is in the queue stays there. NULL is allowed. */
void shadow_stop(struct shadow *shadow);
struct queue *shadow_queue(struct shadow *shadow);
/* Counts, and says so once a second at most. From any thread. */
void shadow_lost(struct shadow *shadow, enum shadow_loss why);
/* A record was appended. From any thread. */
void shadow_wake(struct shadow *shadow);
/* As Prometheus' text; NULL is allowed. */
void shadow_metrics(struct shadow *shadow, struct text *out);

/* --- For order.h --- */

/* Whether what was asked and not yet answered is one batch that writes, in a transaction of its own that can be committed apart. *simple: it is one simple query. */
bool shadow_is_single(struct client *client, bool *simple);
/* Whether all of it but its end was answered. */
bool shadow_is_answered(const struct client *client);
/* Its commit is asked for now. */
void shadow_number(struct client *client);

/* --- What passes on a session: see watch.h --- */

void shadow_asked(struct client *client, const struct request *request);
void shadow_end(struct client *client);
void shadow_data(struct client *client, const struct wire_piece *piece);
void shadow_answer(struct client *client, const struct wire_piece *piece);
void shadow_gone(struct client *client);

#endif
