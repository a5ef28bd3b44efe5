#include "postgres/lint/type_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compare.h"
#include "base/must.h"

/* "numeric(10,2)" taken apart: -1 where there is no modifier. */
struct type {
    char base[64];
    long first, second;
    bool array;
};

static struct type take_apart(const char *name)
{
    struct type type = {.first = -1, .second = -1};
    size_t length = strlen(name);
    type.array = length > 2 && strcmp(name + length - 2, "[]") == 0;
    const char *open = strchr(name, '(');
    const char *close = open ? strchr(open, ')') : NULL;
    size_t head = open ? (size_t)(open - name) : length - (type.array ? 2 : 0);
    /* What stands behind the parenthesis belongs to the name: timestamp(3) without time zone. */
    (void)snprintf(type.base, sizeof type.base, "%.*s%s", (int)head, name, close ? close + 1 : "");
    if (open) {
        char *end;
        type.first = strtol(open + 1, &end, 10);
        type.second = *end == ',' ? strtol(end + 1, NULL, 10) : -1;
    }
    return type;
}

static const char *const built_in[] = {
    "bigint",
    "bigserial",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "character",
    "character varying",
    "cidr",
    "circle",
    "citext",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "ltree",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "nummultirange",
    "numeric",
    "numrange",
    "oid",
    "path",
    "pg_lsn",
    "point",
    "polygon",
    "real",
    "regclass",
    "regproc",
    "regtype",
    "serial",
    "smallint",
    "smallserial",
    "text",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "uuid",
    "vector",
    "xid",
    "xml",
};

bool type_is_built_in(const char *name)
{
    struct type type = take_apart(name);
    size_t length = strlen(type.base);
    if (type.array && length > 2 && strcmp(type.base + length - 2, "[]") == 0)
        type.base[length - 2] = '\0';
    return name_is_among(built_in, SEGUE_COUNT(built_in), type.base);
}

/* A numeric with a precision alone has no digits behind the point. */
static bool wider(const struct type *was, const struct type *now)
{
    if (now->first < 0)
        return true;
    if (was->first < 0)
        return false;
    bool scaled = strcmp(was->base, "numeric") == 0;
    long was_second = scaled && was->second < 0 ? 0 : was->second;
    long now_second = scaled && now->second < 0 ? 0 : now->second;
    return now->first >= was->first && was_second == now_second;
}

/* Types whose values stay as they are when the modifier grows. */
static bool grows_freely(const char *base)
{
    static const char *const bases[] = {"character varying",
                                        "numeric",
                                        "bit varying",
                                        "interval",
                                        "timestamp without time zone",
                                        "timestamp with time zone",
                                        "time without time zone",
                                        "time with time zone"};
    return name_is_among(bases, SEGUE_COUNT(bases), base);
}

/* Pairs whose values are the same bytes. */
static bool same_bytes(const struct type *was, const struct type *now)
{
    static const char *const pairs[][2] = {
        {"character varying", "text"},
        {"text", "character varying"},
        {"cidr", "inet"},
        {"xml", "text"},
        {"xml", "character varying"},
        {"integer", "oid"},
        {"integer", "regclass"},
        {"oid", "integer"},
        {"bit", "bit varying"},
        {"citext", "text"},
        {"citext", "character varying"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(pairs); i++) {
        if (strcmp(was->base, pairs[i][0]) == 0 && strcmp(now->base, pairs[i][1]) == 0)
            return now->first < 0;
    }
    return false;
}

static bool is_utc(const char *zone)
{
    return zone && (strcasecmp(zone, "utc") == 0 || strcasecmp(zone, "gmt") == 0 ||
                    strcasecmp(zone, "etc/utc") == 0 || strcmp(zone, "0") == 0);
}

static bool zone_changes(const struct type *was, const struct type *now)
{
    return strncmp(was->base, "timestamp", 9) == 0 && strncmp(now->base, "timestamp", 9) == 0 &&
           strcmp(was->base, now->base) != 0;
}

/* USING that says no more than the new type does: column::type. */
static bool says_nothing(struct arena *arena, const char *text, const struct lint_action *action)
{
    if (!(action->flags & LINT_USING) || !action->column)
        return true;
    const char *words = known_words(arena, text, action->expr);
    size_t length = strlen(action->column);
    if (strncmp(words, action->column, length) != 0)
        return false;
    return !words[length] || strncmp(words + length, " :: ", 4) == 0;
}

static struct type_change verdict(enum lint_truth rewrite, const char *why)
{
    return (struct type_change){.rewrite = rewrite, .why = why};
}

static struct type_change between(const struct known *known, const struct type *was, const struct type *now)
{
    bool same = strcmp(was->base, now->base) == 0 && was->first == now->first && was->second == now->second;
    if (same && was->array == now->array)
        return verdict(LINT_NO, NULL);
    if (was->array || now->array)
        return verdict(LINT_YES, "arrays are written anew");
    if (strcmp(was->base, now->base) == 0) {
        return verdict(grows_freely(now->base) && wider(was, now) ? LINT_NO : LINT_YES,
                       "every value is checked against the new length or precision");
    }
    if (same_bytes(was, now))
        return verdict(LINT_NO, NULL);
    if (zone_changes(was, now)) {
        const char *zone = known_time_zone(known);
        struct type_change change = verdict(zone ? LINT_YES : LINT_PERHAPS,
                                            "values change with the time zone, unless the session's is UTC");
        if (is_utc(zone))
            change = (struct type_change){
                .rewrite = LINT_NO, .reindex = LINT_YES, .why = "indexes on the column are built anew"};
        return change;
    }
    return verdict(LINT_YES, "values of the two types are stored differently");
}

/* A domain without a constraint is its base type; one with a constraint makes every row be written. */
static struct type_change to_domain(const struct known *known, const struct known_type *domain,
                                    const struct type *was)
{
    if (domain->constrained)
        return verdict(LINT_YES, "a domain with a constraint makes every row be written");
    if (!domain->base)
        return verdict(LINT_PERHAPS, "what the domain stands upon is not known");
    struct type base = take_apart(domain->base);
    return between(known, was, &base);
}

struct type_change type_change(struct arena *arena, const struct known *known, const char *text,
                               const struct lint_action *action, const char *was)
{
    const char *to = action->type ? action->type : "";
    if (!says_nothing(arena, text, action))
        return verdict(LINT_YES, "an expression in USING makes every row be written");
    if (!was)
        return verdict(LINT_PERHAPS, "the type before is not known");
    struct known_type *domain = known_type(known, to);
    struct type old = take_apart(was);
    struct type new = take_apart(to);
    struct known_type *old_domain = known_type(known, was);
    if (old_domain && old_domain->kind == KNOWN_DOMAIN && old_domain->base && !same_text(was, to))
        old = take_apart(old_domain->base);
    struct type_change change = domain && domain->kind == KNOWN_DOMAIN && !same_text(was, to)
                                    ? to_domain(known, domain, &old)
                                    : between(known, &old, &new);
    if (change.rewrite == LINT_NO && (action->flags & LINT_COLLATE)) {
        change.reindex = LINT_YES;
        change.why = "indexes on the column are built anew for the new collation";
    }
    return change;
}
