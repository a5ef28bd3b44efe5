/*
 * What a session holds, as messages that make another one like it. The server is asked, in the same words as any client would: with a named statement, so that the session's
 * unnamed one stays; what it answers becomes messages of the protocol, so that nothing has to be quoted.
 */
#ifndef SEGUE_GATEWAY_GIFT_H
#define SEGUE_GATEWAY_GIFT_H

#include <stdbool.h>

#include "base/text.h"
#include "wire/message.h"

/* Zero: nothing is in it. */
struct gift {
    struct text messages;
    bool
        for_reads; /* each statement in a batch of its own, so that one that cannot be prepared leaves the others; none of SQL's PREPARE */
    bool describes; /* for reads: it is asked for its columns as well */
};

/* The question, to be sent to the backend that the session has; one ReadyForQuery answers it. user: with whom the session began; settings: names with commas between them
 * of what the server does not list by itself. */
void gift_ask(struct text *out, const char *user, const char *settings);
/* Begins; describes: for reads, statements are asked for their columns; used: the receiver has what the session held before. */
void gift_begin(struct gift *gift, bool for_reads, bool describes, bool used);
/* A row of the answer, the body of a DataRow. Why the session cannot be made again, in words that last, or NULL. */
const char *gift_take(struct gift *gift, const char *body, size_t n);
/* Ends it with the unnamed statement (a Parse message, or empty); how many ReadyForQuery will answer. */
unsigned gift_end(struct gift *gift, const struct text *unnamed);
/* The name of the statement that is alone in batch `nth` (from 0), or NULL. It lives as long as the gift. */
const char *gift_statement(const struct gift *gift, unsigned nth);
/* A question for the columns of the statement of that name. */
void gift_put_describe(struct text *out, const char *name);
/* Calls for the body of each Parse message with a name. */
void gift_each_statement(const struct gift *gift, void (*visit)(void *context, const char *body, size_t n),
                         void *context);
void gift_free(struct gift *gift);

#endif
