/* The file's changes of types, in order: what psql would make of them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/types.h"

enum { NAME_BYTES = 63 }; /* NAMEDATALEN - 1 */

static bool refuse(const struct types *types, const struct change *change, struct error *err,
                   const char *format, ...) SEGUE_PRINTF(4, 5);

static bool refuse(const struct types *types, const struct change *change, struct error *err,
                   const char *format, ...)
{
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_set(err, ERROR_REFUSED, "%s", message);
    return error_where(err, "%s:%d:%d", types->migration->path, change->place.line, change->place.column);
}

struct schema_type *types_named(const struct types *types, const char *name)
{
    for (size_t i = 0; i < types->n; i++) {
        struct schema_type *type = &types->list[i];
        if (type->present && strcmp(type->name, name) == 0)
            return type;
    }
    return NULL;
}

/* Whether an annotation of that kind stands before the statement of the change. */
static bool marked(const struct types *types, size_t change, enum annotation_kind kind)
{
    for (size_t i = 0; i < types->migration->n_annotations; i++) {
        const struct annotation *annotation = &types->migration->annotations[i];
        if (annotation->kind == kind && annotation->statement == change)
            return true;
    }
    return false;
}

static const char *kind_name(char kind)
{
    return kind == 'e' ? "enum type" : kind == 'd' ? "domain" : kind == 'c' ? "composite type" : "type";
}

/* The type that a change is about; kind 0: any. With IF EXISTS and none, *out is NULL and the result true. */
static bool find(struct types *types, const struct change *change, char kind, struct schema_type **out,
                 struct error *err)
{
    const char *schema = change->table.schema;
    bool outside = schema && strcmp(schema, types->catalog->schema) != 0;
    *out = outside ? NULL : types_named(types, change->table.name);
    if (*out && kind && (*out)->kind != kind)
        *out = NULL;
    if (*out)
        (*out)->change = change;
    return *out || change->if_not ||
           refuse(types, change, err, "%s \"%s\" does not exist in schema \"%s\"", kind_name(kind),
                  change->table.name, types->catalog->schema);
}

static bool name_free(struct types *types, const struct change *change, const char *name, struct error *err)
{
    bool taken = types_named(types, name) != NULL || catalog_table(types->catalog, name) != NULL;
    for (size_t i = 0; i < types->catalog->n_type_names; i++) {
        bool ours = false;
        for (size_t k = 0; k < types->n; k++)
            ours = ours || (types->list[k].origin &&
                            strcmp(types->list[k].origin->name, types->catalog->type_names[i]) == 0);
        taken = taken || (!ours && strcmp(types->catalog->type_names[i], name) == 0);
    }
    return !taken || refuse(types, change, err, "type \"%s\" already exists", name);
}

/* Labels are names of the catalog, which the server does not cut but refuses. */
static bool check_label(const struct types *types, const struct change *change, const char *label,
                        struct error *err)
{
    if (strlen(label) <= NAME_BYTES)
        return true;
    refuse(types, change, err, "the value '%s' is longer than %d bytes", label, NAME_BYTES);
    return error_hint(err, "shorten it: the server keeps the values of an enum type as names");
}

static bool create(struct types *types, const struct change *change, char kind, struct error *err)
{
    const char *schema = change->table.schema;
    if (schema && strcmp(schema, types->catalog->schema) != 0)
        return refuse(types, change, err, "type \"%s.%s\" is outside schema \"%s\"", schema,
                      change->table.name, types->catalog->schema);
    if (!name_free(types, change, change->table.name, err))
        return false;
    for (size_t i = 0; i < change->n_labels; i++) {
        if (!check_label(types, change, change->labels[i], err))
            return false;
    }
    struct schema_type type = {.kind = kind,
                               .created = change,
                               .change = change,
                               .name = change->table.name,
                               .present = true,
                               .labels = change->labels,
                               .n_labels = change->n_labels};
    ARENA_PUSH(types->arena, type.names, type.n_names, type.name);
    ARENA_PUSH(types->arena, types->list, types->n, type);
    return true;
}

static bool refuse_users(const struct types *types, const struct schema_type *type,
                         const struct change *change, const char *advice, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text users = {0};
    for (size_t i = 0; i < type->origin->n_other_users; i++) {
        text_append(&users, i ? "\n" : "");
        text_append(&users, type->origin->other_users[i]);
    }
    refuse(types, change, err,
           "type \"%s\" is used by more than columns, so that it cannot be changed for one version alone",
           type->origin->name);
    error_detail(err, "%s", text_string(&users));
    return error_hint(err, "%s", advice);
}

/* The new version gets a type of its own; not where more than columns use the old one. */
static bool replace(struct types *types, struct schema_type *type, const struct change *change,
                    const char *advice, struct error *err)
{
    if (!type->origin)
        return true;
    type->replaced = true;
    return !type->origin->n_other_users || refuse_users(types, type, change, advice, err);
}

static const char expand_advice[] =
    "put \"-- segue: phase expand\" before the statement: the change is then made at once for both versions";

static bool find_label(const struct schema_type *type, const char *label, size_t *position)
{
    for (size_t i = 0; i < type->n_labels; i++) {
        if (strcmp(type->labels[i], label) == 0) {
            *position = i;
            return true;
        }
    }
    return false;
}

static bool add_value(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    size_t position;
    struct change needed = *change;
    needed.if_not = false; /* IF NOT EXISTS is about the value */
    if (!find(types, &needed, 'e', &type, err) || !type)
        return false;
    type->change = change;
    if (find_label(type, change->object, &position))
        return change->if_not || refuse(types, change, err, "type \"%s\" has the value '%s' already",
                                        type->name, change->object);
    if (!check_label(types, change, change->object, err))
        return false;
    position = type->n_labels;
    if (change->neighbour && !find_label(type, change->neighbour, &position))
        return refuse(types, change, err, "type \"%s\" has no value '%s'", type->name, change->neighbour);
    if (change->neighbour && !change->before)
        position++;
    if (type->origin && marked(types, number, ANNOTATION_PHASE_EXPAND))
        ARENA_PUSH(types->arena, type->shared, type->n_shared, change);
    else if (
        !replace(
            types, type, change,
            "put \"-- segue: phase expand\" before the statement: the value is then added at once for both "
            "versions, and stays after a rollback",
            err))
        return false;
    const char **labels = arena_alloc(types->arena, (type->n_labels + 1) * sizeof *labels);
    memcpy(labels, type->labels, position * sizeof *labels);
    labels[position] = change->object;
    memcpy(labels + position + 1, type->labels + position, (type->n_labels - position) * sizeof *labels);
    type->labels = labels;
    type->n_labels++;
    return true;
}

static void relabel(struct types *types, struct schema_type *type, const char *from, const char *to)
{
    for (size_t i = 0; i < type->n_relabels; i++) {
        if (strcmp(type->relabels[i].to, from) == 0) {
            type->relabels[i].to = to;
            return;
        }
    }
    struct rename rename = {from, to};
    size_t ignored;
    struct schema_type before = {.labels = type->origin->labels, .n_labels = type->origin->n_labels};
    if (find_label(&before, from, &ignored))
        ARENA_PUSH(types->arena, type->relabels, type->n_relabels, rename);
}

static bool rename_value(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    size_t position, other;
    if (!find(types, change, 'e', &type, err) || !type)
        return false;
    if (!find_label(type, change->object, &position))
        return refuse(types, change, err, "\"%s\" is not an existing enum label", change->object);
    if (!check_label(types, change, change->new_name, err))
        return false;
    if (find_label(type, change->new_name, &other))
        return refuse(types, change, err, "enum label \"%s\" already exists", change->new_name);
    if (type->origin && marked(types, number, ANNOTATION_PHASE_EXPAND))
        ARENA_PUSH(types->arena, type->shared, type->n_shared, change);
    else if (!replace(types, type, change, expand_advice, err))
        return false;
    else if (type->origin)
        relabel(types, type, change->object, change->new_name);
    const char **labels = arena_alloc(types->arena, type->n_labels * sizeof *labels);
    memcpy(labels, type->labels, type->n_labels * sizeof *labels);
    labels[position] = change->new_name;
    type->labels = labels;
    return true;
}

static bool rename_type(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    if (!find(types, change, 0, &type, err) || !name_free(types, change, change->new_name, err))
        return false;
    type->name = change->new_name;
    ARENA_PUSH(types->arena, type->names, type->n_names, type->name);
    if (marked(types, number, ANNOTATION_PHASE_CONTRACT))
        type->renamed_late = change;
    return true;
}

static bool drop(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    if (change->cascade) {
        refuse(types, change, err, "DROP TYPE … CASCADE does not say what else it drops");
        return error_hint(err, "write a DROP for each dependent object and leave CASCADE out");
    }
    if (!find(types, change, change->type_kind, &type, err))
        return false;
    if (!type)
        return true;
    if (!type->origin)
        return refuse(types, change, err, "type \"%s\" is created and dropped in the same file", type->name);
    type->dropped = true;
    type->present = false;
    return true;
}

/* A change of a domain or composite type beyond its name: of its own statement, for both versions or for a type of the file's. */
static bool alter(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    struct change needed = *change;
    needed.if_not = false; /* IF EXISTS is about the constraint */
    bool attribute = change->kind == CHANGE_TYPE_ATTRIBUTE;
    if (change->cascade) {
        refuse(types, change, err, "%s … CASCADE does not say what else it changes",
               attribute ? "ALTER TYPE" : "ALTER DOMAIN");
        return error_hint(err, "leave CASCADE out");
    }
    if (!find(types, &needed, attribute ? 'c' : 'd', &type, err) || !type)
        return false;
    type->change = change;
    if (type->origin)
        ARENA_PUSH(types->arena, type->shared, type->n_shared, change);
    else
        ARENA_PUSH(types->arena, type->own, type->n_own, change);
    return true;
}

static bool comment(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    struct schema_type *type;
    if (!find(types, change, 0, &type, err) || !type)
        return false;
    type->comment = change;
    return true;
}

/* A type that has another name at the end: the new version's is another one, unless the name changes at `complete`. */
static bool finish_rename(struct types *types, struct schema_type *type, struct error *err)
{
    static const char advice[] =
        "put \"-- segue: phase contract\" before the statement: both versions then call it by its old name until `complete`";
    const struct change *change = type->change;
    if (!type->origin || type->dropped || strcmp(type->name, type->origin->name) == 0)
        return true;
    if (type->renamed_late && !type->replaced)
        return true;
    if (type->kind != 'r')
        return replace(types, type, change, advice, err);
    refuse(types, change, err, "range type \"%s\" cannot have another name for one version alone",
           type->origin->name);
    return error_hint(err, "%s", advice);
}

bool types_finish(struct types *types, struct error *err)
{
    for (size_t i = 0; i < types->n; i++) {
        if (!finish_rename(types, &types->list[i], err))
            return false;
    }
    return true;
}

bool types_apply(struct types *types, size_t number, struct error *err)
{
    const struct change *change = &types->migration->changes[number];
    switch (change->kind) {
    case CHANGE_CREATE_ENUM: return create(types, change, 'e', err);
    case CHANGE_CREATE_TYPE: return create(types, change, change->type_kind, err);
    case CHANGE_ADD_ENUM_VALUE: return add_value(types, number, err);
    case CHANGE_RENAME_ENUM_VALUE: return rename_value(types, number, err);
    case CHANGE_RENAME_TYPE: return rename_type(types, number, err);
    case CHANGE_DROP_TYPE: return drop(types, number, err);
    case CHANGE_COMMENT: return comment(types, number, err);
    default: return alter(types, number, err);
    }
}
