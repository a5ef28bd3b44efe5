/* The functions that write the other side of a split, one for each direction. */
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split_internal.h"
#include "postgres/planner/sync.h"

/* "now" is no counterpart of "was" any more. */
static void append_gone(struct text *out, const struct split_map *map)
{
    pg_append(out, "(_segue_op = 'DELETE' OR NOT EXISTS (SELECT FROM %s(_segue_now) AS b WHERE ",
              map->function);
    split_append_keys(out, map, true, "a.", "b.");
    text_append(out, "))");
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
    text_append(out, " AND ");
    split_append_keys(out, map, false, "a.", "b.");
    text_append(out, ";\n");
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
    split_append_cells(out, map, "", true, true, false);
    text_append(out, ") OVERRIDING SYSTEM VALUE SELECT ");
    split_append_cells(out, map, "s.", true, true, false);
    pg_append(out, " FROM %s(_segue_now) AS s WHERE NOT EXISTS (SELECT FROM %s AS t WHERE ", map->function,
              map->to->real);
    split_append_match(out, map, "t", "s");
    if (map->n_values) {
        text_append(out, " AND ");
        split_append_values(out, map, true, "t.", "s.");
    }
    text_append(out, ") ON CONFLICT (");
    split_append_cells(out, map, "", true, false, false);
    text_append(out, ") DO ");
    text_append(out, map->n_values ? "UPDATE SET " : "NOTHING");
    split_append_set(out, map, "excluded.");
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
    split_append_set(out, map, "s.");
    pg_append(out, " FROM %s(_segue_now) AS s WHERE ", map->function);
    split_append_match(out, map, "t", "s");
    text_append(out, " AND ");
    split_append_values(out, map, false, "t.", "s.");
    text_append(out, ";\n  END IF;\n");
}

const char *split_out_signature(struct model *model, const struct split *split)
{
    return arena_printf(
        model->arena,
        "%s(_segue_op pg_catalog.text, _segue_side pg_catalog.text, _segue_was %s, _segue_now %s)",
        split_name(model, split, "out"), split->wide.real, split->wide.real);
}

const char *split_in_signature(struct model *model, const struct split *split)
{
    return arena_printf(model->arena, "%s(_segue_op pg_catalog.text, _segue_was %s, _segue_now %s)",
                        split_name(model, split, "in"), split->narrow.real, split->narrow.real);
}

static bool may_fail(const struct split_map *map)
{
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        if (!value->plain && !value->constant)
            return true;
    }
    return map->n_conditions > 0;
}

/*
 * A row at which an expression fails has no copy: the backfill has left it. So there is nothing to move or delete with it, and who mends it
 * writes it as if it were new. Nothing is written inside the block, so that it costs no transaction id.
 */
static void append_left(const struct split_map *map, struct text *out)
{
    if (!may_fail(map))
        return;
    pg_append(out,
              "  IF _segue_op <> 'INSERT' THEN\n    BEGIN\n      PERFORM a.* FROM %s(_segue_was) AS a;\n"
              "    EXCEPTION WHEN " SYNC_ROW_ERRORS " THEN\n"
              "      IF _segue_op = 'DELETE' THEN\n        RETURN;\n      END IF;\n"
              "      _segue_op := 'INSERT';\n    END;\n  END IF;\n",
              map->function);
}

const char *split_out_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, split_function_head(model, split_out_signature(model, split), "pg_catalog.void"));
    text_append(&out, "#variable_conflict use_column\nBEGIN\n");
    if (!split->wide.whole) {
        text_append(&out, "  IF NOT (");
        split_append_wrote(model, split, &out);
        text_append(&out, ") THEN\n    RETURN;\n  END IF;\n");
    }
    for (size_t i = 0; split->wide.old_version && i < split->n_pairs; i++)
        append_left(&split->pairs[i].out, &out);
    for (size_t i = 0; i < split->n_pairs; i++)
        append_write_whole(&split->pairs[i].out, split->many, &out);
    text_append(&out, "END\n$segue$");
    return arena_strdup(model->arena, out.data);
}

const char *split_in_function(struct model *model, const struct split *split)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, split_function_head(model, split_in_signature(model, split), "pg_catalog.void"));
    text_append(&out, "#variable_conflict use_column\nBEGIN\n");
    for (size_t i = 0; split->narrow.old_version && i < split->n_pairs; i++)
        append_left(&split->pairs[i].in, &out);
    for (size_t i = 0; i < split->n_pairs; i++) {
        split_append_meet_in(model, split, &split->pairs[i], &out);
        if (split->wide.whole)
            append_write_whole(&split->pairs[i].in, false, &out);
        else
            append_write_kept(model, &split->pairs[i].in, &out);
    }
    text_append(&out, "END\n$segue$");
    return arena_strdup(model->arena, out.data);
}
