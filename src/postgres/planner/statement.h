/*
 * Statements that run as they stand. A statement's stage says when: in expand for both versions; at `complete` before the
 * tables change (what goes) or behind that (everything else, in the order of the file). What the new version must have while
 * both are live it gets at activation in its own schema, over its own views, and gives back at `complete`.
 */
#ifndef SEGUE_POSTGRES_PLANNER_STATEMENT_H
#define SEGUE_POSTGRES_PLANNER_STATEMENT_H

#include "postgres/planner/steps.h"
#include "postgres/planner/switch.h"

/* What an annotation above the statement of a change says; NULL: nothing. */
const struct annotation *statement_annotation(const struct model *model, const struct change *change,
                                              enum annotation_kind kind);

/* Whether what the statement names is there: triggers, policies, indexes, publications, and what rests on a dropped view. */
bool statement_check(struct model *model, const struct model_statement *statement,
                     struct error *err) SEGUE_MUST_CHECK;

/* Whether the file drops the table of a mention below the statement. */
bool statement_names_dropped(const struct model *model, const struct model_statement *statement,
                             size_t mention);
/* After the tables have their shape: whether what a statement names is there, and called so, when it runs. */
bool statement_check_names(const struct model *model, const struct model_statement *statement,
                           struct error *err) SEGUE_MUST_CHECK;

/* How an expand statement is taken back: SQL, or NULL when nothing is to be done. False with a refusal where nobody knows. */
bool statement_undo(struct model *model, const struct change *change, const char **undo,
                    struct error *err) SEGUE_MUST_CHECK;

/* After the tables have their shape: the final text of each statement, its copy for the new version, and the tables that
 * switch together because a statement names them. */
bool statement_resolve(struct model *model, struct error *err) SEGUE_MUST_CHECK;

/* Whether the file drops the dependent, above the change, so that it does not stand in the way. */
bool statement_drops(const struct model *model, const struct dependent *dependent,
                     const struct change *change);
/* Whether the file makes the relation, or the catalog has it, as a view or materialized view. */
bool statement_is_view(const struct model *model, const char *name);

/* The lock that a statement takes on the view that it alters, replaces or drops; NULL when it is about no view. */
const char *statement_subject_lock(const struct model_statement *statement);

/* Expand: what types and tables may need (early: schemas, extensions), or what stands above `change` in the file (NULL: all). */
void steps_statements_early(struct steps *steps, bool before_types);
void steps_statements_expand(struct steps *steps, const struct change *above);
/* Activation: the new version's copies. */
void steps_statements_live(struct steps *steps);
/* Contract: all of them in a step of their own, where no table switches with them; and what takes its time, last. */
void steps_statements_contract(struct steps *steps);
void steps_statements_late(struct steps *steps);

#endif
