/* Types in the words of the server's format_type. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"

/* How the server prints a built-in type. Modifiers stand where the asterisk is. */
static const struct builtin {
    const char *name;
    const char *printed;
} builtins[] = {
    {"bit", "bit*"},
    {"bool", "boolean"},
    {"bpchar", "character*"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"interval", "interval*"},
    {"json", "json"}, /* a keyword since PostgreSQL 16, and printed without quotes all the same */
    {"numeric", "numeric*"},
    {"time", "time* without time zone"},
    {"timestamp", "timestamp* without time zone"},
    {"timestamptz", "timestamp* with time zone"},
    {"timetz", "time* with time zone"},
    {"varbit", "bit varying*"},
    {"varchar", "character varying*"},
};

static const struct builtin *find_builtin(const char *name)
{
    for (size_t i = 0; i < SEGUE_COUNT(builtins); i++) {
        if (strcmp(builtins[i].name, name) == 0)
            return &builtins[i];
    }
    return NULL;
}

/* The modifiers as whole numbers; -1 when one of them is anything else. */
static int integers(const PgQuery__TypeName *type, int values[2])
{
    if (type->n_typmods > 2)
        return -1;
    for (size_t i = 0; i < type->n_typmods; i++) {
        const PgQuery__Node *node = type->typmods[i];
        if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull)
            return -1;
        if (node->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
            return -1;
        values[i] = node->a_const->ival->ival;
    }
    return (int)type->n_typmods;
}

/* INTERVAL's first modifier: a mask of the fields that it keeps (datetime.h: MONTH 1, YEAR 2, DAY 3, HOUR 10, MINUTE 11,
 * SECOND 12). */
static const char *interval_fields(int mask)
{
    enum { MONTH = 1 << 1, YEAR = 1 << 2, DAY = 1 << 3, HOUR = 1 << 10, MINUTE = 1 << 11, SECOND = 1 << 12 };
    switch (mask) {
    case YEAR: return " year";
    case MONTH: return " month";
    case DAY: return " day";
    case HOUR: return " hour";
    case MINUTE: return " minute";
    case SECOND: return " second";
    case YEAR | MONTH: return " year to month";
    case DAY | HOUR: return " day to hour";
    case DAY | HOUR | MINUTE: return " day to minute";
    case DAY | HOUR | MINUTE | SECOND: return " day to second";
    case HOUR | MINUTE: return " hour to minute";
    case HOUR | MINUTE | SECOND: return " hour to second";
    case MINUTE | SECOND: return " minute to second";
    default: return "";
    }
}

/* The modifiers as the server prints them; NULL when they are not what the type takes. */
static const char *builtin_modifiers(struct arena *arena, const char *name, const PgQuery__TypeName *type)
{
    int values[2] = {0, 0};
    int n = integers(type, values);
    if (n < 0)
        return NULL;
    if (strcmp(name, "interval") == 0)
        return n == 2   ? arena_printf(arena, "%s(%d)", interval_fields(values[0]), values[1])
               : n == 1 ? interval_fields(values[0])
                        : "";
    if (strcmp(name, "numeric") == 0 && n > 0)
        return arena_printf(arena, "(%d,%d)", values[0], values[1]);
    if (n == 2)
        return NULL;
    return n == 1 ? arena_printf(arena, "(%d)", values[0]) : "";
}

static bool print_builtin(const struct read_statement *s, const struct builtin *builtin,
                          const PgQuery__TypeName *type, struct text *out)
{
    const char *modifiers = builtin_modifiers(s->reader->arena, builtin->name, type);
    const char *star = strchr(builtin->printed, '*');
    if (!modifiers || (*modifiers && !star))
        return read_fail(s, (size_t)type->location, "the type %s cannot have these modifiers", builtin->name);
    if (!star) {
        text_append(out, builtin->printed);
        return true;
    }
    /* character without a length is another type than character(1) */
    if (strcmp(builtin->name, "bpchar") == 0 && !*modifiers)
        text_append(out, "bpchar");
    else
        text_printf(out, "%.*s%s%s", (int)(star - builtin->printed), builtin->printed, modifiers, star + 1);
    return true;
}

/* The modifiers of a type that is not built in: as they stand there. */
static bool print_modifiers(const struct read_statement *s, const PgQuery__TypeName *type, struct text *out)
{
    int values[2] = {0, 0};
    for (size_t i = 0; i < type->n_typmods; i++) {
        PgQuery__TypeName one = *type;
        one.typmods = type->typmods + i;
        one.n_typmods = 1;
        text_append(out, i ? "," : "(");
        const PgQuery__Node *node = type->typmods[i];
        bool word = node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1 &&
                    parse_string(node->column_ref->fields[0]);
        if (integers(&one, values) == 1)
            text_printf(out, "%d", values[0]);
        else if (word)
            pg_append(out, "%I", parse_string(node->column_ref->fields[0]));
        else
            return read_fail(s, (size_t)type->location, "this type's modifiers cannot be read");
    }
    text_append(out, type->n_typmods ? ")" : "");
    return true;
}

static bool print_type(const struct read_statement *s, const PgQuery__TypeName *type, struct text *out)
{
    struct name name;
    if (!read_name(s, type->names, type->n_names, &name))
        return false;
    bool own = !name.schema || strcmp(name.schema, "pg_catalog") == 0;
    const struct builtin *builtin = own ? find_builtin(name.name) : NULL;
    if (builtin)
        return print_builtin(s, builtin, type, out);
    /* pg_catalog is always on the search path, so that the server leaves it out */
    pg_append(out, "%Q", own ? NULL : name.schema, name.name);
    return print_modifiers(s, type, out);
}

bool read_type(const struct read_statement *s, const PgQuery__TypeName *type, const char **out)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    if (type->setof || type->pct_type)
        return read_fail(s, (size_t)type->location, "a column's type is written by its name");
    if (!print_type(s, type, &text))
        return false;
    /* The server keeps neither the number of dimensions nor their sizes. */
    text_append(&text, type->n_array_bounds ? "[]" : "");
    *out = arena_strdup(s->reader->arena, text_string(&text));
    return true;
}
