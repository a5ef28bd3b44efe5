/*
 * The functions of a split. For each map one that turns a row of the one side into what it is on the other (bound by parse tree, BEGIN
 * ATOMIC); for each direction one that writes the other side, called by the trigger function of its table.
 *
 * The writing functions run with their own search path, so that the migration's names and operators mean what they meant, as their owner, because
 * a role that may write its table need not know of the other one, and with segue.copying on: then the triggers of both tables
 * keep still, and what the writer wrote is not written back to it. The setting ends with the function, also after an error.
 */
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split_internal.h"
#include "postgres/planner/sync.h"

const char *split_function_head(struct model *model, const char *signature, const char *result)
{
    const struct catalog *catalog = model->catalog;
    return pg_format(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s RETURNS %s LANGUAGE plpgsql SECURITY DEFINER SET search_path = %s "
        "SET segue.copying = 'on' AS $segue$\n",
        signature, result, pg_identifier_list(model->arena, catalog->search_path, catalog->n_search_path));
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

void split_functions(struct model *model, const struct split *split, const char ***statements, size_t *n)
{
    for (size_t i = 0; i < split->n_pairs; i++) {
        ARENA_PUSH(model->arena, *statements, *n, split_map_function(model, &split->pairs[i].out));
        ARENA_PUSH(model->arena, *statements, *n, split_map_function(model, &split->pairs[i].in));
    }
    ARENA_PUSH(model->arena, *statements, *n, split_out_function(model, split));
    ARENA_PUSH(model->arena, *statements, *n, split_in_function(model, split));
    if (!split->wide.whole)
        ARENA_PUSH(model->arena, *statements, *n, split_fill_function(model, split));
    ARENA_PUSH(model->arena, *statements, *n, split_wide_trigger(model, split, false));
    ARENA_PUSH(model->arena, *statements, *n, narrow_trigger(model, split));
    split_comparisons(model, split, statements, n);
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
