#include "postgres/lint/volatility.h"

#include <string.h>

#include "base/must.h"
#include "postgres/lint/sql.h"

/* Functions of the server and of its extensions that are volatile by declaration and make values. */
static const char *const volatile_functions[] = {
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "nextval",
    "pg_advisory_lock",
    "pg_backend_pid",
    "pg_sleep",
    "random",
    "random_normal",
    "setseed",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuid_generate_v6",
    "uuid_generate_v7",
    "uuidv4",
    "uuidv7",
    "ulid_generate",
    "gen_ulid",
    "uuid_v7",
};

/* Those that are stable or immutable, and stand in defaults. */
static const char *const steady_functions[] = {
    "abs",
    "age",
    "array_append",
    "array_cat",
    "array_fill",
    "array_length",
    "array_to_string",
    "array",
    "ascii",
    "bit_length",
    "btrim",
    "cardinality",
    "cast",
    "ceil",
    "ceiling",
    "char_length",
    "chr",
    "coalesce",
    "concat",
    "concat_ws",
    "convert_from",
    "convert_to",
    "current_database",
    "current_date",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "date",
    "date_part",
    "date_trunc",
    "daterange",
    "decode",
    "encode",
    "exp",
    "extract",
    "floor",
    "format",
    "greatest",
    "has_table_privilege",
    "in",
    "initcap",
    "inet_client_addr",
    "int4range",
    "int8range",
    "interval",
    "isfinite",
    "json_build_array",
    "json_build_object",
    "json_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "jsonb_object",
    "jsonb_set",
    "justify_days",
    "least",
    "left",
    "length",
    "localtime",
    "localtimestamp",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "now",
    "nullif",
    "numrange",
    "octet_length",
    "overlay",
    "pi",
    "point",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row",
    "rpad",
    "rtrim",
    "session_user",
    "sha256",
    "sha512",
    "sign",
    "split_part",
    "sqrt",
    "starts_with",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "text",
    "timestamp",
    "timestamptz",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsvector",
    "transaction_timestamp",
    "translate",
    "trim",
    "trunc",
    "tsrange",
    "tstzrange",
    "txid_current",
    "unaccent",
    "upper",
    "user",
    "uuid",
    "uuid_nil",
    "uuid_ns_url",
    "varchar",
    "char",
    "numeric",
    "decimal",
    "time",
    "bit",
    "float",
    "character",
    "varying",
    "any",
    "values",
};

static bool listed(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

bool volatility_is_built_in(const char *function)
{
    return listed(volatile_functions, SEGUE_COUNT(volatile_functions), function);
}

static enum lint_truth function_volatility(const struct known *known, struct name name)
{
    if (!name.schema || strcmp(name.schema, "pg_catalog") == 0) {
        if (listed(volatile_functions, SEGUE_COUNT(volatile_functions), name.name))
            return LINT_YES;
        if (listed(steady_functions, SEGUE_COUNT(steady_functions), name.name))
            return LINT_NO;
    }
    const struct known_function *function = known ? known_function(known, name.name) : NULL;
    if (!function)
        return LINT_PERHAPS;
    return function->volatility == 'v' && !function->inlined ? LINT_YES : LINT_NO;
}

enum lint_truth volatility_of(struct arena *arena, const struct known *known, const char *text,
                              struct lint_slice expr, const char **function)
{
    enum lint_truth worst = LINT_NO;
    struct name name = {0};
    *function = NULL;
    for (size_t at = expr.begin; at < expr.end;) {
        struct lex_token token = lex_next(text, &at);
        if (token.kind == LEX_WORD || token.kind == LEX_QUOTED) {
            struct sql one = {.arena = arena, .text = text, .tokens = &token, .last = 1};
            name.name = sql_identifier(&one);
        } else if (lex_is(text, &token, ".")) {
            name.schema = name.name;
        } else {
            enum lint_truth truth =
                name.name && lex_is(text, &token, "(") ? function_volatility(known, name) : LINT_NO;
            if (truth > worst) {
                worst = truth;
                *function = name.name;
            }
            name = (struct name){0};
        }
    }
    return worst;
}

const char *volatility_changing(struct arena *arena, const struct known *known, const char *text,
                                struct lint_slice expr)
{
    static const char *const of_time_or_session[] = {
        "now",          "current_date",    "current_time",          "current_timestamp",
        "localtime",    "localtimestamp",  "transaction_timestamp", "statement_timestamp",
        "current_user", "session_user",    "current_role",          "current_setting",
        "user",         "current_schema",  "current_schemas",       "current_database",
        "age",          "inet_client_addr"};
    for (size_t at = expr.begin; at < expr.end;) {
        struct lex_token token = lex_next(text, &at);
        if (token.kind != LEX_WORD || token.begin >= expr.end)
            continue;
        struct sql one = {.arena = arena, .text = text, .tokens = &token, .last = 1};
        const char *name = sql_identifier(&one);
        size_t behind = at;
        struct lex_token next = lex_next(text, &behind);
        bool call = lex_is(text, &next, "(");
        bool keyword = strncmp(name, "current_", 8) == 0 || strncmp(name, "local", 5) == 0 ||
                       strcmp(name, "session_user") == 0;
        const struct known_function *function = known_function(known, name);
        if ((call || keyword) && listed(of_time_or_session, SEGUE_COUNT(of_time_or_session), name))
            return name;
        if (call && (listed(volatile_functions, SEGUE_COUNT(volatile_functions), name) ||
                     (function && function->volatility != 'i' && !function->inlined)))
            return name;
    }
    return NULL;
}

const char *volatility_sequence(struct arena *arena, const char *text, struct lint_slice expr)
{
    for (size_t at = expr.begin; at < expr.end;) {
        struct lex_token token = lex_next(text, &at);
        if (!lex_is(text, &token, "nextval"))
            continue;
        (void)lex_next(text, &at);
        token = lex_next(text, &at);
        struct sql one = {.arena = arena, .text = text, .tokens = &token, .last = 1};
        const char *name = sql_value(&one);
        const char *dot = strrchr(name, '.');
        return dot ? dot + 1 : name;
    }
    return NULL;
}
