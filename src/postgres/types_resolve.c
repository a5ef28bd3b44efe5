/* What the names of types mean: the migration read once more, with every name replaced by where the type can be found. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/types.h"

/* Whose names a text has. */
enum naming {
    NAMES_OF_STATEMENT, /* those at this place of the file */
    NAMES_OF_NEW,       /* up, existing: the new version's */
    NAMES_OF_OLD,       /* down: the old version's */
    NAMES_OF_CATALOG    /* the catalog's own, for the new version */
};

struct resolving {
    const struct types *types;
    enum naming naming;
};

static struct schema_type *once_named(const struct types *types, const char *name)
{
    struct schema_type *found = NULL;
    for (size_t i = 0; i < types->n; i++) {
        for (size_t k = 0; k < types->list[i].n_names; k++)
            found = strcmp(types->list[i].names[k], name) == 0 ? &types->list[i] : found;
    }
    return found;
}

static struct schema_type *named_before(const struct types *types, const char *name)
{
    for (size_t i = 0; i < types->n; i++) {
        if (types->list[i].origin && strcmp(types->list[i].origin->name, name) == 0)
            return &types->list[i];
    }
    return NULL;
}

static struct schema_type *named_after(const struct types *types, const char *name)
{
    for (size_t i = 0; i < types->n; i++) {
        if (!types->list[i].dropped && strcmp(types->list[i].name, name) == 0)
            return &types->list[i];
    }
    return NULL;
}

static struct schema_type *meant(const struct resolving *resolving, const char *name)
{
    const struct types *types = resolving->types;
    struct schema_type *type = NULL;
    switch (resolving->naming) {
    case NAMES_OF_STATEMENT: return types_named(types, name);
    case NAMES_OF_CATALOG: return named_before(types, name);
    case NAMES_OF_NEW: type = named_after(types, name); break;
    case NAMES_OF_OLD: type = named_before(types, name); break;
    }
    return type ? type : once_named(types, name);
}

static const char *place_of(const void *context, const char *schema, const char *name)
{
    const struct resolving *resolving = context;
    const struct types *types = resolving->types;
    if (schema && strcmp(schema, types->catalog->schema) != 0)
        return NULL;
    const struct schema_type *type = meant(resolving, name);
    if (!type)
        return NULL;
    if (resolving->naming == NAMES_OF_OLD && type->origin)
        return strcmp(type->origin->name, name) == 0
                   ? NULL
                   : pg_format(types->arena, "%Q", types->catalog->schema, type->origin->name);
    return !type->moves && strcmp(type->physical_name, name) == 0 ? NULL : type->physical;
}

static const char *label_of(const void *context, const char *name, const char *label)
{
    const struct resolving *resolving = context;
    const struct schema_type *type = named_before(resolving->types, name);
    for (size_t i = 0; type && type->replaced && i < type->n_relabels; i++) {
        if (strcmp(type->relabels[i].from, label) == 0)
            return type->relabels[i].to;
    }
    return NULL;
}

static bool resolve(const struct types *types, enum naming naming, enum sql_text kind, const char **text,
                    struct error *err)
{
    const struct resolving resolving = {types, naming};
    const struct sql_type_names names = {
        .name = place_of, .label = naming == NAMES_OF_CATALOG ? label_of : NULL, .context = &resolving};
    return !*text || sql_types_rename(types->arena, kind, *text, &names, text, err);
}

bool types_of_new_version(const struct types *types, enum sql_text kind, const char *text, const char **out,
                          struct error *err)
{
    *out = text;
    return resolve(types, NAMES_OF_CATALOG, kind, out, err);
}

/* A column's type as the reader prints it. */
static const char *resolve_column_type(const struct types *types, const char *text)
{
    size_t length = strlen(text);
    bool array = length > 2 && strcmp(text + length - 2, "[]") == 0;
    length -= array ? 2 : 0;
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        if (!type->present)
            continue;
        const char *alone = pg_format(types->arena, "%I", type->name);
        const char *qualified = pg_format(types->arena, "%Q", types->catalog->schema, type->name);
        bool same = (strlen(alone) == length && strncmp(alone, text, length) == 0) ||
                    (strlen(qualified) == length && strncmp(qualified, text, length) == 0);
        if (same && (type->moves || strcmp(type->physical_name, type->name) != 0))
            return pg_format(types->arena, "%s%s", type->physical, array ? "[]" : "");
    }
    return text;
}

static bool resolve_constraint(const struct types *types, struct change *change, struct error *err)
{
    const char *definition = change->constraint->definition;
    if (!resolve(types, NAMES_OF_STATEMENT, SQL_CONSTRAINT, &definition, err) ||
        definition == change->constraint->definition)
        return true; /* what cannot be parsed this way names no type */
    struct constraint_def *def = arena_alloc(types->arena, sizeof *def);
    *def = *change->constraint;
    def->definition = definition;
    change->constraint = def;
    return true;
}

static bool resolve_change(const struct types *types, struct change *change, struct error *err)
{
    struct error ignored;
    if (change->type)
        change->type = resolve_column_type(types, change->type);
    if (change->expr && change->kind != CHANGE_COMMENT &&
        !resolve(types, NAMES_OF_STATEMENT, SQL_EXPRESSION, &change->expr, err))
        return false;
    if (!resolve(types, NAMES_OF_STATEMENT, SQL_EXPRESSION, &change->generated, err))
        return false;
    if (change->constraint && !resolve_constraint(types, change, &ignored))
        return false;
    if (change->index) {
        struct index_def *def = arena_alloc(types->arena, sizeof *def);
        *def = *change->index;
        if (!resolve(types, NAMES_OF_STATEMENT, SQL_STATEMENT, &def->definition, err))
            return false;
        change->index = def;
    }
    /* A statement that cannot be parsed again as it is stays as it is. */
    (void)resolve(types, NAMES_OF_STATEMENT, SQL_STATEMENT, &change->sql, &ignored);
    return true;
}

/* The names after one change about a type, as they are while the file is read. */
static void step_name(struct types *types, const struct change *change)
{
    for (size_t i = 0; i < types->n; i++) {
        struct schema_type *type = &types->list[i];
        if (type->created == change)
            type->present = true;
    }
    struct schema_type *type = types_named(types, change->table.name);
    if (type && change->kind == CHANGE_RENAME_TYPE)
        type->name = change->new_name;
    if (type && change->kind == CHANGE_DROP_TYPE)
        type->present = false;
}

static bool resolve_changes(struct types *types, struct migration *resolved, struct error *err)
{
    const char **last = arena_alloc(types->arena, types->n * sizeof *last + 1);
    for (size_t i = 0; i < types->n; i++) {
        last[i] = types->list[i].name;
        types->list[i].name = types->list[i].names[0];
        types->list[i].present = types->list[i].origin != NULL;
    }
    for (size_t i = 0; i < resolved->n_changes; i++) {
        struct change *change = &resolved->changes[i];
        const struct change *original = &types->migration->changes[i];
        if (change_is_about_type(original)) {
            step_name(types, original);
            continue;
        }
        if (!resolve_change(types, change, err))
            return error_where(err, "%s:%d:%d", resolved->path, change->place.line, change->place.column);
        /* Changes of one statement share its text. */
        if (i && original->sql == types->migration->changes[i - 1].sql)
            change->sql = resolved->changes[i - 1].sql;
    }
    for (size_t i = 0; i < types->n; i++)
        types->list[i].name = last[i];
    return true;
}

static bool resolve_annotations(const struct types *types, struct migration *resolved, struct error *err)
{
    for (size_t i = 0; i < resolved->n_annotations; i++) {
        struct annotation *annotation = &resolved->annotations[i];
        bool down = annotation->kind == ANNOTATION_DOWN;
        if (!down && annotation->kind != ANNOTATION_UP && annotation->kind != ANNOTATION_EXISTING)
            continue;
        if (!resolve(types, down ? NAMES_OF_OLD : NAMES_OF_NEW, SQL_EXPRESSION, &annotation->expr, err))
            return error_where(err, "%s:%d:%d", resolved->path, annotation->place.line,
                               annotation->place.column);
    }
    return true;
}

static void add_origins(struct types *types, const struct catalog_type *origins, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct schema_type type = {.kind = origins[i].kind,
                                   .origin = &origins[i],
                                   .name = origins[i].name,
                                   .present = true,
                                   .labels = origins[i].labels,
                                   .n_labels = origins[i].n_labels};
        ARENA_PUSH(types->arena, type.names, type.n_names, type.name);
        ARENA_PUSH(types->arena, types->list, types->n, type);
    }
}

/* Where the new version's types are until `complete`. */
static void place_types(struct types *types)
{
    for (size_t i = 0; i < types->n; i++) {
        struct schema_type *type = &types->list[i];
        bool name_taken = !type->origin && named_before(types, type->name);
        type->moves = type->replaced || name_taken;
        type->physical_name = type->origin && !type->replaced ? type->origin->name : type->name;
        type->physical = pg_format(types->arena, "%Q", type->moves ? types->version : types->catalog->schema,
                                   type->physical_name);
    }
}

static bool check_moves(const struct types *types, struct error *err)
{
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        if (!type->moves || type->kind != 'r')
            continue;
        error_set(err, ERROR_REFUSED, "the name \"%s\" is free only after complete", type->name);
        error_hint(err, "give the range type another name, or write two migrations");
        return error_where(err, "%s:%d:%d", types->migration->path, type->change->place.line,
                           type->change->place.column);
    }
    return true;
}

bool types_read(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                const char *version, struct types **out, const struct migration **resolved, struct error *err)
{
    struct types *types = arena_alloc(arena, sizeof *types);
    *types = (struct types){.arena = arena, .catalog = catalog, .migration = migration, .version = version};
    *out = types;
    *resolved = migration;
    add_origins(types, catalog->enums, catalog->n_enums);
    add_origins(types, catalog->types, catalog->n_types);
    bool any = false;
    for (size_t i = 0; i < migration->n_changes; i++) {
        if (!change_is_about_type(&migration->changes[i]))
            continue;
        any = true;
        if (!types_apply(types, i, err))
            return false;
    }
    if (!types_finish(types, err))
        return false;
    place_types(types);
    if (!any)
        return true;
    struct migration *copy = arena_alloc(arena, sizeof *copy);
    *copy = *migration;
    copy->changes = arena_alloc(arena, migration->n_changes * sizeof *copy->changes);
    memcpy(copy->changes, migration->changes, migration->n_changes * sizeof *copy->changes);
    copy->annotations = arena_alloc(arena, migration->n_annotations * sizeof *copy->annotations + 1);
    if (migration->n_annotations)
        memcpy(copy->annotations, migration->annotations,
               migration->n_annotations * sizeof *copy->annotations);
    *resolved = copy;
    return check_moves(types, err) && resolve_changes(types, copy, err) &&
           resolve_annotations(types, copy, err);
}
