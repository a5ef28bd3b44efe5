/*
 * What stays on a column whose type changes: its checks, exclusion constraints and indexes, which the new type must bear. They are put on
 * an empty table of the new shape, where the server says what it would say of the real one.
 */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "postgres/sqltree.h"

/* The file's types are known to the server under other names meanwhile: then what reads them cannot be tried. */
static bool changes_types(const struct migration *migration)
{
    for (size_t i = 0; i < migration->n_changes; i++) {
        const struct change *change = &migration->changes[i];
        if (change->kind == CHANGE_STATEMENT ||
            (change->kind != CHANGE_COMMENT && change_is_about_type(change)))
            return true;
    }
    return false;
}

bool check_is_dropped(const struct migration *migration, const char *name)
{
    for (size_t i = 0; i < migration->n_changes; i++) {
        const struct change *change = &migration->changes[i];
        bool index = change->kind == CHANGE_RENAME_INDEX || change->kind == CHANGE_DROP_INDEX;
        const char *about = index ? change->table.name : change->object;
        if (!about || strcmp(about, name) != 0)
            continue;
        if (change->kind == CHANGE_DROP_CONSTRAINT || change->kind == CHANGE_DROP_INDEX)
            return true;
        if (change->kind == CHANGE_RENAME_CONSTRAINT || change->kind == CHANGE_RENAME_INDEX)
            name = change->new_name;
    }
    return false;
}

/* The column of the new shape that has the number in the catalog; NULL when it is dropped. */
static const struct check_column *column_of(const struct check_table *table, const struct table *origin,
                                            int number)
{
    for (size_t i = 0; i < origin->n_columns; i++) {
        if (origin->columns[i].number == number)
            return check_table_column(table, origin->columns[i].name, CHECK_OLD);
    }
    return NULL;
}

/* Whether it reads a column of another type, and each column that it reads is there and known to the server. */
static bool is_concerned(const struct check_table *table, const struct table *origin, const int *columns,
                         size_t n)
{
    bool retyped = false;
    for (size_t i = 0; i < n; i++) {
        const struct check_column *column = column_of(table, origin, columns[i]);
        if (!column || !column->name[CHECK_NEW] || column->through_text || column->grown)
            return false;
        retyped |= strcmp(column->type[CHECK_OLD], column->type[CHECK_NEW]) != 0;
    }
    return retyped;
}

static struct rename *renames_of(struct check_run *run, const struct check_table *table, size_t *n)
{
    struct rename *renames = NULL;
    *n = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        struct rename rename = {table->columns[i].name[CHECK_OLD], table->columns[i].name[CHECK_NEW]};
        if (rename.from && rename.to && strcmp(rename.from, rename.to) != 0)
            ARENA_PUSH(run->arena, renames, *n, rename);
    }
    return renames;
}

static bool refuse_kept(const struct check_run *run, const struct change *change, const char *what,
                        const char *name, struct error *err)
{
    check_scratch_unname(err);
    check_refuse(run, change->place, err);
    if (err->class == ERROR_REFUSED)
        error_hint(err,
                   "%s \"%s\" does not fit the new type: drop it above this statement, and add it anew below",
                   what, name);
    return false;
}

static bool try_constraints(struct check_run *run, const struct change *change,
                            const struct check_table *table, const struct table *origin, struct name twin,
                            struct error *err)
{
    size_t n;
    const struct rename *renames = renames_of(run, table, &n);
    for (size_t i = 0; i < origin->n_constraints; i++) {
        const struct catalog_constraint *constraint = &origin->constraints[i];
        const char *definition;
        if ((constraint->kind != 'c' && constraint->kind != 'x') ||
            check_is_dropped(run->migration, constraint->name) ||
            !is_concerned(table, origin, constraint->columns, constraint->n_columns))
            continue;
        if (!sql_constraint_rename(run->arena, constraint->definition, renames, n, false, false, &definition,
                                   err))
            return false;
        const char *sql = pg_format(run->arena, "ALTER TABLE %Q ADD %s", twin.schema, twin.name, definition);
        if (!session_run(run->session, sql, err))
            return refuse_kept(run, change, "constraint", constraint->name, err);
    }
    return true;
}

static bool try_indexes(struct check_run *run, const struct change *change, const struct check_table *table,
                        const struct table *origin, struct name twin, struct error *err)
{
    size_t n;
    const struct rename *renames = renames_of(run, table, &n);
    for (size_t i = 0; i < origin->n_indexes; i++) {
        const struct catalog_index *index = &origin->indexes[i];
        const char *sql;
        if (index->constraint || !index->valid || check_is_dropped(run->migration, index->name) ||
            !is_concerned(table, origin, index->columns, index->n_columns))
            continue;
        if (!sql_index_rename(run->arena, index->definition, renames, n, NULL, twin.schema, twin.name, false,
                              &sql, err))
            return false;
        if (!session_run(run->session, sql, err))
            return refuse_kept(run, change, "index", index->name, err);
    }
    return true;
}

bool check_kept(struct check_run *run, struct error *err)
{
    if (changes_types(run->migration))
        return true;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        const struct change *change = &run->migration->changes[i];
        if (change->kind != CHANGE_COLUMN_TYPE)
            continue;
        for (struct check_table *table = run->shapes.tables; table; table = table->next) {
            const struct table *origin =
                table->name[CHECK_OLD] ? catalog_table(run->catalog, table->name[CHECK_OLD]) : NULL;
            struct name twin;
            if (!origin || table->kept_tried || !table->name[CHECK_NEW] || origin->kind != 'r' ||
                (strcmp(table->name[CHECK_NEW], change->table.name) != 0 &&
                 strcmp(table->name[CHECK_OLD], change->table.name) != 0))
                continue;
            table->kept_tried = true;
            if (!check_scratch_twin(run, table, &twin, err))
                return refuse_kept(run, change, "a key of table", origin->name, err);
            if (!try_constraints(run, change, table, origin, twin, err) ||
                !try_indexes(run, change, table, origin, twin, err))
                return false;
        }
    }
    return check_references(run, err);
}
