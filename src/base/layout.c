#include "base/layout.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

static int columns_of(const char *string, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += begins_character(string[i]);
    return columns;
}

int layout_columns(const char *string)
{
    return columns_of(string, strlen(string));
}

static void spaces(struct text *out, int n)
{
    for (int i = 0; i < n; i++)
        text_append_char(out, ' ');
}

void layout_wrap(struct text *out, const char *paragraph, int column, int indent, int width)
{
    bool first_word = true; /* of its line: it is never broken off */
    for (const char *word = paragraph; *word;) {
        if (*word == '\n') {
            text_append_char(out, '\n');
            spaces(out, indent);
            column = indent;
            first_word = true;
            word++;
            continue;
        }
        size_t blank = strspn(word, " ");
        size_t length = strcspn(word + blank, " \n");
        int gap = first_word ? 0 : 1;
        int columns = columns_of(word + blank, length);
        if (length && !first_word && column + gap + columns > width) {
            text_append_char(out, '\n');
            spaces(out, indent);
            column = indent;
            gap = 0;
        }
        if (length) {
            spaces(out, gap);
            text_append_n(out, word + blank, length);
            column += gap + columns;
            first_word = false;
        }
        word += blank + length;
    }
}

void layout_pad(struct text *out, const char *string, int columns)
{
    text_append(out, string);
    spaces(out, columns - layout_columns(string));
}

void layout_pad_left(struct text *out, const char *string, int columns)
{
    spaces(out, columns - layout_columns(string));
    text_append(out, string);
}

static void fold_white(struct text *out, const char *string)
{
    bool blank = false;
    for (const char *c = string + strspn(string, " \t\r\n"); *c; c++) {
        if (strchr(" \t\r\n", *c)) {
            blank = true;
            continue;
        }
        if (blank)
            text_append_char(out, ' ');
        blank = false;
        text_append_char(out, *c);
    }
}

void layout_fold(struct text *out, const char *string, int columns)
{
    SEGUE_CLEANUP(text_free) struct text folded = {0};
    fold_white(&folded, string);
    const char *line = text_string(&folded);
    if (layout_columns(line) <= columns) {
        text_append(out, line);
        return;
    }
    size_t end = 0;
    for (int taken = 0; line[end]; end++) {
        if (begins_character(line[end]) && ++taken >= columns)
            break;
    }
    text_append_n(out, line, end);
    text_append(out, "…");
}

void layout_count(struct text *out, double count)
{
    char digits[64];
    int length = snprintf(digits, sizeof digits, "%.0f", count);
    for (int i = 0; i < length; i++) {
        int left = length - i;
        if (i > 0 && left % 3 == 0 && digits[i - 1] != '-')
            text_append_char(out, ',');
        text_append_char(out, digits[i]);
    }
}

void layout_bytes(struct text *out, double bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < SEGUE_COUNT(units)) {
        bytes /= 1024;
        unit++;
    }
    text_printf(out, unit > 0 && bytes < 9.95 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

void layout_seconds(struct text *out, double seconds)
{
    if (seconds < 9.95) {
        text_printf(out, "%.1f s", seconds);
        return;
    }
    int64_t whole = (int64_t)(seconds + 0.5);
    if (whole < 60)
        text_printf(out, "%d s", (int)whole);
    else if (whole < 3600)
        text_printf(out, "%d min %d s", (int)(whole / 60), (int)(whole % 60));
    else
        text_printf(out, "%lld h %d min", (long long)(whole / 3600), (int)(whole % 3600 / 60));
}
