/*
 * What a client remembers of the columns of the statements that it has prepared. One that asks for them with each execution reads whatever comes; one that
 * asked once reads the next rows as it read the first, also where they come from a version that has other columns. Such a session moves only where each
 * statement answers in the same columns; of its reads, those go to another version whose statement does.
 */
#ifndef SEGUE_GATEWAY_COLUMNS_H
#define SEGUE_GATEWAY_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/gift.h"
#include "wire/message.h"

/* A statement of which two backends are asked. */
struct columns_of {
    uint64_t name; /* its hash */
    uint64_t here; /* what the present backend says, as a hash */
};

struct columns {
    bool
        remembered; /* the client has described a statement with a name, or executed one without asking for its columns */
    bool unasked;   /* it has bound one, and not asked since */
    bool asking;    /* the present backend is asked, while the session moves */
    uint64_t here;  /* what the present backend says of all of them, as a hash */
    uint64_t there; /* and the other one */
    /* For reads: each statement for itself, in the order in which they are asked. */
    struct columns_of *each;
    size_t n_each, at;
};

/* The beginning of a Bind, Describe or Execute of the client. */
void columns_note(struct columns *columns, const struct wire_piece *piece);
/* The question for the columns of each named statement of the gift, with a Sync; false: there is none. */
bool columns_ask(struct text *out, const struct gift *gift);
/* An answer to Describe; others are left. */
void columns_take(uint64_t *hash, char type, const char *body, size_t n);
/* For reads: begins with the statements of the gift, answers of the present backend, and goes back to the first statement. */
void columns_each(struct columns *columns, const struct gift *gift);
void columns_each_here(struct columns *columns, char type, const char *body, size_t n);
void columns_again(struct columns *columns);
/* The next statement, as the other backend answers; type 0: it has not. NULL: there is none. *same: as the present one did. */
const struct columns_of *columns_next(struct columns *columns, char type, const char *body, size_t n,
                                      bool *same);
void columns_free(struct columns *columns);

#endif
