/* Which sequence numbers which column. */
#include <ctype.h>
#include <string.h>

#include "postgres/planner/model.h"

struct model_sequence *model_sequence(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_sequences; i++) {
        if (!model->sequences[i].dropped && strcmp(model->sequences[i].name, name) == 0)
            return &model->sequences[i];
    }
    return NULL;
}

/* One part of a name as regclass reads it: quoted, or folded to lower case. Returns what is behind it, NULL when it is none. */
static const char *read_part(struct arena *arena, const char *text, const char *end, const char **out)
{
    bool quoted = text < end && *text == '"';
    char *part = arena_strndup(arena, text, (size_t)(end - text));
    size_t n = 0;
    const char *at = text + quoted;
    for (; at < end && (quoted || *at != '.'); at++) {
        if (quoted && *at == '"' && (at + 1 == end || at[1] != '"'))
            break;
        at += quoted && *at == '"';
        part[n++] = quoted ? *at : (char)tolower((unsigned char)*at);
    }
    part[n] = '\0';
    *out = part;
    return n ? at + quoted : NULL;
}

/* nextval('name'::regclass) as the server prints it, nextval('name') as a file has it; NULL for anything else. */
static const char *drawn_from(const struct model *model, const char *expr)
{
    static const char call[] = "nextval(";
    const char *schema = NULL, *name;
    const char *begin = expr;
    if (strncmp(begin, "pg_catalog.", 11) == 0)
        begin += 11;
    if (strncmp(begin, call, strlen(call)) != 0)
        return NULL;
    begin += strlen(call);
    while (*begin == ' ' || *begin == '(')
        begin++;
    const char *end = *begin == '\'' ? strchr(begin + 1, '\'') : NULL;
    if (!end || end[1] == '\'')
        return NULL;
    const char *rest = read_part(model->arena, begin + 1, end, &name);
    if (rest && rest < end && *rest == '.') {
        schema = name;
        rest = read_part(model->arena, rest + 1, end, &name);
    }
    bool here = !schema || strcmp(schema, model->catalog->schema) == 0;
    return rest == end && here ? name : NULL;
}

struct model_sequence *model_default_sequence(const struct model *model, const char *expr)
{
    const char *name = expr ? drawn_from(model, expr) : NULL;
    return name ? model_sequence(model, name) : NULL;
}

const struct catalog_sequence *model_old_sequence(const struct model *model, const struct model_table *table,
                                                  const struct model_column *column)
{
    const struct column *origin = column->origin;
    if (!origin || origin->generated)
        return NULL;
    if (origin->identity)
        return catalog_sequence_of(model->catalog, table->origin, origin);
    const char *name = origin->default_expr ? drawn_from(model, origin->default_expr) : NULL;
    return name ? catalog_sequence(model->catalog, name) : NULL;
}

struct model_sequence *model_new_sequence(const struct model *model, const struct model_table *table,
                                          const struct model_column *column)
{
    if (column->dropped)
        return NULL;
    if (column->identity && column->identity_sequence)
        return model_sequence(model, column->identity_sequence);
    if (column->identity) {
        const struct catalog_sequence *origin = model_old_sequence(model, table, column);
        return origin ? model_sequence(model, origin->name) : NULL;
    }
    return model_default_sequence(model, column->default_expr);
}
