/* What must hold between the rows of both sides, as functions over a row. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split.h"

/* "t is the narrow row of the wide row": t is an alias; wide comes with its dot, or as ($1). */
static void append_found(const struct split_pair *pair, const char *narrow, const char *wide,
                         struct text *out)
{
    const struct split_map *in = &pair->in, *keys = &pair->out;
    for (size_t i = 0; i < keys->n_keys; i++) {
        const struct split_value *key = &keys->keys[i];
        const char *name = split_physical(keys->to, key->column);
        if (key->constant)
            pg_append(out, "%s%s%I = (%s)", i ? " AND " : "", narrow, name, key->expr);
        else
            pg_append(out, "%s%s%I = %s%I", i ? " AND " : "", narrow, name, wide,
                      split_physical(in->to, split_column(in->to, key->columns[0])));
    }
}

/* EXISTS (the map's row of `source` equals the row `prefix` of its target) */
static void append_equal(const struct split_map *map, const char *source, const char *prefix,
                         struct text *out)
{
    pg_append(out, "EXISTS (SELECT FROM %s(%s) AS s WHERE ", map->function, source);
    if (map->n_values)
        split_append_values(out, map, true, prefix, "s.");
    else
        text_append(out, "true");
    text_append(out, ")");
}

static void append_absent(struct model *model, const struct split_map *in, const char *wide, struct text *out)
{
    text_append(out, "(true");
    for (size_t i = 0; i < in->n_values; i++) {
        const char *absent = split_absent(model, in->to, in->values[i].column);
        if (absent)
            pg_append(out, " AND pg_catalog.record_image_eq(ROW(%s%I), ROW(%s))", wide,
                      split_physical(in->to, in->values[i].column), absent);
    }
    text_append(out, ")");
}

/*
 * A wide row agrees with its narrow row when one of the two is what the other says, whoever wrote last. Where wide rows share a narrow one, the
 * version with the wide columns may give them different values, as ever, and the narrow row has the last of them: then it is enough that
 * the narrow row is there.
 */
static void append_agree_wide(struct model *model, const struct split *split, const struct split_pair *pair,
                              struct text *out)
{
    const struct split_map *in = &pair->in, *to = &pair->out;
    pg_append(out, "CASE WHEN EXISTS (SELECT FROM %s AS t WHERE ", split->narrow.real);
    append_found(pair, "t.", "($1).", out);
    pg_append(out, ") THEN EXISTS (SELECT FROM %s AS t WHERE ", split->narrow.real);
    append_found(pair, "t.", "($1).", out);
    text_append(out, split->many ? " AND (true OR " : " AND (");
    append_equal(to, "$1", "t.", out);
    text_append(out, " OR ");
    append_equal(in, "t.*", "($1).", out);
    pg_append(out, ")) ELSE NOT EXISTS (SELECT FROM %s($1))", to->function);
    if (!split->wide.whole) {
        text_append(out, " OR ");
        append_absent(model, in, "($1).", out);
    }
    text_append(out, " END");
}

static void append_agree_narrow(const struct split *split, const struct split_pair *pair, struct text *out)
{
    pg_append(out,
              split->many ? "(true OR NOT EXISTS (SELECT FROM %s($1))" : "(NOT EXISTS (SELECT FROM %s($1))",
              pair->in.function);
    if (!split->wide.whole) {
        pg_append(out, " OR NOT EXISTS (SELECT FROM %s AS o WHERE ", split->wide.real);
        append_found(pair, "($1).", "o.", out);
        text_append(out, ")");
    }
    pg_append(out, " OR EXISTS (SELECT FROM %s AS o WHERE ", split->wide.real);
    append_found(pair, "($1).", "o.", out);
    text_append(out, " AND (");
    append_equal(&pair->out, "o.*", "($1).", out);
    text_append(out, " OR ");
    append_equal(&pair->in, "$1", "o.", out);
    text_append(out, ")))");
}

/* After the backfill, while only the old version writes: every copy is there and is what it should be. */
static void append_copied(const struct split *split, const struct split_pair *pair, struct text *out)
{
    const struct split_map *copy = split_copy(split, pair);
    if (copy->to->whole) {
        pg_append(out, "NOT EXISTS (SELECT FROM %s($1) AS s WHERE NOT EXISTS (SELECT FROM %s AS t WHERE ",
                  copy->function, copy->to->real);
        split_append_match(out, copy, "t", "s");
        if (!split->many && copy->n_values) {
            text_append(out, " AND ");
            split_append_values(out, copy, true, "t.", "s.");
        }
        text_append(out, "))");
        return;
    }
    pg_append(out, "NOT EXISTS (SELECT FROM %s($1) AS s, %s AS t WHERE ", copy->function, copy->to->real);
    split_append_match(out, copy, "t", "s");
    if (copy->n_values) {
        text_append(out, " AND ");
        split_append_values(out, copy, false, "t.", "s.");
    } else {
        text_append(out, " AND false");
    }
    text_append(out, ")");
}

static const char *comparison(struct model *model, const char *name, const char *row, const struct text *body)
{
    return arena_printf(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s(%s) RETURNS pg_catalog.bool LANGUAGE sql STABLE BEGIN ATOMIC SELECT %s; END",
        name, row, text_string(body));
}

void split_comparisons(struct model *model, const struct split *split, const char ***statements, size_t *n)
{
    SEGUE_CLEANUP(text_free) struct text copied = {0};
    SEGUE_CLEANUP(text_free) struct text wide = {0};
    SEGUE_CLEANUP(text_free) struct text narrow = {0};
    for (size_t i = 0; i < split->n_pairs; i++) {
        const char *and = i ? " AND " : "";
        text_append(&copied, and);
        append_copied(split, &split->pairs[i], &copied);
        text_append(&wide, and);
        append_agree_wide(model, split, &split->pairs[i], &wide);
        text_append(&narrow, and);
        append_agree_narrow(split, &split->pairs[i], &narrow);
    }
    const char *old_row = split->wide.old_version ? split->wide.real : split->narrow.real;
    ARENA_PUSH(model->arena, *statements, *n,
               comparison(model, split_name(model, split, "copied"), old_row, &copied));
    ARENA_PUSH(model->arena, *statements, *n,
               comparison(model, split_name(model, split, "agree_wide"), split->wide.real, &wide));
    ARENA_PUSH(model->arena, *statements, *n,
               comparison(model, split_name(model, split, "agree_narrow"), split->narrow.real, &narrow));
}

static const char *plain_name(const struct model_table *table)
{
    return table->origin ? table->origin->name : table->name;
}

const char *split_mismatch(struct model *model, const struct split *split)
{
    const struct split_side *old_side = split->wide.old_version ? &split->wide : &split->narrow;
    return pg_format(model->arena, "NOT %s(%I.*)", split_name(model, split, "copied"),
                     plain_name(old_side->table));
}

const char *split_agreement(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < model->n_splits; i++) {
        const struct split *split = model->splits[i];
        const char *what = split->wide.table == table     ? "agree_wide"
                           : split->narrow.table == table ? "agree_narrow"
                                                          : NULL;
        if (what)
            pg_append(&out, "%s%s(%I.*)", out.length ? " AND " : "", split_name(model, split, what),
                      plain_name(table));
    }
    return out.length ? arena_strdup(model->arena, out.data) : NULL;
}

/* The first rows on the other side that belong to the row, which stands under its table's plain name. */
static const char *other_rows(struct model *model, const struct split *split, bool wide)
{
    SEGUE_CLEANUP(text_free) struct text found = {0};
    const char *own =
        pg_format(model->arena, "%I.", plain_name((wide ? &split->wide : &split->narrow)->table));
    for (size_t i = 0; i < split->n_pairs; i++) {
        text_append(&found, i ? " OR (" : "(");
        append_found(&split->pairs[i], wide ? "o." : own, wide ? own : "o.", &found);
        text_append(&found, ")");
    }
    return arena_printf(
        model->arena,
        "(SELECT pg_catalog.string_agg(pg_catalog.row_to_json(f.*)::pg_catalog.text, ' ') FROM "
        "(SELECT o.* FROM %s AS o WHERE %s LIMIT 5) AS f)",
        wide ? split->narrow.real : split->wide.real, found.data);
}

void split_shapes(struct model *model, const struct model_table *table, const char **old_shape,
                  const char **new_shape)
{
    for (size_t i = 0; i < model->n_splits; i++) {
        const struct split *split = model->splits[i];
        bool wide = split->wide.table == table;
        if (!wide && split->narrow.table != table)
            continue;
        const char *own =
            pg_format(model->arena, "pg_catalog.row_to_json(%I.*)::pg_catalog.text", plain_name(table));
        const char *other = other_rows(model, split, wide);
        bool old_side = (wide ? &split->wide : &split->narrow)->old_version;
        *old_shape = old_side ? own : other;
        *new_shape = old_side ? other : own;
        return;
    }
}
