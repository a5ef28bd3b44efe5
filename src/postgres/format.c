#include "postgres/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format_keywords.h"

bool pg_identifier_needs_quotes(const char *identifier)
{
    const char *c = identifier;
    if (!((*c >= 'a' && *c <= 'z') || *c == '_'))
        return true;
    for (; *c; c++) {
        bool safe = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
        if (!safe)
            return true;
    }
    return format_is_keyword(identifier);
}

/* Appends string between marks, with each mark and each extra character inside doubled. */
static void append_doubled(struct text *text, const char *string, char mark, char extra)
{
    text_append_char(text, mark);
    for (const char *c = string; *c; c++) {
        if (*c == mark || *c == extra)
            text_append_char(text, *c);
        text_append_char(text, *c);
    }
    text_append_char(text, mark);
}

static void append_identifier(struct text *text, const char *identifier)
{
    if (pg_identifier_needs_quotes(identifier))
        append_doubled(text, identifier, '"', '"');
    else
        text_append(text, identifier);
}

static void append_literal(struct text *text, const char *value)
{
    if (!value) {
        text_append(text, "NULL");
        return;
    }
    if (strchr(value, '\\'))
        text_append_char(text, 'E');
    append_doubled(text, value, '\'', '\\');
}

static void append_qualified(struct text *text, const char *schema, const char *name)
{
    if (schema) {
        append_identifier(text, schema);
        text_append_char(text, '.');
    }
    append_identifier(text, name);
}

/* A directive that is not in the list is a mistake of ours that no input can bring about. */
static void unknown_directive(const char *format)
{
    (void)fprintf(stderr, "segue: bug: unknown directive in \"%s\"\n", format);
    abort();
}

/* One directive: p stands behind the percent sign. Returns where the format goes on. */
static const char *append_directive(struct text *text, const char *format, const char *p, va_list *args)
{
    switch (*p) {
    case 'I': append_identifier(text, va_arg(*args, const char *)); return p + 1;
    case 'L': append_literal(text, va_arg(*args, const char *)); return p + 1;
    case 's': text_append(text, va_arg(*args, const char *)); return p + 1;
    case 'd': text_printf(text, "%d", va_arg(*args, int)); return p + 1;
    case '%': text_append_char(text, '%'); return p + 1;
    case 'Q': {
        const char *schema = va_arg(*args, const char *);
        append_qualified(text, schema, va_arg(*args, const char *));
        return p + 1;
    }
    default: break;
    }
    if (strncmp(p, "ld", 2) == 0)
        text_printf(text, "%ld", va_arg(*args, long));
    else if (strncmp(p, "zu", 2) == 0)
        text_printf(text, "%zu", va_arg(*args, size_t));
    else
        unknown_directive(format);
    return p + 2;
}

static void append_format(struct text *text, const char *format, va_list *args)
{
    const char *p = format;
    for (;;) {
        size_t plain = strcspn(p, "%");
        text_append_n(text, p, plain);
        p += plain;
        if (!*p)
            return;
        p = append_directive(text, format, p + 1, args);
    }
}

void pg_append(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append_format(text, format, &args);
    va_end(args);
}

char *pg_format(struct arena *arena, const char *format, ...)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    va_list args;
    va_start(args, format);
    append_format(&text, format, &args);
    va_end(args);
    return arena_strdup(arena, text_string(&text));
}

char *pg_identifier_list(struct arena *arena, const char *const *names, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    for (size_t i = 0; i < n; i++) {
        text_append(&text, i ? ", " : "");
        append_identifier(&text, names[i]);
    }
    return arena_strdup(arena, text_string(&text));
}
