#include "postgres/check.h"

#include <string.h>

#include "migration/place.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"

bool check_refuse(const struct check_run *run, struct place place, struct error *err)
{
    if (err->class == ERROR_DATABASE)
        err->class = ERROR_REFUSED;
    return place_error(err, run->migration->path, place);
}

bool check_grows_enum(const struct migration *migration)
{
    for (size_t i = 0; i < migration->n_changes; i++) {
        if (migration->changes[i].kind == CHANGE_ADD_ENUM_VALUE)
            return true;
    }
    return false;
}

/* The new version's types, so that expressions may use them. Making a type locks nothing that exists, and the transaction is
 * rolled back. */
static bool create_types(const struct check_run *run, struct error *err)
{
    for (size_t i = 0; i < run->types->n; i++) {
        const struct schema_type *type = &run->types->list[i];
        const char **statements = NULL;
        size_t n = 0;
        if (type->origin && !type->replaced)
            continue;
        types_create(run->types, type, &statements, &n);
        for (size_t k = 0; k < n; k++) {
            if (!session_run(run->session, statements[k], err))
                return check_refuse(run, type->change->place, err);
        }
        /* After ALTER DOMAIN … DROP CONSTRAINT the server (15.20) takes no savepoint until something else has been written. */
        if (type->kind == 'd' && n > 1 &&
            !session_run(run->session,
                         pg_format(run->arena, "COMMENT ON DOMAIN %s IS 'tried'", type->physical), err))
            return false;
    }
    return true;
}

/* Likewise its sequences, for defaults that draw from them; one whose name is still taken is there by name. */
static bool create_sequences(const struct check_run *run, struct error *err)
{
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        const struct change *change = &run->migration->changes[i];
        const char *schema = change->table.schema ? change->table.schema : run->catalog->schema;
        if (change->kind == CHANGE_CREATE_SEQUENCE &&
            !session_run(
                run->session,
                pg_format(run->arena, "CREATE SEQUENCE IF NOT EXISTS %Q", schema, change->table.name), err))
            return check_refuse(run, change->place, err);
        if (change->kind == CHANGE_RENAME_SEQUENCE &&
            !session_run(run->session,
                         pg_format(run->arena, "CREATE SEQUENCE IF NOT EXISTS %Q", schema, change->new_name),
                         err))
            return check_refuse(run, change->place, err);
    }
    return true;
}

/* The expression without the word CHECK and what may follow it, or NULL. */
static const char *check_body(struct arena *arena, const struct constraint_def *constraint)
{
    const char *open = strchr(constraint->definition, '(');
    const char *close = strrchr(constraint->definition, ')');
    return open && close > open ? arena_strndup(arena, open, (size_t)(close - open) + 1) : NULL;
}

static bool ask_default(struct check_run *run, const struct change *change, const char *type,
                        struct error *err)
{
    struct check_expr expr = {
        .text = change->expr,
        .what = pg_format(run->arena, "DEFAULT of %I.%I", change->table.name, change->column),
        .column = change->column,
        .type = type,
        .type_grows = check_type_grows(&run->shapes, type),
        .place = change->place,
    };
    return check_expr_ask(run, &expr, err);
}

static bool ask_using(struct check_run *run, const struct check_table *table, const struct change *change,
                      const struct check_column *column, struct error *err)
{
    struct check_expr expr = {
        .text = change->expr,
        .what = pg_format(run->arena, "USING of %I.%I", change->table.name, change->column),
        .table = table,
        .version = CHECK_NEW,
        .alias = change->table.name,
        .column = change->column,
        .type = column->type[CHECK_NEW],
        .type_grows = check_type_grows(&run->shapes, change->type),
        .place = change->place,
    };
    return check_expr_ask(run, &expr, err);
}

static bool ask_check(struct check_run *run, const struct check_table *table, const struct change *change,
                      struct error *err)
{
    struct check_expr expr = {
        .text = check_body(run->arena, change->constraint),
        .what = "CHECK",
        .table = table,
        .version = CHECK_NEW,
        .alias = change->table.name,
        .place = change->place,
    };
    return !expr.text || check_expr_ask(run, &expr, err);
}

/* The expressions of a statement see the table as the statements before it left it, and so does the shape by now; a column's
 * own change has already been applied. */
static bool ask_change(struct check_run *run, const struct change *change, struct error *err)
{
    bool has_expr = change->expr && change->column && change->kind != CHANGE_COMMENT;
    bool is_check = change->kind == CHANGE_ADD_CONSTRAINT && change->constraint->kind == CONSTRAINT_CHECK;
    if (!has_expr && !is_check)
        return true;
    const struct check_table *table = check_shapes_table(&run->shapes, change->table, CHECK_NEW);
    if (!table || table->created)
        return true;
    if (is_check)
        return ask_check(run, table, change, err);
    const struct check_column *column = check_table_column(table, change->column, CHECK_NEW);
    if (!column)
        return true;
    if (change->kind == CHANGE_COLUMN_TYPE)
        return true;
    return ask_default(run, change, column->type[CHECK_NEW], err);
}

/* USING reads the column in the type that it has before. */
static bool ask_using_before(struct check_run *run, const struct change *change, struct error *err)
{
    if (change->kind != CHANGE_COLUMN_TYPE || !change->expr)
        return true;
    const struct check_table *table = check_shapes_table(&run->shapes, change->table, CHECK_NEW);
    const struct check_column *column =
        table && !table->created ? check_table_column(table, change->column, CHECK_NEW) : NULL;
    if (!column)
        return true;
    struct check_column after = *column;
    after.type[CHECK_NEW] = change->type;
    return ask_using(run, table, change, &after, err);
}

static bool ask_type(struct check_run *run, const struct change *change, struct error *err)
{
    if (change->kind != CHANGE_ADD_COLUMN && change->kind != CHANGE_COLUMN_TYPE)
        return true;
    const struct check_table *table = check_shapes_table(&run->shapes, change->table, CHECK_NEW);
    return !table || table->created || check_column_type(run, change, err);
}

static bool ask_changes(struct check_run *run, struct error *err)
{
    for (size_t i = 0; i < run->migration->n_changes; i++) {
        const struct change *change = &run->migration->changes[i];
        if (!ask_type(run, change, err) || !ask_using_before(run, change, err))
            return false;
        check_shapes_apply(&run->shapes, change);
        if (!ask_change(run, change, err))
            return false;
    }
    return true;
}

static const char *annotation_word(enum annotation_kind kind)
{
    return kind == ANNOTATION_UP ? "up" : kind == ANNOTATION_DOWN ? "down" : "existing";
}

/* The table and the column that an annotation gives a value to; *column NULL when it is not known here. */
static const struct check_table *find_target(struct check_run *run, const struct annotation *annotation,
                                             const struct check_column **column)
{
    bool down = annotation->kind == ANNOTATION_DOWN;
    enum check_version reads = down ? CHECK_NEW : CHECK_OLD;
    enum check_version gives = down ? CHECK_OLD : CHECK_NEW;
    const struct check_table *table = check_shapes_table(&run->shapes, annotation->table, gives);
    if (!table)
        table = check_shapes_table(&run->shapes, annotation->table, reads);
    *column = table && !table->created ? check_table_column(table, annotation->column, gives) : NULL;
    return table;
}

/* up and existing give a value of the new version from the old version's columns; down the other way round. What the
 * annotation names and the shape does not have is the planner's to refuse. */
static bool ask_annotation(struct check_run *run, const struct annotation *annotation, struct error *err)
{
    bool down = annotation->kind == ANNOTATION_DOWN;
    enum check_version reads = down ? CHECK_NEW : CHECK_OLD;
    enum check_version gives = down ? CHECK_OLD : CHECK_NEW;
    const struct check_column *column;
    const struct check_table *table = find_target(run, annotation, &column);
    if (!column)
        return true;
    struct check_expr expr = {
        .text = annotation->expr,
        .what = pg_format(run->arena, "%s %I.%I", annotation_word(annotation->kind), annotation->table.name,
                          annotation->column),
        .table = table,
        .version = reads,
        .alias = annotation->table.name,
        .column = annotation->column,
        .type = column->type[gives],
        .type_grows = column->grown || column->through_text,
        .place = annotation->expr_place,
        .verbatim = true,
        .no_volatile = annotation->kind != ANNOTATION_EXISTING,
    };
    if (!check_expr_ask(run, &expr, err))
        return false;
    if (!annotation->otherwise)
        return true;
    expr.text = annotation->otherwise;
    expr.table = NULL;
    expr.verbatim = false;
    return check_expr_ask(run, &expr, err);
}

static bool ask_annotations(struct check_run *run, struct error *err)
{
    for (size_t i = 0; i < run->migration->n_annotations; i++) {
        const struct annotation *annotation = &run->migration->annotations[i];
        bool has_expr = annotation->kind == ANNOTATION_UP || annotation->kind == ANNOTATION_DOWN ||
                        annotation->kind == ANNOTATION_EXISTING;
        if (has_expr && !ask_annotation(run, annotation, err))
            return false;
        bool moves = annotation->kind == ANNOTATION_COPY || annotation->kind == ANNOTATION_BACK;
        if (moves && !check_copy(run, annotation, err))
            return false;
    }
    return true;
}

static bool has_up(struct check_run *run, const struct check_column *wanted)
{
    for (size_t i = 0; i < run->migration->n_annotations; i++) {
        const struct check_column *column;
        if (run->migration->annotations[i].kind != ANNOTATION_UP)
            continue;
        find_target(run, &run->migration->annotations[i], &column);
        if (column == wanted)
            return true;
    }
    return false;
}

/* A column that changes its type with neither USING nor up. */
static bool ask_cast(struct check_run *run, const struct check_table *table,
                     const struct check_column *column, struct error *err)
{
    bool is_cast =
        column->cast && column->name[CHECK_OLD] && column->name[CHECK_NEW] && table->name[CHECK_NEW];
    return !is_cast || has_up(run, column) || check_implicit_cast(run, table, column, err);
}

static bool ask_casts(struct check_run *run, struct error *err)
{
    for (const struct check_table *table = run->shapes.tables; table; table = table->next)
        for (size_t i = 0; i < table->n_columns; i++)
            if (!ask_cast(run, table, &table->columns[i], err))
                return false;
    return true;
}

static bool ask_all(struct check_run *run, struct error *err)
{
    /* pg_temp last: a new version's type that is tried there must not hide the old version's of the same name. */
    const char *names =
        pg_identifier_list(run->arena, run->catalog->search_path, run->catalog->n_search_path);
    const char *path = arena_printf(run->arena, "%s%spg_temp", names, *names ? ", " : "");
    return session_query(run->session, "SELECT set_config('search_path', $1, true)", 1, &path, NULL, err) &&
           create_types(run, err) && create_sequences(run, err) && check_statements_early(run, err) &&
           session_run(run->session, "SAVEPOINT segue_check", err) && ask_changes(run, err) &&
           ask_annotations(run, err) && ask_casts(run, err);
}

static void begin_shapes(struct check_run *run)
{
    run->shapes = (struct check_shapes){
        .arena = run->arena, .migration = run->migration, .catalog = run->catalog, .types = run->types};
}

/* From the beginning: the trials follow the file as well. */
static bool try_all(struct check_run *run, struct error *err)
{
    begin_shapes(run);
    return check_trials(run, err) && check_kept(run, err) && check_partitions(run, err) &&
           check_statements(run, err);
}

bool pg_check_expressions(struct session *session, const struct migration *migration,
                          const struct catalog *catalog, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct check_run run = {.session = session, .arena = arena, .given = migration, .catalog = catalog};
    if (!types_read(arena, migration, catalog, "pg_temp", &run.types, &run.migration, err))
        return false;
    begin_shapes(&run);
    /* A subquery's table is locked against being dropped for a moment; it is not waited for. */
    if (!session_run(session, "BEGIN; SET LOCAL lock_timeout = '2s'", err))
        return false;
    struct error ignored;
    bool good = ask_all(&run, err) && try_all(&run, err);
    bool back = session_run(session, "ROLLBACK", good ? err : &ignored);
    return good && back;
}
