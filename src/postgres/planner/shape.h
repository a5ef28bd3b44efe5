/*
 * Third pass: the physical form of each table while both versions live. Decides which of the new version's columns live
 * in hidden columns, what converts between the shapes, how rows already there get their values, and refuses what cannot be
 * kept in step.
 */
#ifndef SEGUE_POSTGRES_PLANNER_SHAPE_H
#define SEGUE_POSTGRES_PLANNER_SHAPE_H

#include "postgres/planner/model.h"

/* Columns of a type that the new version has another one for become columns of that. Before annotations are bound, because it
 * decides which tables the file changes. Refuses to drop a type that something still uses. */
bool shape_retype_columns(struct model *model, struct error *err) SEGUE_MUST_CHECK;
/* What converts the values of a column between two of the schema's types, where the file does not say it. */
bool shape_type_conversions(struct model *model, const struct model_table *table, struct model_column *column,
                            struct error *err) SEGUE_MUST_CHECK;

/* A generated column that the file adds (shape_generated.c). */
bool shape_generated(struct model *model, struct model_table *table, struct model_column *column,
                     struct error *err) SEGUE_MUST_CHECK;
/* What the file builds on such a column is built on the hidden one, and once more on the server's own. */
bool shape_on_generated(const struct model *model, struct model_table *table,
                        struct error *err) SEGUE_MUST_CHECK;
/* Whether a hidden column can be of its domain: adding it rewrites the table where the domain has constraints. */
bool shape_check_domain(const struct model *model, const struct model_table *table,
                        const struct model_column *column, struct error *err) SEGUE_MUST_CHECK;
/* Whether the default of a hidden column's domain must be kept from it: its value comes from the old version's. */
bool shape_hides_domain_default(const struct model *model, const struct model_column *column);

bool shape_tables(struct model *model, struct error *err) SEGUE_MUST_CHECK;

/* Finds the foreign keys that point to columns which are replaced: their tables switch together with those of the keys. Before the
 * columns are shaped. */
bool shape_follow_keys(struct model *model, struct error *err) SEGUE_MUST_CHECK;
/* Whether a table, quoted and qualified, is one whose foreign keys shape_follow_keys follows. */
bool shape_key_followed(const struct model *model, const char *table);

/* Names the hidden columns, functions, triggers and views of a table whose columns are shaped, and says what it has of them. */
void shape_names(struct model *model, struct model_table *table);

/* Refuses columns that cannot be dropped or replaced because of what hangs on them. `verb` is "dropped" or "changed". */
bool shape_check_dependents(const struct model *model, const struct model_table *table,
                            const struct model_column *column, const char *verb,
                            struct error *err) SEGUE_MUST_CHECK;
/* Refuses to drop a table that something else rests on. */
bool shape_check_dropped_table(const struct model *model, const struct model_table *table,
                               struct error *err) SEGUE_MUST_CHECK;
/* Refuses a foreign key ON DELETE or ON UPDATE SET DEFAULT on a hidden column whose default only the new version's view has. */
bool shape_check_set_default(const struct model *model, const struct model_table *table,
                             struct error *err) SEGUE_MUST_CHECK;
/* Refuses hidden columns in a table whose rows a publication sends elsewhere. */
bool shape_check_published(const struct model *model, const struct model_table *table,
                           struct error *err) SEGUE_MUST_CHECK;
/* Refuses a table whose user triggers the backfill would fire, where they can neither be silenced nor are allowed to. */
bool shape_check_triggers(const struct model *model, const struct model_table *table,
                          struct error *err) SEGUE_MUST_CHECK;

/* Whether a column of both versions will live in a hidden column: its type changes, or an annotation converts it. */
bool column_will_be_replaced(const struct model_column *column);
/* Whether a replaced column goes on being numbered by the sequence of the column that it replaces. */
bool column_numbers_itself(const struct model *model, const struct model_table *table,
                           const struct model_column *column);
/* Whether every value of a column's new type goes back into its old one unharmed. */
bool shape_lossless(const struct model_column *column);

/* The old (dropped or replaced) column, which `complete` drops. */
bool column_leaves(const struct model_column *column);
/* Whether a constraint or index reads a column that is hidden (by the new version's names or the origin's numbers). */
bool constraint_on_hidden(const struct model_table *table, const struct model_constraint *constraint);
bool index_on_hidden(const struct model_table *table, const struct model_index *index);

/* A conversion that is only a copy of one column has no function. */
bool conversion_is_copy(const struct conversion *conversion);

#endif
