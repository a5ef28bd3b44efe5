/*
 * The halves of a row that come at the same instant. The version that has the narrow table beside the kept one writes a row as two,
 * perhaps in two transactions at once: neither sees the other's half, and both would commit without having copied anything. A
 * foreign key of the narrow table rules that out. Where there is none, whoever does not see the other half puts the key into a table
 * with a unique index and takes it out again at once: until the transaction ends, the index holds up whoever comes with the same
 * key, who then looks again. An advisory lock would do as well, but one for each row of a bulk load exhausts the lock table.
 */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split_internal.h"

static bool is_key(const struct split_map *out, const char *column)
{
    for (size_t i = 0; i < out->n_keys; i++)
        if (strcmp(split_physical(out->to, out->keys[i].column), column) == 0)
            return true;
    return false;
}

static bool names_wide(const struct split *split, const char *name)
{
    const struct model_table *wide = split->wide.table;
    return strcmp(name, wide->name) == 0 || strcmp(name, wide->origin->name) == 0;
}

/* A foreign key on the row's own key, looked at when the row comes. */
static bool new_table_points(const struct split *split, const struct split_map *out)
{
    const struct table_def *def = split->narrow.table->change->definition;
    for (size_t i = 0; i < def->n_constraints; i++) {
        const struct constraint_def *c = def->constraints[i];
        bool points = c->kind == CONSTRAINT_FOREIGN_KEY && names_wide(split, c->references.name) &&
                      !strstr(c->definition, " DEFERRABLE");
        for (size_t k = 0; k < c->n_columns; k++)
            points = points && is_key(out, c->columns[k]);
        if (points)
            return true;
    }
    return false;
}

static bool old_table_points(const struct split *split, const struct split_map *out)
{
    const struct table *table = split->narrow.table->origin;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct catalog_constraint *c = &table->constraints[i];
        bool points = c->kind == 'f' && strcmp(c->ref_name, split->wide.table->origin->name) == 0 &&
                      !strstr(c->definition, " DEFERRABLE");
        for (size_t k = 0; points && k < c->n_columns; k++)
            points = is_key(out, table_column_number(table, c->columns[k])->name);
        if (points)
            return true;
    }
    return false;
}

/* Many rows that share one would wait for one another. */
static bool needed(const struct split *split, const struct split_pair *pair)
{
    if (split->wide.whole || split->many || !pair->in.n_values)
        return false;
    return !(split->narrow.table->origin ? old_table_points(split, &pair->out)
                                         : new_table_points(split, &pair->out));
}

const char *split_meet_table(struct model *model, const struct split *split, const struct split_pair *pair)
{
    if (!needed(split, pair))
        return NULL;
    return split_name(model, split, arena_printf(model->arena, "keys_%td", pair - split->pairs + 1));
}

const char *split_meet_create(struct model *model, const struct split *split, const struct split_pair *pair)
{
    const struct split_map *out = &pair->out;
    SEGUE_CLEANUP(text_free) struct text sql = {0}, columns = {0};
    pg_append(&sql, "CREATE UNLOGGED TABLE %s (", split_meet_table(model, split, pair));
    for (size_t i = 0; i < out->n_keys; i++) {
        const char *name = split_physical(out->to, out->keys[i].column);
        pg_append(&sql, "%I %s NOT NULL, ", name, split_type(out->to, out->keys[i].column));
        pg_append(&columns, "%s%I", i ? ", " : "", name);
    }
    pg_append(&sql, "PRIMARY KEY (%s))", columns.data);
    return arena_strdup(model->arena, sql.data);
}

/* In and out again, where `values` is a list like "a, 'home'::text", one for each key. */
static void append_pass(struct model *model, const struct split *split, const struct split_pair *pair,
                        const char *const *values, const char *indent, struct text *out)
{
    const char *table = split_meet_table(model, split, pair);
    pg_append(out, "%sINSERT INTO %s VALUES (", indent, table);
    for (size_t i = 0; i < pair->out.n_keys; i++)
        pg_append(out, "%s%s", i ? ", " : "", values[i]);
    pg_append(out, ");\n%sDELETE FROM %s AS t WHERE ", indent, table);
    for (size_t i = 0; i < pair->out.n_keys; i++)
        pg_append(out, "%st.%I = %s", i ? " AND " : "",
                  split_physical(pair->out.to, pair->out.keys[i].column), values[i]);
    text_append(out, ";\n");
}

void split_append_meet_in(struct model *model, const struct split *split, const struct split_pair *pair,
                          struct text *out)
{
    const struct split_map *map = &pair->out;
    if (!needed(split, pair))
        return;
    const char **values = arena_alloc(model->arena, map->n_keys * sizeof *values);
    for (size_t i = 0; i < map->n_keys; i++)
        values[i] = pg_format(model->arena, "_segue_now.%I", split_physical(map->to, map->keys[i].column));
    text_append(out, "  IF (_segue_op = 'INSERT' OR (_segue_op = 'UPDATE' AND ");
    split_append_keys(out, map, false, "_segue_was.", "_segue_now.");
    pg_append(out,
              ")) AND EXISTS (SELECT FROM %s(_segue_now) AS s WHERE NOT EXISTS (SELECT FROM %s AS t WHERE ",
              pair->in.function, pair->in.to->real);
    split_append_match(out, &pair->in, "t", "s");
    text_append(out, ")) THEN\n");
    append_pass(model, split, pair, values, "    ", out);
    text_append(out, "  END IF;\n");
}

bool split_append_meet_out(struct model *model, const struct split *split, const struct split_pair *pair,
                           struct text *out)
{
    const struct split_map *map = &pair->out;
    if (!needed(split, pair))
        return false;
    const char **values = arena_alloc(model->arena, map->n_keys * sizeof *values);
    text_append(out, "    IF NOT FOUND");
    for (size_t i = 0; i < map->n_keys; i++) {
        const struct split_value *key = &map->keys[i];
        const char *type = split_type(map->to, key->column);
        if (key->constant) {
            values[i] = pg_format(model->arena, "(%s)::%s", key->expr, type);
            continue;
        }
        const char *source = split_physical(map->from, split_column(map->from, key->columns[0]));
        values[i] = pg_format(model->arena, "_segue_now.%I::%s", source, type);
        pg_append(out, " AND _segue_now.%I IS NOT NULL", source);
    }
    text_append(out, " THEN\n");
    append_pass(model, split, pair, values, "      ", out);
    return true;
}
