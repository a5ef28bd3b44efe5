#include "postgres/planner/model.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/compare.h"

static struct model_column column_of(const struct column *origin)
{
    return (struct model_column){
        .origin = origin,
        .name = origin->name,
        .physical = origin->name,
        .type = origin->type,
        .collation = origin->collation,
        .not_null = origin->not_null,
        .not_null_name = origin->not_null_name,
        .default_expr = origin->generated ? NULL : origin->default_expr,
        .identity = (char)(!origin->identity         ? 0
                           : origin->identity_always ? 'a'
                                                     : 'd'),
    };
}

static struct model_table table_of(struct arena *arena, const struct table *origin)
{
    struct model_table table = {.origin = origin, .name = origin->name};
    for (size_t i = 0; i < origin->n_columns; i++)
        ARENA_PUSH(arena, table.columns, table.n_columns, column_of(&origin->columns[i]));
    for (size_t i = 0; i < origin->n_constraints; i++) {
        struct model_constraint constraint = {.origin = &origin->constraints[i],
                                              .name = origin->constraints[i].name,
                                              .definition = origin->constraints[i].definition};
        ARENA_PUSH(arena, table.constraints, table.n_constraints, constraint);
    }
    for (size_t i = 0; i < origin->n_indexes; i++) {
        struct model_index index = {.origin = &origin->indexes[i],
                                    .name = origin->indexes[i].name,
                                    .definition = origin->indexes[i].definition};
        ARENA_PUSH(arena, table.indexes, table.n_indexes, index);
    }
    return table;
}

struct model *model_new(struct arena *arena, const struct migration *migration, const struct catalog *catalog)
{
    struct model *model = arena_alloc(arena, sizeof *model);
    model->arena = arena;
    model->migration = migration;
    model->catalog = catalog;
    model->late_table = SIZE_MAX;
    for (size_t i = 0; i < catalog->n_relation_names; i++)
        model_take_name(model, catalog->relation_names[i]);
    for (size_t i = 0; i < catalog->n_tables; i++) {
        const struct table *origin = &catalog->tables[i];
        ARENA_PUSH(arena, model->tables, model->n_tables, table_of(arena, origin));
        for (size_t k = 0; k < origin->n_constraints; k++)
            model_take_name(model, origin->constraints[k].name);
    }
    for (size_t i = 0; i < catalog->n_sequences; i++) {
        struct model_sequence sequence = {.origin = &catalog->sequences[i],
                                          .name = catalog->sequences[i].name,
                                          .present = catalog->sequences[i].name};
        ARENA_PUSH(arena, model->sequences, model->n_sequences, sequence);
    }
    return model;
}

struct model_table *model_table(struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        if (!model->tables[i].dropped && strcmp(model->tables[i].name, name) == 0)
            return &model->tables[i];
    }
    return NULL;
}

struct model_column *model_column(struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].dropped && strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    }
    return NULL;
}

struct model_column *model_old_column(struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *origin = table->columns[i].origin;
        if (origin && strcmp(origin->name, name) == 0)
            return &table->columns[i];
    }
    return NULL;
}

struct model_column *model_column_number(const struct model_table *table, int number)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (table->columns[i].origin && table->columns[i].origin->number == number)
            return &table->columns[i];
    }
    return NULL;
}

struct model_constraint *model_constraint(struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        if (!table->constraints[i].dropped && strcmp(table->constraints[i].name, name) == 0)
            return &table->constraints[i];
    }
    return NULL;
}

struct model_index *model_index(struct model *model, const char *name, struct model_table **table)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        for (size_t i = 0; i < model->tables[t].n_indexes; i++) {
            struct model_index *index = &model->tables[t].indexes[i];
            if (index->dropped || model->tables[t].dropped || strcmp(index->name, name) != 0)
                continue;
            *table = &model->tables[t];
            return index;
        }
    }
    return NULL;
}

bool model_column_replaced(const struct model_column *column)
{
    return column->origin && column->hidden;
}

bool model_allows(const struct model *model, const char *rule)
{
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        if (annotation->kind == ANNOTATION_ALLOW && strcmp(annotation->object, rule) == 0)
            return true;
    }
    return false;
}

bool model_name_taken(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_taken; i++) {
        if (model->taken[i] && strcmp(model->taken[i], name) == 0)
            return true;
    }
    return false;
}

void model_take_name(struct model *model, const char *name)
{
    ARENA_PUSH(model->arena, model->taken, model->n_taken, name);
}

void model_release_name(struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_taken; i++) {
        if (model->taken[i] && strcmp(model->taken[i], name) == 0)
            model->taken[i] = NULL;
    }
}

bool refuse(const struct model *model, struct place place, struct error *err, const char *format, ...)
{
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_set(err, ERROR_REFUSED, "%s", message);
    return error_where(err, "%s:%d:%d", model->migration->path, place.line, place.column);
}

void model_join_tables(struct model *model, struct model_table *a, struct model_table *b)
{
    if (!a->group)
        a->group = ++model->n_groups;
    size_t other = b->group;
    b->group = a->group;
    for (size_t i = 0; other && i < model->n_tables; i++) {
        if (model->tables[i].group == other)
            model->tables[i].group = a->group;
    }
}

struct model_table *model_referenced(struct model *model, const struct model_constraint *constraint)
{
    const char *schema = model->catalog->schema;
    if (!constraint->origin) {
        const struct name *name = &constraint->def->references;
        bool here = constraint->def->kind == CONSTRAINT_FOREIGN_KEY &&
                    (!name->schema || strcmp(name->schema, schema) == 0);
        struct model_table *table = here ? model_table(model, name->name) : NULL;
        /* a later statement may have renamed it */
        for (size_t i = 0; here && !table && i < model->n_tables; i++) {
            if (model->tables[i].origin && strcmp(model->tables[i].origin->name, name->name) == 0)
                table = &model->tables[i];
        }
        return table;
    }
    const struct catalog_constraint *origin = constraint->origin;
    for (size_t i = 0; origin->kind == 'f' && i < model->n_tables; i++) {
        if (model->tables[i].origin && strcmp(origin->ref_schema, schema) == 0 &&
            strcmp(origin->ref_name, model->tables[i].origin->name) == 0)
            return &model->tables[i];
    }
    return NULL;
}

char model_constraint_kind(const struct model_constraint *constraint)
{
    static const char kinds[] = {[CONSTRAINT_CHECK] = 'c',
                                 [CONSTRAINT_UNIQUE] = 'u',
                                 [CONSTRAINT_FOREIGN_KEY] = 'f',
                                 [CONSTRAINT_PRIMARY_KEY] = 'p',
                                 [CONSTRAINT_EXCLUSION] = 'x'};
    return constraint->origin ? constraint->origin->kind : kinds[constraint->def->kind];
}

bool model_constraint_reads(const struct model_constraint *constraint, const struct model_column *column)
{
    const struct catalog_constraint *origin = constraint->origin;
    if (origin)
        return column->origin && number_is_among(origin->columns, origin->n_columns, column->origin->number);
    return constraint->def &&
           name_is_among(constraint->def->columns, constraint->def->n_columns, column->name);
}

const struct model_constraint *model_primary_key(const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        if (!table->constraints[i].dropped && model_constraint_kind(&table->constraints[i]) == 'p')
            return &table->constraints[i];
    }
    return NULL;
}
