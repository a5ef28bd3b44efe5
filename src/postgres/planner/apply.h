/* First pass: the file's changes applied to the model, in order, each kind by one function. */
#ifndef SEGUE_POSTGRES_PLANNER_APPLY_H
#define SEGUE_POSTGRES_PLANNER_APPLY_H

#include "postgres/planner/model.h"

/* Applies every change of the migration. False with ERROR_REFUSED at the first that cannot be served. */
bool apply_changes(struct model *model, struct error *err) SEGUE_MUST_CHECK;

typedef bool apply_function(struct model *model, const struct change *change, struct error *err);

/* Of a change to a column that is there; it has been found. */
typedef bool apply_column_function(struct model *model, const struct change *change,
                                   struct model_table *table, struct model_column *column, struct error *err);

apply_function apply_add_column, apply_drop_column;
apply_column_function apply_rename_column, apply_column_type, apply_set_not_null, apply_drop_not_null,
    apply_set_default, apply_drop_default, apply_drop_expression;
apply_function apply_add_constraint, apply_drop_constraint, apply_rename_constraint;
apply_function apply_create_index, apply_drop_index, apply_rename_index;
apply_function apply_create_table, apply_drop_table, apply_rename_table;
/* Types are read before (types.h): nothing is left to do. */
apply_function apply_type;
apply_function apply_comment;
apply_function apply_attach_partition, apply_detach_partition, apply_inherit;
apply_function apply_raw_statement;
apply_function apply_data_fix;
apply_function apply_create_sequence, apply_alter_sequence, apply_drop_sequence, apply_rename_sequence;
apply_column_function apply_add_identity, apply_set_identity, apply_drop_identity;

/* The table that a change names; refused when there is none or segue cannot change its kind. With IF EXISTS and no
 * such table *out is NULL and the result true. */
bool apply_find_table(struct model *model, const struct change *change, struct model_table **out,
                      struct error *err) SEGUE_MUST_CHECK;
/* Refuses a table that cannot be changed online, whether the file names it or not. */
bool apply_check_table(const struct model *model, const struct change *change, const struct table *table,
                       struct error *err) SEGUE_MUST_CHECK;
/* Adds a statement of the file about a new table to what makes it. */
bool apply_new_table_statement(struct model *model, struct model_table *table, const struct change *change,
                               struct error *err) SEGUE_MUST_CHECK;
/* The table and the column that a change names; both NULL with IF EXISTS and no such table. */
bool apply_find_column(struct model *model, const struct change *change, struct model_table **table,
                       struct model_column **column, struct error *err) SEGUE_MUST_CHECK;
/* Gives a column the sequence of a serial or an identity. */
bool apply_number_column(struct model *model, const struct change *change, struct model_table *table,
                         struct model_column *column, struct error *err) SEGUE_MUST_CHECK;
/* What ADD PRIMARY KEY says of the table's other keys and of its columns. */
bool apply_primary_key(struct model *model, const struct change *change, struct model_table *table,
                       struct error *err) SEGUE_MUST_CHECK;
/* The name of a foreign key that rests on a unique or primary key of the catalog and stays, or NULL. */
const char *apply_key_user(const struct model *model, const struct model_table *table,
                           const struct model_constraint *key);
/* Whether a statement about a new table belongs to what makes it. */
bool apply_joins_new_table(const struct model *model, const struct change *change);
/* Adds a statement to those that make a new table; the same statement once, however many changes it holds. */
void apply_statement(struct model *model, struct model_table *table, const char *sql);

/* Whether a CREATE TABLE makes a part of a table that is there, or takes the name of one that the file renames: both can be done
 * only at `complete`. */
bool apply_is_late_table(struct model *model, const struct change *change);
/* The new partitioned table that a CREATE TABLE … PARTITION OF adds to, as made_with has it; 0: none. */
size_t apply_whole(struct model *model, const struct change *change);
bool apply_late_table(struct model *model, const struct change *change, struct error *err) SEGUE_MUST_CHECK;
/* A statement about such a table. */
bool apply_to_late_table(struct model *model, struct model_table *table, const struct change *change,
                         struct error *err) SEGUE_MUST_CHECK;
/* Refuses a partition that the server would refuse, and gives it the indexes and keys that it will need. */
bool apply_check_attached(struct model *model, const struct change *change, struct model_table *parent,
                          struct model_table *child, struct error *err) SEGUE_MUST_CHECK;
/* Gives a table that is there the indexes and keys of the parent that it is attached to, above the ATTACH. */
bool apply_add_parts(struct model *model, const struct change *change, struct model_table *parent,
                     struct model_table *child, struct error *err) SEGUE_MUST_CHECK;
/* Refuses a new partition for which a large default partition would be scanned. */
bool apply_check_default(const struct model *model, const struct change *change,
                         const struct model_table *parent, struct error *err) SEGUE_MUST_CHECK;
/* After the whole file: tables whose parts change keep their columns. Joins the tables that late statements name. */
bool apply_finish_late(struct model *model, struct error *err) SEGUE_MUST_CHECK;

/* The USING of a change of type, under the old version's names. */
bool apply_using(struct model *model, const struct change *change, struct model_table *table,
                 struct model_column *column, struct error *err) SEGUE_MUST_CHECK;
/* Refuses a column whose values would come from another conversion of the same file, unless an annotation says them. */
bool apply_check_between(const struct model *model, const struct model_table *table,
                         const struct model_column *column, struct error *err) SEGUE_MUST_CHECK;

/* The foreign keys that the file has added to other tables follow a column's new name. */
bool apply_rename_referenced(struct model *model, const struct model_table *parent, const char *from,
                             const char *to, struct error *err) SEGUE_MUST_CHECK;

/* The key that goes at `complete` although a new foreign key to its columns would rest on it until then, or NULL; *constraint:
 * it is a constraint, not an index alone. */
const char *apply_leaving_key(struct model_table *parent, const struct constraint_def *def, bool *constraint);

#endif
