#ifndef SEGUE_POSTGRES_REPLAY_REPLAY_INTERNAL_H
#define SEGUE_POSTGRES_REPLAY_REPLAY_INTERNAL_H

#include "postgres/parse.h"
#include "postgres/replay/replay.h"

enum replay_meaning_kind {
    MEANS_TYPE, /* nothing but what its type says */
    MEANS_COUNT,
    MEANS_COMPARED,
    MEANS_WRITTEN
};

/* What a parameter stands for. */
struct replay_meaning {
    enum replay_meaning_kind kind;
    const char *qualifier; /* of the column, as the statement has it; or NULL */
    const char *relation;  /* quoted, where it is known: the one that is written to; or NULL */
    const char *column;    /* NULL: the one at this place of the relation's columns, from 1 */
    size_t place;
};

struct replay_relation {
    const char *name;  /* quoted, qualified as the statement has it */
    const char *alias; /* or its plain name */
};

/* A statement as its tree tells. */
struct replay_reading {
    struct arena *arena;
    bool runs, writes, deletes;
    struct replay_meaning *meanings; /* by the parameter's number, from 0 */
    size_t n_meanings;
    struct replay_relation *relations; /* one that rows are inserted into comes last */
    size_t n_relations;
    const char **functions; /* plain names */
    size_t n_functions;
    const PgQuery__RangeVar *into;
};

void replay_read(struct replay_reading *reading, PgQuery__Node *tree);

/* Values for the prepared statement "_segue_replay" of the session. */
bool replay_draw(struct session *session, const struct replay_reading *reading, struct replay_statement *out,
                 struct error *err) SEGUE_MUST_CHECK;

#define REPLAY_NAME "_segue_replay"

#endif
