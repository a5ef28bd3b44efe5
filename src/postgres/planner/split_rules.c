/* What must hold of a split so that both versions can write it: refused here, before anything is touched. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/split.h"

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static const char *side_name(const struct split_side *side)
{
    return side->old_version && side->table->origin ? side->table->origin->name : side->table->name;
}

static struct place place_of(const struct split *split, const struct split_map *map)
{
    return map->annotation ? map->annotation->place : split->annotation->place;
}

static bool is_key(const struct split_map *map, const char *column)
{
    for (size_t i = 0; i < map->n_keys; i++)
        if (same(map->keys[i].column->name, column))
            return true;
    return false;
}

static bool are_keys(const struct split_map *map, const char *const *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_key(map, columns[i]))
            return false;
    return n == map->n_keys;
}

/* --- Keys --- */

static bool unique_in_new(const struct model *model, const struct split_map *map)
{
    const struct model_table *table = map->to->table;
    const struct table_def *def = table->change->definition;
    for (size_t i = 0; i < def->n_constraints; i++) {
        const struct constraint_def *c = def->constraints[i];
        bool unique = c->kind == CONSTRAINT_UNIQUE || c->kind == CONSTRAINT_PRIMARY_KEY;
        if (unique && !strstr(c->definition, "DEFERRABLE") && are_keys(map, c->columns, c->n_columns))
            return true;
    }
    for (size_t i = 0; i < model->migration->n_changes; i++) {
        const struct change *change = &model->migration->changes[i];
        if (!same(change->table.name ? change->table.name : "", table->name))
            continue;
        const struct constraint_def *c = change->kind == CHANGE_ADD_CONSTRAINT ? change->constraint : NULL;
        if (c && (c->kind == CONSTRAINT_UNIQUE || c->kind == CONSTRAINT_PRIMARY_KEY) && !c->using_index &&
            !strstr(c->definition, "DEFERRABLE") && are_keys(map, c->columns, c->n_columns))
            return true;
        if (change->kind == CHANGE_CREATE_INDEX && change->index->unique && !change->index->has_where &&
            change->index->n_key_columns &&
            are_keys(map, change->index->key_columns, change->index->n_key_columns))
            return true;
    }
    return false;
}

/* Whether the plain keys of the map hold all columns of the index, or with `leading` at least its first one. */
static bool covers(const struct split_map *map, const struct catalog_index *index, bool leading)
{
    size_t n = leading && index->n_keys > 1 ? 1 : index->n_keys;
    for (size_t i = 0; i < n; i++) {
        const struct column *column =
            index->keys[i] ? table_column_number(map->to->table->origin, index->keys[i]) : NULL;
        bool found = false;
        for (size_t k = 0; column && k < map->n_keys; k++) {
            const struct model_column *key = map->keys[k].column->model;
            found = found || (key->origin && key->origin->number == column->number);
        }
        if (!found)
            return false;
    }
    return n > 0;
}

static bool plain_index(const struct catalog_index *index)
{
    return index->valid && !strstr(index->definition, " WHERE ");
}

static bool unique_in_existing(const struct split_map *map)
{
    const struct table *origin = map->to->table->origin;
    for (size_t i = 0; i < origin->n_indexes; i++) {
        const struct catalog_index *index = &origin->indexes[i];
        if (index->unique && plain_index(index) && covers(map, index, false))
            return true;
    }
    return false;
}

static bool indexed(const struct split_map *map)
{
    const struct table *origin = map->to->table->origin;
    for (size_t i = 0; i < origin->n_indexes; i++)
        if (plain_index(&origin->indexes[i]) && covers(map, &origin->indexes[i], true))
            return true;
    return false;
}

static const char *key_list(struct model *model, const struct split_map *map)
{
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < map->n_keys; i++)
        ARENA_PUSH(model->arena, names, n, map->keys[i].column->name);
    return pg_identifier_list(model->arena, names, n);
}

static bool check_keys(struct model *model, struct split *split, const struct split_pair *pair,
                       struct error *err)
{
    const struct split_map *out = &pair->out, *in = &pair->in;
    bool unique = out->to->table->origin ? unique_in_existing(out) : unique_in_new(model, out);
    if (!unique) {
        refuse(model, place_of(split, out), err, "(%s) is not unique in table \"%s\"", key_list(model, out),
               side_name(out->to));
        return error_hint(err, "a copy finds its row by the key: give the table a PRIMARY KEY or UNIQUE (%s)",
                          key_list(model, out));
    }
    if (unique_in_existing(in))
        return true;
    split->many = true;
    if (in->to->whole) {
        refuse(model, place_of(split, in), err, "(%s) is not unique in table \"%s\", which the file drops",
               key_list(model, in), side_name(in->to));
        return error_hint(err, "keep the table, and drop only the columns that move");
    }
    if (indexed(in) || model_allows(model, "unindexed-copy"))
        return true;
    refuse(model, place_of(split, in), err, "table \"%s\" has no index that begins with a column of (%s)",
           side_name(in->to), key_list(model, in));
    return error_hint(
        err,
        "every write to \"%s\" looks for its rows there: CREATE INDEX on it first, or, when the table is small, "
        "write -- segue: allow unindexed-copy because \"…\"",
        side_name(out->to));
}

static bool check_distinct(struct model *model, const struct split *split, struct error *err)
{
    for (size_t i = 0; i < split->n_pairs; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct split_map *a = &split->pairs[i].out, *b = &split->pairs[k].out;
            bool differ = false;
            for (size_t c = 0; c < a->n_keys; c++)
                for (size_t d = 0; d < b->n_keys; d++)
                    differ = differ || (a->keys[c].column == b->keys[d].column && a->keys[c].constant &&
                                        b->keys[d].constant && !same(a->keys[c].expr, b->keys[d].expr));
            if (differ)
                continue;
            refuse(model, place_of(split, a), err,
                   "two rows of \"%s\" that come from one of \"%s\" would have the same key",
                   side_name(&split->narrow), side_name(&split->wide));
            return error_hint(
                err, "give each a constant of its own in the key: kind = 'home' … key (user_id, kind)");
        }
    }
    return true;
}

/* --- Columns --- */

static bool check_whole(struct model *model, const struct split *split, const struct split_map *map,
                        struct error *err)
{
    for (size_t i = 0; map->to->whole && i < map->to->n_columns; i++) {
        const struct split_column *column = &map->to->columns[i];
        bool given = is_key(map, column->name);
        for (size_t k = 0; k < map->n_values; k++)
            given = given || map->values[k].column == column;
        if (given || !column->not_null || column->has_default)
            continue;
        refuse(model, place_of(split, map), err,
               "column \"%s\" of table \"%s\" is NOT NULL and gets no value from \"%s\"", column->name,
               side_name(map->to), side_name(map->from));
        if (map->annotation || map->from->old_version)
            return error_hint(err, "add %s = <expression>", column->name);
        return error_hint(err, "write -- segue: back %s from %s: %s = <expression>, …", side_name(map->to),
                          side_name(map->from), column->name);
    }
    return true;
}

static bool mixed(struct model *model, const struct split_value *value, const struct annotation *annotation,
                  const char *hint, struct error *err)
{
    refuse(model, annotation->place, err, "column \"%s\" takes its value from a row of another table already",
           value->column->name);
    return error_hint(err, "%s", hint);
}

/* Two sequences that number the same rows would give two of them the same number. */
static bool check_sequences(struct model *model, const struct split *split, const struct split_map *map,
                            struct error *err)
{
    for (size_t i = 0; i < map->n_keys; i++) {
        const struct split_column *target = map->keys[i].column;
        if (map->keys[i].constant || !target->own_sequence || !map->from->whole)
            continue;
        refuse(model, place_of(split, map), err,
               "column \"%s\" of table \"%s\" draws numbers of its own, while rows come with those of \"%s\"",
               target->name, side_name(map->to), side_name(map->from));
        return error_hint(
            err,
            "keep the table, which keeps its sequence: ALTER TABLE %s RENAME TO %s, and change its columns",
            side_name(map->from), side_name(map->to));
    }
    return true;
}

/* The columns of a kept table that follow the narrow rows. */
static bool check_kept_value(struct model *model, const struct split_map *map,
                             const struct split_value *value, struct error *err)
{
    struct model_column *column = value->column->model;
    bool one_version = map->to->old_version ? column->dropped : column->origin == NULL;
    if (!one_version) {
        refuse(model, value->place, err, "both versions have column \"%s\" of table \"%s\"",
               value->column->name, side_name(map->to));
        return error_hint(
            err, "a copy gives values to columns that only one version has: leave it out, or drop or add "
                 "the column in this file");
    }
    column->copied = true;
    if (column->up.annotation)
        return mixed(model, value, column->up.annotation,
                     "leave up out: copy says where the value comes from", err);
    if (column->existing.annotation)
        return mixed(model, value, column->existing.annotation,
                     "leave existing out; the column's DEFAULT is for rows without "
                     "a counterpart",
                     err);
    if (column->down.annotation && (column->down.n_columns || column->down.has_subquery))
        return mixed(
            model, value, column->down.annotation,
            "down may only be a constant here: what the old version sees while there is no row to read", err);
    if (map->to->old_version || !column->not_null || column->default_expr)
        return true;
    refuse(
        model, column->change->place, err,
        "column \"%s\" of table \"%s\" is NOT NULL, and rows without a counterpart in \"%s\" have no value for it",
        column->name, map->to->table->name, side_name(map->from));
    return error_hint(err, "give it a DEFAULT");
}

static bool read_back(const struct split *split, const char *column, bool out)
{
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = out ? &split->pairs[p].out : &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++)
            for (size_t c = 0; c < map->values[i].n_columns; c++)
                if (same(map->values[i].columns[c], column))
                    return true;
    }
    return false;
}

static bool set_by(const struct split *split, const char *column, bool out)
{
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_map *map = out ? &split->pairs[p].out : &split->pairs[p].in;
        for (size_t i = 0; i < map->n_values; i++)
            if (same(map->values[i].column->name, column))
                return true;
        if (is_key(map, column))
            return true;
    }
    return false;
}

static bool missing_back(struct model *model, const struct split *split, const char *column,
                         struct error *err)
{
    const struct split_side *old_side = split->wide.old_version ? &split->wide : &split->narrow;
    const struct split_side *new_side = split->wide.old_version ? &split->narrow : &split->wide;
    refuse(model, split->annotation->place, err,
           "what the new version writes to \"%s\" has no way back to column \"%s\" of \"%s\"",
           side_name(new_side), column, side_name(old_side));
    return error_hint(err, "write -- segue: back %s from %s: %s = <expression of the new columns>, …",
                      side_name(old_side), side_name(new_side), column);
}

/* Every old column that a copy reads and that goes away must be written by a way back: else a rollback would lose what the new
 * version wrote, and the old version would not see it. */
static bool check_backs(struct model *model, const struct split *split, struct error *err)
{
    const struct split_side *old_side = split->wide.old_version ? &split->wide : &split->narrow;
    bool copy_out = split->wide.old_version;
    for (size_t i = 0; i < old_side->n_columns; i++) {
        const struct split_column *column = &old_side->columns[i];
        bool leaves = old_side->whole || column->model->dropped;
        bool explained = column->model->down.annotation != NULL;
        if (leaves && !explained && read_back(split, column->name, copy_out) &&
            !set_by(split, column->name, !copy_out))
            return missing_back(model, split, column->name, err);
    }
    return true;
}

bool split_check_rules(struct model *model, struct split *split, struct error *err)
{
    for (size_t p = 0; p < split->n_pairs; p++) {
        const struct split_pair *pair = &split->pairs[p];
        if (!check_sequences(model, split, &pair->out, err) || !check_keys(model, split, pair, err) ||
            !check_whole(model, split, &pair->out, err) || !check_whole(model, split, &pair->in, err))
            return false;
        for (size_t i = 0; !split->wide.whole && i < pair->in.n_values; i++)
            if (!check_kept_value(model, &pair->in, &pair->in.values[i], err))
                return false;
    }
    return check_distinct(model, split, err) && check_backs(model, split, err);
}
