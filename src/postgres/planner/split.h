/*
 * Tables split and merged: rows of one version's table that live in another table of the other version.
 *
 * A split has two sides. The wide side is the table in which the rows were or will be together; the narrow side is the other one,
 * which only one version has. Three forms come out of that:
 *
 *     split    wide: the old table, which stays and loses columns     narrow: a new table
 *     merge    wide: the new version's table, which gains columns     narrow: the old table, which goes
 *     replace  wide: the old table, which goes                        narrow: a new table
 *
 * A side that only one version has is whole: the other side's writes insert and delete its rows. A side that both versions have is kept:
 * only those of its columns follow that one version alone has. A pair is one way of the rows out of the wide table and the way
 * back in; a split into several rows (phone1, phone2) has several. Where many wide rows share a narrow one (normalisation), the
 * narrow row stays when a wide row goes.
 */
#ifndef SEGUE_POSTGRES_PLANNER_SPLIT_H
#define SEGUE_POSTGRES_PLANNER_SPLIT_H

#include "base/text.h"
#include "postgres/planner/model.h"
#include "postgres/planner/steps.h"

struct split_column {
    const char *name; /* in the side's version */
    bool not_null, has_default, own_sequence, generated;
    const char *type;           /* of a new table's column */
    struct model_column *model; /* NULL for a new table */
};

struct split_side {
    struct model_table *table;
    bool old_version;
    bool whole;
    const char *real; /* quoted, qualified present name */
    struct split_column *columns;
    size_t n_columns;
};

/* What a column of a map's target takes. */
struct split_value {
    const struct split_column *column;
    const char *expr; /* over the source side's columns of its version */
    const char **columns;
    size_t n_columns;
    bool has_subquery;
    bool plain;
    bool constant;
    struct place place;
};

/* One direction: what a row of `from` is in `to`. */
struct split_map {
    const struct split_side *from, *to;
    const struct annotation *annotation; /* NULL when implied by the other direction */
    const char *alias;                   /* what expressions call the source */
    struct split_value *keys, *values;   /* keys: which row of the target it is */
    size_t n_keys, n_values;
    const char **conditions; /* all must hold for a row to have a counterpart */
    size_t n_conditions;
    const char *function; /* quoted, qualified: source row → keys and values, or no row */
};

struct split_pair {
    struct split_map out, in; /* wide → narrow, narrow → wide */
};

struct split {
    const struct annotation *annotation; /* its first copy */
    const char *ordinal;
    struct split_side wide, narrow;
    struct split_pair *pairs;
    size_t n_pairs;
    bool many; /* wide rows share narrow rows */
};

/* Binds copy and back annotations. After the others, because a column follows one or the other. */
bool split_bind(struct model *model, struct error *err) SEGUE_MUST_CHECK;
/* Derives the maps of a split's pairs from its annotations (split_pair.c). */
bool split_bind_pairs(struct model *model, struct split *split, struct error *err) SEGUE_MUST_CHECK;
/* Refuses what could not be kept in step (split_rules.c). */
bool split_check_rules(struct model *model, struct split *split, struct error *err) SEGUE_MUST_CHECK;

/* A column of the side by its name in the side's version. */
const struct split_column *split_column(const struct split_side *side, const char *name);
const char *split_physical(const struct split_side *side, const struct split_column *column);
const char *split_type(const struct split_side *side, const struct split_column *column);
/* What the column has while there is no counterpart, as an expression cast to its type; NULL when that is not always the same. */
const char *split_absent(struct model *model, const struct split_side *side,
                         const struct split_column *column);
/* The map from old to new rows of a pair, and the way back. */
const struct split_map *split_copy(const struct split *split, const struct split_pair *pair);

/* A name in schema segue: split_<ordinal>_<what>. */
const char *split_name(struct model *model, const struct split *split, const char *what);

/* CREATE OR REPLACE FUNCTION statements, in order; and what DROP FUNCTION takes, in the same order. */
void split_functions(struct model *model, const struct split *split, const char ***statements, size_t *n);
void split_signatures(struct model *model, const struct split *split, const char ***signatures, size_t *n);
/* The same of the functions that say whether rows agree: they go with the triggers, since without these rows need not agree. */
void split_agreement_signatures(struct model *model, const struct split *split, const char ***signatures,
                                size_t *n);
/* The table in which the halves of a row meet that come at the same instant (split_meet.c), and CREATE TABLE of it; NULL
 * where none is needed. */
const char *split_meet_table(struct model *model, const struct split *split, const struct split_pair *pair);
const char *split_meet_create(struct model *model, const struct split *split, const struct split_pair *pair);
/* The wide side's trigger function for the time before and after activation. */
const char *split_wide_trigger(struct model *model, const struct split *split, bool active);
/* The functions that compare (split_compare.c), appended. */
void split_comparisons(struct model *model, const struct split *split, const char ***statements, size_t *n);
/* True for an old row whose copies are not there as they should be, over the table itself. */
const char *split_mismatch(struct model *model, const struct split *split);
/* True for a row of the table whose shapes agree, over the table itself; NULL when the table is on no side. */
const char *split_agreement(struct model *model, const struct model_table *table);
/* A row of such a table and the rows of the other table that it belongs to, as JSON texts: those of the old version, and of the new. */
void split_shapes(struct model *model, const struct model_table *table, const char **old_shape,
                  const char **new_shape);

/* "t.a = s.a AND …" over the values' columns in the target. */
void split_append_match(struct text *out, const struct split_map *map, const char *left, const char *right);
/* "record_image_eq(ROW(a.x, …), ROW(b.x, …))" of the keys of two of the map's rows, or record_image_ne. */
void split_append_keys(struct text *out, const struct split_map *map, bool equal, const char *left,
                       const char *right);
/* The same of the values of a row of the target and a row of the map, which has perhaps other types. */
void split_append_values(struct text *out, const struct split_map *map, bool equal, const char *target,
                         const char *source);
/* "a = s.a, …" of the values. */
void split_append_set(struct text *out, const struct split_map *map, const char *source);

/* Steps of each phase (steps_split.c). */
void steps_split_check(struct steps *steps);
void steps_split_expand(struct steps *steps);
void steps_split_backfill(struct steps *steps);
void steps_split_verify(struct steps *steps);
/* Adds to the step that makes the new version's views. */
void steps_split_activate(struct steps *steps);
void steps_split_contract(struct steps *steps);

#endif
