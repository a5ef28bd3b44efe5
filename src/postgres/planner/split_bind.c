/* copy and back annotations, bound to the tables and columns that they name. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/bind.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"

const struct split_column *split_column(const struct split_side *side, const char *name)
{
    for (size_t i = 0; i < side->n_columns; i++)
        if (strcmp(side->columns[i].name, name) == 0)
            return &side->columns[i];
    return NULL;
}

const char *split_physical(const struct split_side *side, const struct split_column *column)
{
    if (!column->model)
        return column->name;
    return side->old_version ? column->model->origin->name : column->model->physical;
}

const char *split_type(const struct split_side *side, const struct split_column *column)
{
    if (!column->model)
        return column->type;
    return side->old_version ? column->model->origin->type : column->model->type;
}

const struct split_map *split_copy(const struct split *split, const struct split_pair *pair)
{
    return split->wide.old_version ? &pair->out : &pair->in;
}

const char *split_name(struct model *model, const struct split *split, const char *what)
{
    return pg_format(model->arena, "segue.%I",
                     arena_printf(model->arena, "split_%s_%s", split->ordinal, what));
}

/* The table in the version that has it, whether or not the other has it as well. */
static struct model_table *find(struct model *model, const struct name *name, bool old_version)
{
    if (name->schema && strcmp(name->schema, model->catalog->schema) != 0)
        return NULL;
    if (!old_version)
        return model_table(model, name->name);
    for (size_t i = 0; i < model->n_tables; i++)
        if (model->tables[i].origin && strcmp(model->tables[i].origin->name, name->name) == 0)
            return &model->tables[i];
    return NULL;
}

static bool unknown_table(struct model *model, const struct annotation *annotation, const struct name *name,
                          bool old_version, struct error *err)
{
    bool other = find(model, name, !old_version) != NULL;
    refuse(model, annotation->place, err, "the %s version has no table \"%s\"", old_version ? "old" : "new",
           name->name);
    if (other && old_version)
        return error_hint(err, "the file creates it: it has no rows that could be copied");
    if (other)
        return error_hint(err, "the file drops it: write copy NEW from OLD, the new table first");
    return error_hint(err, "check the name, or choose the schema with --schema");
}

static void add_existing_columns(struct model *model, struct split_side *side)
{
    for (size_t i = 0; i < side->table->n_columns; i++) {
        struct model_column *column = &side->table->columns[i];
        const struct column *origin = column->origin;
        struct split_column out = {.model = column};
        if (side->old_version ? !origin : column->dropped)
            continue;
        out.name = side->old_version ? origin->name : column->name;
        out.not_null = side->old_version ? origin->not_null : column->not_null;
        out.has_default =
            side->old_version ? origin->default_expr || origin->identity : column->default_expr != NULL;
        out.own_sequence = origin && (origin->identity || origin->owned_sequence);
        out.generated = origin && origin->generated;
        ARENA_PUSH(model->arena, side->columns, side->n_columns, out);
    }
}

static bool add_new_columns(struct model *model, struct split_side *side, const struct annotation *annotation,
                            struct error *err)
{
    const struct table_def *def = side->table->change->definition;
    if (!def || def->like) {
        refuse(model, annotation->place, err,
               "the columns of table \"%s\" are not known: it is made LIKE another", side->table->name);
        return error_hint(err, "write its columns out in CREATE TABLE");
    }
    for (size_t i = 0; i < def->n_columns; i++) {
        const struct column_def *column = &def->columns[i];
        struct split_column out = {.name = column->name,
                                   .type = column->type ? column->type : "text",
                                   .not_null = column->not_null,
                                   .has_default = column->has_default,
                                   .own_sequence = column->own_sequence,
                                   .generated = column->generated};
        ARENA_PUSH(model->arena, side->columns, side->n_columns, out);
    }
    return true;
}

static bool make_side(struct model *model, struct split_side *side, struct model_table *table,
                      bool old_version, const struct annotation *annotation, struct error *err)
{
    *side = (struct split_side){.table = table, .old_version = old_version};
    side->whole = old_version ? table->dropped : !table->origin;
    side->real = pg_format(model->arena, "%Q", model->catalog->schema,
                           table->origin ? table->origin->name : table->name);
    if (!table->origin)
        return add_new_columns(model, side, annotation, err);
    add_existing_columns(model, side);
    return true;
}

static struct split *find_split(struct model *model, const struct model_table *new_table,
                                const struct model_table *old_table)
{
    for (size_t i = 0; i < model->n_splits; i++) {
        struct split *split = model->splits[i];
        const struct split_side *new_side = split->wide.old_version ? &split->narrow : &split->wide;
        const struct split_side *old_side = split->wide.old_version ? &split->wide : &split->narrow;
        if (new_side->table == new_table && old_side->table == old_table)
            return split;
    }
    return NULL;
}

static bool new_split(struct model *model, const struct annotation *annotation, struct model_table *new_table,
                      struct model_table *old_table, struct split **out, struct error *err)
{
    struct split *split = arena_alloc(model->arena, sizeof *split);
    bool merge = new_table->origin != NULL;
    *split = (struct split){.annotation = annotation};
    if (merge && !old_table->dropped) {
        refuse(
            model, annotation->place, err,
            "copy between \"%s\" and \"%s\", which both versions have, is not something segue can do online yet",
            new_table->name, old_table->origin->name);
        return error_hint(err, "one of the two tables must be created, or dropped, by the file");
    }
    if (!old_table->change) {
        refuse(model, annotation->place, err, "the file does not change table \"%s\"",
               old_table->origin->name);
        return error_hint(err, "drop the columns that move, or the table, in the same file");
    }
    if (!make_side(model, merge ? &split->wide : &split->narrow, new_table, false, annotation, err) ||
        !make_side(model, merge ? &split->narrow : &split->wide, old_table, true, annotation, err))
        return false;
    split->ordinal = arena_printf(model->arena, "%03zu%s%s", 10 * (model->n_splits + 1),
                                  model->tag ? "_" : "", model->tag ? model->tag : "");
    ARENA_PUSH(model->arena, model->splits, model->n_splits, split);
    *out = split;
    return true;
}

static bool bind_copy(struct model *model, const struct annotation *annotation, struct error *err)
{
    struct model_table *new_table = find(model, &annotation->table, false);
    struct model_table *old_table = find(model, &annotation->source, true);
    if (!new_table)
        return unknown_table(model, annotation, &annotation->table, false, err);
    if (!old_table)
        return unknown_table(model, annotation, &annotation->source, true, err);
    if (new_table == old_table) {
        refuse(model, annotation->place, err, "copy of table \"%s\" onto itself", new_table->name);
        return error_hint(err, "write up and down for its columns");
    }
    struct split *split = find_split(model, new_table, old_table);
    return split || new_split(model, annotation, new_table, old_table, &split, err);
}

/* Every back belongs to a copy. */
static bool check_back(struct model *model, const struct annotation *annotation, struct error *err)
{
    struct model_table *old_table = find(model, &annotation->table, true);
    struct model_table *new_table = find(model, &annotation->source, false);
    if (!old_table)
        return unknown_table(model, annotation, &annotation->table, true, err);
    if (!new_table)
        return unknown_table(model, annotation, &annotation->source, false, err);
    if (find_split(model, new_table, old_table))
        return true;
    refuse(model, annotation->place, err, "back \"%s\" from \"%s\" has no copy the other way",
           old_table->origin->name, new_table->name);
    return error_hint(err, "write -- segue: copy %s from %s: column = expression, … key (columns)",
                      new_table->name, old_table->origin->name);
}

bool split_bind(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        if (annotation->kind == ANNOTATION_COPY && !bind_copy(model, annotation, err))
            return false;
    }
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        if (annotation->kind == ANNOTATION_BACK && !check_back(model, annotation, err))
            return false;
    }
    for (size_t i = 0; i < model->n_splits; i++)
        if (!split_bind_pairs(model, model->splits[i], err) ||
            !split_check_rules(model, model->splits[i], err))
            return false;
    return true;
}
