#include "config/toml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/text.h"

struct reading {
    struct arena *arena;
    struct toml *out;
    struct error *err;
    const char *at;
    const char *line_begin;
    int line;
    const char *table;
    size_t entry; /* of out->entries, from 1; 0: the table is in no list */
};

static bool fail(struct reading *r, const char *message)
{
    error_set(r->err, ERROR_USAGE, "%s", message);
    return error_where(r->err, "%s:%d:%d", r->out->path, r->line, (int)(r->at - r->line_begin) + 1);
}

static void skip_blanks(struct reading *r)
{
    r->at += strspn(r->at, " \t\r");
}

/* Over blanks, comments and ends of lines. */
static void skip_lines(struct reading *r)
{
    for (;;) {
        skip_blanks(r);
        if (*r->at == '#')
            r->at += strcspn(r->at, "\n");
        if (*r->at != '\n')
            return;
        r->line_begin = ++r->at;
        r->line++;
    }
}

static bool line_ends(struct reading *r)
{
    skip_blanks(r);
    if (*r->at == '#')
        r->at += strcspn(r->at, "\n");
    return *r->at == '\n' || *r->at == '\0' || fail(r, "something stands behind the value");
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool escaped(struct reading *r, struct text *out)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\033\"\\";
    const char *found = *r->at ? strchr(from, *r->at) : NULL;
    if (!found)
        return fail(r, "there is no such escape here; a string in ' ' takes everything as it stands");
    text_append_char(out, to[found - from]);
    r->at++;
    return true;
}

/* A string on one line, in " " or, as it stands, in ' '. */
static bool quoted(struct reading *r, const char **out)
{
    SEGUE_CLEANUP(text_free) struct text string = {0};
    char quote = *r->at++;
    if (r->at[0] == quote && r->at[1] == quote)
        return fail(r, "strings of several lines are not read here");
    while (*r->at && *r->at != '\n' && *r->at != quote) {
        if (quote == '"' && *r->at == '\\') {
            r->at++;
            if (!escaped(r, &string))
                return false;
        } else {
            text_append_char(&string, *r->at++);
        }
    }
    if (*r->at != quote)
        return fail(r, "the string does not end on its line");
    r->at++;
    *out = arena_strdup(r->arena, text_string(&string));
    return true;
}

static bool key_part(struct reading *r, const char **out)
{
    if (*r->at == '"' || *r->at == '\'')
        return quoted(r, out);
    const char *begin = r->at;
    while (is_bare(*r->at))
        r->at++;
    if (r->at == begin)
        return fail(r, "a key is expected here");
    *out = arena_strndup(r->arena, begin, (size_t)(r->at - begin));
    return true;
}

/* a.b.c: the last part is the key, those before it go on with the table. */
static bool key(struct reading *r, const char *above, const char **table, const char **last)
{
    *table = above;
    *last = "";
    for (;;) {
        if (!key_part(r, last))
            return false;
        skip_blanks(r);
        if (*r->at != '.')
            return true;
        r->at++;
        skip_blanks(r);
        *table = **table ? arena_printf(r->arena, "%s.%s", *table, *last) : *last;
    }
}

/* -1, 1_000, 0.5: digits on both sides of the dot, as TOML wants it. */
static bool is_fraction(const char *digits)
{
    digits += *digits == '-' || *digits == '+';
    size_t whole = strspn(digits, "0123456789");
    if (whole == 0 || digits[whole] != '.')
        return false;
    size_t rest = strspn(digits + whole + 1, "0123456789");
    return rest > 0 && digits[whole + 1 + rest] == '\0';
}

static bool number(struct reading *r, struct toml_value *out)
{
    char digits[32];
    size_t n = 0;
    const char *begin = r->at;
    for (; is_bare(*r->at) || *r->at == '+' || *r->at == '.' || *r->at == ':'; r->at++) {
        if (*r->at == '_')
            continue;
        if (n == sizeof digits - 1)
            break;
        digits[n++] = *r->at;
    }
    digits[n] = '\0';
    char *end;
    errno = 0;
    out->kind = is_fraction(digits) ? TOML_FRACTION : TOML_NUMBER;
    out->fraction = strtod(digits, &end);
    if (out->kind == TOML_FRACTION && *end == '\0')
        return true;
    out->number = strtol(digits, &end, 10);
    if (n > 0 && *end == '\0' && errno == 0)
        return true;
    r->at = begin;
    return fail(r, "a string, a number, true, false or a list is expected here");
}

static bool word(struct reading *r, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(r->at, word, length) != 0 || is_bare(r->at[length]))
        return false;
    r->at += length;
    return true;
}

static bool scalar(struct reading *r, struct toml_value *out)
{
    if (*r->at == '"' || *r->at == '\'') {
        out->kind = TOML_STRING;
        return quoted(r, &out->string);
    }
    if (*r->at == '{')
        return fail(r, "inline tables are not read here; write [table]");
    if (word(r, "true") || word(r, "false")) {
        out->kind = TOML_BOOLEAN;
        out->boolean = r->at[-2] == 'u';
        return true;
    }
    return number(r, out);
}

static bool value(struct reading *r, struct toml_value *out)
{
    if (*r->at != '[')
        return scalar(r, out);
    r->at++;
    out->kind = TOML_LIST;
    for (;;) {
        struct toml_value item = {0};
        skip_lines(r);
        if (*r->at == ']')
            break;
        if (*r->at == '[')
            return fail(r, "lists in lists are not read here");
        if (!scalar(r, &item))
            return false;
        ARENA_PUSH(r->arena, out->items, out->n_items, item);
        skip_lines(r);
        if (*r->at == ',')
            r->at++;
        else if (*r->at != ']')
            return fail(r, "a comma or the end of the list is expected here");
    }
    r->at++;
    return true;
}

static bool names_a_list(const struct toml *toml, const char *table)
{
    for (size_t i = 0; i < toml->n_entries; i++)
        if (same_text(toml->entries[i].table, table))
            return true;
    return false;
}

/* [table], or [[table]] for the next of a list. */
static bool header(struct reading *r)
{
    const char *above = "", *last = "";
    bool listed = r->at[1] == '[';
    r->at += 1 + listed;
    skip_blanks(r);
    if (!key(r, "", &above, &last))
        return false;
    if (*r->at != ']' || (listed && r->at[1] != ']'))
        return fail(r, listed ? "the name of the table does not end with ]]"
                              : "the name of the table does not end with ]");
    r->at += 1 + listed;
    r->table = *above ? arena_printf(r->arena, "%s.%s", above, last) : last;
    r->entry = 0;
    if (listed) {
        const struct toml_entry entry = {r->table, r->line};
        ARENA_PUSH(r->arena, r->out->entries, r->out->n_entries, entry);
        r->entry = r->out->n_entries;
    } else if (names_a_list(r->out, r->table)) {
        return fail(r, "this table is a list: write [[ ]] around its name");
    }
    return line_ends(r);
}

static bool setting(struct reading *r)
{
    struct toml_setting setting = {.line = r->line, .entry = r->entry};
    if (!key(r, r->table, &setting.table, &setting.key))
        return false;
    for (size_t i = 0; i < r->out->n; i++) {
        const struct toml_setting *before = &r->out->settings[i];
        if (before->entry == setting.entry && same_text(before->table, setting.table) &&
            same_text(before->key, setting.key))
            return fail(r, "this key was set before");
    }
    if (*r->at != '=')
        return fail(r, "= is expected behind the key");
    r->at++;
    skip_blanks(r);
    if (!value(r, &setting.value) || !line_ends(r))
        return false;
    ARENA_PUSH(r->arena, r->out->settings, r->out->n, setting);
    return true;
}

bool toml_read(struct arena *arena, const char *path, const char *content, struct toml *out,
               struct error *err)
{
    *out = (struct toml){.path = arena_strdup(arena, path)};
    struct reading r = {
        .arena = arena, .out = out, .err = err, .at = content, .line_begin = content, .line = 1, .table = ""};
    for (skip_lines(&r); *r.at; skip_lines(&r)) {
        if (!(*r.at == '[' ? header(&r) : setting(&r)))
            return false;
    }
    return true;
}

const char *toml_kind_name(enum toml_kind kind)
{
    static const char *const names[] = {[TOML_STRING] = "a string",
                                        [TOML_NUMBER] = "a number",
                                        [TOML_FRACTION] = "a fraction",
                                        [TOML_BOOLEAN] = "true or false",
                                        [TOML_LIST] = "a list"};
    return names[kind];
}
