#include "postgres/check_shape.h"

#include <string.h>
#include <strings.h>

#include "postgres/format.h"

bool check_type_grows(const struct check_shapes *shapes, const char *type)
{
    const struct schema_type *found = types_written(shapes->types, type);
    return found && found->kind == 'e' && found->n_shared;
}

/* From one enum to another: values are carried over by their labels. */
static bool goes_through_text(const struct check_shapes *shapes, const char *from, const char *to)
{
    const struct schema_type *old = types_written(shapes->types, from);
    const struct schema_type *now = types_written(shapes->types, to);
    return old && now && old->kind == 'e' && now->kind == 'e';
}

static const char *type_in_new_version(const struct check_shapes *shapes, const struct column *column)
{
    const struct schema_type *type = types_of_column(shapes->types, column);
    if (!type || !type->replaced)
        return column->type;
    return pg_format(shapes->arena, "%s%s", type->physical, column->type_is_array ? "[]" : "");
}

/* The serial types are no types: a column of one has the integer type. */
static const char *real_type(const char *type)
{
    static const char *const serials[][2] = {
        {"serial", "integer"}, {"serial4", "integer"},      {"bigserial", "bigint"},
        {"serial8", "bigint"}, {"smallserial", "smallint"}, {"serial2", "smallint"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(serials); i++)
        if (strcasecmp(type, serials[i][0]) == 0)
            return serials[i][1];
    return type;
}

static struct check_table *from_catalog(struct check_shapes *shapes, const char *name)
{
    const struct table *table = catalog_table(shapes->catalog, name);
    if (!table)
        return NULL;
    struct check_table *shape = arena_alloc(shapes->arena, sizeof *shape);
    shape->name[CHECK_OLD] = shape->name[CHECK_NEW] = table->name;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *column = &table->columns[i];
        struct check_column copy = {
            .name = {column->name, column->name},
            .type = {column->type, type_in_new_version(shapes, column)},
            .grown = check_type_grows(shapes, column->type),
            .default_expr = column->generated ? NULL : column->default_expr,
            .through_text = goes_through_text(shapes, column->type, type_in_new_version(shapes, column)) &&
                            types_of_column(shapes->types, column)->replaced,
        };
        ARENA_PUSH(shapes->arena, shape->columns, shape->n_columns, copy);
    }
    check_keys_read(shapes, shape, table);
    shape->next = shapes->tables;
    shapes->tables = shape;
    return shape;
}

static bool is_called(const char *name, const char *wanted)
{
    return name && strcmp(name, wanted) == 0;
}

struct check_table *check_shapes_table(struct check_shapes *shapes, struct name name,
                                       enum check_version version)
{
    if (name.schema && strcmp(name.schema, shapes->catalog->schema) != 0)
        return NULL;
    bool taken = false; /* by a table that had the name once: then the catalog's is that one */
    for (struct check_table *table = shapes->tables; table; table = table->next) {
        if (is_called(table->name[version], name.name))
            return table;
        taken |= is_called(table->name[CHECK_OLD], name.name);
    }
    return taken ? NULL : from_catalog(shapes, name.name);
}

struct check_column *check_table_column(const struct check_table *table, const char *name,
                                        enum check_version version)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (is_called(table->columns[i].name[version], name))
            return &table->columns[i];
    return NULL;
}

static void add_column(struct check_shapes *shapes, struct check_table *table, const struct change *change)
{
    if (check_table_column(table, change->column, CHECK_NEW))
        return;
    struct check_column column = {
        .name = {NULL, change->column},
        .type = {NULL, real_type(change->type)},
        .grown = check_type_grows(shapes, change->type),
    };
    ARENA_PUSH(shapes->arena, table->columns, table->n_columns, column);
}

static void apply_to_column(struct check_shapes *shapes, struct check_column *column,
                            const struct change *change)
{
    if (change->kind == CHANGE_DROP_COLUMN)
        column->name[CHECK_NEW] = NULL;
    else if (change->kind == CHANGE_RENAME_COLUMN)
        column->name[CHECK_NEW] = change->new_name;
    else if (change->kind == CHANGE_SET_DEFAULT)
        column->default_expr = change->expr;
    else if (change->kind == CHANGE_DROP_DEFAULT)
        column->default_expr = NULL;
    else if (change->kind == CHANGE_COLUMN_TYPE) {
        column->cast = change->expr ? NULL : change;
        column->cast_from = column->type[CHECK_NEW];
        column->type[CHECK_NEW] = real_type(change->type);
        column->grown |= check_type_grows(shapes, change->type);
        column->through_text = column->type[CHECK_OLD] &&
                               goes_through_text(shapes, column->type[CHECK_OLD], column->type[CHECK_NEW]);
    }
}

static void add_table(struct check_shapes *shapes, const struct change *change)
{
    if (check_shapes_table(shapes, change->table, CHECK_NEW))
        return;
    struct check_table *table = arena_alloc(shapes->arena, sizeof *table);
    table->name[CHECK_NEW] = change->table.name;
    table->created = true;
    table->next = shapes->tables;
    shapes->tables = table;
}

/* DROP INDEX does not name the table. */
static void drop_index(struct check_shapes *shapes, const struct change *change)
{
    const struct table *origin = catalog_index_table(shapes->catalog, change->table.name, NULL);
    struct check_table *table =
        origin ? check_shapes_table(shapes, (struct name){NULL, origin->name}, CHECK_OLD) : NULL;
    if (table)
        check_keys_apply(shapes, table, change);
}

bool check_names_table(const struct change *change)
{
    if (change_is_about_type(change))
        return false;
    switch (change->kind) {
    case CHANGE_DROP_INDEX:
    case CHANGE_RENAME_INDEX:
    case CHANGE_CREATE_SEQUENCE:
    case CHANGE_ALTER_SEQUENCE:
    case CHANGE_DROP_SEQUENCE:
    case CHANGE_RENAME_SEQUENCE: return false;
    case CHANGE_STATEMENT: return change->table.name != NULL;
    case CHANGE_COMMENT: return change->target != COMMENT_ON_INDEX;
    default: return true;
    }
}

void check_shapes_apply(struct check_shapes *shapes, const struct change *change)
{
    if (change->kind == CHANGE_CREATE_TABLE)
        add_table(shapes, change);
    if (change->kind == CHANGE_DROP_INDEX)
        drop_index(shapes, change);
    if (change->kind == CHANGE_CREATE_TABLE || !check_names_table(change))
        return;
    struct check_table *table = check_shapes_table(shapes, change->table, CHECK_NEW);
    if (!table)
        return;
    table->changed |=
        change->kind != CHANGE_COMMENT && change->kind != CHANGE_STATEMENT && change->kind != CHANGE_DATA_FIX;
    check_keys_apply(shapes, table, change);
    if (change->kind == CHANGE_RENAME_TABLE)
        table->name[CHECK_NEW] = change->new_name;
    else if (change->kind == CHANGE_DROP_TABLE)
        table->name[CHECK_NEW] = NULL;
    else if (change->kind == CHANGE_ADD_COLUMN)
        add_column(shapes, table, change);
    struct check_column *column =
        change->column ? check_table_column(table, change->column, CHECK_NEW) : NULL;
    if (column)
        apply_to_column(shapes, column, change);
}
