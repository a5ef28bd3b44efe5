/*
 * What a record of the queue holds: a transaction as the statements that it wrote with, and the context, which is what a session had set before it. Everything that is
 * needed to do the transaction again is in the two.
 */
#ifndef SEGUE_SHADOW_RECORD_H
#define SEGUE_SHADOW_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/must.h"
#include "base/text.h"

/* A statement, as one was asked for by a client. */
struct shadow_statement {
    const char *text;
    size_t n_types;
    const uint32_t *types; /* of parameters, by number */
    bool bound;            /* it came with parameters: the body of Bind from their formats on */
    const char *bind;
    size_t n_bind;
    bool copies; /* from the client: the data */
    const char *copy;
    size_t n_copy;
    const char *tag; /* what the server said of it: "UPDATE 1" */
    bool soils;      /* it leaves something behind in the session that does it */
};

struct shadow_setting {
    const char *name, *value;
};

struct shadow_transaction {
    uint32_t pid; /* of the session, as its client knows it */
    struct shadow_statement *statements;
    size_t n;
};

struct shadow_context {
    const char *user;
    struct shadow_setting *settings; /* as parameters: those of the start, and what the server has reported */
    size_t n_settings;
    struct shadow_statement *statements; /* with which the session has set more, in their order */
    size_t n;
};

/* --- Writing: pieces one after the other --- */

/* A transaction is its pid, the number of its statements and those; a context its user, the number of settings, those, the number of statements, those. */
void shadow_put_number(struct text *out, uint32_t value);
void shadow_put_string(struct text *out, const char *string);
void shadow_put_statement(struct text *out, const struct shadow_statement *statement);

/* --- Reading: strings are copied to the arena. False: this is none. --- */

bool shadow_read_transaction(struct arena *arena, const char *data, size_t n,
                             struct shadow_transaction *out) SEGUE_MUST_CHECK;
bool shadow_read_context(struct arena *arena, const char *data, size_t n,
                         struct shadow_context *out) SEGUE_MUST_CHECK;

#endif
