/* Types by the names under which the server prints them, so that one type has one name. */
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "postgres/lint/sql.h"

static const struct alias {
    const char *words, *name;
} aliases[] = {
    {"int", "integer"},
    {"int4", "integer"},
    {"int2", "smallint"},
    {"int8", "bigint"},
    {"serial", "serial"},
    {"serial4", "serial"},
    {"serial2", "smallserial"},
    {"serial8", "bigserial"},
    {"double precision", "double precision"},
    {"float8", "double precision"},
    {"float4", "real"},
    {"decimal", "numeric"},
    {"dec", "numeric"},
    {"bool", "boolean"},
    {"national character varying", "character varying"},
    {"national char varying", "character varying"},
    {"character varying", "character varying"},
    {"char varying", "character varying"},
    {"nchar varying", "character varying"},
    {"varchar", "character varying"},
    {"national character", "character"},
    {"national char", "character"},
    {"nchar", "character"},
    {"char", "character"},
    {"bpchar", "bpchar"},
    {"bit varying", "bit varying"},
    {"varbit", "bit varying"},
};

/* The name without modifiers. */
static const char *base(struct sql *sql)
{
    (void)sql_take(sql, "setof");
    if (!sql_ahead(sql, 1, ".")) {
        for (size_t i = 0; i < SEGUE_COUNT(aliases); i++) {
            if (sql_takes(sql, aliases[i].words))
                return aliases[i].name;
        }
    }
    struct name name = sql_name(sql);
    if (!name.name)
        return NULL;
    if (!name.schema || strcmp(name.schema, "pg_catalog") == 0)
        return name.name;
    return arena_printf(sql->arena, "%s.%s", name.schema, name.name);
}

/* "(10,2)" as printed; "" without. */
static const char *modifiers(struct sql *sql)
{
    size_t from = sql->at;
    if (!sql_is(sql, "("))
        return "";
    sql_skip(sql);
    struct lint_slice slice = sql_slice(sql, from);
    char *out = arena_strndup(sql->arena, sql->text + slice.begin, slice.end - slice.begin);
    size_t n = 0;
    for (const char *c = out; *c; c++) {
        if (!strchr(" \t\r\n", *c))
            out[n++] = *c;
    }
    out[n] = '\0';
    return out;
}

/* time and timestamp: the zone stands behind the precision. */
static const char *moment(struct sql *sql, const char *name)
{
    bool zone = strlen(name) > 2 && strcmp(name + strlen(name) - 2, "tz") == 0;
    const char *plain = strncmp(name, "timestamp", 9) == 0 ? "timestamp" : "time";
    const char *precision = modifiers(sql);
    if (sql_takes(sql, "with time zone"))
        zone = true;
    (void)sql_takes(sql, "without time zone");
    return arena_printf(sql->arena, "%s%s with%s time zone", plain, precision, zone ? "" : "out");
}

static const char *interval(struct sql *sql)
{
    static const char *const fields[] = {"year", "month", "day", "hour", "minute", "second", "to"};
    const char *precision = modifiers(sql);
    for (size_t i = 0; i < SEGUE_COUNT(fields);) {
        if (sql_take(sql, fields[i]))
            i = 0;
        else
            i++;
    }
    return arena_printf(sql->arena, "interval%s", *precision ? precision : modifiers(sql));
}

static const char *with_modifiers(struct sql *sql, const char *name)
{
    if (strcmp(name, "timestamp") == 0 || strcmp(name, "timestamptz") == 0 || strcmp(name, "time") == 0 ||
        strcmp(name, "timetz") == 0)
        return moment(sql, name);
    if (strcmp(name, "interval") == 0)
        return interval(sql);
    const char *given = modifiers(sql);
    if (strcmp(name, "float") == 0)
        return !*given || strtol(given + 1, NULL, 10) > 24 ? "double precision" : "real";
    if (!*given && (strcmp(name, "character") == 0 || strcmp(name, "bit") == 0))
        given = "(1)";
    return *given ? arena_printf(sql->arena, "%s%s", name, given) : name;
}

const char *sql_type(struct sql *sql)
{
    const char *name = base(sql);
    if (!name)
        return NULL;
    name = with_modifiers(sql, name);
    bool array = sql_take(sql, "array");
    while (sql_is(sql, "[")) {
        array = true;
        sql_skip(sql);
    }
    return array ? arena_printf(sql->arena, "%s[]", name) : name;
}
