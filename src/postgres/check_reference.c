/*
 * Foreign keys that stay while a column on either side changes its type: whether the server can still compare the two. They are put on
 * empty tables of the new shape.
 */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"

#define DATATYPE_MISMATCH "42804"

/* A foreign key between two tables as they are in the end. */
struct reference {
    const struct table *child_origin, *parent_origin;
    const struct check_table *child, *parent;
    const struct catalog_constraint *key;
};

static const struct check_column *column_numbered(const struct check_table *table, const struct table *origin,
                                                  int number)
{
    for (size_t i = 0; i < origin->n_columns; i++) {
        if (origin->columns[i].number == number)
            return check_table_column(table, origin->columns[i].name, CHECK_OLD);
    }
    return NULL;
}

static bool stays(const struct check_column *column)
{
    return column && column->name[CHECK_NEW] && !column->through_text && !column->grown;
}

static bool retyped(const struct check_column *column)
{
    return strcmp(column->type[CHECK_OLD], column->type[CHECK_NEW]) != 0;
}

/* Whether all its columns stay, and one of them with another type. Appends the names of both sides. */
static bool is_concerned(const struct reference *reference, struct text *from, struct text *to)
{
    const struct catalog_constraint *key = reference->key;
    bool any = false;
    for (size_t i = 0; i < key->n_columns && i < key->n_ref_columns; i++) {
        const struct check_column *a =
            column_numbered(reference->child, reference->child_origin, key->columns[i]);
        const struct check_column *b =
            column_numbered(reference->parent, reference->parent_origin, key->ref_columns[i]);
        if (!stays(a) || !stays(b))
            return false;
        any |= retyped(a) || retyped(b);
        pg_append(from, "%s%I", i ? ", " : "", a->name[CHECK_NEW]);
        pg_append(to, "%s%I", i ? ", " : "", b->name[CHECK_NEW]);
    }
    return any;
}

static bool is_about(const struct change *change, const struct check_table *table)
{
    return (table->name[CHECK_OLD] && strcmp(change->table.name, table->name[CHECK_OLD]) == 0) ||
           (table->name[CHECK_NEW] && strcmp(change->table.name, table->name[CHECK_NEW]) == 0);
}

/* The last change of type on either side. */
static const struct change *type_change(const struct check_run *run, const struct reference *reference)
{
    const struct change *found = NULL;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        const struct change *change = &run->migration->changes[i];
        if (change->kind == CHANGE_COLUMN_TYPE &&
            (is_about(change, reference->parent) || is_about(change, reference->child)))
            found = change;
    }
    return found;
}

static bool make(struct check_run *run, const struct reference *reference, const char *from, const char *to,
                 struct error *err)
{
    struct name child, parent;
    if (!check_scratch_twin(run, reference->child, &child, err))
        return false;
    parent = child;
    if (reference->parent != reference->child && !check_scratch_twin(run, reference->parent, &parent, err))
        return false;
    const char *sql =
        pg_format(run->arena, "ALTER TABLE %Q ADD CONSTRAINT %I FOREIGN KEY (%s) REFERENCES %Q (%s)",
                  child.schema, child.name, reference->key->name, from, parent.schema, parent.name, to);
    return session_run(run->session, sql, err);
}

static bool try_reference(struct check_run *run, const struct reference *reference, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text from = {0}, to = {0};
    const struct change *change = type_change(run, reference);
    if (!change || !is_concerned(reference, &from, &to))
        return true;
    if (!check_try_begin(run, err))
        return false;
    bool good = make(run, reference, text_string(&from), text_string(&to), err);
    /* What else the twins cannot show, as a key that is made anew, is not about the types. */
    if (good || (err->class == ERROR_DATABASE && strcmp(err->sqlstate, DATATYPE_MISMATCH) != 0))
        return check_try_end(run, good, err);
    check_scratch_unname(err);
    check_refuse(run, change->place, err);
    if (err->class == ERROR_REFUSED)
        error_hint(err, "change the columns on both sides in this file, or drop the foreign key above");
    return false;
}

bool check_references(struct check_run *run, struct error *err)
{
    for (size_t t = 0; t < run->catalog->n_tables; t++) {
        const struct table *child = &run->catalog->tables[t];
        for (size_t i = 0; i < child->n_constraints; i++) {
            struct reference reference = {.child_origin = child, .key = &child->constraints[i]};
            if (reference.key->kind != 'f' || strcmp(reference.key->ref_schema, run->catalog->schema) != 0 ||
                check_is_dropped(run->migration, reference.key->name))
                continue;
            reference.parent_origin = catalog_table(run->catalog, reference.key->ref_name);
            if (!reference.parent_origin)
                continue;
            reference.child = check_shapes_table(&run->shapes, (struct name){NULL, child->name}, CHECK_OLD);
            reference.parent = check_shapes_table(
                &run->shapes, (struct name){NULL, reference.parent_origin->name}, CHECK_OLD);
            if (reference.child && reference.parent && reference.child->name[CHECK_NEW] &&
                reference.parent->name[CHECK_NEW] && !try_reference(run, &reference, err))
                return false;
        }
    }
    return true;
}
