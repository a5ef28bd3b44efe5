#include "postgres/types.h"

#include <string.h>

#include "base/text.h"
#include "postgres/format.h"

struct schema_type *types_of_column(const struct types *types, const struct column *column)
{
    if (!column || !column->type_name || strcmp(column->type_schema, types->catalog->schema) != 0)
        return NULL;
    for (size_t i = 0; i < types->n; i++) {
        const struct catalog_type *origin = types->list[i].origin;
        if (origin && strcmp(origin->name, column->type_name) == 0)
            return &types->list[i];
    }
    return NULL;
}

static bool means(const char *text, size_t length, const char *type, const char *alone)
{
    return (strlen(type) == length && strncmp(text, type, length) == 0) ||
           (alone && strlen(alone) == length && strncmp(text, alone, length) == 0);
}

struct schema_type *types_written(const struct types *types, const char *text)
{
    size_t length = strlen(text);
    if (length > 2 && strcmp(text + length - 2, "[]") == 0)
        length -= 2;
    for (size_t i = 0; i < types->n; i++) {
        struct schema_type *type = &types->list[i];
        const char *alone = type->moves ? NULL : pg_format(types->arena, "%I", type->physical_name);
        if (!type->dropped && means(text, length, type->physical, alone))
            return type;
    }
    /* A type that goes, or that only the old version has from now on. */
    for (size_t i = 0; i < types->n; i++) {
        struct schema_type *type = &types->list[i];
        if (type->origin && (type->dropped || type->replaced) &&
            means(text, length, pg_format(types->arena, "%Q", types->catalog->schema, type->origin->name),
                  pg_format(types->arena, "%I", type->origin->name)))
            return type;
    }
    return NULL;
}

const char *types_statement(const struct types *types, const struct schema_type *type,
                            const struct change *change, const char *name)
{
    const char *out;
    (void)type;
    (void)sql_third_word(types->arena, change->sql, name, &out);
    return out;
}

static const char *create_enum(const struct types *types, const struct schema_type *type)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    pg_append(&out, "CREATE TYPE %s AS ENUM (", type->physical);
    for (size_t i = 0; i < type->n_labels; i++)
        pg_append(&out, "%s%L", i ? ", " : "", type->labels[i]);
    text_append_char(&out, ')');
    return arena_strdup(types->arena, out.data);
}

static const char *copy_domain(const struct types *types, const struct schema_type *type)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const struct catalog_type *origin = type->origin;
    pg_append(&out, "CREATE DOMAIN %s AS %s", type->physical, origin->base);
    if (origin->collation)
        pg_append(&out, " COLLATE %s", origin->collation);
    if (origin->default_expr)
        pg_append(&out, " DEFAULT %s", origin->default_expr);
    if (origin->not_null)
        text_append(&out, " NOT NULL");
    for (size_t i = 0; i < origin->n_constraints; i++) {
        const struct catalog_constraint *constraint = &origin->constraints[i];
        const char *definition = constraint->definition;
        const char *not_valid = strstr(definition, " NOT VALID");
        size_t length =
            not_valid && !constraint->valid ? (size_t)(not_valid - definition) : strlen(definition);
        pg_append(&out, " CONSTRAINT %I %s", constraint->name,
                  arena_strndup(types->arena, definition, length));
    }
    return arena_strdup(types->arena, out.data);
}

static const char *copy_composite(const struct types *types, const struct schema_type *type)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    pg_append(&out, "CREATE TYPE %s AS (", type->physical);
    for (size_t i = 0; i < type->origin->n_attributes; i++)
        pg_append(&out, "%s%I %s", i ? ", " : "", type->origin->attributes[i].name,
                  type->origin->attributes[i].type);
    text_append_char(&out, ')');
    return arena_strdup(types->arena, out.data);
}

void types_create(const struct types *types, const struct schema_type *type, const char ***statements,
                  size_t *n)
{
    struct arena *arena = types->arena;
    const char *first = type->kind == 'e'   ? create_enum(types, type)
                        : type->created     ? types_statement(types, type, type->created, type->physical)
                        : type->kind == 'd' ? copy_domain(types, type)
                                            : copy_composite(types, type);
    ARENA_PUSH(arena, *statements, *n, first);
    for (size_t i = 0; i < type->n_own; i++) {
        const char *next = types_statement(types, type, type->own[i], type->physical);
        ARENA_PUSH(arena, *statements, *n, next);
    }
    for (size_t i = 0; type->kind != 'e' && i < type->n_shared; i++) {
        const char *next = types_statement(types, type, type->shared[i], type->physical);
        ARENA_PUSH(arena, *statements, *n, next);
    }
    for (size_t i = 0; type->origin && i < type->origin->n_grants; i++) {
        const char *to = strstr(type->origin->grants[i], " TO ");
        const char *grant =
            pg_format(arena, "GRANT USAGE ON TYPE %s%s", type->physical, to ? to : " TO PUBLIC");
        ARENA_PUSH(arena, *statements, *n, grant);
    }
}

const char *types_relabelled(const struct types *types, const struct schema_type *type, const char *expr,
                             bool array, bool back)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!type->n_relabels)
        return NULL;
    if (array) {
        const char *nested = pg_format(types->arena, "(%s)::pg_catalog.text[]", expr);
        for (size_t i = 0; i < type->n_relabels; i++)
            nested = pg_format(types->arena, "pg_catalog.array_replace(%s, %L, %L)", nested,
                               back ? type->relabels[i].to : type->relabels[i].from,
                               back ? type->relabels[i].from : type->relabels[i].to);
        return nested;
    }
    pg_append(&out, "CASE (%s)::pg_catalog.text", expr);
    for (size_t i = 0; i < type->n_relabels; i++)
        pg_append(&out, " WHEN %L THEN %L", back ? type->relabels[i].to : type->relabels[i].from,
                  back ? type->relabels[i].from : type->relabels[i].to);
    pg_append(&out, " ELSE (%s)::pg_catalog.text END", expr);
    return arena_strdup(types->arena, out.data);
}

/* The last ALTER DOMAIN of that kind, among those of a created, a replaced or a shared domain. */
static const struct change *last_alter(const struct schema_type *type, enum change_kind kind)
{
    const struct change *found = NULL;
    for (size_t i = 0; i < type->n_shared; i++)
        found = type->shared[i]->kind == kind ? type->shared[i] : found;
    for (size_t i = 0; i < type->n_own; i++)
        found = type->own[i]->kind == kind ? type->own[i] : found;
    return found;
}

bool types_have_default(const struct schema_type *type)
{
    if (!type || type->kind != 'd')
        return false;
    const struct change *set = last_alter(type, CHANGE_DOMAIN_DEFAULT);
    return (set && set->expr) ||
           (type->origin ? type->origin->default_expr != NULL : type->created->has_default);
}

/* The domain under a domain, when it is one of the schema's. */
static const struct schema_type *under(const struct types *types, const struct schema_type *type)
{
    return types_written(types, type->origin ? type->origin->base : type->created->type);
}

bool types_are_constrained(const struct types *types, const struct schema_type *type)
{
    for (; type && type->kind == 'd'; type = under(types, type)) {
        bool created =
            type->origin ? type->origin->n_constraints || type->origin->not_null : type->created->constrained;
        if (created || last_alter(type, CHANGE_DOMAIN_ADD_CHECK) || last_alter(type, CHANGE_DOMAIN_NOT_NULL))
            return true;
    }
    return false;
}

bool types_are_not_null(const struct types *types, const struct schema_type *type)
{
    for (; type && type->kind == 'd'; type = under(types, type)) {
        const struct change *set = last_alter(type, CHANGE_DOMAIN_NOT_NULL);
        if (set ? set->not_null : type->origin ? type->origin->not_null : type->created->not_null)
            return true;
    }
    return false;
}
