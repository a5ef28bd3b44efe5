/* What a mirrored session has asked and waits for: a line, the oldest first, from which each answer takes what it answers. */
#ifndef SEGUE_GATEWAY_SHADOW_SESSION_H
#define SEGUE_GATEWAY_SHADOW_SESSION_H

#include "gateway/client.h"
#include "gateway/gather.h"

/* What is kept of a statement's text once it was looked at: facts in statement->shadow. */
enum { FACT_KNOWN = 1 << 15, FACT_MANY = 1 << 14, FACT_COPIES = 1 << 13, FACT_CONTROL = 8, FACT_DOES = 0xff };

enum asked_kind { ASKED_STATEMENT, ASKED_MORE, ASKED_UNKNOWN, ASKED_END };

struct asked {
    enum asked_kind kind;
    bool simple;                 /* it came as Query */
    bool unsure;                 /* of an end: the server may have ignored it */
    struct statement *statement; /* held */
    unsigned facts;
    struct arena *arena; /* of the pieces, where there are several, or names in them */
    struct shadow_piece *pieces;
    size_t n_pieces, at;
    struct text bind;
    bool bound;
    bool copying; /* the server has asked for data */
    struct text copy;
    size_t *copy_ends; /* where the data of one COPY ends */
    size_t n_copies, copy_at;
};

struct shadow_session {
    bool off; /* another database, or replication */
    struct gather gather;
    struct asked *line;
    size_t first, n, size;
    struct text parts;             /* of an answer that comes in several */
    bool failed;                   /* since the last ReadyForQuery */
    char status;                   /* of that */
    const struct version *version; /* of the backend's search path */
};

/* Whether and as whom it is mirrored, and with which settings it began: by its startup packet. */
void shadow_session_begin(struct client *client, struct shadow_session *session);
/* NULL: it is not mirrored. */
struct shadow_session *shadow_session_of(struct client *client);
/* The oldest of the line; NULL: nothing is waited for. */
struct asked *shadow_line_head(struct shadow_session *session);
void shadow_line_pop(struct shadow_session *session);
/* What ends or begins a transaction, and the like, where it stands alone. */
unsigned shadow_control_of(const struct asked *asked);

#endif
