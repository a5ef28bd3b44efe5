#include "drive/statement.h"

#include "base/text.h"

struct build {
    struct arena *arena;
    const struct shape *shape;
    size_t number;
    struct text sql;
    struct statement statement;
    struct statements *out;
};

static void begin(struct build *build, enum statement_kind kind)
{
    static const char *const words[] = {
        [SELECT_STAR] = "star",
        [SELECT_COLUMNS] = "columns",
        [INSERT_FULL] = "insert",
        [INSERT_DEFAULTS] = "insert_defaults",
        [UPSERT] = "upsert",
        [UPDATE_ONE] = "update_one",
        [UPDATE_SOME] = "update_some",
        [UPDATE_QUALIFIED] = "update_qualified",
        [UPDATE_FUNCTION] = "update_in",
        [DELETE_ROW] = "delete",
        [CHECK_OWN] = "check_own",
        [CHECK_AGREE] = "check_agree",
    };
    text_clear(&build->sql);
    build->statement = (struct statement){
        .kind = kind,
        .name = arena_printf(build->arena, "drive_%zu_%s_%zu", build->number, words[kind],
                             build->out ? build->out->n : 0),
    };
}

static void finish(struct build *build)
{
    build->statement.sql = arena_strdup(build->arena, text_string(&build->sql));
    struct statements *out = build->out;
    enum statement_kind kind = build->statement.kind;
    if (!out->count[kind])
        out->first[kind] = out->n;
    out->count[kind]++;
    ARENA_PUSH(build->arena, out->all, out->n, build->statement);
}

/* Appends $n for a column. */
static void parameter(struct build *build, int column)
{
    struct statement *statement = &build->statement;
    ARENA_PUSH(build->arena, statement->parameters, statement->n_parameters, column);
    text_printf(&build->sql, "$%zu", statement->n_parameters);
}

static void change(struct build *build, int column)
{
    struct statement *statement = &build->statement;
    ARENA_PUSH(build->arena, statement->changes, statement->n_changes, column);
    const struct shape_column *changed = &build->shape->columns[column];
    if (changed->grouped && !changed->key)
        statement->cold_only = true;
}

/* WHERE key = …, through the version's names or those of the table underneath. With casts where no column tells the type. */
static void where_key(struct build *build, bool base)
{
    const struct shape *shape = build->shape;
    for (size_t i = 0; i < shape->n_key; i++) {
        const struct shape_column *column = &shape->columns[shape->key[i]];
        text_printf(&build->sql, "%s%s = ", i ? " AND " : " WHERE ",
                    base ? column->base_quoted : column->quoted);
        parameter(build, shape->key[i]);
    }
}

static void returning_key(struct build *build)
{
    const struct shape *shape = build->shape;
    for (size_t i = 0; i < shape->n_key; i++)
        text_printf(&build->sql, "%s%s", i ? ", " : " RETURNING ", shape->columns[shape->key[i]].quoted);
}

static void make_selects(struct build *build)
{
    const struct shape *shape = build->shape;
    begin(build, SELECT_STAR);
    text_printf(&build->sql, "SELECT * FROM %s", shape->quoted);
    where_key(build, false);
    finish(build);
    begin(build, SELECT_COLUMNS);
    for (size_t i = 0; i < shape->n_columns; i++)
        text_printf(&build->sql, "%s%s", i ? ", " : "SELECT ", shape->columns[i].quoted);
    text_printf(&build->sql, " FROM %s", shape->quoted);
    where_key(build, false);
    finish(build);
}

/* The columns of an INSERT as parameters; changes those that the worker makes up. */
static void choose_columns(struct build *build, bool defaults, bool with_key, bool *left_out)
{
    const struct shape *shape = build->shape;
    struct statement *statement = &build->statement;
    *left_out = false;
    for (size_t i = 0; i < shape->n_columns; i++) {
        const struct shape_column *column = &shape->columns[i];
        if (!(with_key && column->key) && !shape_inserts(column))
            continue;
        if (defaults && column->has_default && !column->grouped) {
            *left_out = true;
            continue;
        }
        ARENA_PUSH(build->arena, statement->parameters, statement->n_parameters, (int)i);
        if (!column->automatic)
            change(build, (int)i);
    }
}

/* INSERT INTO t (columns) VALUES ($1, …) for the columns chosen. */
static void put_insert(struct build *build)
{
    const struct shape *shape = build->shape;
    const struct statement *statement = &build->statement;
    bool overriding = false;
    text_printf(&build->sql, "INSERT INTO %s", shape->quoted);
    for (size_t i = 0; i < statement->n_parameters; i++) {
        const struct shape_column *column = &shape->columns[statement->parameters[i]];
        text_printf(&build->sql, "%s%s", i ? ", " : " (", column->quoted);
        overriding = overriding || column->automatic || column->supply;
    }
    if (!statement->n_parameters) {
        text_append(&build->sql, " DEFAULT VALUES");
        return;
    }
    /* An identity that is always generated takes a value only so; elsewhere the words mean nothing. */
    text_append(&build->sql, overriding ? ") OVERRIDING SYSTEM VALUE VALUES (" : ") VALUES (");
    for (size_t i = 0; i < statement->n_parameters; i++)
        text_printf(&build->sql, "%s$%zu", i ? ", " : "", i + 1);
    text_append(&build->sql, ")");
}

static void make_inserts(struct build *build)
{
    bool left_out;
    begin(build, INSERT_FULL);
    choose_columns(build, false, false, &left_out);
    put_insert(build);
    returning_key(build);
    finish(build);
    begin(build, INSERT_DEFAULTS);
    choose_columns(build, true, false, &left_out);
    if (!left_out)
        return;
    put_insert(build);
    returning_key(build);
    finish(build);
}

static void make_upsert(struct build *build)
{
    const struct shape *shape = build->shape;
    bool left_out, sets = false;
    begin(build, UPSERT);
    choose_columns(build, false, true, &left_out);
    put_insert(build);
    for (size_t i = 0; i < shape->n_key; i++)
        text_printf(&build->sql, "%s%s", i ? ", " : " ON CONFLICT (", shape->columns[shape->key[i]].quoted);
    text_append(&build->sql, ") DO UPDATE SET ");
    for (size_t i = 0; i < build->statement.n_parameters; i++) {
        const struct shape_column *column = &shape->columns[build->statement.parameters[i]];
        if (column->key)
            continue;
        text_printf(&build->sql, "%s%s = EXCLUDED.%s", sets ? ", " : "", column->quoted, column->quoted);
        sets = true;
    }
    returning_key(build);
    if (sets)
        finish(build);
}

/* A column whose foreign key has several columns can only change together with them. */
static bool stands_alone(const struct shape *shape, const struct shape_column *column)
{
    return shape_updates(column) && (column->foreign < 0 || shape->foreign[column->foreign].n_columns == 1);
}

static void put_sets(struct build *build, const int *columns, size_t n, bool base)
{
    for (size_t i = 0; i < n; i++) {
        const struct shape_column *column = &build->shape->columns[columns[i]];
        text_printf(&build->sql, "%s%s = ", i ? ", " : " SET ", base ? column->base_quoted : column->quoted);
        parameter(build, columns[i]);
        change(build, columns[i]);
    }
}

static void make_update(struct build *build, enum statement_kind kind, const int *columns, size_t n)
{
    bool base = kind == UPDATE_QUALIFIED;
    begin(build, kind);
    text_printf(&build->sql, "UPDATE %s", base ? build->shape->base : build->shape->quoted);
    put_sets(build, columns, n, base);
    where_key(build, base);
    finish(build);
}

/* The update in a function of the session's own temporary schema, with a search path of its own: for the old version the
 * bare schema, as an application's function that knows nothing of versions has it. Its arguments are text, cast inside, so
 * that no object depends on the schema's types. */
static void make_function(struct build *build, const int *columns, size_t n, const char *path)
{
    const struct shape *shape = build->shape;
    struct statement *statement = &build->statement;
    struct text body = {0};
    begin(build, UPDATE_FUNCTION);
    text_printf(&body, "UPDATE %s", shape->quoted);
    for (size_t i = 0; i < n + shape->n_key; i++) {
        int number = i < n ? columns[i] : shape->key[i - n];
        const struct shape_column *column = &shape->columns[number];
        const char *before = i == 0 ? " SET " : i < n ? ", " : i == n ? " WHERE " : " AND ";
        text_printf(&body, "%s%s = $%zu::%s", before, column->quoted, i + 1, column->type);
        text_printf(&build->sql, i ? ", $%zu" : "$%zu", i + 1);
        ARENA_PUSH(build->arena, statement->parameters, statement->n_parameters, number);
        if (i < n)
            change(build, number);
    }
    const char *arguments = arena_strdup(build->arena, text_string(&build->sql));
    text_clear(&build->sql);
    text_printf(&build->sql, "SELECT pg_temp.%s(%s)", statement->name, arguments);
    struct text types = {0};
    for (size_t i = 0; i < statement->n_parameters; i++)
        text_append(&types, i ? ", text" : "text");
    statement->set_up = arena_printf(
        build->arena,
        "CREATE OR REPLACE FUNCTION pg_temp.%s(%s) RETURNS integer LANGUAGE plpgsql SET search_path = %s "
        "AS $segue$ DECLARE _segue_rows integer; BEGIN %s; GET DIAGNOSTICS _segue_rows = ROW_COUNT; "
        "RETURN _segue_rows; END $segue$",
        statement->name, text_string(&types), path, text_string(&body));
    text_free(&types);
    text_free(&body);
    finish(build);
}

static void make_updates(struct build *build, bool old, const char *bare)
{
    const struct shape *shape = build->shape;
    int *some = NULL;
    size_t n_some = 0;
    for (size_t i = 0; i < shape->n_columns; i++)
        if (stands_alone(shape, &shape->columns[i]))
            ARENA_PUSH(build->arena, some, n_some, (int)i);
    for (size_t i = 0; i < n_some; i++)
        make_update(build, UPDATE_ONE, &some[i], 1);
    if (!n_some)
        return;
    make_update(build, UPDATE_SOME, some, n_some);
    for (size_t i = 0; old && i < n_some; i++)
        make_update(build, UPDATE_QUALIFIED, &some[i], 1);
    make_function(build, some, n_some > 2 ? 2 : n_some, old ? bare : shape->path);
}

static void make_delete(struct build *build)
{
    begin(build, DELETE_ROW);
    text_printf(&build->sql, "DELETE FROM %s", build->shape->quoted);
    where_key(build, false);
    finish(build);
}

static void make_check(struct build *build)
{
    const struct shape *shape = build->shape;
    begin(build, CHECK_OWN);
    for (size_t i = 0; i < shape->n_columns; i++) {
        const struct shape_column *column = &shape->columns[i];
        if (!shape_inserts(column) || column->unsteady)
            continue;
        text_printf(&build->sql, "%s%s%s IS NOT DISTINCT FROM ", build->sql.length ? ", " : "SELECT ",
                    column->quoted, column->as_text ? "::text" : "");
        parameter(build, (int)i);
        text_printf(&build->sql, "::%s%s", column->type, column->as_text ? "::text" : "");
    }
    if (!build->sql.length)
        text_append(&build->sql, "SELECT");
    text_printf(&build->sql, " FROM %s", shape->quoted);
    where_key(build, false);
    finish(build);
}

void statements_make(struct arena *arena, const struct shape *shape, size_t number, bool old,
                     struct statements *out)
{
    *out = (struct statements){0};
    struct build build = {.arena = arena, .shape = shape, .number = number, .out = out};
    if (!(shape->off & OFF_INSERT))
        make_inserts(&build);
    if (shape->n_key) {
        make_selects(&build);
        if (!(shape->off & (OFF_INSERT | OFF_UPSERT)))
            make_upsert(&build);
        if (!(shape->off & OFF_UPDATE))
            make_updates(&build, old, shape->path_bare);
        make_delete(&build);
        make_check(&build);
    }
    text_free(&build.sql);
}

bool statement_agree(struct arena *arena, const struct shape *shape, size_t number, const char *agree,
                     const char *path, struct statement *out)
{
    for (size_t i = 0; i < shape->n_key; i++)
        if (!shape->columns[shape->key[i]].base_quoted)
            return false;
    if (!agree || !shape->n_key)
        return false;
    struct build build = {.arena = arena, .shape = shape, .number = number};
    struct statement *statement = &build.statement;
    struct text types = {0}, body = {0};
    begin(&build, CHECK_AGREE);
    text_printf(&body, "SELECT count(*) FROM %s WHERE (%s) IS NOT TRUE", shape->base, agree);
    for (size_t i = 0; i < shape->n_key; i++) {
        const struct shape_column *column = &shape->columns[shape->key[i]];
        text_printf(&body, " AND %s = $%zu::%s", column->base_quoted, i + 1, column->type);
        text_append(&types, i ? ", text" : "text");
        text_append(&build.sql, i ? ", " : "");
        parameter(&build, shape->key[i]);
    }
    statement->set_up = arena_printf(
        arena,
        "CREATE OR REPLACE FUNCTION pg_temp.%s(%s) RETURNS bigint LANGUAGE plpgsql SET search_path = %s "
        "AS $segue$ BEGIN RETURN (%s); END $segue$",
        statement->name, text_string(&types), path, text_string(&body));
    statement->sql = arena_printf(arena, "SELECT pg_temp.%s(%s)", statement->name, text_string(&build.sql));
    *out = *statement;
    text_free(&types);
    text_free(&body);
    text_free(&build.sql);
    return true;
}
