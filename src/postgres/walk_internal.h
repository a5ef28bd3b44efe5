/* One chunk of a walk while it is made: its bounds and what is done between them. For walk*.c only. */
#ifndef SEGUE_POSTGRES_WALK_INTERNAL_H
#define SEGUE_POSTGRES_WALK_INTERNAL_H

#include "engine/engine.h"

struct walk_chunk {
    struct arena *arena;
    struct walk_progress next; /* the progress after this chunk; `last` still where the chunk begins */
    const char **bound;        /* the key that ends the chunk, included; for pages the first page after it */
    size_t n_bound;
    long rows_wanted;
    long rows; /* in the chunk: counted where something counts them, else as wanted */
    double mismatches;
    struct text *sample;
    bool row_by_row; /* a row of it fails: see walk_row.c */
    long cut_to;     /* as in struct walk_progress */
};

/* Fixes where the walk ends, in next.finish. A table without rows is finished at once and has none. */
bool walk_find_finish(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                      struct error *err) SEGUE_MUST_CHECK;
/* Finds the bound of the chunk; sets next.finished when it is the last one. */
bool walk_find_bound(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                     struct error *err) SEGUE_MUST_CHECK;
/* Updates or compares the rows after next.last up to the bound. */
bool walk_do_range(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err) SEGUE_MUST_CHECK;

/* A copying chunk, done but not committed: the table was not written anew since its lanes were made. ERROR_REFUSED. */
bool walk_same_file(struct session *session, const struct walk *walk, const struct walk_chunk *chunk,
                    struct error *err) SEGUE_MUST_CHECK;
/* The last chunk of a walk by place, done but not committed, so that the table cannot be written anew any more: was it, meanwhile
 * (VACUUM FULL, CLUSTER)? Then rows have moved past the walk, and it begins again from the first page. */
bool walk_find_moved(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                     struct error *err) SEGUE_MUST_CHECK;

/* A statement with its parameters. */
struct walk_statement {
    struct text sql;
    const char **values;
    size_t n;
};

/* For SEGUE_CLEANUP. */
void walk_statement_cleanup(struct walk_statement *statement);
bool walk_run(struct session *session, const struct walk_statement *statement, struct rows **rows,
              struct error *err) SEGUE_MUST_CHECK;

/* Whether the walk goes by the places of the rows, not by a key. */
bool walk_by_page(const struct walk *walk);
/* "a, b", or with a suffix after each: "a::text, b::text". */
void walk_append_keys(struct text *sql, const struct walk *walk, const char *suffix);
/* The rows after next.last (NULL: from the first one) up to top, as a condition. */
void walk_append_range(struct walk_statement *statement, const struct walk *walk,
                       const struct walk_chunk *chunk, const char *const *top);
/* " WHERE <the rows after next.last up to the bound> [AND where]"; the values become parameters, after those that are there. */
void walk_append_where(struct walk_statement *statement, const struct walk *walk,
                       const struct walk_chunk *chunk);
/* A copying statement up to the condition of the rows that it copies. */
void walk_append_copied(const struct walk *walk, struct text *sql);
/* The readable key of a row as an SQL expression: (id) = (5), or (ctid) = ((0,1)). */
void walk_append_label(const struct walk *walk, struct text *sql);

/* walk_row.c: the rows of the chunk one by one. Those at which the update fails are listed in the state and left. */
bool walk_do_rows(struct session *session, int64_t id, const struct step *step, struct walk_chunk *chunk,
                  struct error *err) SEGUE_MUST_CHECK;

#endif
