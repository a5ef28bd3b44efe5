/* Constraints and indexes: by their names, and where they have none by their columns. */
#include <string.h>

#include "postgres/export/export_internal.h"

static const char contypes[] = {[CONSTRAINT_CHECK] = 'c',
                                [CONSTRAINT_UNIQUE] = 'u',
                                [CONSTRAINT_FOREIGN_KEY] = 'f',
                                [CONSTRAINT_PRIMARY_KEY] = 'p',
                                [CONSTRAINT_EXCLUSION] = 'x'};

static bool is_new_column(const struct export *export, const struct change *change, const char *column)
{
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *other = &export->migration->changes[i];
        if (other->kind == CHANGE_ADD_COLUMN && strcmp(other->table.name, change->table.name) == 0 &&
            strcmp(other->column, column) == 0)
            return true;
    }
    return false;
}

const char *export_keeps(const struct export *export, const struct change *change, const char *const *columns,
                         size_t n)
{
    SEGUE_CLEANUP(text_free) struct text keeps = {0};
    for (const struct change *later = change; later <= export_last(export); later++)
        for (size_t i = 0; i < n; i++)
            if ((later->kind == CHANGE_RENAME_COLUMN || later->kind == CHANGE_DROP_COLUMN) &&
                strcmp(later->table.name, change->table.name) == 0 && strcmp(later->column, columns[i]) == 0)
                text_printf(&keeps, " AND %s", export_has_column(export, change->table, columns[i]));
    return arena_strdup(export->arena, text_string(&keeps));
}

static bool same_columns(const struct constraint_def *a, const struct constraint_def *b)
{
    if (a->n_columns != b->n_columns)
        return false;
    for (size_t i = 0; i < a->n_columns; i++)
        if (strcmp(a->columns[i], b->columns[i]) != 0)
            return false;
    return true;
}

/* Over such columns there is just one such constraint in the end, so that it is this one. */
static bool is_told_by_columns(const struct export *export, const struct change *change)
{
    const struct constraint_def *constraint = change->constraint;
    bool fresh = constraint->kind == CONSTRAINT_UNIQUE || constraint->kind == CONSTRAINT_PRIMARY_KEY ||
                 constraint->kind == CONSTRAINT_FOREIGN_KEY;
    for (size_t i = 0; i < constraint->n_columns; i++)
        fresh = fresh || is_new_column(export, change, constraint->columns[i]);
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *other = &export->migration->changes[i];
        if (other != change && other->kind == CHANGE_ADD_CONSTRAINT &&
            other->constraint->kind == constraint->kind &&
            strcmp(other->table.name, change->table.name) == 0 && same_columns(other->constraint, constraint))
            return false;
    }
    return fresh && constraint->n_columns;
}

/* A table has one primary key: while the old one is left, because its columns are, the new one cannot come. */
static const char *has_it(const struct export *export, const struct change *change, const char *name)
{
    const struct constraint_def *constraint = change->constraint;
    const char *table = export_name(export, change->table);
    if (constraint->kind == CONSTRAINT_PRIMARY_KEY && !export->drops)
        return pg_format(
            export->arena,
            "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass(%L) AND contype = 'p')",
            table);
    if (name)
        return export_has_constraint(export, change->table, name);
    return pg_format(export->arena, "pg_temp.segue_key(%L, '%s', %s)", table,
                     (const char[]){contypes[constraint->kind], '\0'},
                     export_array(export, constraint->columns, constraint->n_columns));
}

static bool add_constraint(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const struct constraint_def *constraint = change->constraint;
    const char *table = export_name(export, change->table);
    const char *name = constraint->name ? constraint->name : constraint->using_index;
    if (!name && !is_told_by_columns(export, change))
        return export_refuse(export, change, err,
                             "a constraint of table \"%s\" has no name by which it could be found",
                             change->table.name);
    const char *there = has_it(export, change, name);
    const char **lines = NULL,
               *add = pg_format(arena, "ALTER TABLE %s ADD %s%s%s", table,
                                name ? pg_format(arena, "CONSTRAINT %I ", name) : "", constraint->definition,
                                constraint->not_valid ? " NOT VALID" : "");
    size_t n = 0;
    for (size_t i = 0; i < constraint->n_columns; i++) {
        const char *values = export_values(export, change, constraint->columns[i]);
        if (values)
            ARENA_PUSH(arena, lines, n, values);
    }
    ARENA_PUSH(arena, lines, n, export_execute(export, add));
    export_guarded(export,
                   pg_format(arena, "%s%s AND NOT %s", export_has_table(export, change->table),
                             export_keeps(export, change, constraint->columns, constraint->n_columns), there),
                   lines, n);
    return true;
}

static void rename_constraint(const struct export *export, const struct change *change)
{
    export_one(export,
               pg_format(export->arena, "%s AND NOT %s",
                         export_has_constraint(export, change->table, change->object),
                         export_has_constraint(export, change->table, change->new_name)),
               pg_format(export->arena, "ALTER TABLE %s RENAME CONSTRAINT %I TO %I",
                         export_name(export, change->table), change->object, change->new_name));
}

/* A foreign key that the file makes: where the script without drops ran before, it rests on whichever key came first. */
static bool makes_foreign_key(const struct export *export, const struct change *after)
{
    for (const struct change *change = after + 1; change <= export_last(export); change++)
        if ((change->kind == CHANGE_ADD_CONSTRAINT && change->constraint->kind == CONSTRAINT_FOREIGN_KEY) ||
            (change->kind == CHANGE_CREATE_TABLE && change->n_references))
            return true;
    return false;
}

/* Drops what may be a key; `index`: the query of its index. */
static void drop_key(const struct export *export, const struct change *change, const char *condition,
                     const char *index, const char *statement)
{
    if (!export->drops || change->cascade || !makes_foreign_key(export, change)) {
        export_drop(export, condition, statement);
        return;
    }
    const char *line = pg_format(export->arena, "PERFORM pg_temp.segue_drop_key((%s), %L)", index, statement);
    export_guarded(export, condition, &line, 1);
}

static void drop_constraint(const struct export *export, const struct change *change)
{
    const char *table = export_name(export, change->table);
    drop_key(
        export, change, export_has_constraint(export, change->table, change->object),
        pg_format(
            export->arena,
            "SELECT conindid FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass(%L) AND conname = %L AND contype <> 'f'",
            table, change->object),
        pg_format(export->arena, "ALTER TABLE %s DROP CONSTRAINT %I%s", table, change->object,
                  change->cascade ? " CASCADE" : ""));
}

static void drop_index(const struct export *export, const struct change *change)
{
    const char *index = export_name(export, change->table);
    drop_key(export, change, export_has_table(export, change->table),
             pg_format(export->arena, "SELECT to_regclass(%L)::oid", index),
             pg_format(export->arena, "DROP INDEX %s%s", index, change->cascade ? " CASCADE" : ""));
}

/* The index lies in the schema of its table. */
static struct name index_name(const struct change *change)
{
    return (struct name){change->table.schema, change->object};
}

static bool is_like(const struct index_def *a, const struct index_def *b)
{
    if (a->unique != b->unique || a->has_where || b->has_where || a->n_key_columns != b->n_key_columns)
        return false;
    for (size_t i = 0; i < a->n_key_columns; i++)
        if (strcmp(a->key_columns[i], b->key_columns[i]) != 0)
            return false;
    return true;
}

/* How many indexes over these columns there are when the file has come so far and made each of them. */
static int count_alike(const struct export *export, const struct change *last)
{
    const char *table = export_name(export, last->table);
    int n = 0;
    for (size_t i = 0; i < export->migration->n_changes; i++) {
        const struct change *change = &export->migration->changes[i];
        n += change->kind == CHANGE_CREATE_INDEX && strcmp(export_name(export, change->table), table) == 0 &&
             is_like(change->index, last->index);
        if (change == last)
            break;
    }
    return n;
}

static bool create_index(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    const struct index_def *index = change->index;
    bool plain = index->n_key_columns && !index->has_where;
    if (!change->object && !plain)
        return export_refuse(export, change, err,
                             "an index of table \"%s\" has no name by which it could be found",
                             change->table.name);
    const char *there = change->object
                            ? export_has_table(export, index_name(change))
                            : pg_format(arena, "pg_temp.segue_index(%L, %s, %s, %d)",
                                        export_name(export, change->table), index->unique ? "true" : "false",
                                        export_array(export, index->key_columns, index->n_key_columns),
                                        count_alike(export, change));
    export_one(export,
               pg_format(arena, "%s%s AND NOT (%s)", export_has_table(export, change->table),
                         export_keeps(export, change, index->columns, index->n_columns), there),
               index->definition);
    return true;
}

bool export_key(const struct export *export, const struct change *change, struct error *err)
{
    struct arena *arena = export->arena;
    switch (change->kind) {
    case CHANGE_ADD_CONSTRAINT: return add_constraint(export, change, err);
    case CHANGE_CREATE_INDEX: return create_index(export, change, err);
    case CHANGE_RENAME_CONSTRAINT: rename_constraint(export, change); break;
    case CHANGE_DROP_CONSTRAINT: drop_constraint(export, change); break;
    case CHANGE_DROP_INDEX: drop_index(export, change); break;
    default:
        export_one(export,
                   pg_format(arena, "%s AND NOT (%s)", export_has_table(export, change->table),
                             export_has_table(export, (struct name){change->table.schema, change->new_name})),
                   pg_format(arena, "ALTER INDEX %s RENAME TO %I", export_name(export, change->table),
                             change->new_name));
        break;
    }
    return true;
}
