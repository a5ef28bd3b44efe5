/* What a name may mean in a query, in the one version and in the other. */

#include <string.h>

#include "base/compare.h"
#include "postgres/translate_internal.h"

bool relation_keeps_columns(const struct named_relation *relation)
{
    for (size_t i = 0; i < relation->n_columns; i++)
        if (!same_text(relation->columns[i].from, relation->columns[i].to))
            return false;
    return true;
}

const struct named_column *relation_column(const struct named_relation *relation, const char *from)
{
    for (size_t i = 0; i < relation->n_columns; i++)
        if (relation->columns[i].from && strcmp(relation->columns[i].from, from) == 0)
            return &relation->columns[i];
    return NULL;
}

static bool relation_has(const struct named_relation *relation, const char *column, bool new)
{
    for (size_t i = 0; i < relation->n_columns; i++) {
        const char *name = new ? relation->columns[i].to : relation->columns[i].from;
        if (name && strcmp(name, column) == 0)
            return true;
    }
    return false;
}

bool map_concerns(const struct name_map *map, const char *column)
{
    for (size_t i = 0; i < map->n_relations; i++)
        for (size_t k = 0; k < map->relations[i].n_columns; k++) {
            const struct named_column *one = &map->relations[i].columns[k];
            if (!same_text(one->from, one->to) &&
                (same_text(one->from, column) || same_text(one->to, column)))
                return true;
        }
    return false;
}

static bool other_has(const struct name_map *map, const struct source *source, const char *column)
{
    for (size_t i = 0; i < map->n_others; i++) {
        const struct named_other *other = &map->others[i];
        if (strcmp(other->relation, source->table) == 0 && strcmp(other->column, column) == 0 &&
            (!source->schema || strcmp(other->schema, source->schema) == 0))
            return true;
    }
    return false;
}

bool source_has(const struct name_map *map, const struct source *source, const char *column, bool new)
{
    switch (source->kind) {
    case SOURCE_VERSION: return relation_has(source->relation, column, new);
    case SOURCE_TABLE: return other_has(map, source, column);
    case SOURCE_LISTED: return name_is_among(source->columns, source->n_columns, column);
    case SOURCE_OPAQUE: break;
    }
    return true;
}

/* What the source calls its column in the new version; NULL: it does not have it there. */
static const char *new_name(const struct source *source, const char *column)
{
    return source->kind == SOURCE_VERSION ? relation_column(source->relation, column)->to : column;
}

const char *scope_column(struct translator *translator, const struct scope *scope, const char *column)
{
    const struct name_map *map = translator->map;
    const char *to = NULL;
    for (const struct scope *at = scope; at; at = at->outer)
        for (size_t i = 0; i < at->n; i++) {
            if (!source_has(map, &at->sources[i], column, false))
                continue;
            const char *name = new_name(&at->sources[i], column);
            if (!name)
                translator_unsure(translator, "the new version has no column %s of %s", column,
                                  at->sources[i].name);
            else if (to && strcmp(to, name) != 0)
                translator_unsure(translator, "%s may be a column of more than one table", column);
            if (!name || (to && strcmp(to, name) != 0))
                return NULL;
            to = name;
        }
    to = to ? to : column;
    for (const struct scope *at = scope; at; at = at->outer)
        for (size_t i = 0; i < at->n; i++)
            if (source_has(map, &at->sources[i], column, false) !=
                source_has(map, &at->sources[i], to, true)) {
                translator_unsure(translator, "%s may be a column of more than one table in the new version",
                                  to);
                return NULL;
            }
    return to;
}

const struct source *scope_source(const struct scope *scope, const char *name)
{
    for (const struct scope *at = scope; at; at = at->outer)
        for (size_t i = 0; i < at->n; i++)
            if (same_text(at->sources[i].name, name))
                return &at->sources[i];
    return NULL;
}

const struct source *scope_with(const struct scope *scope, const char *name)
{
    for (const struct scope *at = scope; at; at = at->outer)
        for (size_t i = 0; i < at->n_with; i++)
            if (strcmp(at->with[i].name, name) == 0)
                return &at->with[i];
    return NULL;
}

struct source scope_relation(const struct translator *translator, const struct scope *scope,
                             const PgQuery__RangeVar *relation)
{
    bool alone = !parse_given(relation->schemaname);
    const char *name = relation->alias ? relation->alias->aliasname : relation->relname;
    struct source out = {.kind = SOURCE_TABLE,
                         .name = name,
                         .schema = alone ? NULL : relation->schemaname,
                         .table = relation->relname};
    const struct source *with = alone ? scope_with(scope, relation->relname) : NULL;
    if (with) {
        out = *with;
        out.name = name;
    }
    for (size_t i = 0; alone && !with && i < translator->map->n_relations; i++)
        if (strcmp(translator->map->relations[i].from, relation->relname) == 0) {
            out.kind = SOURCE_VERSION;
            out.relation = &translator->map->relations[i];
        }
    return out;
}
