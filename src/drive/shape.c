#include "drive/shape.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "drive/supply.h"
#include "sql.h"

enum { TYPMOD_HEADER = 4 };

/* Where a column stands in the answer of sql/drive_columns.sql. */
enum {
    AT_NUMBER,
    AT_NAME,
    AT_QUOTED,
    AT_TYPE,
    AT_TYPE_NAME,
    AT_TYPE_TYPE,
    AT_CATEGORY,
    AT_MODIFIER,
    AT_BASE,
    AT_BASE_NAME,
    AT_BASE_NUMBER,
    AT_BASE_QUOTED,
    AT_NOT_NULL,
    AT_HAS_DEFAULT,
    AT_AUTOMATIC,
    AT_READ_ONLY,
    AT_HAS_TRIGGERS,
    AT_LABELS,
    AT_CHOICES,
    AT_HIGH,
    AT_LOW
};

struct family_entry {
    const char *type;
    enum family family;
    int width;
    const char *fixed;
    bool as_text;
};

/* Types by their name in pg_type. */
static const struct family_entry families[] = {
    {"int2", FAMILY_INTEGER, 2, NULL, false},
    {"int4", FAMILY_INTEGER, 4, NULL, false},
    {"int8", FAMILY_INTEGER, 8, NULL, false},
    {"numeric", FAMILY_NUMERIC, 0, NULL, false},
    {"float4", FAMILY_FLOAT, 4, NULL, false},
    {"float8", FAMILY_FLOAT, 8, NULL, false},
    {"money", FAMILY_NUMERIC, 8, NULL, false},
    {"text", FAMILY_TEXT, 0, NULL, false},
    {"varchar", FAMILY_TEXT, 0, NULL, false},
    {"bpchar", FAMILY_TEXT, 0, NULL, false},
    {"name", FAMILY_TEXT, 60, NULL, false},
    {"citext", FAMILY_TEXT, 0, NULL, false},
    {"bool", FAMILY_BOOLEAN, 0, NULL, false},
    {"timestamp", FAMILY_TIMESTAMP, 0, NULL, false},
    {"timestamptz", FAMILY_TIMESTAMP, 0, NULL, false},
    {"date", FAMILY_DATE, 0, NULL, false},
    {"time", FAMILY_TIME, 0, NULL, false},
    {"timetz", FAMILY_TIME, 0, NULL, false},
    {"interval", FAMILY_INTERVAL, 0, NULL, false},
    {"uuid", FAMILY_UUID, 0, NULL, false},
    {"json", FAMILY_JSON, 0, NULL, true},
    {"jsonb", FAMILY_JSON, 0, NULL, false},
    {"bytea", FAMILY_BYTES, 0, NULL, false},
    {"bit", FAMILY_BITS, 0, NULL, false},
    {"varbit", FAMILY_BITS, 0, NULL, false},
    {"inet", FAMILY_ADDRESS, 0, NULL, false},
    {"cidr", FAMILY_ADDRESS, 0, NULL, false},
    {"macaddr", FAMILY_FIXED, 0, "08:00:2b:01:02:03", false},
    {"tsvector", FAMILY_FIXED, 0, "amber birch", false},
    {"tsquery", FAMILY_FIXED, 0, "amber", false},
    {"xml", FAMILY_FIXED, 0, "<a/>", true},
    {"point", FAMILY_FIXED, 0, "(1,2)", true},
    {"box", FAMILY_FIXED, 0, "(2,2),(1,1)", true},
    {"lseg", FAMILY_FIXED, 0, "[(1,1),(2,2)]", true},
    {"path", FAMILY_FIXED, 0, "((1,1),(2,2))", true},
    {"polygon", FAMILY_FIXED, 0, "((1,1),(2,2),(3,1))", true},
    {"circle", FAMILY_FIXED, 0, "<(1,1),2>", true},
    {"hstore", FAMILY_FIXED, 0, "a=>1", false},
};

static bool is_true(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value && value[0] == 't';
}

static const char *copy(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(arena, value) : NULL;
}

/* A JSON array of strings. */
static void read_choices(struct arena *arena, const char *json, struct shape_column *column)
{
    json_t *list = json_loads(json, 0, NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *choice = arena_strdup(arena, json_string_value(json_array_get(list, i)));
        ARENA_PUSH(arena, column->choices, column->n_choices, choice);
    }
    json_decref(list);
    if (column->n_choices)
        column->family = FAMILY_CHOICE;
}

static void fix(struct arena *arena, struct shape_column *column, const char *value)
{
    column->family = FAMILY_FIXED;
    ARENA_PUSH(arena, column->choices, column->n_choices, value);
}

static void read_modifier(struct shape_column *column, const char *type_name, int modifier)
{
    if (column->family == FAMILY_NUMERIC && strcmp(type_name, "money") == 0) {
        column->scale = 2;
    } else if (column->family == FAMILY_NUMERIC) {
        /* numeric(precision, scale): precision in the high half, scale in the low eleven bits, since 15 with a sign. */
        int packed = modifier - TYPMOD_HEADER;
        column->scale = modifier < 0 ? 2 : ((packed & 0x7ff) ^ 1024) - 1024;
        column->width = modifier < 0 ? 12 : (packed >> 16) - column->scale;
    } else if (column->family == FAMILY_TEXT && modifier >= TYPMOD_HEADER) {
        column->width = modifier - TYPMOD_HEADER;
    } else if (column->family == FAMILY_BITS) {
        column->width = modifier > 0 ? modifier : 8;
    }
}

static void read_family(struct arena *arena, const struct rows *rows, size_t row, struct shape_column *column)
{
    const char *name = rows_get(rows, row, AT_TYPE_NAME);
    char type = rows_get(rows, row, AT_TYPE_TYPE)[0];
    column->family = FAMILY_UNKNOWN;
    for (size_t i = 0; i < SEGUE_COUNT(families); i++) {
        if (strcmp(families[i].type, name) != 0)
            continue;
        column->family = families[i].family;
        column->width = families[i].width;
        column->as_text = families[i].as_text;
        if (families[i].fixed)
            fix(arena, column, families[i].fixed);
        read_modifier(column, name, atoi(rows_get(rows, row, AT_MODIFIER)));
        break;
    }
    if (rows_get(rows, row, AT_CATEGORY)[0] == 'A' || type == 'm')
        fix(arena, column, "{}");
    if (type == 'r')
        fix(arena, column, "empty");
    if (rows_get(rows, row, AT_LABELS))
        read_choices(arena, rows_get(rows, row, AT_LABELS), column);
    else if (rows_get(rows, row, AT_CHOICES))
        read_choices(arena, rows_get(rows, row, AT_CHOICES), column);
}

static void read_bounds(const struct rows *rows, size_t row, struct shape_column *column)
{
    const char *low = rows_get(rows, row, AT_LOW), *high = rows_get(rows, row, AT_HIGH);
    column->has_low = low != NULL;
    column->low = low ? strtol(low, NULL, 10) : 0;
    column->has_high = high != NULL;
    column->high = high ? strtol(high, NULL, 10) : 0;
    /* The bounds may be exclusive: stay inside where there is room. */
    if (!high || column->high - column->low > 2) {
        column->low += column->has_low;
        column->high -= column->has_high;
    }
}

static struct shape_column read_column(struct arena *arena, const struct rows *rows, size_t row)
{
    const char *number = rows_get(rows, row, AT_BASE_NUMBER);
    struct shape_column column = {
        .name = copy(arena, rows, row, AT_NAME),
        .quoted = copy(arena, rows, row, AT_QUOTED),
        .type = copy(arena, rows, row, AT_TYPE),
        .not_null = is_true(rows, row, AT_NOT_NULL),
        .has_default = is_true(rows, row, AT_HAS_DEFAULT),
        .automatic = is_true(rows, row, AT_AUTOMATIC),
        .read_only = is_true(rows, row, AT_READ_ONLY),
        .has_triggers = is_true(rows, row, AT_HAS_TRIGGERS),
        .foreign = -1,
        .base_number = number ? atoi(number) : 0,
        .base_quoted = copy(arena, rows, row, AT_BASE_QUOTED),
    };
    read_family(arena, rows, row, &column);
    read_bounds(rows, row, &column);
    return column;
}

static int column_at(const struct shape *shape, int base_number)
{
    for (size_t i = 0; i < shape->n_columns; i++)
        if (shape->columns[i].base_number == base_number && shape->columns[i].base_quoted)
            return (int)i;
    return -1;
}

/* A JSON array of the table's attribute numbers as columns of the shape; false when the version does not see all of them. */
static bool read_numbers(struct arena *arena, const struct shape *shape, const char *json, int **out,
                         size_t *n)
{
    bool all = true;
    json_t *list = json_loads(json, 0, NULL);
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        int column = column_at(shape, (int)json_integer_value(json_array_get(list, i)));
        if (column < 0)
            all = false;
        else
            ARENA_PUSH(arena, *out, *n, column);
    }
    json_decref(list);
    return all;
}

/* How well a column can be given a value that no other row has; 0: not at all. */
static int uniqueness(const struct shape_column *column)
{
    if (column->automatic || column->read_only)
        return column->automatic ? 9 : 0;
    if (column->supply)
        return 8;
    if (column->foreign >= 0 || column->has_high)
        return 0;
    switch (column->family) {
    case FAMILY_UUID: return 7;
    case FAMILY_TEXT: return column->width == 0 || column->width >= 8 ? 6 : 0;
    case FAMILY_INTEGER: return column->width >= 4 ? 5 : 0;
    case FAMILY_NUMERIC: return column->width >= 10 ? 4 : 0;
    case FAMILY_TIMESTAMP:
    case FAMILY_BYTES: return 3;
    default: return 0;
    }
}

/* One column of the group gets values that nobody else has; where none can, rows cannot be made. */
static void make_unique(struct arena *arena, struct shape *shape, const int *columns, size_t n)
{
    struct shape_column *best = NULL;
    for (size_t i = 0; i < n; i++) {
        struct shape_column *column = &shape->columns[columns[i]];
        column->grouped = true;
        if (column->unique || !best || uniqueness(column) > uniqueness(best))
            best = column;
        if (best->unique)
            break;
    }
    if (best && (best->unique || uniqueness(best) > 0)) {
        best->unique = true;
        return;
    }
    shape->off |= OFF_INSERT;
    shape->off_reason = arena_printf(arena, "no value can be made that is unique in %s",
                                     best ? best->name : "an exclusion constraint");
}

static bool read_uniques(struct session *session, struct arena *arena, struct shape *shape, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {shape->base_oid};
    if (!session_query(session, sql_drive_uniques, 1, values, &rows, err))
        return false;
    for (size_t row = 0; row < rows_count(rows); row++) {
        int *columns;
        size_t n;
        const char *numbers = rows_get(rows, row, 0);
        bool all = read_numbers(arena, shape, numbers ? numbers : "[]", &columns, &n);
        if (all && n && is_true(rows, row, 1) && !shape->n_key) {
            shape->key = columns;
            shape->n_key = n;
            for (size_t i = 0; i < n; i++)
                shape->columns[columns[i]].key = true;
        }
        if (all)
            make_unique(arena, shape, columns, n);
    }
    return true;
}

static bool read_foreign_keys(struct session *session, struct arena *arena, struct shape *shape,
                              struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {shape->base_oid};
    if (!session_query(session, sql_drive_foreign_keys, 1, values, &rows, err))
        return false;
    for (size_t row = 0; row < rows_count(rows); row++) {
        struct shape_foreign foreign = {
            .ref_table = copy(arena, rows, row, 2),
            .ref_columns = copy(arena, rows, row, 3),
            .ref_present = copy(arena, rows, row, 4),
        };
        if (!read_numbers(arena, shape, rows_get(rows, row, 0), &foreign.columns, &foreign.n_columns))
            continue; /* a key of the other version's columns */
        for (size_t i = 0; i < foreign.n_columns; i++)
            if (shape->columns[foreign.columns[i]].foreign < 0)
                shape->columns[foreign.columns[i]].foreign = (int)shape->n_foreign;
        ARENA_PUSH(arena, shape->foreign, shape->n_foreign, foreign);
    }
    return true;
}

static void bind_overrides(struct arena *arena, struct shape *shape, const struct shape_override *overrides,
                           size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct shape_column *column = NULL;
        if (strcmp(overrides[i].table, shape->name) == 0)
            column = shape_column(shape, overrides[i].column);
        if (!column)
            continue;
        column->supply = supply_new(arena, column->type, overrides[i].expression);
        column->automatic = false; /* whoever gives values does not wait for the column's own */
        *overrides[i].used = true;
    }
}

bool shape_read(struct session *session, struct arena *arena, const char *name,
                const struct shape_override *overrides, size_t n_overrides, struct shape **out,
                struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct shape *shape = arena_alloc(arena, sizeof *shape);
    shape->name = arena_strdup(arena, name);
    shape->quoted = shape_quote(arena, name);
    const char *values[] = {shape->quoted};
    *out = NULL;
    if (!session_query(session, sql_drive_columns, 1, values, &rows, err))
        return false;
    if (!rows_count(rows))
        return true;
    for (size_t row = 0; row < rows_count(rows); row++) {
        struct shape_column column = read_column(arena, rows, row);
        ARENA_PUSH(arena, shape->columns, shape->n_columns, column);
        if (column.base_quoted) {
            shape->base = copy(arena, rows, row, AT_BASE_NAME);
            shape->base_oid = copy(arena, rows, row, AT_BASE);
        }
    }
    if (!shape->base)
        return true; /* nothing of it can be written */
    bind_overrides(arena, shape, overrides, n_overrides);
    *out = shape;
    return read_foreign_keys(session, arena, shape, err) && read_uniques(session, arena, shape, err);
}

struct shape_column *shape_column(struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->n_columns; i++)
        if (strcmp(shape->columns[i].name, name) == 0)
            return &shape->columns[i];
    return NULL;
}

bool shape_inserts(const struct shape_column *column)
{
    return !column->automatic && !column->read_only && (column->family != FAMILY_UNKNOWN || column->supply);
}

bool shape_updates(const struct shape_column *column)
{
    return shape_inserts(column) && !column->key;
}

const char *shape_quote(struct arena *arena, const char *name)
{
    struct text quoted = {0};
    text_append_char(&quoted, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '"')
            text_append_char(&quoted, '"');
        text_append_char(&quoted, *c);
    }
    text_append_char(&quoted, '"');
    const char *copied = arena_strdup(arena, text_string(&quoted));
    text_free(&quoted);
    return copied;
}
