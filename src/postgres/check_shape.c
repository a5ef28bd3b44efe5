#include "postgres/check_shape.h"

#include <string.h>
#include <strings.h>

#include "postgres/format.h"

/* Whether `written` names the type: alone or with its schema, quoted where needed, perhaps as an array. */
static bool names_type(const struct check_shapes *shapes, const char *written, const char *type)
{
    const char *alone = pg_format(shapes->arena, "%I", type);
    const char *qualified = pg_format(shapes->arena, "%Q", shapes->catalog->schema, type);
    size_t length = strlen(written);
    if (length > 2 && strcmp(written + length - 2, "[]") == 0)
        length -= 2;
    return (strlen(alone) == length && strncmp(written, alone, length) == 0) ||
           (strlen(qualified) == length && strncmp(written, qualified, length) == 0);
}

bool check_type_grows(const struct check_shapes *shapes, const char *type)
{
    for (size_t i = 0; i < shapes->migration->n_changes; i++) {
        const struct change *change = &shapes->migration->changes[i];
        if (change->kind == CHANGE_ADD_ENUM_VALUE && names_type(shapes, type, change->table.name))
            return true;
    }
    return false;
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
            .type = {column->type, column->type},
            .grown = column->type_is_enum && check_type_grows(shapes, column->type),
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
    else if (change->kind == CHANGE_COLUMN_TYPE) {
        column->cast = change->expr ? NULL : change;
        column->cast_from = column->type[CHECK_NEW];
        column->type[CHECK_NEW] = real_type(change->type);
        column->grown |= check_type_grows(shapes, change->type);
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
    switch (change->kind) {
    case CHANGE_DROP_INDEX:
    case CHANGE_RENAME_INDEX:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ADD_ENUM_VALUE: return false;
    case CHANGE_STATEMENT: return change->table.name != NULL;
    case CHANGE_COMMENT: return change->target != COMMENT_ON_INDEX && change->target != COMMENT_ON_TYPE;
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
    table->changed |= change->kind != CHANGE_COMMENT && change->kind != CHANGE_STATEMENT;
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
