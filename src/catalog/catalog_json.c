/*
 * The JSON form of a snapshot, as sql/catalog.sql prints it: objects have the names of the struct's fields as keys. A key
 * that is missing is false, zero, empty or NULL, except for those without which an object means nothing.
 */
#include <jansson.h>
#include <string.h>

#include "catalog/catalog.h"

/* Carried through one loading: where strings go, and the first thing found missing. */
struct loader {
    struct arena *arena;
    const char *missing; /* key, or NULL while all is well */
    const char *missing_in;
};

static const char *text(struct loader *loader, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? arena_strdup(loader->arena, value) : NULL;
}

/* A string that must be there; "" and a note in the loader when it is not. */
static const char *needed(struct loader *loader, const json_t *object, const char *key, const char *in)
{
    const char *value = text(loader, object, key);
    if (value)
        return value;
    if (!loader->missing) {
        loader->missing = key;
        loader->missing_in = in;
    }
    return "";
}

static bool flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static int integer(const json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static char letter(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return (char)(value ? value[0] : 0);
}

/* A list's elements: `count` zeroed structs of `size` bytes. */
static void *list(struct loader *loader, const json_t *array, size_t size, size_t *count)
{
    *count = json_array_size(array);
    return *count ? arena_alloc(loader->arena, *count * size) : NULL;
}

static const char **texts(struct loader *loader, const json_t *object, const char *key, size_t *count)
{
    const json_t *array = json_object_get(object, key);
    const char **values = list(loader, array, sizeof *values, count);
    for (size_t i = 0; i < *count; i++) {
        const char *value = json_string_value(json_array_get(array, i));
        values[i] = arena_strdup(loader->arena, value ? value : "");
    }
    return values;
}

static int *integers(struct loader *loader, const json_t *object, const char *key, size_t *count)
{
    const json_t *array = json_object_get(object, key);
    int *values = list(loader, array, sizeof *values, count);
    for (size_t i = 0; i < *count; i++)
        values[i] = (int)json_integer_value(json_array_get(array, i));
    return values;
}

static void load_column(struct loader *loader, const json_t *object, struct column *column)
{
    column->number = integer(object, "number");
    column->name = needed(loader, object, "name", "a column");
    column->type = needed(loader, object, "type", "a column");
    column->type_schema = needed(loader, object, "type_schema", "a column");
    column->type_name = needed(loader, object, "type_name", "a column");
    column->type_is_enum = flag(object, "type_is_enum");
    column->type_kind = letter(object, "type_kind");
    column->type_is_array = flag(object, "type_is_array");
    column->correlation = number(object, "correlation");
    column->collation = text(loader, object, "collation");
    column->not_null = flag(object, "not_null");
    column->not_null_name = text(loader, object, "not_null_name");
    column->not_null_no_inherit = flag(object, "not_null_no_inherit");
    column->not_null_comment = text(loader, object, "not_null_comment");
    column->default_expr = text(loader, object, "default_expr");
    column->default_volatile = flag(object, "default_volatile");
    column->generation_expr = text(loader, object, "generation_expr");
    column->generated = flag(object, "generated");
    column->identity = flag(object, "identity");
    column->identity_always = flag(object, "identity_always");
    column->inherited = integer(object, "inherited");
    column->merged = flag(object, "merged");
    column->owned_sequence = text(loader, object, "owned_sequence");
    column->comment = text(loader, object, "comment");
    column->grants = texts(loader, object, "grants", &column->n_grants);
    column->statistics_target =
        json_object_get(object, "statistics_target") ? integer(object, "statistics_target") : -1;
    column->storage = text(loader, object, "storage");
    column->compression = text(loader, object, "compression");
    column->options = text(loader, object, "options");
}

static void load_constraint(struct loader *loader, const json_t *object,
                            struct catalog_constraint *constraint)
{
    constraint->name = needed(loader, object, "name", "a constraint");
    constraint->kind = letter(object, "kind");
    constraint->definition = needed(loader, object, "definition", "a constraint");
    constraint->columns = integers(loader, object, "columns", &constraint->n_columns);
    constraint->valid = flag(object, "valid");
    constraint->index = text(loader, object, "index");
    constraint->ref_table = text(loader, object, "ref_table");
    constraint->ref_schema = text(loader, object, "ref_schema");
    constraint->ref_name = text(loader, object, "ref_name");
    constraint->ref_columns = integers(loader, object, "ref_columns", &constraint->n_ref_columns);
    constraint->inherited = flag(object, "inherited");
    constraint->comment = text(loader, object, "comment");
}

static void load_index(struct loader *loader, const json_t *object, struct catalog_index *index)
{
    index->name = needed(loader, object, "name", "an index");
    index->definition = needed(loader, object, "definition", "an index");
    index->unique = flag(object, "unique");
    index->primary = flag(object, "primary");
    index->valid = flag(object, "valid");
    index->constraint = flag(object, "constraint");
    index->walkable = flag(object, "walkable");
    index->keys = integers(loader, object, "keys", &index->n_keys);
    index->columns = integers(loader, object, "columns", &index->n_columns);
    index->clustered = flag(object, "clustered");
    index->replica_identity = flag(object, "replica_identity");
    index->parent = text(loader, object, "parent");
    index->comment = text(loader, object, "comment");
}

static void load_trigger(struct loader *loader, const json_t *object, struct catalog_trigger *trigger)
{
    trigger->name = needed(loader, object, "name", "a trigger");
    trigger->definition = needed(loader, object, "definition", "a trigger");
    trigger->before = flag(object, "before");
    trigger->row = flag(object, "row");
    trigger->on_insert = flag(object, "on_insert");
    trigger->on_update = flag(object, "on_update");
    trigger->enabled = flag(object, "enabled");
    trigger->function = text(loader, object, "function");
    trigger->function_cost = text(loader, object, "function_cost");
    trigger->function_owned = flag(object, "function_owned");
    trigger->columns = integers(loader, object, "columns", &trigger->n_columns);
}

static void load_dependent(struct loader *loader, const json_t *object, struct dependent *dependent)
{
    dependent->kind = needed(loader, object, "kind", "a dependent");
    dependent->name = needed(loader, object, "name", "a dependent");
    dependent->column = integer(object, "column");
    dependent->schema = text(loader, object, "schema");
    dependent->object = text(loader, object, "object");
}

static void load_statistics(struct loader *loader, const json_t *object, struct statistics_object *statistics)
{
    statistics->schema = needed(loader, object, "schema", "a statistics object");
    statistics->name = needed(loader, object, "name", "a statistics object");
    statistics->definition = needed(loader, object, "definition", "a statistics object");
    statistics->owner = needed(loader, object, "owner", "a statistics object");
    statistics->comment = text(loader, object, "comment");
    statistics->columns = integers(loader, object, "columns", &statistics->n_columns);
}

static void load_function(struct loader *loader, const json_t *object, struct catalog_function *function)
{
    function->name = needed(loader, object, "name", "a function");
    function->arguments = integer(object, "arguments");
    function->used = flag(object, "used");
    function->restricted = flag(object, "restricted");
    function->grants = texts(loader, object, "grants", &function->n_grants);
}

static void load_incoming(struct loader *loader, const json_t *object, struct incoming_key *key)
{
    key->constraint = needed(loader, object, "constraint", "an incoming foreign key");
    key->table = needed(loader, object, "table", "an incoming foreign key");
    key->ref_columns = integers(loader, object, "ref_columns", &key->n_ref_columns);
}

/* Loads the list `key` of object into owner->field by `load`, one call an element. */
#define LOAD_LIST(loader, object, key, owner, field, load)                                   \
    do {                                                                                     \
        const json_t *array = json_object_get((object), (key));                              \
        (owner)->field = list((loader), array, sizeof *(owner)->field, &(owner)->n_##field); \
        for (size_t i = 0; i < (owner)->n_##field; i++)                                      \
            load((loader), json_array_get(array, i), &(owner)->field[i]);                    \
    } while (0)

static void load_view(struct loader *loader, const json_t *object, struct catalog_view *view)
{
    view->name = needed(loader, object, "name", "a view");
    view->materialized = flag(object, "materialized");
    view->grants = texts(loader, object, "grants", &view->n_grants);
    LOAD_LIST(loader, object, "dependents", view, dependents, load_dependent);
}

static void load_table_flags(const json_t *object, struct table *table)
{
    table->owned = flag(object, "owned");
    table->row_security = flag(object, "row_security");
    table->is_partition = flag(object, "is_partition");
    table->has_children = flag(object, "has_children");
    table->has_parent = flag(object, "has_parent");
    table->has_rules = flag(object, "has_rules");
    table->published = flag(object, "published");
    table->parent_elsewhere = flag(object, "parent_elsewhere");
    table->detaching = flag(object, "detaching");
    table->is_unlogged = flag(object, "is_unlogged");
    table->in_extension = flag(object, "in_extension");
    table->is_heap = flag(object, "is_heap");
}

static void load_family(struct loader *loader, const json_t *object, struct table *table)
{
    table->parents = texts(loader, object, "parents", &table->n_parents);
    table->strange_children = texts(loader, object, "strange_children", &table->n_strange_children);
    table->bound = text(loader, object, "bound");
    table->partition_key = text(loader, object, "partition_key");
    table->partition_check = text(loader, object, "partition_check");
}

static void load_table(struct loader *loader, const json_t *object, struct table *table)
{
    table->schema = needed(loader, object, "schema", "a table");
    table->name = needed(loader, object, "name", "a table");
    table->oid = (uint32_t)json_integer_value(json_object_get(object, "oid"));
    table->kind = letter(object, "kind");
    table->owner = needed(loader, object, "owner", "a table");
    load_table_flags(object, table);
    table->rows = number(object, "rows");
    table->bytes = (int64_t)number(object, "bytes");
    table->pages = (int64_t)number(object, "pages");
    table->grants = texts(loader, object, "grants", &table->n_grants);
    table->comment = text(loader, object, "comment");
    load_family(loader, object, table);
    LOAD_LIST(loader, object, "columns", table, columns, load_column);
    LOAD_LIST(loader, object, "constraints", table, constraints, load_constraint);
    LOAD_LIST(loader, object, "indexes", table, indexes, load_index);
    LOAD_LIST(loader, object, "triggers", table, triggers, load_trigger);
    LOAD_LIST(loader, object, "dependents", table, dependents, load_dependent);
    LOAD_LIST(loader, object, "incoming", table, incoming, load_incoming);
    LOAD_LIST(loader, object, "statistics", table, statistics, load_statistics);
    table->policies = texts(loader, object, "policies", &table->n_policies);
}

static void load_sequence(struct loader *loader, const json_t *object, struct catalog_sequence *sequence)
{
    sequence->name = needed(loader, object, "name", "a sequence");
    sequence->type = needed(loader, object, "type", "a sequence");
    sequence->start = needed(loader, object, "start", "a sequence");
    sequence->increment = needed(loader, object, "increment", "a sequence");
    sequence->min = needed(loader, object, "min", "a sequence");
    sequence->max = needed(loader, object, "max", "a sequence");
    sequence->cache = needed(loader, object, "cache", "a sequence");
    sequence->cycle = flag(object, "cycle");
    sequence->owner = needed(loader, object, "owner", "a sequence");
    sequence->owned = flag(object, "owned");
    sequence->is_unlogged = flag(object, "is_unlogged");
    sequence->table = text(loader, object, "table");
    sequence->column = integer(object, "column");
    sequence->identity = flag(object, "identity");
    sequence->comment = text(loader, object, "comment");
    sequence->grants = texts(loader, object, "grants", &sequence->n_grants);
    sequence->users = texts(loader, object, "users", &sequence->n_users);
}

static void load_attribute(struct loader *loader, const json_t *object, struct type_attribute *attribute)
{
    attribute->name = needed(loader, object, "name", "an attribute");
    attribute->type = needed(loader, object, "type", "an attribute");
}

static void load_type(struct loader *loader, const json_t *object, struct catalog_type *type)
{
    type->kind = letter(object, "kind");
    type->kind = type->kind ? type->kind : 'e';
    type->schema = needed(loader, object, "schema", "a type");
    type->name = needed(loader, object, "name", "a type");
    type->owner = needed(loader, object, "owner", "a type");
    type->labels = texts(loader, object, "labels", &type->n_labels);
    type->base = text(loader, object, "base");
    type->collation = text(loader, object, "collation");
    type->default_expr = text(loader, object, "default_expr");
    type->not_null = flag(object, "not_null");
    LOAD_LIST(loader, object, "constraints", type, constraints, load_constraint);
    LOAD_LIST(loader, object, "attributes", type, attributes, load_attribute);
    type->comment = text(loader, object, "comment");
    type->grants = texts(loader, object, "grants", &type->n_grants);
    type->other_users = texts(loader, object, "other_users", &type->n_other_users);
}

static void load_catalog(struct loader *loader, const json_t *object, struct catalog *catalog)
{
    catalog->server_version = integer(object, "server_version");
    catalog->database = needed(loader, object, "database", "the catalog");
    catalog->user = needed(loader, object, "user", "the catalog");
    catalog->schema = needed(loader, object, "schema", "the catalog");
    catalog->search_path = texts(loader, object, "search_path", &catalog->n_search_path);
    catalog->can_silence_triggers = flag(object, "can_silence_triggers");
    catalog->cache_pages = (int64_t)number(object, "cache_pages");
    catalog->current_version = text(loader, object, "current_version");
    LOAD_LIST(loader, object, "tables", catalog, tables, load_table);
    LOAD_LIST(loader, object, "sequences", catalog, sequences, load_sequence);
    LOAD_LIST(loader, object, "views", catalog, views, load_view);
    LOAD_LIST(loader, object, "functions", catalog, functions, load_function);
    catalog->publications = texts(loader, object, "publications", &catalog->n_publications);
    catalog->extensions = texts(loader, object, "extensions", &catalog->n_extensions);
    LOAD_LIST(loader, object, "enums", catalog, enums, load_type);
    LOAD_LIST(loader, object, "types", catalog, types, load_type);
    catalog->relation_names = texts(loader, object, "relation_names", &catalog->n_relation_names);
    catalog->type_names = texts(loader, object, "type_names", &catalog->n_type_names);
    catalog->volatile_functions = texts(loader, object, "volatile_functions", &catalog->n_volatile_functions);
    catalog->schemas = texts(loader, object, "schemas", &catalog->n_schemas);
    LOAD_LIST(loader, object, "outside", catalog, outside, load_table);
}

static void json_cleanup(json_t **json)
{
    json_decref(*json);
}

bool catalog_from_json(struct arena *arena, const char *json, struct catalog **out, struct error *err)
{
    json_error_t problem;
    SEGUE_CLEANUP(json_cleanup) json_t *root = json_loads(json, 0, &problem);
    if (!json_is_object(root)) {
        error_set(err, ERROR_BUG, "the catalog snapshot is not a JSON object");
        return error_detail(err, "line %d, column %d: %s", problem.line, problem.column,
                            root ? "" : problem.text);
    }
    struct loader loader = {.arena = arena};
    struct catalog *catalog = arena_alloc(arena, sizeof *catalog);
    load_catalog(&loader, root, catalog);
    if (loader.missing)
        return error_set(err, ERROR_BUG, "the catalog snapshot has %s without \"%s\"", loader.missing_in,
                         loader.missing);
    *out = catalog;
    return true;
}

bool catalog_tables_from_json(struct arena *arena, const char *json, struct catalog *catalog,
                              struct error *err)
{
    json_error_t problem;
    SEGUE_CLEANUP(json_cleanup) json_t *tables = json_loads(json, 0, &problem);
    if (!json_is_array(tables))
        return error_set(err, ERROR_BUG, "the list of tables is not a JSON array: %s",
                         tables ? "" : problem.text);
    struct loader loader = {.arena = arena};
    SEGUE_CLEANUP(json_cleanup) json_t *object = json_pack("{s:O}", "outside", tables);
    LOAD_LIST(&loader, object, "outside", catalog, outside, load_table);
    return !loader.missing || error_set(err, ERROR_BUG, "the list of tables has %s without \"%s\"",
                                        loader.missing_in, loader.missing);
}
