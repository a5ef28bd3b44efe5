/* What the files of a rebuild share. */
#ifndef SEGUE_POSTGRES_PLANNER_REBUILD_INTERNAL_H
#define SEGUE_POSTGRES_PLANNER_REBUILD_INTERNAL_H

#include "postgres/planner/rebuild.h"

/* The names that belong to one rebuild. */
struct rebuild {
    struct steps *steps;
    struct arena *arena;
    const struct model_table *table;
    const char *place;   /* the schema of the new table, bare */
    const char *copy;    /* the new table, quoted and qualified */
    const char *journal; /* of the keys of changed rows */
    const char *capture; /* trigger function */
    const char *apply, *sift;
    const char *apply_part, *compare_part;
    size_t created;      /* the step that makes the copy, among those of the plan */
    const char *copying; /* the step that copies the rows: those that it leaves are listed under its id */
    const char **keys, **key_types;
    size_t n_keys;
    struct capture *read;         /* from the log; NULL: triggers note what changes */
    const char *columns, *values; /* what a row of the copy takes from one of the table */
};

/* "_segue_k1, _segue_k2" and "a, b", with a prefix each. In the arena. */
const char *rebuild_journal_keys(const struct rebuild *rebuild, const char *prefix);
const char *rebuild_table_keys(const struct rebuild *rebuild, const char *prefix);
/* CREATE TABLE of the journal. In the arena. */
const char *rebuild_journal(const struct rebuild *rebuild);
/* Whether what changes can be read from the log, and should be; says so in the table's strategy_why. After rebuilt is known. */
void rebuild_choose_capture(struct model *model, struct model_table *table);
/* The step that begins to note the keys of rows that change. */
void rebuild_capture(struct rebuild *rebuild);
/* The same by triggers. */
void rebuild_capture_by_trigger(struct rebuild *rebuild);
/* The same from the log (rebuild_decoding.c): the steps that begin it, and the one that ends it after the swap. */
void rebuild_decode(struct rebuild *rebuild);
void rebuild_decode_end(struct rebuild *rebuild);
/* What is to be read, or NULL. */
struct capture *rebuild_capture_of(const struct rebuild *rebuild);
/* An act of the swap that fails when a change has not done its work, which cannot be under its lock. */
const char *rebuild_all_seen(const struct rebuild *rebuild);
/* What is read from the log is read while this step, the one begun last, is under way. */
void rebuild_reading(struct rebuild *rebuild);
/* The same for a transaction: after the acts so far, which take its locks. */
void rebuild_locked(struct rebuild *rebuild, struct step *step);
/* A condition of the journal's rows: the snapshot sees the transaction, so this row has done its work. "true" with triggers. */
const char *rebuild_seen(const struct rebuild *rebuild);
/* CREATE FUNCTION of the one that copies rows with these keys again: rebuild->apply(indexed boolean, swapping boolean, migration
 * bigint). In the arena. */
const char *rebuild_apply_function(const struct rebuild *rebuild);
/* CREATE FUNCTION of the one that does so row by row, leaving and listing those that fail: rebuild->sift(migration bigint). */
const char *rebuild_sift_function(const struct rebuild *rebuild);
/* CREATE FUNCTIONs of those that do a part at a time, where others are at work (rebuild_parts.c): rebuild->apply_part(at text, wanted
 * bigint) before the new table has been compared, rebuild->compare_part with the same parameters. In the arena. */
const char *rebuild_apply_part_function(const struct rebuild *rebuild);
const char *rebuild_compare_part_function(const struct rebuild *rebuild);
/* "copy.id = _segue_key._segue_k1 AND …", copy being the prefix. In the arena. */
const char *rebuild_same_key(const struct rebuild *rebuild, const char *prefix);
/* "INSERT INTO copy (…) SELECT … FROM ONLY table". In the arena. */
const char *rebuild_fill(const struct rebuild *rebuild);
/* A checksum of a row that does not depend on the order of rows when summed. hidden: the copy's own columns, or else what they must be. In
 * the arena. */
const char *rebuild_row_hash(const struct rebuild *rebuild, bool hidden);
/* The query that says 0 when both tables hold the same rows. In the arena. */
const char *rebuild_compare(const struct rebuild *rebuild);

#endif
