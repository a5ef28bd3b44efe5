/* A new column in steps: first the column alone, then what would have written or read every row. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/lint/fix_internal.h"
#include "postgres/lint/statement.h"

/* The action's text without the parts of that kind. */
static const char *without(const struct fix *fix, const struct column_part *parts, size_t n, unsigned kinds)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t at = fix->action->place.begin;
    for (size_t i = 0; i < n; i++) {
        if (!(parts[i].flag & kinds))
            continue;
        size_t end = parts[i].place.begin;
        while (end > at && strchr(" \t\r\n", fix->text[end - 1]))
            end--;
        text_append_n(&out, fix->text + at, end - at);
        at = parts[i].place.end;
    }
    text_append_n(&out, fix->text + at, fix->action->place.end - at);
    return arena_strdup(fix->arena, text_string(&out));
}

static const struct column_part *part_of(const struct column_part *parts, size_t n, unsigned flag)
{
    for (size_t i = 0; i < n; i++) {
        if (parts[i].flag & flag)
            return &parts[i];
    }
    return NULL;
}

/* Behind CONSTRAINT and its name. */
static const char *body_of(const struct fix *fix, const struct column_part *part)
{
    return fix_words(fix, (struct lint_slice){part->body, part->place.end});
}

static const char *in_brackets(const char *words)
{
    const char *open = strchr(words, '(');
    return open ? open : words;
}

/* Up to the parenthesis that closes the first one. */
static const char *expression_of(const struct fix *fix, const char *check)
{
    const char *open = in_brackets(check);
    int depth = 0;
    size_t n = 0;
    do {
        depth += open[n] == '(' ? 1 : open[n] == ')' ? -1 : 0;
    } while (open[n++] && depth > 0);
    return arena_strndup(fix->arena, open, n);
}

static bool add_check(struct fix *fix, const struct column_part *part)
{
    const char *body = body_of(fix, part);
    const char *name = part->name ? part->name : fix_check_name(fix, expression_of(fix, body));
    if (!name)
        return false;
    fix_not_valid(fix, name, body);
    return true;
}

static bool add_reference(struct fix *fix, const struct column_part *part)
{
    bool parts = fix->relation && fix->relation->partitioned;
    const char *name = part->name ? part->name : fix_name(fix, fix->action->column, "fkey");
    if (parts && fix->request->settings->server_major < 18)
        return false;
    fix_not_valid(fix, name,
                  pg_format(fix->arena, "FOREIGN KEY (%I) %s", fix->action->column, body_of(fix, part)));
    return true;
}

static bool add_key(struct fix *fix, const struct column_part *part)
{
    bool parts = fix->relation && (fix->relation->partitioned || fix->relation->parent);
    const char *body = body_of(fix, part);
    const char *name = part->name ? part->name : fix_name(fix, fix->action->column, "key");
    if (parts || (fix->action->flags & (LINT_ONLY | LINT_IF_EXISTS)) || strlen(body) != strlen("unique"))
        return false;
    fix_key(fix, name, "UNIQUE", pg_format(fix->arena, "(%I)", fix->action->column), "");
    return true;
}

/* A hundred pages at a time, in transactions of their own. Rows that move while this runs are met in the second round. */
static void fill(struct fix *fix)
{
    const char *column = pg_format(fix->arena, "%I", fix->action->column);
    fix_add(
        fix,
        "DO $fill$\n"
        "DECLARE\n"
        "    page bigint;\n"
        "BEGIN\n"
        "    FOR round IN 1..2 LOOP\n"
        "        page := 0;\n"
        "        WHILE page * current_setting('block_size')::bigint < pg_relation_size(%s) LOOP\n"
        "            SET LOCAL lock_timeout = 0;\n"
        "            UPDATE %s SET %s = DEFAULT\n"
        "            WHERE %s IS NULL AND ctid >= format('(%%s,0)', page)::tid AND ctid < format('(%%s,0)', page + 100)::tid;\n"
        "            COMMIT;\n"
        "            page := page + 100;\n"
        "        END LOOP;\n"
        "    END LOOP;\n"
        "END\n"
        "$fill$",
        pg_format(fix->arena, "%L", fix->table), fix->table, column, column);
}

/* A scan by place goes to its pages at once from this release on. */
enum { SCANS_BY_PLACE = 14 };

static bool can_fill(const struct fix *fix)
{
    bool parts = fix->relation && fix->relation->partitioned;
    return !parts && fix->relation && !(fix->action->flags & (LINT_IF_EXISTS | LINT_IF_NOT_EXISTS)) &&
           fix->request->settings->server_major >= SCANS_BY_PLACE;
}

static bool fill_default(struct fix *fix, const struct column_part *parts, size_t n)
{
    const struct column_part *value = part_of(parts, n, LINT_HAS_DEFAULT);
    bool other = part_of(parts, n, LINT_UNIQUE | LINT_PRIMARY | LINT_CHECK | LINT_REFERENCES) != NULL;
    if (!value || other || !can_fill(fix))
        return false;
    const char *column = pg_format(fix->arena, "%I", fix->action->column);
    fix_add(fix, "%s%s", fix->head, without(fix, parts, n, LINT_HAS_DEFAULT | LINT_NOT_NULL));
    fix_add(fix, "%sALTER COLUMN %s SET %s", fix->head, column, body_of(fix, value));
    fill(fix);
    if (fix->action->flags & LINT_NOT_NULL)
        fix_not_null(fix, fix->action->column);
    return true;
}

static bool fill_serial(struct fix *fix, size_t n)
{
    static const char *const types[][2] = {
        {"bigserial", "bigint"}, {"smallserial", "smallint"}, {"serial", "integer"}};
    const char *type = NULL;
    for (size_t i = 0; i < SEGUE_COUNT(types); i++)
        type = strcmp(types[i][0], fix->action->type) == 0 ? types[i][1] : type;
    if (!type || n || !can_fill(fix))
        return false;
    const struct lint_action *action = fix->action;
    const char *column = pg_format(fix->arena, "%I", action->column);
    const char *name = fix_name(fix, action->column, "seq");
    const char *sequence = pg_format(fix->arena, "%Q", action->relation.schema, name);
    fix_add(fix, "%sADD COLUMN %s %s", fix->head, column, type);
    fix_add(fix, "CREATE SEQUENCE %s AS %s OWNED BY %s.%s", sequence, type, fix->table, column);
    fix_add(fix, "%sALTER COLUMN %s SET DEFAULT nextval(%s)", fix->head, column,
            pg_format(fix->arena, "%L", sequence));
    fill(fix);
    fix_not_null(fix, action->column);
    return true;
}

/* Numbers of a sequence that is there meanwhile; the identity's own goes on behind the last of them. */
static bool fill_identity(struct fix *fix, const struct column_part *parts, size_t n)
{
    static const char *const types[] = {"bigint", "integer", "smallint"};
    const struct column_part *identity = part_of(parts, n, LINT_IDENTITY);
    const char *type = NULL, *body = identity ? body_of(fix, identity) : NULL;
    for (size_t i = 0; i < SEGUE_COUNT(types); i++)
        type = strcmp(types[i], fix->action->type) == 0 ? types[i] : type;
    if (!type || !body || strchr(body, '(') ||
        part_of(parts, n, ~(unsigned)(LINT_IDENTITY | LINT_NOT_NULL)) || !can_fill(fix))
        return false;
    const struct lint_action *action = fix->action;
    const char *column = pg_format(fix->arena, "%I", action->column);
    const char *name = fix_name(fix, action->column, "fill");
    const char *sequence = pg_format(fix->arena, "%Q", action->relation.schema, name);
    const char *literal = pg_format(fix->arena, "%L", sequence);
    fix_add(fix, "%sADD COLUMN %s %s", fix->head, column, type);
    fix_add(fix, "CREATE SEQUENCE %s AS %s", sequence, type);
    fix_add(fix, "%sALTER COLUMN %s SET DEFAULT nextval(%s)", fix->head, column, literal);
    fill(fix);
    fix_not_null(fix, action->column);
    fix_add(fix, "BEGIN");
    fix_add(fix, "%sALTER COLUMN %s DROP DEFAULT", fix->head, column);
    fix_add(fix, "%sALTER COLUMN %s ADD %s", fix->head, column, body);
    fix_add(fix, "SELECT setval(pg_get_serial_sequence(%s, %s), nextval(%s))",
            pg_format(fix->arena, "%L", fix->table), pg_format(fix->arena, "%L", action->column), literal);
    fix_add(fix, "DROP SEQUENCE %s", sequence);
    fix_add(fix, "COMMIT");
    return true;
}

static bool take_out(struct fix *fix, const struct column_part *parts, size_t n, unsigned flag,
                     bool (*add)(struct fix *fix, const struct column_part *part))
{
    const struct column_part *part = part_of(parts, n, flag);
    if (!part)
        return false;
    fix_add(fix, "%s%s", fix->head, without(fix, parts, n, part->flag));
    return add(fix, part);
}

bool fix_column(struct fix *fix)
{
    struct column_part *parts;
    size_t n;
    const char *rule = fix->request->rule;
    bool done = false;
    if (fix->request->in_transaction || !fix->head || (fix->action->flags & LINT_IF_NOT_EXISTS))
        return false;
    statement_column_parts(fix->arena, fix->text, fix->action->place, &parts, &n);
    if (strcmp(rule, "add-column-check") == 0)
        done = take_out(fix, parts, n, LINT_CHECK, add_check);
    else if (strcmp(rule, "add-column-foreign-key") == 0)
        done = take_out(fix, parts, n, LINT_REFERENCES, add_reference);
    else if (strcmp(rule, "add-column-key") == 0)
        done = take_out(fix, parts, n, LINT_UNIQUE, add_key);
    else if (strcmp(rule, "add-column-volatile-default") == 0)
        done = fill_default(fix, parts, n);
    else if (strcmp(rule, "add-column-serial") == 0)
        done = fill_serial(fix, n);
    else if (strcmp(rule, "add-column-identity") == 0)
        done = fill_identity(fix, parts, n);
    return done && fix_replace(fix);
}
