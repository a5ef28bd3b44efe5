/*
 * The functions of a split. For each map one that turns a row of the one side into what it is on the other (bound by parse tree, BEGIN
 * ATOMIC); for each direction one that writes the other side, called by the trigger function of its table.
 *
 * The writing functions run with their own search path, so that the migration's names and operators mean what they meant, as their owner, because
 * a role that may write its table need not know of the other one, and with segue.copying on: then the triggers of both tables
 * keep still, and what the writer wrote is not written back to it. The setting ends with the function, also after an error.
 */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split.h"
#include "postgres/planner/sync.h"

void split_append_match(struct text *out, const struct split_map *map, const char *left, const char *right)
{
    for (size_t i = 0; i < map->n_keys; i++) {
        const char *name = split_physical(map->to, map->keys[i].column);
        pg_append(out, "%s%s.%I = %s.%I", i ? " AND " : "", left, name, right, name);
    }
}

static void append_cell(struct text *out, const struct split_map *map, const struct split_value *value,
                        const char *prefix, bool cast, bool first)
{
    pg_append(out, "%s%s%I", first ? "" : ", ", prefix, split_physical(map->to, value->column));
    if (cast)
        pg_append(out, "::%s", split_type(map->to, value->column));
}

static void append_cells(struct text *out, const struct split_map *map, const char *prefix, bool keys,
                         bool values, bool cast)
{
    bool first = true;
    for (size_t i = 0; keys && i < map->n_keys; i++, first = false)
        append_cell(out, map, &map->keys[i], prefix, cast, first);
    for (size_t i = 0; values && i < map->n_values; i++, first = false)
        append_cell(out, map, &map->values[i], prefix, cast, first);
}

void split_append_row(struct text *out, const struct split_map *map, const char *prefix, bool keys,
                      bool values, bool cast)
{
    text_append(out, "ROW(");
    append_cells(out, map, prefix, keys, values, cast);
    text_append(out, ")");
}

const char *split_absent(struct model *model, const struct split_side *side,
                         const struct split_column *column)
{
    const struct model_column *known = column->model;
    const char *type = split_type(side, column);
    if (side->old_version && known->down.expr)
        return pg_format(model->arena, "(%s)::%s", known->down.expr, type);
    const char *expr = side->old_version ? known->origin->default_expr : known->default_expr;
    if (side->old_version && known->origin->default_volatile)
        return NULL;
    return pg_format(model->arena, "(%s)::%s", expr ? expr : "NULL", type);
}

/* --- Rows of one side as rows of the other --- */

static bool map_function(struct model *model, const struct split_map *map, const char **out,
                         struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "CREATE OR REPLACE FUNCTION %s(%s) RETURNS TABLE (", map->function, map->from->real);
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        pg_append(&sql, "%s%I %s", i ? ", " : "", split_physical(map->to, value->column),
                  split_type(map->to, value->column));
    }
    text_append(&sql, ") LANGUAGE sql STABLE ROWS 1 BEGIN ATOMIC SELECT ");
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        /* A bare literal has no type of its own yet. */
        if (value->constant)
            pg_append(&sql, "%s(%s)::%s", i ? ", " : "", value->expr, split_type(map->to, value->column));
        else
            pg_append(&sql, "%s(%s)", i ? ", " : "", value->expr);
    }
    text_append(&sql, " FROM (SELECT ");
    for (size_t i = 0; i < map->from->n_columns; i++)
        pg_append(&sql, "%s($1).%I AS %I", i ? ", " : "", split_physical(map->from, &map->from->columns[i]),
                  map->from->columns[i].name);
    pg_append(&sql, ") AS %I", map->alias);
    for (size_t i = 0; i < map->n_conditions; i++)
        pg_append(&sql, "%s(%s)", i ? " AND " : " WHERE ", map->conditions[i]);
    text_append(&sql, "; END");
    (void)err;
    *out = arena_strdup(model->arena, sql.data);
    return true;
}

/* --- Writing the other side --- */

/* "now" is no counterpart of "was" any more. */
static void append_gone(struct text *out, const struct split_map *map)
{
    pg_append(
        out,
        "(_segue_op = 'DELETE' OR NOT EXISTS (SELECT FROM %s(_segue_now) AS b WHERE pg_catalog.record_image_eq(",
        map->function);
    split_append_row(out, map, "a.", true, false, false);
    text_append(out, ", ");
    split_append_row(out, map, "b.", true, false, false);
    text_append(out, ")))");
}

static void append_moves(struct text *out, const struct split_map *map)
{
    pg_append(out, "    UPDATE %s AS t SET ", map->to->real);
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        const char *name = split_physical(map->to, value->column);
        pg_append(out, "%s%I = b.%I", i ? ", " : "", name, name);
    }
    pg_append(out, " FROM %s(_segue_was) AS a, %s(_segue_now) AS b WHERE ", map->function, map->function);
    split_append_match(out, map, "t", "a");
    text_append(out, " AND pg_catalog.record_image_ne(");
    split_append_row(out, map, "a.", true, false, false);
    text_append(out, ", ");
    split_append_row(out, map, "b.", true, false, false);
    text_append(out, ");\n");
}

/* Rows of a whole table come, move and go with those of the other side. */
static void append_write_whole(const struct split_map *map, bool shared, struct text *out)
{
    if (!shared) {
        text_append(out, "  IF _segue_op = 'UPDATE' THEN\n");
        append_moves(out, map);
        pg_append(
            out,
            "  END IF;\n  IF _segue_op <> 'INSERT' THEN\n    DELETE FROM %s AS t USING %s(_segue_was) AS a WHERE ",
            map->to->real, map->function);
        split_append_match(out, map, "t", "a");
        text_append(out, " AND ");
        append_gone(out, map);
        text_append(out, ";\n  END IF;\n");
    }
    pg_append(out, "  IF _segue_op <> 'DELETE' THEN\n    INSERT INTO %s AS t (", map->to->real);
    append_cells(out, map, "", true, true, false);
    text_append(out, ") OVERRIDING SYSTEM VALUE SELECT ");
    append_cells(out, map, "s.", true, true, false);
    pg_append(out, " FROM %s(_segue_now) AS s WHERE NOT EXISTS (SELECT FROM %s AS t WHERE ", map->function,
              map->to->real);
    split_append_match(out, map, "t", "s");
    if (map->n_values) {
        text_append(out, " AND pg_catalog.record_image_eq(");
        split_append_row(out, map, "t.", false, true, false);
        text_append(out, ", ");
        split_append_row(out, map, "s.", false, true, true);
        text_append(out, ")");
    }
    text_append(out, ") ON CONFLICT (");
    append_cells(out, map, "", true, false, false);
    text_append(out, ") DO ");
    text_append(out, map->n_values ? "UPDATE SET " : "NOTHING");
    for (size_t i = 0; i < map->n_values; i++) {
        const char *name = split_physical(map->to, map->values[i].column);
        pg_append(out, "%s%I = excluded.%I", i ? ", " : "", name, name);
    }
    text_append(out, ";\n  END IF;\n");
}

/* Only the columns of a kept table follow; without a counterpart they are what they are in a row of their own. */
static void append_write_kept(struct model *model, const struct split_map *map, struct text *out)
{
    if (!map->n_values)
        return;
    pg_append(out, "  IF _segue_op <> 'INSERT' THEN\n    UPDATE %s AS t SET ", map->to->real);
    for (size_t i = 0; i < map->n_values; i++) {
        const struct model_column *column = map->values[i].column->model;
        const char *constant = map->to->old_version ? column->down.expr : NULL;
        pg_append(out, "%s%I = %s", i ? ", " : "", split_physical(map->to, map->values[i].column),
                  constant ? split_absent(model, map->to, map->values[i].column) : "DEFAULT");
    }
    pg_append(out, " FROM %s(_segue_was) AS a WHERE ", map->function);
    split_append_match(out, map, "t", "a");
    text_append(out, " AND ");
    append_gone(out, map);
    pg_append(out, ";\n  END IF;\n  IF _segue_op <> 'DELETE' THEN\n    UPDATE %s AS t SET ", map->to->real);
    for (size_t i = 0; i < map->n_values; i++) {
        const char *name = split_physical(map->to, map->values[i].column);
        pg_append(out, "%s%I = s.%I", i ? ", " : "", name, name);
    }
    pg_append(out, " FROM %s(_segue_now) AS s WHERE ", map->function);
    split_append_match(out, map, "t", "s");
    text_append(out, " AND pg_catalog.record_image_ne(");
    split_append_row(out, map, "t.", false, true, false);
    text_append(out, ", ");
    split_append_row(out, map, "s.", false, true, true);
    text_append(out, ");\n  END IF;\n");
}

/* "some column that follows is not what it is in a row without a counterpart", of row `row`. */
static void append_filled(struct model *model, const struct split *split, const char *row, struct text *out)
{
    text_append(out, "(false");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++) {
            const char *absent = split_absent(model, map->to, map->values[i].column);
            if (absent)
                pg_append(out, " OR pg_catalog.record_image_ne(ROW(%s.%I), ROW(%s))", row,
                          split_physical(map->to, map->values[i].column), absent);
        }
    }
    text_append(out, ")");
}

static void append_changed(const struct split *split, struct text *out)
{
    text_append(out, "(false");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++) {
            const char *name = split_physical(map->to, map->values[i].column);
            pg_append(out, " OR pg_catalog.record_image_ne(ROW(_segue_was.%I), ROW(_segue_now.%I))", name,
                      name);
        }
    }
    text_append(out, ")");
}

/*
 * Who wrote a row of a kept table: the version that alone has the columns which follow when one of them was written. What cannot be
 * told so is told by the path; with a path that names no version an update or delete counts as the old version's, and
 * an insert that gives none of these columns a value copies nothing, because its writer may be about to insert the row itself.
 */
static void append_wrote(struct model *model, const struct split *split, struct text *out)
{
    bool old_side = split->wide.old_version;
    text_append(out, "CASE _segue_op WHEN 'INSERT' THEN ");
    text_append(out, old_side ? "_segue_side = 'old' OR (_segue_side = '' AND "
                              : "_segue_side = 'new' OR (_segue_side = '' AND ");
    append_filled(model, split, "_segue_now", out);
    text_append(out, ") WHEN 'UPDATE' THEN ");
    append_changed(split, out);
    text_append(out, old_side ? " OR _segue_side <> 'new' ELSE _segue_side <> 'new' END"
                              : " OR _segue_side = 'new' ELSE _segue_side = 'new' END");
}

static const char *function_head(struct model *model, const struct split *split, const char *signature,
                                 const char *result)
{
    (void)split;
    const struct catalog *catalog = model->catalog;
    return pg_format(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s RETURNS %s LANGUAGE plpgsql SECURITY DEFINER SET search_path = %s "
        "SET segue.copying = 'on' AS $segue$\n",
        signature, result, pg_identifier_list(model->arena, catalog->search_path, catalog->n_search_path));
}

static const char *out_signature(struct model *model, const struct split *split)
{
    return arena_printf(
        model->arena,
        "%s(_segue_op pg_catalog.text, _segue_side pg_catalog.text, _segue_was %s, _segue_now %s)",
        split_name(model, split, "out"), split->wide.real, split->wide.real);
}

static const char *in_signature(struct model *model, const struct split *split)
{
    return arena_printf(model->arena, "%s(_segue_op pg_catalog.text, _segue_was %s, _segue_now %s)",
                        split_name(model, split, "in"), split->narrow.real, split->narrow.real);
}

static const char *fill_signature(struct model *model, const struct split *split)
{
    return arena_printf(
        model->arena,
        "%s(_segue_op pg_catalog.text, _segue_side pg_catalog.text, _segue_was %s, _segue_now %s)",
        split_name(model, split, "fill"), split->wide.real, split->wide.real);
}

static const char *out_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, function_head(model, split, out_signature(model, split), "pg_catalog.void"));
    text_append(&out, "#variable_conflict use_column\nBEGIN\n");
    if (!split->wide.whole) {
        text_append(&out, "  IF NOT (");
        append_wrote(model, split, &out);
        text_append(&out, ") THEN\n    RETURN;\n  END IF;\n");
    }
    for (size_t i = 0; i < split->n_pairs; i++)
        append_write_whole(&split->pairs[i].out, split->many, &out);
    text_append(&out, "END\n$segue$");
    return arena_strdup(model->arena, out.data);
}

static const char *in_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, function_head(model, split, in_signature(model, split), "pg_catalog.void"));
    text_append(&out, "#variable_conflict use_column\nBEGIN\n");
    for (size_t i = 0; i < split->n_pairs; i++) {
        if (split->wide.whole)
            append_write_whole(&split->pairs[i].in, false, &out);
        else
            append_write_kept(model, &split->pairs[i].in, &out);
    }
    text_append(&out, "END\n$segue$");
    return arena_strdup(model->arena, out.data);
}

/* A row that the narrow side's version writes into the kept table takes its columns from a narrow row that is there already. The
 * narrow row is locked, so that who changes it afterwards finds this row, too. */
static const char *fill_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, function_head(model, split, fill_signature(model, split), split->wide.real));
    text_append(&out,
                "#variable_conflict use_column\nDECLARE\n  _segue_found pg_catalog.record;\nBEGIN\n  IF (");
    append_wrote(model, split, &out);
    text_append(&out, ") THEN\n    RETURN _segue_now;\n  END IF;\n");
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = &split->pairs[p].in;
        if (!map->n_values)
            continue;
        text_append(&out, "  IF _segue_op = 'INSERT' OR pg_catalog.record_image_ne(");
        split_append_row(&out, map, "_segue_was.", true, false, false);
        text_append(&out, ", ");
        split_append_row(&out, map, "_segue_now.", true, false, false);
        text_append(&out, ") THEN\n    SELECT ");
        append_cells(&out, map, "b.", false, true, false);
        pg_append(&out, " INTO _segue_found FROM %s AS t, LATERAL %s(t.*) AS b WHERE ", map->from->real,
                  map->function);
        for (size_t i = 0; i < map->n_keys; i++)
            pg_append(&out, "%st.%I = _segue_now.%I", i ? " AND " : "",
                      split_physical(map->from, split_column(map->from, map->keys[i].columns[0])),
                      split_physical(map->to, map->keys[i].column));
        text_append(&out, " LIMIT 1 FOR SHARE OF t;\n    IF FOUND THEN\n");
        for (size_t i = 0; i < map->n_values; i++) {
            const char *name = split_physical(map->to, map->values[i].column);
            pg_append(&out, "      _segue_now.%I := _segue_found.%I;\n", name, name);
        }
        text_append(&out, "    ELSIF _segue_op = 'UPDATE' THEN\n");
        for (size_t i = 0; i < map->n_values; i++) {
            const char *absent = split_absent(model, map->to, map->values[i].column);
            if (absent)
                pg_append(&out, "      _segue_now.%I := %s;\n",
                          split_physical(map->to, map->values[i].column), absent);
        }
        text_append(&out, "      NULL;\n    END IF;\n  END IF;\n");
    }
    text_append(&out, "  RETURN _segue_now;\nEND\n$segue$");
    return arena_strdup(model->arena, out.data);
}

/* --- Trigger functions: they run in the writer's session as it is, and find out which version it is of --- */

static void append_side(const struct model *model, bool active, struct text *out)
{
    if (!active) {
        text_append(out, "'old'");
        return;
    }
    text_append(out, "CASE WHEN ");
    sync_append_on_new_path(model, out);
    pg_append(out, " THEN 'new' WHEN pg_catalog.current_schemas(false) OPERATOR(pg_catalog.&&) ARRAY[%L",
              model->old_version);
    for (size_t i = 0; i < model->n_older_versions; i++)
        pg_append(out, ", %L", model->older_versions[i]);
    text_append(out, "]::pg_catalog.name[] THEN 'old' ELSE '' END");
}

const char *split_wide_trigger(struct model *model, const struct split *split, bool active)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    pg_append(
        &out,
        "CREATE OR REPLACE FUNCTION %s() RETURNS pg_catalog.trigger LANGUAGE plpgsql AS $segue$\nDECLARE\n  side "
        "pg_catalog.text := ",
        split_name(model, split, "wide"));
    append_side(model, active || split->wide.whole, &out);
    text_append(&out, ";\nBEGIN\n");
    if (!split->wide.whole)
        pg_append(&out, "  IF TG_WHEN = 'BEFORE' THEN\n    RETURN %s(TG_OP, side, OLD, NEW);\n  END IF;\n",
                  split_name(model, split, "fill"));
    pg_append(&out, "  PERFORM %s(TG_OP, side, OLD, NEW);\n  RETURN NULL;\nEND\n$segue$",
              split_name(model, split, "out"));
    return arena_strdup(model->arena, out.data);
}

static const char *narrow_trigger(struct model *model, const struct split *split)
{
    return arena_printf(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s() RETURNS pg_catalog.trigger LANGUAGE plpgsql AS $segue$\nBEGIN\n  "
        "PERFORM %s(TG_OP, OLD, NEW);\n  RETURN NULL;\nEND\n$segue$",
        split_name(model, split, "narrow"), split_name(model, split, "in"));
}

bool split_functions(struct model *model, const struct split *split, const char ***statements, size_t *n,
                     struct error *err)
{
    for (size_t i = 0; i < split->n_pairs; i++) {
        const char *out, *in;
        if (!map_function(model, &split->pairs[i].out, &out, err) ||
            !map_function(model, &split->pairs[i].in, &in, err))
            return false;
        ARENA_PUSH(model->arena, *statements, *n, out);
        ARENA_PUSH(model->arena, *statements, *n, in);
    }
    ARENA_PUSH(model->arena, *statements, *n, out_function(model, split));
    ARENA_PUSH(model->arena, *statements, *n, in_function(model, split));
    if (!split->wide.whole)
        ARENA_PUSH(model->arena, *statements, *n, fill_function(model, split));
    ARENA_PUSH(model->arena, *statements, *n, split_wide_trigger(model, split, false));
    ARENA_PUSH(model->arena, *statements, *n, narrow_trigger(model, split));
    split_comparisons(model, split, statements, n);
    return true;
}

void split_agreement_signatures(struct model *model, const struct split *split, const char ***signatures,
                                size_t *n)
{
    struct arena *arena = model->arena;
    const char *wide = split->wide.real, *narrow = split->narrow.real;
    ARENA_PUSH(arena, *signatures, *n,
               arena_printf(arena, "%s(%s)", split_name(model, split, "agree_wide"), wide));
    ARENA_PUSH(arena, *signatures, *n,
               arena_printf(arena, "%s(%s)", split_name(model, split, "agree_narrow"), narrow));
}

void split_signatures(struct model *model, const struct split *split, const char ***signatures, size_t *n)
{
    struct arena *arena = model->arena;
    const char *wide = split->wide.real, *narrow = split->narrow.real;
    for (size_t i = 0; i < split->n_pairs; i++) {
        ARENA_PUSH(arena, *signatures, *n, arena_printf(arena, "%s(%s)", split->pairs[i].out.function, wide));
        ARENA_PUSH(arena, *signatures, *n,
                   arena_printf(arena, "%s(%s)", split->pairs[i].in.function, narrow));
    }
    const char *op = "pg_catalog.text";
    ARENA_PUSH(
        arena, *signatures, *n,
        arena_printf(arena, "%s(%s, %s, %s, %s)", split_name(model, split, "out"), op, op, wide, wide));
    ARENA_PUSH(arena, *signatures, *n,
               arena_printf(arena, "%s(%s, %s, %s)", split_name(model, split, "in"), op, narrow, narrow));
    if (!split->wide.whole)
        ARENA_PUSH(
            arena, *signatures, *n,
            arena_printf(arena, "%s(%s, %s, %s, %s)", split_name(model, split, "fill"), op, op, wide, wide));
    ARENA_PUSH(arena, *signatures, *n, arena_printf(arena, "%s()", split_name(model, split, "wide")));
    ARENA_PUSH(arena, *signatures, *n, arena_printf(arena, "%s()", split_name(model, split, "narrow")));
    ARENA_PUSH(arena, *signatures, *n,
               arena_printf(arena, "%s(%s)", split_name(model, split, "copied"),
                            split->wide.old_version ? wide : narrow));
    split_agreement_signatures(model, split, signatures, n);
}
