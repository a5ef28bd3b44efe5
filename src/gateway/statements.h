/*
 * The texts that sessions have parsed: each is kept once a worker, as long as a session or somebody else holds it, or for some seconds after that. A worker
 * finds and makes them without a lock; other threads may hold what they were given.
 */
#ifndef SEGUE_GATEWAY_STATEMENTS_H
#define SEGUE_GATEWAY_STATEMENTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STATEMENT_MAX = 1024 * 1024, /* bytes of a text; longer ones are not kept */
    STATEMENT_BUCKETS = 1024
};

struct statement {
    atomic_uint holders;
    unsigned kind;   /* bits of enum gateway_kind (engine/gateway.h) */
    unsigned shadow; /* what it does, as shadow_session.c has it; 0: it was not looked at */
    uint64_t hash;
    size_t n_text;     /* without its zero */
    uint16_t n_types;  /* of parameters, as Parse named them */
    const char *types; /* those, four bytes each in the order of the network */
    struct statement *next;
    unsigned sweeps; /* since when nobody else holds it */
    char text[];     /* with its zero; the types stand behind it */
};

struct statements {
    struct statement *buckets[STATEMENT_BUCKETS];
};

/* The statement with that text (NUL-terminated) and those types; held for the caller. *fresh: it was made now, and its kind is 0. */
struct statement *statements_get(struct statements *statements, const char *text, size_t n_text,
                                 const char *types, uint16_t n_types, bool *fresh);
/* Forgets what nobody else has held for some sweeps; by the worker, once a second. */
void statements_sweep(struct statements *statements);
/* Forgets everything that the table holds. */
void statements_free(struct statements *statements);

static inline struct statement *statement_hold(struct statement *statement)
{
    if (statement)
        (void)atomic_fetch_add_explicit(&statement->holders, 1, memory_order_relaxed);
    return statement;
}

/* From any thread; NULL is allowed. The last one frees. */
void statement_release(struct statement *statement);

#endif
