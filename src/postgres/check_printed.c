/*
 * Conditions above a change of a type. PostgreSQL binds a CHECK, an index or a default to the types of its columns where the file adds
 * it; a change of such a type further down takes the condition as the server prints it then, and binds it anew. `status IN ('new')`
 * added to a text column that becomes varchar is another expression than one added below the change, and may be refused where that
 * one is not. So the server is asked, on an empty table, how it prints the condition, and that is what the plan adds.
 */
#include <string.h>

#include "postgres/check.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"

/* A condition that is added, and the table that it is tried on. */
struct printing {
    struct check_run *run;
    struct change *change;
    struct check_table *table;
    size_t *columns; /* places of the columns that it reads */
    size_t n_columns;
    const char **names; /* theirs at the twin */
    size_t n_names;
    struct name twin;
    const char *name; /* of the constraint or index at the twin */
    const char *printed;
};

static bool gives_default(const struct change *change)
{
    return change->kind == CHANGE_SET_DEFAULT || (change->kind == CHANGE_ADD_COLUMN && change->expr);
}

/* Whether the change adds something that is printed with types: a CHECK, an index over an expression or with WHERE, a default. */
static bool has_condition(const struct change *change)
{
    if (gives_default(change))
        return true;
    if (change->kind == CHANGE_ADD_CONSTRAINT)
        return change->constraint->kind == CONSTRAINT_CHECK;
    return change->kind == CHANGE_CREATE_INDEX && (change->index->has_where || !change->index->n_key_columns);
}

static bool is_concerned(const struct migration *migration)
{
    bool added = false, any = false;
    for (size_t i = 0; i < migration->n_changes; i++) {
        const struct change *change = &migration->changes[i];
        if (change->kind != CHANGE_COMMENT && change->kind != CHANGE_ADD_ENUM_VALUE &&
            change_is_about_type(change))
            return false; /* the file's own types have other names meanwhile */
        added |= has_condition(change);
        any |= added && change->kind == CHANGE_COLUMN_TYPE;
    }
    return any;
}

static bool find_columns(struct printing *printing)
{
    const struct change *change = printing->change;
    const char *const *names = &change->column;
    size_t n = 1;
    if (change->kind == CHANGE_ADD_CONSTRAINT) {
        names = change->constraint->columns;
        n = change->constraint->n_columns;
    } else if (change->kind == CHANGE_CREATE_INDEX) {
        names = change->index->columns;
        n = change->index->n_columns;
    }
    for (size_t i = 0; i < n; i++) {
        const struct check_column *column = check_table_column(printing->table, names[i], CHECK_NEW);
        if (!column)
            return false;
        ARENA_PUSH(printing->run->arena, printing->columns, printing->n_columns,
                   (size_t)(column - printing->table->columns));
        ARENA_PUSH(printing->run->arena, printing->names, printing->n_names, names[i]);
    }
    return true;
}

/* The name at the twin of the column whose type the change is about, if the condition reads it; else NULL. */
static const char *retyped_column(const struct printing *printing, const struct change *change)
{
    if (change->kind != CHANGE_COLUMN_TYPE ||
        check_shapes_table(&printing->run->shapes, change->table, CHECK_NEW) != printing->table)
        return NULL;
    const struct check_column *column = check_table_column(printing->table, change->column, CHECK_NEW);
    for (size_t i = 0; column && i < printing->n_columns; i++) {
        if (&printing->table->columns[printing->columns[i]] == column)
            return printing->names[i];
    }
    return NULL;
}

static bool add_condition(struct printing *printing, struct error *err)
{
    struct check_run *run = printing->run;
    const struct change *change = printing->change;
    const char *sql;
    printing->name = check_scratch_name(run, "condition").name;
    if (gives_default(change))
        sql = pg_format(run->arena, "ALTER TABLE %Q ALTER COLUMN %I SET DEFAULT %s", printing->twin.schema,
                        printing->twin.name, change->column, change->expr);
    else if (change->kind == CHANGE_ADD_CONSTRAINT)
        sql = pg_format(run->arena, "ALTER TABLE %Q ADD CONSTRAINT %I %s", printing->twin.schema,
                        printing->twin.name, printing->name, change->constraint->definition);
    else if (!sql_index_rename(run->arena, change->index->definition, NULL, 0, printing->name,
                               printing->twin.schema, printing->twin.name, false, &sql, err))
        return false;
    return session_run(run->session, sql, err);
}

static bool print_condition(struct printing *printing, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct check_run *run = printing->run;
    const struct change *change = printing->change;
    const char *twin = pg_format(run->arena, "%Q", printing->twin.schema, printing->twin.name);
    const char *values[] = {twin, printing->name};
    const char *query = "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint "
                        "WHERE conrelid = $1::pg_catalog.regclass AND conname = $2";
    if (gives_default(change)) {
        values[1] = printing->names[0];
        query = "SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
                "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
                "WHERE d.adrelid = $1::pg_catalog.regclass AND a.attname = $2";
    } else if (change->kind == CHANGE_CREATE_INDEX) {
        query = "SELECT pg_catalog.pg_get_indexdef(c.oid) FROM pg_catalog.pg_index i "
                "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                "WHERE i.indrelid = $1::pg_catalog.regclass AND c.relname = $2";
    }
    if (!session_query(run->session, query, 2, values, &rows, err))
        return false;
    if (rows_count(rows))
        printing->printed = arena_strdup(run->arena, rows_get(rows, 0, 0));
    return true;
}

static bool refuse_type(const struct printing *printing, const struct change *change, struct error *err)
{
    check_scratch_unname(err);
    check_refuse(printing->run, change->place, err);
    if (err->class == ERROR_REFUSED)
        error_hint(err,
                   "what the file adds above does not fit the new type: add it below this statement instead");
    return false;
}

/* Changes a column's type at the twin as the file does, of no rows. What the server says of the type itself is told elsewhere. */
static bool change_type(struct printing *printing, const struct change *change, const char *column,
                        bool *done, struct error *err)
{
    static const char *const states[] = {"42883", "42804", "42846", "22P02"};
    struct check_run *run = printing->run;
    *done = session_run(run->session,
                        pg_format(run->arena, "ALTER TABLE %Q ALTER COLUMN %I TYPE %s USING NULL",
                                  printing->twin.schema, printing->twin.name, column, change->type),
                        err);
    for (size_t i = 0; !*done && i < SEGUE_COUNT(states); i++) {
        if (strcmp(err->sqlstate, states[i]) == 0)
            return refuse_type(printing, change, err);
    }
    return *done || err->class == ERROR_DATABASE;
}

/* Follows the types of its columns to the end of the file. */
static bool follow(struct printing *printing, struct error *err)
{
    struct check_run *run = printing->run;
    const struct change *end = run->migration->changes + run->migration->n_changes;
    bool good = true;
    if (!check_scratch_twin(run, printing->table, &printing->twin, err) || !add_condition(printing, err))
        return err->class == ERROR_DATABASE; /* the check says why, in its turn */
    for (const struct change *change = printing->change + 1; good && change < end; change++) {
        const char *column = retyped_column(printing, change);
        if (column && (!print_condition(printing, err) || !change_type(printing, change, column, &good, err)))
            return false;
        check_shapes_apply(&run->shapes, change);
    }
    return true;
}

/* The condition as the change is to add it. */
static bool take(const struct printing *printing, struct error *err)
{
    struct change *change = printing->change;
    if (!printing->printed)
        return true;
    if (gives_default(change)) {
        change->expr = printing->printed;
        return true;
    }
    if (change->kind == CHANGE_ADD_CONSTRAINT) {
        change->constraint->definition = printing->printed;
        return true;
    }
    return sql_index_rename(printing->run->arena, printing->printed, NULL, 0, change->object,
                            change->table.schema, change->table.name, false, &change->index->definition, err);
}

static bool print_one(struct check_run *run, struct change *change, struct error *err)
{
    struct printing printing = {.run = run, .change = change};
    struct error ignored;
    run->shapes = (struct check_shapes){
        .arena = run->arena, .migration = run->migration, .catalog = run->catalog, .types = run->types};
    for (const struct change *before = run->migration->changes; before <= change; before++)
        check_shapes_apply(&run->shapes, before);
    printing.table = check_shapes_table(&run->shapes, change->table, CHECK_NEW);
    if (!printing.table || printing.table->created || !find_columns(&printing))
        return true;
    if (!check_try_begin(run, err))
        return false;
    bool good = follow(&printing, err);
    bool back = check_try_end(run, false, good ? err : &ignored);
    return good && back && take(&printing, err);
}

static bool print_all(struct check_run *run, struct error *err)
{
    const struct catalog *catalog = run->catalog;
    const char *path = pg_identifier_list(run->arena, catalog->search_path, catalog->n_search_path);
    if (!session_query(run->session, "SELECT pg_catalog.set_config('search_path', $1, true)", 1, &path, NULL,
                       err))
        return false;
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        if (has_condition(&run->migration->changes[i]) && !print_one(run, &run->migration->changes[i], err))
            return false;
    }
    return true;
}

bool pg_print_conditions(struct session *session, struct arena *arena, const struct migration *migration,
                         const struct catalog *catalog, struct error *err)
{
    struct check_run run = {
        .session = session, .arena = arena, .migration = migration, .given = migration, .catalog = catalog};
    const struct migration *resolved;
    struct error ignored;
    if (!is_concerned(migration))
        return true;
    if (!types_read(arena, migration, catalog, "pg_temp", &run.types, &resolved, err) ||
        !session_run(session, "BEGIN; SET LOCAL lock_timeout = '2s'", err))
        return false;
    bool good = print_all(&run, err);
    bool back = session_run(session, "ROLLBACK", good ? err : &ignored);
    return good && back;
}
