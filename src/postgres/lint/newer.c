#include "postgres/lint/newer.h"

#include <string.h>
#include <strings.h>

#include "base/must.h"

struct rewriting {
    struct sql sql;
    char *copy;
    size_t base;
    bool found;
    struct newer_form *newest;
};

/* The words from token `from` up to where the reader stands become `with`, filled up with blanks. */
static void put(struct rewriting *r, size_t from, const char *with)
{
    struct lint_slice slice = sql_slice(&r->sql, from);
    size_t room = slice.end - slice.begin;
    size_t length = strlen(with);
    memset(r->copy + slice.begin - r->base, ' ', room);
    memcpy(r->copy + slice.begin - r->base, with, length < room ? length : room);
}

static void note(struct rewriting *r, size_t token, int since, const char *words)
{
    if (!r->found || since > r->newest->since)
        *r->newest = (struct newer_form){since, words, r->sql.tokens[token].begin};
    r->found = true;
}

static bool before(const struct rewriting *r, size_t token, const char *word)
{
    return token > 0 && lex_is(r->sql.text, &r->sql.tokens[token - 1], word);
}

/* Words that become others wherever they stand: only what the grammar has refused comes here. */
static const struct phrase {
    const char *words, *with;
    int since;
} phrases[] = {
    {"virtual", "STORED", 18},
    {"not enforced", "", 18},
    {"enforced", "", 18},
    {"without overlaps", "", 18},
    {"set expression as", "SET DEFAULT", 17},
    {"set storage default", "SET STORAGE MAIN", 16},
    {"on large objects", "ON TABLES", 18},
    {"at local", "", 17},
    {"revoke inherit option for", "REVOKE", 16},
    {"revoke set option for", "REVOKE", 16},
    {"set statistics default", "SET STATISTICS -1", 17},
    {"set access method default", "SET ACCESS METHOD heap", 17},
    {"is json", "IS NULL", 16},
};

static bool phrase(struct rewriting *r)
{
    size_t from = r->sql.at;
    for (size_t i = 0; i < SEGUE_COUNT(phrases); i++) {
        if (sql_takes(&r->sql, phrases[i].words)) {
            put(r, from, phrases[i].with);
            note(r, from, phrases[i].since, phrases[i].words);
            return true;
        }
    }
    return false;
}

/* A column that is generated, with neither STORED nor VIRTUAL: virtual from 18 on. It becomes a CHECK. */
static bool generated(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (!sql_takes(&r->sql, "generated always as") || !sql_is(&r->sql, "("))
        return false;
    struct sql behind = r->sql;
    sql_skip(&behind);
    if (!sql_is(&behind, "stored") && !sql_is(&behind, "virtual")) {
        put(r, from, "CHECK");
        note(r, from, 18, "generated always as (…) without stored");
    }
    return true;
}

/* [CONSTRAINT name] NOT NULL column, as a constraint of the table: CHECK (column). */
static bool not_null(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (!sql_takes(&r->sql, "not null"))
        return false;
    size_t head = from;
    if (from >= 2 && lex_is(r->sql.text, &r->sql.tokens[from - 2], "constraint"))
        head = from - 2;
    bool of_table = before(r, head, "add") || before(r, head, "(") || before(r, head, ",");
    if (!of_table) {
        size_t behind = r->sql.at;
        if (sql_takes(&r->sql, "no inherit")) {
            put(r, behind, "");
            note(r, behind, 18, "no inherit of a column's not null");
        }
        return true;
    }
    if (!sql_identifier(&r->sql))
        return true;
    struct lint_slice column = {r->sql.tokens[r->sql.at - 1].begin, r->sql.tokens[r->sql.at - 1].end};
    char *to = r->copy + r->sql.tokens[from].begin - r->base;
    size_t length = column.end - column.begin;
    memset(to, ' ', column.end - r->sql.tokens[from].begin);
    static const char head_words[] = {'C', 'H', 'E', 'C', 'K', ' ', '('};
    memcpy(to, head_words, sizeof head_words);
    memcpy(to + sizeof head_words, r->sql.text + column.begin, length);
    to[sizeof head_words + length] = ')';
    note(r, from, 18, "not null as a constraint of the table");
    return true;
}

/* One word that is left out where it stands between certain others. */
static bool extra_word(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (sql_is(&r->sql, "period") && (before(r, from, ",") || before(r, from, "(")) &&
        !sql_ahead(&r->sql, 1, ",") && !sql_ahead(&r->sql, 1, ")")) {
        r->sql.at++;
        put(r, from, "");
        note(r, from, 18, "period");
        return true;
    }
    if (sql_is(&r->sql, "storage") && !before(r, from, "set") && from > 2) {
        r->sql.at += 2;
        put(r, from, "");
        note(r, from, 16, "storage in a column's definition");
        return true;
    }
    if (sql_is(&r->sql, "only") && (before(r, from, "vacuum") || before(r, from, "analyze"))) {
        r->sql.at++;
        put(r, from, "");
        note(r, from, 18, "only");
        return true;
    }
    return false;
}

/* ALTER CONSTRAINT name [NO] INHERIT, of a NOT NULL. */
static bool inherited_constraint(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (from < 3 || !before(r, from - 1, "constraint") || !before(r, from - 2, "alter") ||
        !(sql_takes(&r->sql, "no inherit") || sql_take(&r->sql, "inherit")))
        return false;
    put(r, from, "");
    note(r, from, 18, "alter constraint … inherit");
    return true;
}

/* GRANT role TO role WITH INHERIT TRUE, SET FALSE. */
static bool grant_options(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (!lex_is(r->sql.text, &r->sql.tokens[0], "grant") || !sql_is(&r->sql, "with") ||
        sql_ahead(&r->sql, 1, "grant") || sql_ahead(&r->sql, 1, "hierarchy"))
        return false;
    while (!sql_ended(&r->sql) && !sql_is(&r->sql, "granted"))
        r->sql.at++;
    put(r, from, "");
    note(r, from, 16, "grant … with inherit or set");
    return true;
}

/* A subquery in FROM that has no name: it becomes a function, which needs none. */
static bool nameless_subquery(struct rewriting *r)
{
    static const char *const behind_it[] = {")",      ",",       "where", "group", "order",     "having",
                                            "limit",  "offset",  "fetch", "union", "except",    "intersect",
                                            "window", "join",    "inner", "left",  "right",     "full",
                                            "cross",  "natural", "on",    "using", "returning", "for"};
    size_t from = r->sql.at;
    bool opens = sql_is(&r->sql, "(") && (before(r, from, "from") || before(r, from, "join"));
    if (!opens || !(sql_ahead(&r->sql, 1, "select") || sql_ahead(&r->sql, 1, "values") ||
                    sql_ahead(&r->sql, 1, "with")))
        return false;
    struct sql behind = r->sql;
    sql_skip(&behind);
    bool nameless = sql_ended(&behind);
    for (size_t i = 0; i < SEGUE_COUNT(behind_it); i++)
        nameless = nameless || sql_is(&behind, behind_it[i]);
    if (!nameless)
        return false;
    r->sql = behind;
    put(r, from, "now()");
    note(r, from, 16, "subquery in FROM without a name");
    return true;
}

/* REINDEX DATABASE and SYSTEM of the database that one is in. */
static bool nameless_reindex(struct rewriting *r)
{
    struct sql sql = r->sql;
    if (!sql_take(&sql, "reindex"))
        return false;
    if (sql_is(&sql, "("))
        sql_skip(&sql);
    if (!sql_take(&sql, "database") && !sql_take(&sql, "system"))
        return false;
    (void)sql_take(&sql, "concurrently");
    if (!sql_ended(&sql))
        return false;
    r->sql.at = sql.at;
    put(r, 0, "SELECT");
    note(r, 0, 16, "reindex without a name");
    return true;
}

/* Functions of SQL/JSON have a grammar of their own in their parentheses. */
static bool json(struct rewriting *r)
{
    const struct lex_token *token = &r->sql.tokens[r->sql.at];
    if (token->kind != LEX_WORD || token->end - token->begin < 5 ||
        strncasecmp(r->sql.text + token->begin, "json_", 5) != 0 || !sql_ahead(&r->sql, 1, "("))
        return false;
    size_t from = r->sql.at++;
    sql_skip(&r->sql);
    struct lint_slice inside = sql_slice(&r->sql, from + 1);
    for (size_t i = inside.begin + 1; i + 1 < inside.end; i++)
        r->copy[i - r->base] = ' ';
    note(r, from, 17, "sql/json");
    return true;
}

static bool merge_returning(struct rewriting *r)
{
    size_t from = r->sql.at;
    if (sql_takes(&r->sql, "not matched by source") || sql_takes(&r->sql, "not matched by target")) {
        put(r, from, "MATCHED");
        note(r, from, 17, "not matched by source");
        return true;
    }
    if (sql_is(&r->sql, "returning") && lex_is(r->sql.text, &r->sql.tokens[0], "merge")) {
        sql_skip_to_end(&r->sql);
        put(r, from, "");
        note(r, from, 17, "merge … returning");
        return true;
    }
    if (sql_takes(&r->sql, "returning with")) {
        size_t with = r->sql.at - 1;
        sql_skip(&r->sql);
        put(r, with, "");
        note(r, from, 18, "returning with");
        return true;
    }
    return false;
}

/* 1_000, 0x1F, 0b1, 0o7 */
static bool number(struct rewriting *r)
{
    const struct lex_token *token = &r->sql.tokens[r->sql.at];
    const char *digits = r->sql.text + token->begin;
    size_t length = token->end - token->begin;
    bool based = length > 2 && digits[0] == '0' && strchr("xXbBoO", digits[1]);
    if (token->kind != LEX_NUMBER || !(based || memchr(digits, '_', length)))
        return false;
    memset(r->copy + token->begin - r->base, '1', length);
    note(r, r->sql.at, 16, "numbers with underscores or another base");
    r->sql.at++;
    return true;
}

/* CREATE STATISTICS without a name has no words as long as it in 15: nothing of it is looked at. */
static bool nameless_statistics(struct rewriting *r)
{
    struct sql sql = r->sql;
    if (!sql_takes(&sql, "create statistics") || !(sql_is(&sql, "on") || sql_is(&sql, "(")))
        return false;
    sql_skip_to_end(&r->sql);
    put(r, 0, "SELECT");
    note(r, 0, 16, "create statistics without a name");
    return true;
}

bool newer_replace(const struct sql *sql, char *copy, struct newer_form *newest)
{
    struct rewriting r = {.sql = *sql, .copy = copy, .base = sql->tokens[0].begin, .newest = newest};
    r.sql.at = 0;
    if (nameless_statistics(&r) || nameless_reindex(&r))
        return true;
    while (!sql_ended(&r.sql)) {
        if (!generated(&r) && !not_null(&r) && !phrase(&r) && !extra_word(&r) && !json(&r) &&
            !merge_returning(&r) && !number(&r) && !inherited_constraint(&r) && !grant_options(&r) &&
            !nameless_subquery(&r))
            r.sql.at++;
    }
    return r.found;
}
