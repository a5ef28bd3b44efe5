#include "gateway/console_answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct console_answer *console_answer_new(void)
{
    struct arena *arena = arena_new();
    struct console_answer *answer = arena_alloc(arena, sizeof *answer);
    answer->arena = arena;
    return answer;
}

void console_answer_free(struct console_answer *answer)
{
    if (answer)
        arena_free(answer->arena);
}

size_t console_count_columns(const struct console_column *columns)
{
    size_t n = 0;
    while (columns && columns[n].name)
        n++;
    return n;
}

/* What clients say of themselves may be anything; what goes out is UTF-8. */
static const char *clean(struct arena *arena, const char *value)
{
    char *copy = arena_strdup(arena, value);
    for (char *at = copy; *at;) {
        size_t length = utf8_length((const unsigned char *)at);
        if (length == 0)
            *at = '?';
        at += length ? length : 1;
    }
    return copy;
}

void console_put(struct console_answer *answer, const char *value)
{
    const char *cell = value ? clean(answer->arena, value) : NULL;
    ARENA_PUSH(answer->arena, answer->cells, answer->n_cells, cell);
}

void console_put_count(struct console_answer *answer, uint64_t value)
{
    const char *cell = arena_printf(answer->arena, "%" PRIu64, value);
    ARENA_PUSH(answer->arena, answer->cells, answer->n_cells, cell);
}

void console_put_number(struct console_answer *answer, double value)
{
    const char *cell = arena_printf(answer->arena, "%.15g", value);
    ARENA_PUSH(answer->arena, answer->cells, answer->n_cells, cell);
}

static const char *print(struct arena *arena, const char *format, va_list arguments) SEGUE_PRINTF(2, 0);

static const char *print(struct arena *arena, const char *format, va_list arguments)
{
    char *printed = NULL;
    const char *copied = "out of memory";
    if (vasprintf(&printed, format, arguments) >= 0) {
        copied = arena_strdup(arena, printed);
        free(printed);
    }
    return copied;
}

void console_fail(struct console_answer *answer, const char *sqlstate, const char *hint, const char *format,
                  ...)
{
    va_list arguments;
    va_start(arguments, format);
    answer->message = print(answer->arena, format, arguments);
    va_end(arguments);
    answer->sqlstate = arena_strdup(answer->arena, sqlstate);
    answer->hint = hint ? arena_strdup(answer->arena, hint) : NULL;
}

void console_note(struct console_answer *answer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    answer->notice = print(answer->arena, format, arguments);
    va_end(arguments);
}

void console_describe(const struct console_column *columns, const bool *binary, struct text *out)
{
    size_t n = console_count_columns(columns);
    size_t begun = wire_begin(out, n ? 'T' : 'n');
    if (n)
        wire_put_u16(out, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        wire_put_string(out, columns[i].name);
        wire_put_u32(out, 0); /* of no table, */
        wire_put_u16(out, 0); /* and no column of one */
        wire_put_u32(out, columns[i].type);
        wire_put_u16(out, columns[i].type == CONSOLE_TEXT ? UINT16_MAX : 8);
        wire_put_u32(out, UINT32_MAX); /* no modifier */
        wire_put_u16(out, binary && binary[i]);
    }
    wire_end(out, begun);
}

/* Eight bytes, the highest first: of a whole number, or of a double as IEEE 754 has it. */
static void put_binary(enum console_type type, const char *cell, struct text *out)
{
    uint64_t bits = strtoull(cell, NULL, 10);
    double number = strtod(cell, NULL);
    if (type == CONSOLE_NUMBER)
        memcpy(&bits, &number, sizeof bits);
    wire_put_u32(out, 8);
    wire_put_u32(out, (uint32_t)(bits >> 32));
    wire_put_u32(out, (uint32_t)bits);
}

static void put_cell(enum console_type type, bool binary, const char *cell, struct text *out)
{
    if (!cell) {
        wire_put_u32(out, UINT32_MAX);
    } else if (binary && type != CONSOLE_TEXT) {
        put_binary(type, cell, out);
    } else {
        wire_put_u32(out, (uint32_t)strlen(cell));
        text_append_n(out, cell, strlen(cell));
    }
}

bool console_write_rows(struct console_answer *answer, const bool *binary, size_t most, struct text *out)
{
    size_t n = console_count_columns(answer->columns);
    if (answer->message)
        return true;
    for (size_t rows = 0; n && answer->n_sent < answer->n_cells; rows++) {
        if (most && rows == most)
            return false;
        size_t begun = wire_begin(out, 'D');
        wire_put_u16(out, (uint16_t)n);
        for (size_t i = 0; i < n; i++)
            put_cell(answer->columns[i].type, binary && binary[i], answer->cells[answer->n_sent++], out);
        wire_end(out, begun);
    }
    return true;
}

void console_write_end(const struct console_answer *answer, struct text *out)
{
    if (answer->message) {
        wire_put_error(out, "ERROR", answer->sqlstate, answer->message, answer->hint);
        return;
    }
    if (answer->notice)
        wire_put_notice(out, answer->notice);
    wire_put_message(out, 'C', answer->tag);
}
