/* What the parts of the snapshot of facts share. */
#ifndef SEGUE_POSTGRES_FACTS_INTERNAL_H
#define SEGUE_POSTGRES_FACTS_INTERNAL_H

#include "postgres/facts.h"

struct facts_run {
    struct session *session;
    struct arena *arena;
    struct facts *facts;
    const char *relations; /* an array of texts, as the server reads it */
    const char *locked;
};

/* A query of the facts, whose failure is a blind spot: *rows is NULL then. False: there is nobody left to ask. */
bool facts_ask(struct facts_run *run, const char *sql, const char *parameter, const char *what,
               struct rows **rows, struct error *err) SEGUE_MUST_CHECK;
void facts_blind(struct facts_run *run, const char *what, const char *why);

/* Values of a result; 0 and NULL where there is none. */
double facts_number(const struct rows *rows, size_t row, size_t column);
const char *facts_text(const struct facts_run *run, const struct rows *rows, size_t row, size_t column);
bool facts_true(const struct rows *rows, size_t row, size_t column);

bool facts_read_tables(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;
bool facts_read_columns(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;
bool facts_read_parts(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;
bool facts_read_transactions(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;
bool facts_read_holders(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;
bool facts_read_walks(struct facts_run *run, struct error *err) SEGUE_MUST_CHECK;

#endif
