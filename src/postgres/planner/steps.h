/*
 * Last pass: the steps. Each phase has its file; they share the builder below. A step's id is
 * phase/number/table/what, the number counting within the phase, so that ids are unique and sort as they run.
 */
#ifndef SEGUE_POSTGRES_PLANNER_STEPS_H
#define SEGUE_POSTGRES_PLANNER_STEPS_H

#include "plan/plan.h"
#include "postgres/planner/model.h"

struct steps {
    struct model *model;
    struct arena *arena;
    struct plan *plan;
    size_t number[PHASE_COUNT];
    size_t interim;        /* how many interim names were given */
    size_t next_statement; /* the first of the model's statements whose turn in expand has not come */
    bool late;             /* the checks made are those of rows that the file mends first */
};

/* Begins a step; the calls below add to the step begun last. what is part of its id: letters, digits, dashes. */
struct step *step_begin(struct steps *steps, enum plan_phase phase, enum step_kind kind, const char *table,
                        const char *what, const char *title);
/* The hidden columns of a table, for the step begun last; table->real may name a new one of the same shape. */
void steps_hidden_columns(struct steps *steps, const struct model_table *table);
/* Triggers and the running version's views, with their undo; and the undo of the columns. */
void steps_edge_views(struct steps *steps, const struct model_table *table);
void steps_edge_undo_columns(struct steps *steps, const struct model_table *table);
/* SQL composed with pg_format before; the strings live in the arena. */
void step_act(struct steps *steps, const char *sql);
void step_undo(struct steps *steps, const char *sql);
void step_try_clean(struct steps *steps, const char *sql);
/* A relation that is locked already keeps its place, with the stronger mode. */
void step_lock(struct steps *steps, const char *relation, const char *mode);
void step_why(struct steps *steps, const char *why);

/* A name that is free in the catalog until `complete`: the name itself, or an interim one when it is still taken by
 * something that leaves only then (or, with always, in any case). */
const char *steps_interim_name(struct steps *steps, const char *name, bool always);

/* The checks of rows that the file does not mend first; in phase expand, after the data fixes, the others (steps->late). */
bool steps_check(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;
bool steps_expand(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;
bool steps_backfill(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;
void steps_verify(struct steps *steps);
void steps_activate(struct steps *steps);
/* The quoted, qualified present name of an existing table, changed by the file or not. */
const char *steps_real_name(struct steps *steps, const struct model_table *table);
/* A check of single rows by a condition that bad ones fulfil. */
void steps_check_rows(struct steps *steps, const struct model_table *table, const char *what,
                      const char *title, const char *condition, const char *message, const char *hint);
/* The check that was added last evaluates an `up`, which may fail at a row: then the backfill tells. */
void steps_check_may_fail(struct steps *steps);
/* A check by a query that must count 0; sample: a query of some readable keys. */
void steps_check_count(struct steps *steps, const struct model_table *table, const char *what,
                       const char *title, const char *count, const char *sample, const char *message,
                       const char *hint);
/* A readable key of a row, as an expression: "id=7, region=eu", or its ctid. alias: "" or "child." */
const char *steps_row_label(struct steps *steps, const struct model_table *table, const char *alias);
/* Whether an expression needs a type that is made only in the expand phase. */
bool steps_needs_new_type(const struct model *model, const char *expr);
/* "CHECK (a > 0) NO INHERIT" → "(a > 0)" */
const char *steps_check_expression(struct arena *arena, const char *definition);
/* The check of a CHECK constraint on columns of the new version alone (steps_check_shape.c). */
bool steps_check_new_shape(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint, struct error *err) SEGUE_MUST_CHECK;
/* The rows of the new shape, as far as the constraint reads it, each with its key as _segue_label, as an item of a FROM clause; NULL
 * when they cannot be made before the backfill. */
const char *steps_new_rows(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint);
/* What a table's changes without up or down mean for both versions from now on (steps_shared.c). */
void steps_shared_changes(struct steps *steps, const struct model_table *table);
/* ALTER DOMAIN of existing domains, for both versions (steps_domain.c). */
bool steps_check_domains(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;
void steps_expand_domain(struct steps *steps, const struct schema_type *type);
void steps_backfill_domains(struct steps *steps);
void steps_contract_domains(struct steps *steps);

/* Types: what the new version gets, and at `complete` their places (steps_types.c). */
void steps_expand_types(struct steps *steps);
void steps_contract_types(struct steps *steps);
void steps_contract(struct steps *steps);
/* The steps that give the tables their final shape, those that hang together in one; none where nothing is to do. */
void steps_switch(struct steps *steps);

/* A constraint or index of the new shape (steps_constraint.c). */
bool steps_make_constraint(struct steps *steps, const struct model_table *table,
                           struct model_constraint *constraint, struct error *err) SEGUE_MUST_CHECK;
/* Frees the room of the rows that a walk before it has replaced, where the table is large enough for that. */
void steps_vacuum(struct steps *steps, const struct model_table *table, enum plan_phase phase);
/* VALIDATE of a constraint of the table, which is called `real` by then (referenced: as below). */
void steps_validate(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                    const char *real, const char *name, const char *referenced);
/* ADD CONSTRAINT … NOT VALID, then VALIDATE where valid; referenced: the other table of a foreign key, or NULL. */
void steps_add_constraint(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                          const char *name, const char *definition, const char *undo, const char *referenced,
                          bool valid);
/* CREATE INDEX CONCURRENTLY under the name. */
void steps_build_index(struct steps *steps, const struct model_table *table, const char *name,
                       const char *statement);
/* The columns that a foreign key points to, by the names that they have until `complete`. Those of the primary key where it
 * names none. */
size_t steps_referenced_columns(struct steps *steps, const struct model_constraint *constraint,
                                struct model_table *parent, const char ***out);
/* " DEFERRABLE INITIALLY DEFERRED" of a key's definition, or "". */
const char *steps_key_options(const char *definition);

/* What the phases know together. */

/* The renames from the new version's column names to the physical ones that hold before `complete`. */
void steps_physical_names(struct steps *steps, const struct model_table *table, struct rename **renames,
                          size_t *n);
/* The same from the old version's names: only replaced columns differ. */
void steps_replaced_names(struct steps *steps, const struct model_table *table, struct rename **renames,
                          size_t *n);
/* From the names that a definition is written with to the physical ones of now: the old version's where it is the catalog's. */
void steps_definition_names(struct steps *steps, const struct model_table *table, bool from_origin,
                            struct rename **renames, size_t *n);
/* The name of the interim CHECK that proves NOT NULL for a column until `complete`. */
const char *steps_not_null_check(struct steps *steps, const struct model_table *table,
                                 const struct model_column *column);
/* The key along which a table is walked; n = 0: by ctid. Quoted, with types. */
void steps_walk_key(struct steps *steps, const struct model_table *table, const char ***keys,
                    const char ***types, size_t *n);
/* Whether a walk over a table that has keys goes by place all the same; only where rows that move meanwhile need no visit. */
bool steps_walk_by_place(const struct steps *steps, const struct model_table *table);
/* Its columns' bare names. */
void steps_walk_names(struct arena *arena, const struct model_table *table, const char ***names, size_t *n);
/* The name an added constraint or index has until `complete`, and whether it differs from its own. */
const char *steps_constraint_interim(struct steps *steps, const struct model_table *table,
                                     const struct model_constraint *constraint);
const char *steps_index_interim(struct steps *steps, const struct model_table *table,
                                const struct model_index *index);
/* A constraint or index of the catalog that must be made anew because it reads a replaced column. */
bool steps_constraint_copied(const struct model_table *table, const struct model_constraint *constraint);
bool steps_index_copied(const struct model_table *table, const struct model_index *index);
/* Whether an added or copied constraint is made new for this migration; false for one that stays or leaves. */
bool steps_constraint_made(const struct model_table *table, const struct model_constraint *constraint);
bool steps_index_made(const struct model_table *table, const struct model_index *index);

#endif
