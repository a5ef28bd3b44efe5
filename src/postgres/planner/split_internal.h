/* What the files that write the functions of a split share (split_maps.c, split_write.c, split_fill.c, split_meet.c). */
#ifndef SEGUE_POSTGRES_PLANNER_SPLIT_INTERNAL_H
#define SEGUE_POSTGRES_PLANNER_SPLIT_INTERNAL_H

#include "postgres/planner/split.h"

/* The beginning of a function that writes the other side, up to its body. */
const char *split_function_head(struct model *model, const char *signature, const char *result);

/* --- split_maps.c --- */

/* The function of a map: a row of the one side → keys and values of the other, or no row. */
const char *split_map_function(struct model *model, const struct split_map *map);
/* "t.a, t.b" of the keys and/or values; cast: each to the target column's type. */
void split_append_cells(struct text *out, const struct split_map *map, const char *prefix, bool keys,
                        bool values, bool cast);

/* --- split_write.c: wide → narrow, narrow → wide --- */

const char *split_out_signature(struct model *model, const struct split *split);
const char *split_in_signature(struct model *model, const struct split *split);
const char *split_out_function(struct model *model, const struct split *split);
const char *split_in_function(struct model *model, const struct split *split);

/* --- split_fill.c: rows of a kept table that come or move --- */

/* A condition over _segue_op, _segue_side, _segue_was and _segue_now: the version of the wide table's own columns wrote. */
void split_append_wrote(struct model *model, const struct split *split, struct text *out);
const char *split_fill_signature(struct model *model, const struct split *split);
const char *split_fill_function(struct model *model, const struct split *split);

/* --- split_meet.c: the halves of a row that come at the same instant --- */

/* PL/pgSQL: a narrow row whose wide row is not to be seen waits for who is inserting that. Nothing where it cannot happen. */
void split_append_meet_in(struct model *model, const struct split *split, const struct split_pair *pair,
                          struct text *out);
/* The same of a wide row, behind a look at the narrow one: true when an IF was opened in which that must be looked for again. */
bool split_append_meet_out(struct model *model, const struct split *split, const struct split_pair *pair,
                           struct text *out);

#endif
