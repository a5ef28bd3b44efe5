#include "postgres/planner/bind.h"

#include "postgres/planner/split.h"

#include <string.h>

#include "base/text.h"

/* A table as an annotation names it: by its name in either version. */
static struct model_table *find_table(struct model *model, const struct name *name)
{
    if (name->schema && strcmp(name->schema, model->catalog->schema) != 0)
        return NULL;
    struct model_table *table = model_table(model, name->name);
    for (size_t i = 0; !table && i < model->n_tables; i++) {
        const struct table *origin = model->tables[i].origin;
        if (origin && strcmp(origin->name, name->name) == 0)
            table = &model->tables[i];
    }
    return table;
}

/* The column's name in one version, or NULL when that version does not have it. */
static const char *name_in(const struct model_column *column, bool old_version)
{
    if (old_version)
        return column->origin ? column->origin->name : NULL;
    return column->dropped ? NULL : column->name;
}

static const struct model_column *column_in(const struct model_table *table, const char *name,
                                            bool old_version)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const char *known = name_in(&table->columns[i], old_version);
        if (known && strcmp(known, name) == 0)
            return &table->columns[i];
    }
    return NULL;
}

static void list_columns(const struct model_table *table, bool old_version, struct text *out)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const char *name = name_in(&table->columns[i], old_version);
        if (name) {
            text_append(out, out->length ? ", " : "");
            text_append(out, name);
        }
    }
}

static bool unknown_column(const struct model *model, const struct annotation *annotation,
                           const struct model_table *table, const char *name, struct place place,
                           bool old_version, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    const char *version = old_version ? "old" : "new";
    list_columns(table, old_version, &names);
    refuse(model, place, err, "the %s version of table \"%s\" has no column \"%s\"", version,
           annotation->table.name, name);
    return error_hint(err, "its columns in the %s version are: %s", version, text_string(&names));
}

static bool bind_one(struct model *model, const struct annotation *annotation, bool target_old,
                     bool source_old, struct conversion *(*slot)(struct model_column *), struct error *err)
{
    struct model_table *table = find_table(model, &annotation->table);
    if (!table)
        return refuse(model, annotation->place, err, "table \"%s\" does not exist in schema \"%s\"",
                      annotation->table.name, model->catalog->schema);
    if (!table->origin) {
        refuse(model, annotation->place, err, "table \"%s\" is new: it has no rows to convert", table->name);
        return error_hint(err, "leave the annotation out");
    }
    if (!table->change) {
        refuse(model, annotation->place, err, "the file does not change table \"%s\"",
               annotation->table.name);
        return error_hint(err,
                          "an annotation converts what a statement of the same file changes; leave it out");
    }
    const struct model_column *found = column_in(table, annotation->column, target_old);
    if (!found)
        return unknown_column(model, annotation, table, annotation->column, annotation->place, target_old,
                              err);
    for (size_t i = 0; !annotation->has_subquery && i < annotation->n_expr_columns; i++) {
        if (!column_in(table, annotation->expr_columns[i], source_old))
            return unknown_column(model, annotation, table, annotation->expr_columns[i],
                                  annotation->expr_place, source_old, err);
    }
    struct conversion *conversion = slot(&table->columns[found - table->columns]);
    conversion->annotation = annotation;
    conversion->has_subquery = annotation->has_subquery;
    for (size_t i = 0; i < annotation->n_expr_columns; i++) {
        /* With a subquery the list is a superset: names of the subquery's own tables are not ours. */
        if (column_in(table, annotation->expr_columns[i], source_old))
            ARENA_PUSH(model->arena, conversion->columns, conversion->n_columns, annotation->expr_columns[i]);
    }
    conversion->expr = annotation->expr;
    return true;
}

static struct conversion *up_of(struct model_column *column)
{
    return &column->up;
}

static struct conversion *down_of(struct model_column *column)
{
    return &column->down;
}

static struct conversion *existing_of(struct model_column *column)
{
    return &column->existing;
}

bool bind_annotations(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        bool bound = true;
        switch (annotation->kind) {
        case ANNOTATION_UP: bound = bind_one(model, annotation, false, true, up_of, err); break;
        case ANNOTATION_DOWN: bound = bind_one(model, annotation, true, false, down_of, err); break;
        case ANNOTATION_EXISTING: bound = bind_one(model, annotation, false, true, existing_of, err); break;
        default: break;
        }
        if (!bound)
            return false;
    }
    return split_bind(model, err);
}
