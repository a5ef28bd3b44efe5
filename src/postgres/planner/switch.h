/*
 * The switch: tables that hang together take their final shape in one short transaction. It runs in stages; a stage is done
 * for every table of the group before the next one begins, so that a view over two tables is gone before either changes and
 * back when both have their final names. The stages stand in switch.c; each concern has a file of its own, switch_*.c.
 */
#ifndef SEGUE_POSTGRES_PLANNER_SWITCH_H
#define SEGUE_POSTGRES_PLANNER_SWITCH_H

#include "postgres/planner/steps.h"

/* The acts of a group are gathered first: a group that needs none gets no step. */
struct switch_acts {
    struct steps *steps;
    const struct model_table *
        *tables; /* of the group, in the catalog's order: locks are always taken in it */
    size_t n_tables;
    const char **sql;
    size_t n;
    struct step_lock *locks; /* beyond those of the group's tables and views */
    size_t n_locks;
    bool slow;       /* rows are read or written: it may take longer than an instant */
    bool *exclusive; /* by table of the group: some act needs ACCESS EXCLUSIVE on it */
    bool *noticed;   /* likewise SHARE UPDATE EXCLUSIVE */
    struct index_lock *indexes;
    size_t n_indexes;
};

/* An index that some act locks, by its table of the group. */
struct index_lock {
    const struct model_table *table;
    const char *index;
};

/* Adds an act that takes no lock which the tables' readers and writers would notice. */
void switch_act(struct switch_acts *acts, const char *sql);
/* Adds an act under ACCESS EXCLUSIVE of a table of the group. */
void switch_exclusive(struct switch_acts *acts, const struct model_table *table, const char *sql);
/* Adds an act under SHARE UPDATE EXCLUSIVE of a table of the group. */
void switch_noticed(struct switch_acts *acts, const struct model_table *table, const char *sql);
/* Adds an act under SHARE UPDATE EXCLUSIVE of an index (bare name) of the schema, and under no lock of its table. */
void switch_index(struct switch_acts *acts, const struct model_table *table, const char *index,
                  const char *sql);
/* Adds ALTER TABLE under ACCESS EXCLUSIVE of the table by its present name, `what` being the clause. Not after the tables were renamed. */
void switch_alter(struct switch_acts *acts, const struct model_table *table, const char *what);
/* Adds a lock on another relation. */
void switch_lock(struct switch_acts *acts, const char *relation, const char *mode);
/* The quoted, qualified name of a table after the switch. */
const char *switch_final_name(struct switch_acts *acts, const struct model_table *table);
/* What a replaced column's stand-in must still get to be the column it stands in for. */
void switch_column_properties(struct switch_acts *acts, const struct model_table *table,
                              const struct model_column *column);
/* Whether a constraint of the catalog reads a column that leaves, and so goes with it. */
bool switch_reads_leaving(const struct model_table *table, const struct catalog_constraint *constraint);

/* Whether the file renames a column of a statistics object, whose definition then cannot be taken as it is. */
bool switch_statistics_renamed(const struct model_table *table, const struct statistics_object *statistics);

/* What is done for a table in a stage. */
typedef void switch_function(struct switch_acts *acts, const struct model_table *table);

switch_function switch_drop_views, switch_drop_triggers;
switch_function switch_unbind_foreign_keys, switch_rebind_foreign_keys;
switch_function switch_drop_constraints, switch_drop_columns, switch_drop_table;
switch_function switch_rename_columns, switch_finish_columns;
switch_function switch_drop_foreign_keys, switch_drop_primary_key, switch_add_primary_key,
    switch_mark_indexes;
switch_function switch_take_sequences, switch_name_sequences, switch_change_sequences;
switch_function switch_drop_merged_columns, switch_finish_members, switch_name_parts,
    switch_name_foreign_keys, switch_add_partitioned_key;
switch_function switch_finish_constraints;
switch_function switch_finish_indexes, switch_name_index_columns;
switch_function switch_recompile_triggers;
switch_function switch_rename_table;
switch_function switch_comments;
switch_function switch_statistics;
switch_function switch_live_away, switch_statements_away, switch_table_statements_away,
    switch_statements_back;

#endif
