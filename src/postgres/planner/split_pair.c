/* The maps of a split: which annotation goes with which, by which columns rows are told, and what a missing way back is. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/split.h"

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The split's annotations of a kind. */
static void collect(struct model *model, const struct split *split, enum annotation_kind kind,
                    const struct annotation ***out, size_t *n)
{
    const struct split_side *old_side = split->wide.old_version ? &split->wide : &split->narrow;
    const struct split_side *new_side = split->wide.old_version ? &split->narrow : &split->wide;
    bool copy = kind == ANNOTATION_COPY;
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        const struct name *old_name = copy ? &annotation->source : &annotation->table;
        const struct name *new_name = copy ? &annotation->table : &annotation->source;
        if (annotation->kind == kind && same(old_name->name, old_side->table->origin->name) &&
            same(new_name->name, new_side->table->name))
            ARENA_PUSH(model->arena, *out, *n, annotation);
    }
}

static bool reads(const struct assignment *assignment, const char *column)
{
    for (size_t i = 0; i < assignment->n_columns; i++)
        if (same(assignment->columns[i], column))
            return true;
    return false;
}

/* Whether the out-going annotation reads a column that the in-coming one sets, the key aside. */
static bool belong_together(const struct annotation *out, const struct annotation *in)
{
    for (size_t i = 0; i < out->n_assignments; i++) {
        for (size_t k = 0; k < in->n_assignments; k++) {
            bool is_key = false;
            for (size_t c = 0; c < out->n_keys; c++)
                is_key = is_key || same(out->keys[c], out->assignments[i].column);
            for (size_t c = 0; c < in->n_keys; c++)
                is_key = is_key || same(in->keys[c], in->assignments[k].column);
            if (!is_key && reads(&out->assignments[i], in->assignments[k].column))
                return true;
        }
    }
    return false;
}

static bool pair_annotations(struct model *model, struct split *split, const struct annotation **copies,
                             size_t n_copies, const struct annotation **backs, size_t n_backs,
                             struct error *err)
{
    bool *taken = arena_alloc(model->arena, (n_backs + 1) * sizeof *taken);
    memset(taken, 0, (n_backs + 1) * sizeof *taken);
    for (size_t i = 0; i < n_copies; i++) {
        const struct annotation *back = NULL;
        for (size_t k = 0; k < n_backs && !back; k++) {
            bool fits = split->wide.old_version ? belong_together(copies[i], backs[k])
                                                : belong_together(backs[k], copies[i]);
            if (taken[k] || !(fits || (n_copies == 1 && n_backs == 1)))
                continue;
            taken[k] = true;
            back = backs[k];
        }
        struct split_pair pair = {0};
        pair.out.annotation = split->wide.old_version ? copies[i] : back;
        pair.in.annotation = split->wide.old_version ? back : copies[i];
        ARENA_PUSH(model->arena, split->pairs, split->n_pairs, pair);
    }
    for (size_t k = 0; k < n_backs; k++) {
        if (taken[k])
            continue;
        refuse(model, backs[k]->place, err, "this back gives no way back for any copy of \"%s\"",
               backs[k]->source.name);
        return error_hint(err, "write one back for each copy; it sets the columns that the copy reads");
    }
    return true;
}

static bool unknown_column(struct model *model, const struct split_side *side, const char *name,
                           struct place place, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    const char *version = side->old_version ? "old" : "new";
    for (size_t i = 0; i < side->n_columns; i++)
        pg_append(&names, "%s%I", i ? ", " : "", side->columns[i].name);
    refuse(model, place, err, "the %s version of table \"%s\" has no column \"%s\"", version,
           side->old_version ? side->table->origin->name : side->table->name, name);
    return error_hint(err, "its columns in the %s version are: %s", version, text_string(&names));
}

/* Names of a subquery's own tables are left out: they are not the source's. */
static bool bind_reads(struct model *model, const struct split_side *from,
                       const struct assignment *assignment, struct split_value *value, struct error *err)
{
    for (size_t i = 0; i < assignment->n_columns; i++) {
        if (split_column(from, assignment->columns[i]))
            ARENA_PUSH(model->arena, value->columns, value->n_columns, assignment->columns[i]);
        else if (!assignment->has_subquery)
            return unknown_column(model, from, assignment->columns[i], assignment->expr_place, err);
    }
    return true;
}

static bool bind_value(struct model *model, const struct split_side *from, const struct split_side *to,
                       const struct assignment *assignment, struct split_value *out, struct error *err)
{
    *out = (struct split_value){.column = split_column(to, assignment->column),
                                .expr = assignment->expr,
                                .has_subquery = assignment->has_subquery,
                                .plain = assignment->plain,
                                .constant = !assignment->n_columns && !assignment->has_subquery,
                                .place = assignment->place};
    if (!out->column)
        return unknown_column(model, to, assignment->column, assignment->place, err);
    if (out->column->generated) {
        refuse(model, assignment->place, err, "column \"%s\" is generated: nobody gives it a value",
               assignment->column);
        return error_hint(err, "leave it out");
    }
    return bind_reads(model, from, assignment, out, err);
}

/* All assignments of the annotation become values; keys are taken out of them later. */
static bool bind_map(struct model *model, struct split_map *map, const struct split_side *from,
                     const struct split_side *to, struct error *err)
{
    map->from = from;
    map->to = to;
    map->alias = from->old_version ? from->table->origin->name : from->table->name;
    const struct annotation *annotation = map->annotation;
    for (size_t i = 0; annotation && i < annotation->n_assignments; i++) {
        struct split_value value;
        if (!bind_value(model, from, to, &annotation->assignments[i], &value, err))
            return false;
        ARENA_PUSH(model->arena, map->values, map->n_values, value);
    }
    if (annotation && annotation->condition) {
        struct split_value condition = {0};
        if (!bind_reads(model, from, annotation->condition, &condition, err))
            return false;
        ARENA_PUSH(model->arena, map->conditions, map->n_conditions, annotation->condition->expr);
    }
    return true;
}

static const struct split_value *value_for(const struct split_map *map, const char *column)
{
    for (size_t i = 0; i < map->n_values; i++)
        if (same(map->values[i].column->name, column))
            return &map->values[i];
    return NULL;
}

static struct split_value copy_of(struct arena *arena, const struct split_column *target, const char *source)
{
    struct split_value value = {.column = target, .expr = pg_format(arena, "%I", source), .plain = true};
    ARENA_PUSH(arena, value.columns, value.n_columns, source);
    return value;
}

static bool bad_key(struct model *model, const struct annotation *annotation, const char *column,
                    const char *source, struct error *err)
{
    refuse(model, annotation->place, err, "key column \"%s\" takes neither a column of \"%s\" nor a constant",
           column, source);
    return error_hint(err, "rows must be found from both sides: write %s = <column of %s>, or a constant",
                      column, source);
}

/* A key column of the narrow side that the way out sets: from a column of the wide side, or to a constant. */
static bool key_out(struct model *model, struct split_pair *pair, const struct annotation *annotation,
                    const char *name, struct error *err)
{
    struct arena *arena = model->arena;
    const struct split_column *narrow = split_column(pair->out.to, name);
    const struct split_value *value = value_for(&pair->out, name);
    if (!narrow)
        return unknown_column(model, pair->out.to, name, annotation->place, err);
    if (!value || !(value->plain || value->constant))
        return bad_key(model, annotation, name, pair->out.alias, err);
    ARENA_PUSH(arena, pair->out.keys, pair->out.n_keys, *value);
    if (value->constant) {
        const char *condition = pg_format(arena, "%I = %s", name, value->expr);
        ARENA_PUSH(arena, pair->in.conditions, pair->in.n_conditions, condition);
        return true;
    }
    struct split_value back = copy_of(arena, split_column(pair->in.to, value->columns[0]), name);
    ARENA_PUSH(arena, pair->in.keys, pair->in.n_keys, back);
    return true;
}

/* A key column of the wide side that the way in sets, where the way out says nothing of keys. */
static bool key_in(struct model *model, struct split_pair *pair, const struct annotation *annotation,
                   const char *name, struct error *err)
{
    struct arena *arena = model->arena;
    const struct split_column *wide = split_column(pair->in.to, name);
    const struct split_value *value = value_for(&pair->in, name);
    if (!wide)
        return unknown_column(model, pair->in.to, name, annotation->place, err);
    if (!value || !value->plain)
        return bad_key(model, annotation, name, pair->in.alias, err);
    ARENA_PUSH(arena, pair->in.keys, pair->in.n_keys, *value);
    struct split_value out = copy_of(arena, split_column(pair->out.to, value->columns[0]), name);
    ARENA_PUSH(arena, pair->out.keys, pair->out.n_keys, out);
    return true;
}

static bool bind_keys(struct model *model, struct split_pair *pair, struct error *err)
{
    const struct annotation *out = pair->out.annotation, *in = pair->in.annotation;
    for (size_t i = 0; out && i < out->n_keys; i++)
        if (!key_out(model, pair, out, out->keys[i], err))
            return false;
    for (size_t i = 0; !(out && out->n_keys) && i < in->n_keys; i++)
        if (!key_in(model, pair, in, in->keys[i], err))
            return false;
    if (pair->in.n_keys)
        return true;
    refuse(model, (out ? out : in)->place, err, "the key holds no column of \"%s\"", pair->out.alias);
    return error_hint(
        err, "rows must be found from both sides: name the columns that are the same in both tables");
}

/* Takes the key columns out of the values. What is said of them twice must be the same. */
static bool part_values(struct model *model, struct split_map *map, struct error *err)
{
    struct split_value *values = NULL;
    size_t n = 0;
    for (size_t i = 0; i < map->n_values; i++) {
        const struct split_value *value = &map->values[i], *key = NULL;
        for (size_t k = 0; k < map->n_keys; k++)
            key = map->keys[k].column == value->column ? &map->keys[k] : key;
        if (!key) {
            ARENA_PUSH(model->arena, values, n, *value);
            continue;
        }
        bool agrees =
            key->constant ? value->constant : value->plain && same(key->columns[0], value->columns[0]);
        if (agrees)
            continue;
        refuse(model, value->place, err,
               "key column \"%s\" goes one way as another column than it comes back", value->column->name);
        return error_hint(err, "leave it out here: the key says it already");
    }
    map->values = values;
    map->n_values = n;
    return true;
}

/* A row without a key has no counterpart. */
static void demand_key(struct model *model, struct split_map *map)
{
    for (size_t i = 0; i < map->n_keys; i++) {
        const struct split_value *key = &map->keys[i];
        if (key->constant)
            continue;
        const struct split_column *source = split_column(map->from, key->columns[0]);
        if (source->not_null)
            continue;
        const char *condition = pg_format(model->arena, "%I IS NOT NULL", source->name);
        ARENA_PUSH(model->arena, map->conditions, map->n_conditions, condition);
    }
}

/* A missing way: what goes over as it is comes back as it is. */
static void imply(struct model *model, struct split_map *missing, const struct split_map *given)
{
    for (size_t i = 0; i < given->n_values; i++) {
        const struct split_value *value = &given->values[i];
        if (!value->plain)
            continue;
        const struct split_column *target = split_column(missing->to, value->columns[0]);
        bool is_key = false;
        for (size_t k = 0; k < missing->n_keys; k++)
            is_key = is_key || missing->keys[k].column == target;
        bool own = missing->to->whole || !target->model->origin || target->model->dropped;
        if (is_key || !own || value_for(missing, target->name))
            continue;
        struct split_value implied = copy_of(model->arena, target, value->column->name);
        implied.place = value->place;
        ARENA_PUSH(model->arena, missing->values, missing->n_values, implied);
    }
}

static bool bind_pair(struct model *model, struct split *split, struct split_pair *pair, size_t number,
                      struct error *err)
{
    bool copies_out = split->wide.old_version;
    const char *copy = split_name(model, split, arena_printf(model->arena, "copy_%zu", number));
    const char *back = split_name(model, split, arena_printf(model->arena, "back_%zu", number));
    if (!bind_map(model, &pair->out, &split->wide, &split->narrow, err) ||
        !bind_map(model, &pair->in, &split->narrow, &split->wide, err) || !bind_keys(model, pair, err) ||
        !part_values(model, &pair->out, err) || !part_values(model, &pair->in, err))
        return false;
    if (!pair->out.annotation)
        imply(model, &pair->out, &pair->in);
    if (!pair->in.annotation)
        imply(model, &pair->in, &pair->out);
    pair->out.function = copies_out ? copy : back;
    pair->in.function = copies_out ? back : copy;
    demand_key(model, &pair->out);
    demand_key(model, &pair->in);
    return true;
}

bool split_bind_pairs(struct model *model, struct split *split, struct error *err)
{
    const struct annotation **copies = NULL, **backs = NULL;
    size_t n_copies = 0, n_backs = 0;
    collect(model, split, ANNOTATION_COPY, &copies, &n_copies);
    collect(model, split, ANNOTATION_BACK, &backs, &n_backs);
    if (!pair_annotations(model, split, copies, n_copies, backs, n_backs, err))
        return false;
    for (size_t i = 0; i < split->n_pairs; i++)
        if (!bind_pair(model, split, &split->pairs[i], i + 1, err))
            return false;
    return true;
}
