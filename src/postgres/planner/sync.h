/*
 * Keeping both shapes of a row in step: conversion functions, and one BEFORE ROW trigger function a table.
 *
 * Expressions become SQL-standard function bodies (BEGIN ATOMIC), which the server binds by parse tree when they are created:
 * whatever search path a writer has, the expression means what it meant in the migration. The planner inlines them.
 *
 * The trigger function has two stages. Until activation only the old version writes: the first stage keeps the new shape in
 * step, and fills a row that is written before the backfill has reached it (a row may move behind the walk). From activation on
 * the second stage tells the writer by what changed (DESIGN, section 3). It is replaced in the transaction that
 * makes the new version's views, so that no session sees the one without the other.
 *
 * Changes are found by comparing images (record_image_ne), not by `=`: every type has an image, no search path is involved, and values that
 * are equal but differ (1.0 and 1.00, case in citext) are carried over.
 */
#ifndef SEGUE_POSTGRES_PLANNER_SYNC_H
#define SEGUE_POSTGRES_PLANNER_SYNC_H

#include "base/text.h"
#include "postgres/planner/model.h"

/* What may go wrong with a row, as PL/pgSQL's conditions: SQLSTATE classes 22, 23 and P0. */
#define SYNC_ROW_ERRORS "data_exception OR integrity_constraint_violation OR plpgsql_error"

/* The CREATE FUNCTION statements of a table's conversions, appended to statements. */
bool sync_conversion_functions(struct model *model, struct model_table *table, const char ***statements,
                               size_t *n, struct error *err) SEGUE_MUST_CHECK;
/* The names with argument types, for DROP FUNCTION. */
void sync_function_signatures(struct model *model, struct model_table *table, const char ***signatures,
                              size_t *n);

/* CREATE OR REPLACE FUNCTION of the trigger function, for the time before and after activation. */
const char *sync_first_stage(struct model *model, const struct model_table *table);
const char *sync_second_stage(struct model *model, const struct model_table *table);
/* "the new version's path is in force", as an expression: the first known version schema among those in effect. */
void sync_append_on_new_path(const struct model *model, struct text *out);
/* The CREATE TRIGGER statements. */
const char *sync_insert_trigger(struct model *model, const struct model_table *table);
const char *sync_update_trigger(struct model *model, const struct model_table *table);

/* A conversion's value as an expression; `row` stands before each column ("NEW.", or "" in an UPDATE). old_version: it
 * reads the old version's columns. */
const char *sync_value(struct model *model, const struct model_table *table,
                       const struct conversion *conversion, bool old_version, const char *row);
/* Columns that convert into one another hang together: a group agrees as a whole, by its last writer. The group number of each
 * column, in the arena. */
const size_t *sync_groups(struct model *model, const struct model_table *table);

/* Whether a column's values are composite, in one of the versions. */
bool sync_is_composite(const struct model *model, const struct model_column *column, bool old_version);
/* A physical column as it is compared and asked for NULL; record stands before it ("NEW.", or ""). */
const char *sync_operand(struct model *model, const struct model_table *table, const char *record,
                         const char *physical);

/* True for a row whose hidden columns are not what `up` makes of it; NULL when there is nothing that can be compared. */
const char *sync_mismatch(struct model *model, const struct model_table *table);
/* Whether the columns of this group are compared while both versions write: every one of them has its way. */
bool sync_compared(const struct model_table *table, const size_t *group, size_t which);
/* The columns that are compared, as the one version has them: a JSON object of texts, as SQL. NULL when nothing has to agree. */
const char *sync_shape(struct model *model, const struct model_table *table, bool old_version);
/* The SET list that makes these columns of one version from the other's. NULL as above. */
const char *sync_mend(struct model *model, const struct model_table *table, bool old_version);
/* True for a row whose shapes agree, whoever wrote it last; NULL when nothing has to agree. */
const char *sync_agreement(struct model *model, const struct model_table *table);

#endif
