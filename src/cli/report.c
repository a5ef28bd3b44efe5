#include "cli/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/layout.h"

enum { REPORT_WIDTH = 100, LONGEST_LINE = 4096 };

int report_status(enum error_class class)
{
    switch (class) {
    case ERROR_NONE: return 0;
    case ERROR_REFUSED: return 1;
    case ERROR_USAGE: return 2;
    case ERROR_BUSY:
    case ERROR_INTERRUPTED: return 4;
    case ERROR_LOST:
    case ERROR_ROW:
    case ERROR_RESOURCE:
    case ERROR_DATABASE:
    case ERROR_BUG: return 3;
    }
    return 3;
}

static const char *heading(enum error_class class)
{
    switch (class) {
    case ERROR_REFUSED: return "refused";
    case ERROR_USAGE: return "usage";
    case ERROR_BUSY: return "busy";
    case ERROR_LOST: return "connection lost";
    case ERROR_ROW: return "row";
    case ERROR_RESOURCE: return "out of resources";
    case ERROR_DATABASE: return "database error";
    case ERROR_INTERRUPTED: return "interrupted";
    case ERROR_NONE:
    case ERROR_BUG: return "bug";
    }
    return "bug";
}

static void mask(char *string, const char *secret, size_t length)
{
    char *found = string;
    while (length && (found = memmem(found, strlen(found), secret, length))) {
        memset(found, '*', length);
        found += length;
    }
}

/* user:password@ of a URL, or password=… of a keyword string. */
static const char *password_in(const char *url, size_t *length)
{
    const char *authority = strstr(url, "://");
    if (authority) {
        const char *start = authority + 3;
        size_t end = strcspn(start, "/?");
        const char *at = memrchr(start, '@', end);
        const char *colon = at ? memchr(start, ':', (size_t)(at - start)) : NULL;
        *length = colon ? (size_t)(at - colon) - 1 : 0;
        return colon ? colon + 1 : NULL;
    }
    const char *word = strstr(url, "password=");
    if (!word)
        return NULL;
    word += strlen("password=");
    word += *word == '\'';
    *length = strcspn(word, " '");
    return word;
}

bool report_has_password(const char *url)
{
    size_t length = 0;
    return (password_in(url, &length) && length > 0) || strstr(url, "password=");
}

static void mask_all(struct error *err, const char *secret)
{
    if (!secret || !*secret)
        return;
    size_t length = 0;
    const char *password = password_in(secret, &length);
    char *const fields[] = {err->message, err->detail, err->hint, err->where};
    for (size_t i = 0; i < SEGUE_COUNT(fields); i++) {
        mask(fields[i], secret, strlen(secret));
        if (password)
            mask(fields[i], password, length);
    }
}

/* Splits "file:line:column"; false when `where` is a step id or else. */
static bool file_place(const char *where, char *file, size_t size, long *line, long *column)
{
    const char *last = strrchr(where, ':');
    if (!last || last == where)
        return false;
    const char *middle = memrchr(where, ':', (size_t)(last - where));
    if (!middle || middle == where || (size_t)(middle - where) >= size)
        return false;
    char *end;
    *line = strtol(middle + 1, &end, 10);
    if (end != last || *line < 1)
        return false;
    *column = strtol(last + 1, &end, 10);
    memcpy(file, where, (size_t)(middle - where));
    file[middle - where] = '\0';
    return !*end && *column >= 1;
}

static bool read_line(const char *path, long number, char *line, int size)
{
    FILE *file = fopen(path, "re");
    bool found = file != NULL;
    for (long i = 0; found && i < number; i++)
        found = fgets(line, size, file) != NULL;
    if (file)
        (void)fclose(file);
    line[found ? strcspn(line, "\r\n") : 0] = '\0';
    return found;
}

/* The line of the file with a mark under the column, which counts characters. */
static void source_line(const char *where, const char *mark, const char *plain, struct text *out)
{
    char path[256];
    char line[LONGEST_LINE];
    long number;
    long column;
    if (!file_place(where, path, sizeof path, &number, &column) ||
        !read_line(path, number, line, (int)sizeof line))
        return;
    int gutter = snprintf(NULL, 0, "%ld", number);
    text_printf(out, "  %*s |\n  %ld | %s\n  %*s | ", gutter, "", number, line, gutter, "");
    long at = 1;
    for (const char *c = line; *c && at < column; c++) {
        if (((unsigned char)*c & 0xc0) == 0x80)
            continue;
        text_append_char(out, *c == '\t' ? '\t' : ' ');
        at++;
    }
    text_printf(out, "%s^%s\n", mark, plain);
}

static void field(struct text *out, const char *label, const char *value, const char *dim, const char *plain)
{
    if (!*value)
        return;
    text_printf(out, "  %s", dim);
    layout_pad(out, label, 8);
    text_append(out, plain);
    layout_wrap(out, value, 10, 10, REPORT_WIDTH);
    text_append_char(out, '\n');
}

void report_text(const struct error *err, const char *secret, bool color, struct text *out)
{
    struct error shown = *err;
    mask_all(&shown, secret);
    const char *red = color ? "\033[1;31m" : "";
    const char *dim = color ? "\033[2m" : "";
    const char *plain = color ? "\033[0m" : "";
    text_printf(out, "segue: %s%s%s", red, heading(err->class), plain);
    if (strcmp(shown.message, heading(err->class)) != 0)
        text_printf(out, ": %s", shown.message);
    if (*shown.sqlstate)
        text_printf(out, " (SQLSTATE %s)", shown.sqlstate);
    text_append_char(out, '\n');
    if (*shown.where)
        text_printf(out, "  %s-->%s %s\n", dim, plain, shown.where);
    source_line(err->where, red, plain, out);
    field(out, "detail:", shown.detail, dim, plain);
    field(out, "hint:", shown.hint, dim, plain);
}

json_t *json_text(const char *string)
{
    if (!string)
        return json_null();
    json_t *json = json_string(string);
    if (json)
        return json;
    char *copy = strdup(string);
    for (char *c = copy; copy && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    json = copy ? json_string(copy) : NULL;
    free(copy);
    return json ? json : json_null();
}

static json_t *text_or_null(const char *string)
{
    return json_text(*string ? string : NULL);
}

static void append_document(json_t *document, struct text *out)
{
    char *string = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    text_append(out, string ? string : "{}");
    text_append_char(out, '\n');
    free(string);
    json_decref(document);
}

void report_json(const struct error *err, const char *secret, struct text *out)
{
    struct error shown = *err;
    mask_all(&shown, secret);
    append_document(json_pack("{s:{s:s, s:o, s:o, s:o, s:o, s:o}}", "error", "class",
                              error_class_name(err->class), "sqlstate", text_or_null(shown.sqlstate),
                              "message", text_or_null(shown.message), "detail", text_or_null(shown.detail),
                              "hint", text_or_null(shown.hint), "where", text_or_null(shown.where)),
                    out);
}

void json_print(json_t *document)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    append_document(document, &out);
    (void)fputs(text_string(&out), stdout);
}
