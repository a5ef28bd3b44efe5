/* The sync trigger: which shape was written, and what follows for the other. */
#include <string.h>

#include "base/compare.h"
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/sync.h"

/* A set of physical columns, in order, each once. */
struct columns {
    const char **names;
    size_t n;
};

static void add_column(struct model *model, struct columns *columns, const char *name)
{
    if (!name_is_among(columns->names, columns->n, name))
        ARENA_PUSH(model->arena, columns->names, columns->n, name);
}

static void add_sources(struct model *model, const struct model_table *table,
                        const struct conversion *conversion, bool old_version, struct columns *columns)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        const char *name = old_version ? (column->origin ? column->origin->name : NULL)
                                       : (column->dropped ? NULL : column->name);
        for (size_t k = 0; name && k < conversion->n_columns; k++) {
            if (strcmp(conversion->columns[k], name) == 0)
                add_column(model, columns, old_version ? column->origin->name : column->physical);
        }
    }
}

static void append_row(struct model *model, const struct model_table *table, struct text *out,
                       const char *record, const struct columns *columns)
{
    text_append(out, "ROW(");
    for (size_t i = 0; i < columns->n; i++)
        pg_append(out, "%s%s", i ? ", " : "", sync_operand(model, table, record, columns->names[i]));
    text_append(out, ")");
}

/* "these columns changed", by image. Nothing can change among no columns. */
static void append_changed(struct model *model, const struct model_table *table, struct text *out,
                           const struct columns *columns)
{
    if (!columns->n) {
        text_append(out, "false");
        return;
    }
    /* The function, because ROW(…) *<> ROW(…) would be taken apart into one comparison a column. */
    text_append(out, "pg_catalog.record_image_ne(");
    append_row(model, table, out, "OLD.", columns);
    text_append(out, ", ");
    append_row(model, table, out, "NEW.", columns);
    text_append_char(out, ')');
}

static bool has_up(const struct model_column *column)
{
    return column->hidden && !column->dropped && column->up.expr;
}

static bool has_down(const struct model_column *column)
{
    return column_leaves(column) && column->down.expr;
}

/* NEW.<hidden> := up */
static void append_up(struct model *model, const struct model_table *table, const struct model_column *column,
                      const char *indent, struct text *out)
{
    pg_append(out, "%sNEW.%I := %s;\n", indent, column->physical,
              sync_value(model, table, &column->up, true, "NEW."));
}

static void append_down(struct model *model, const struct model_table *table,
                        const struct model_column *column, const char *indent, struct text *out)
{
    pg_append(out, "%sNEW.%I := %s;\n", indent, column->origin->name,
              sync_value(model, table, &column->down, false, "NEW."));
}

static const char *function_text(struct model *model, const struct model_table *table,
                                 const struct text *body)
{
    /* The body is composed here and holds names and expressions quoted already; its own quotes cannot meet $segue$,
     * which no identifier may hold unquoted and which pg_format would have quoted. */
    return arena_printf(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $segue$\n%s$segue$",
        table->sync_function, text_string(body));
}

const char *sync_first_stage(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, "BEGIN\n  IF TG_OP = 'INSERT' THEN\n");
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_up(&table->columns[i]))
            append_up(model, table, &table->columns[i], "    ", &out);
    }
    text_append(&out, "    RETURN NEW;\n  END IF;\n");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        struct columns sources = {0};
        if (has_up(column)) {
            add_sources(model, table, &column->up, true, &sources);
            text_append(&out, "  IF ");
            append_changed(model, table, &out, &sources);
            text_append(&out, " THEN\n");
            append_up(model, table, column, "    ", &out);
            /* A row that has no new shape because its up fails is written as ever: the backfill lists it. */
            pg_append(&out, "  ELSIF %s IS NULL THEN\n    BEGIN\n",
                      sync_operand(model, table, "NEW.", column->physical));
            append_up(model, table, column, "      ", &out);
            text_append(&out,
                        "    EXCEPTION WHEN " SYNC_ROW_ERRORS " THEN\n      NULL;\n    END;\n  END IF;\n");
        } else if (column->fill.expr) {
            pg_append(&out, "  IF %s IS NULL THEN\n    NEW.%I := %s;\n  END IF;\n",
                      sync_operand(model, table, "NEW.", column->physical), column->physical,
                      sync_value(model, table, &column->fill, true, "NEW."));
        }
    }
    text_append(&out, "  RETURN NEW;\nEND\n");
    return function_text(model, table, &out);
}

void sync_append_on_new_path(const struct model *model, struct text *out)
{
    pg_append(out,
              "coalesce(pg_catalog.array_position(pg_catalog.current_schemas(false), %L::pg_catalog.name) "
              "OPERATOR(pg_catalog.<) coalesce(pg_catalog.array_position(pg_catalog.current_schemas(false), "
              "%L::pg_catalog.name), 2147483647), false)",
              model->new_version, model->old_version);
}

/* What the server will generate is computed at every write, whoever writes. */
static void append_generated(struct model *model, const struct model_table *table, const char *indent,
                             struct text *out)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (has_up(column) && column->generated_expr)
            append_up(model, table, column, indent, out);
    }
}

static void collect(struct model *model, const struct model_table *table, struct columns *hidden,
                    struct columns *leaving)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_up(&table->columns[i]) && !table->columns[i].generated_expr)
            add_column(model, hidden, table->columns[i].physical);
        /* A generated column has no value yet when the trigger runs. */
        if (column_leaves(&table->columns[i]) && !table->columns[i].origin->generated)
            add_column(model, leaving, table->columns[i].origin->name);
    }
}

/*
 * Who inserted a row: a value in a hidden column is the new version's. A value in a column that only the old version has, and that has no
 * default, is the old version's; so is NULL where the new version must give a value. What is left, an explicit NULL or a
 * row of defaults, is told by the search path.
 */
static void append_inserter(struct model *model, const struct model_table *table,
                            const struct columns *hidden, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text cases = {0};
    bool required = false;
    for (size_t i = 0; i < hidden->n; i++)
        pg_append(&cases, "%s%s IS NOT NULL", i ? " OR " : " WHEN ",
                  sync_operand(model, table, "NEW.", hidden->names[i]));
    text_append(&cases, hidden->n ? " THEN true" : "");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        required =
            required || (has_up(column) && column->not_null && !column_numbers_itself(model, table, column));
        if (column_leaves(column) && !column->origin->default_expr && !column->origin->identity &&
            !types_have_default(types_of_column(model->types, column->origin)))
            pg_append(&cases, " WHEN %s IS NOT NULL THEN false",
                      sync_operand(model, table, "NEW.", column->origin->name));
    }
    if (cases.length)
        pg_append(out, "CASE%s ELSE ", cases.data);
    if (required)
        text_append(out, "false");
    else
        sync_append_on_new_path(model, out);
    text_append(out, cases.length ? " END" : "");
}

/* A row of the new version without a number has taken the next one by the old column's default. */
static void append_numbers(struct model *model, const struct model_table *table, struct text *out)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!has_up(column) || !column_numbers_itself(model, table, column))
            continue;
        pg_append(out, "      IF NEW.%I IS NULL THEN\n", column->physical);
        append_up(model, table, column, "        ", out);
        text_append(out, "      END IF;\n");
    }
}

/* The columns by which a row may move to another partition. */
static struct columns moving_columns(struct model *model, const struct model_table *table)
{
    struct columns columns = {0};
    for (size_t i = 0; family_is_partitioned(table) && i < table->n_columns; i++) {
        const struct column *origin = table->columns[i].origin;
        if (origin && family_in_key(model, table, origin->name))
            add_column(model, &columns, origin->name);
    }
    return columns;
}

/*
 * An UPDATE that moves a row to another partition is carried out as a DELETE and an INSERT, after the triggers of the UPDATE. Its INSERT
 * writes a row that is in step already: whoever inserts cannot be told from it, and a conversion there and back may lose something.
 * So the UPDATE leaves word of both shapes, and the INSERT that brings them lets the row be.
 */
static void append_both_shapes(const struct model_table *table, struct text *out)
{
    bool any = false;
    text_append(out, "ROW(");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && !column->dropped)
            pg_append(out, "%sNEW.%I", any ? ", " : "", column->physical);
        any = any || (column->hidden && !column->dropped);
        if (column_leaves(column))
            pg_append(out, "%sNEW.%I", any ? ", " : "", column->origin->name);
        any = any || column_leaves(column);
    }
    text_append(out, ")::pg_catalog.text");
}

static void append_arrival(struct model *model, const struct model_table *table, struct text *out)
{
    if (!moving_columns(model, table).n)
        return;
    text_append(out, "    IF pg_catalog.current_setting('segue.moving', true) OPERATOR(pg_catalog.=) ");
    append_both_shapes(table, out);
    text_append(out,
                " THEN\n      PERFORM pg_catalog.set_config('segue.moving', '', true);\n      RETURN NEW;\n"
                "    END IF;\n");
}

static void append_departure(struct model *model, const struct model_table *table, struct text *out)
{
    struct columns key = moving_columns(model, table);
    if (!key.n)
        return;
    text_append(out, "  IF ");
    append_changed(model, table, out, &key);
    text_append(out, " THEN\n    PERFORM pg_catalog.set_config('segue.moving', ");
    append_both_shapes(table, out);
    text_append(out, ", true);\n  END IF;\n");
}

static void append_insert(struct model *model, const struct model_table *table, const struct columns *hidden,
                          struct text *out)
{
    text_append(out, "  IF TG_OP = 'INSERT' THEN\n");
    append_arrival(model, table, out);
    text_append(out, "    new_wrote := ");
    append_inserter(model, table, hidden, out);
    text_append(out, ";\n    IF new_wrote THEN\n");
    append_numbers(model, table, out);
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_down(&table->columns[i]))
            append_down(model, table, &table->columns[i], "      ", out);
    }
    text_append(out, "      NULL;\n    ELSE\n");
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_up(&table->columns[i]))
            append_up(model, table, &table->columns[i], "      ", out);
    }
    text_append(out, "      NULL;\n    END IF;\n");
    append_generated(model, table, "    ", out);
    text_append(out, "    RETURN NEW;\n  END IF;\n");
}

/* Columns of both versions that the other way of the same group reads: when one of them is written, this way is taken again,
 * because a writer's shape must be the one that holds afterwards. */
static void add_shared_sources(struct model *model, const struct model_table *table,
                               const struct model_column *column, bool up, struct columns *sources)
{
    const size_t *group = sync_groups(model, table);
    size_t which = group[column - table->columns];
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *other = &table->columns[i];
        const struct conversion *conversion = up ? &other->down : &other->up;
        struct columns read = {0};
        if (group[i] != which || !conversion->expr)
            continue;
        add_sources(model, table, conversion, !up, &read);
        for (size_t k = 0; k < read.n; k++) {
            for (size_t c = 0; c < table->n_columns; c++) {
                const struct model_column *source = &table->columns[c];
                if (source->origin && !column_leaves(source) && strcmp(source->physical, read.names[k]) == 0)
                    add_column(model, sources, read.names[k]);
            }
        }
    }
}

static void append_guarded(struct model *model, const struct model_table *table,
                           const struct model_column *column, bool up, struct text *out)
{
    struct columns sources = {0};
    add_sources(model, table, up ? &column->up : &column->down, up, &sources);
    add_shared_sources(model, table, column, up, &sources);
    text_append(out, "    IF ");
    append_changed(model, table, out, &sources);
    text_append(out, " THEN\n");
    if (up)
        append_up(model, table, column, "      ", out);
    else
        append_down(model, table, column, "      ", out);
    text_append(out, "    END IF;\n");
}

/* A repair writes the one shape as the other has it: there is nothing to carry over. The triggers fire whatever the session's
 * replication role is, so it says what it does. */
static void append_mending(struct text *out)
{
    text_append(out,
                "  IF pg_catalog.current_setting('segue.mending', true) OPERATOR(pg_catalog.=) 'on' THEN\n"
                "    RETURN NEW;\n  END IF;\n");
}

const char *sync_second_stage(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct columns hidden = {0}, leaving = {0};
    collect(model, table, &hidden, &leaving);
    text_append(&out, "DECLARE\n  new_wrote pg_catalog.bool;\nBEGIN\n");
    append_mending(&out);
    append_insert(model, table, &hidden, &out);
    text_append(&out, "  IF ");
    append_changed(model, table, &out, &hidden);
    text_append(&out, " THEN\n    new_wrote := true;\n  ELSIF ");
    append_changed(model, table, &out, &leaving);
    text_append(&out, " THEN\n    new_wrote := false;\n  ELSE\n    new_wrote := ");
    sync_append_on_new_path(model, &out);
    text_append(&out, ";\n  END IF;\n  IF new_wrote THEN\n");
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_down(&table->columns[i]))
            append_guarded(model, table, &table->columns[i], false, &out);
    }
    text_append(&out, "    NULL;\n  ELSE\n");
    for (size_t i = 0; i < table->n_columns; i++) {
        if (has_up(&table->columns[i]) && !table->columns[i].generated_expr)
            append_guarded(model, table, &table->columns[i], true, &out);
    }
    text_append(&out, "    NULL;\n  END IF;\n");
    append_generated(model, table, "  ", &out);
    append_departure(model, table, &out);
    text_append(&out, "  RETURN NEW;\nEND\n");
    return function_text(model, table, &out);
}

const char *sync_insert_trigger(struct model *model, const struct model_table *table)
{
    return arena_printf(model->arena,
                        "CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %s()",
                        table->sync_insert, table->real, table->sync_function);
}

/* WHEN keeps unrelated updates away from the function; a hidden NULL may be a row that the backfill has not reached. */
const char *sync_update_trigger(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct columns watched = moving_columns(model, table), unset = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (has_up(column)) {
            add_column(model, &watched, column->physical);
            add_sources(model, table, &column->up, true, &watched);
        }
        if (has_down(column))
            add_sources(model, table, &column->down, false, &watched);
        if (has_up(column) || column->fill.expr)
            add_column(model, &unset, column->physical);
    }
    pg_append(&out, "CREATE TRIGGER %s BEFORE UPDATE ON %s FOR EACH ROW WHEN (", table->sync_update,
              table->real);
    append_changed(model, table, &out, &watched);
    for (size_t i = 0; i < unset.n; i++)
        pg_append(&out, " OR %s IS NULL", sync_operand(model, table, "NEW.", unset.names[i]));
    pg_append(&out, ") EXECUTE FUNCTION %s()", table->sync_function);
    return arena_strdup(model->arena, out.data);
}
