/* The pieces that the grammars of annotations are made of. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "migration/annotation_internal.h"
#include "migration/place.h"

enum { MESSAGE_BYTES = 512, SHOWN_BYTES = 60 };

bool annotation_fail(struct annotation_reader *r, size_t at, const struct annotation_form *form,
                     const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_set(r->err, ERROR_REFUSED, "%s", message);
    if (form)
        error_hint(r->err, "write: -- segue: %s", form->usage);
    return place_error(r->err, r->path, place_at(r->content, r->base + at));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || ((unsigned char)c & 0x80);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void annotation_skip_blanks(struct annotation_reader *r)
{
    while (is_blank(r->text[r->at]))
        r->at++;
}

const char *annotation_word(struct annotation_reader *r)
{
    annotation_skip_blanks(r);
    size_t begin = r->at;
    while (is_letter(r->text[r->at]) || is_digit(r->text[r->at]) || r->text[r->at] == '-')
        r->at++;
    return arena_strndup(r->arena, r->text + begin, r->at - begin);
}

bool annotation_take(struct annotation_reader *r, char c)
{
    annotation_skip_blanks(r);
    if (r->text[r->at] != c)
        return false;
    r->at++;
    return true;
}

const char *annotation_found(struct annotation_reader *r, size_t at)
{
    while (is_blank(r->text[at]))
        at++;
    if (!r->text[at])
        return "the end of the comment";
    size_t length = strcspn(r->text + at, " \t\r\n");
    if (length > SHOWN_BYTES)
        length = SHOWN_BYTES;
    while (((unsigned char)r->text[at + length] & 0xC0) == 0x80)
        length--;
    return arena_printf(r->arena, "\"%.*s\"", (int)length, r->text + at);
}

/* What stands between two quotes; the position is at the first one. NULL when it is not closed. */
static const char *between_quotes(struct annotation_reader *r)
{
    char *value = arena_alloc(r->arena, strlen(r->text + r->at) + 1);
    size_t n = 0;
    for (size_t i = r->at + 1; r->text[i]; i++) {
        if (r->text[i] == '"') {
            if (r->text[i + 1] != '"') {
                r->at = i + 1;
                return value;
            }
            i++;
        }
        value[n++] = r->text[i];
    }
    return NULL;
}

bool annotation_identifier(struct annotation_reader *r, const struct annotation_form *form, const char **out)
{
    annotation_skip_blanks(r);
    size_t begin = r->at;
    if (r->text[begin] == '"') {
        *out = between_quotes(r);
        if (!*out || !**out)
            return annotation_fail(r, begin, form,
                                   *out ? "a name is empty" : "the quoted name is not closed");
        return true;
    }
    if (!is_letter(r->text[begin]))
        return annotation_fail(r, begin, form, "a name is missing before %s", annotation_found(r, begin));
    while (is_letter(r->text[r->at]) || is_digit(r->text[r->at]) || r->text[r->at] == '$')
        r->at++;
    char *name = arena_strndup(r->arena, r->text + begin, r->at - begin);
    for (char *c = name; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    }
    *out = name;
    return true;
}

bool annotation_identifiers(struct annotation_reader *r, const struct annotation_form *form, const char **out,
                            size_t limit, size_t *n)
{
    *n = 0;
    do {
        if (*n == limit)
            return annotation_fail(r, r->at, form, "the name has too many parts");
        if (!annotation_identifier(r, form, &out[*n]))
            return false;
        (*n)++;
    } while (annotation_take(r, '.'));
    return true;
}

bool annotation_quoted(struct annotation_reader *r, const struct annotation_form *form, const char **out)
{
    annotation_skip_blanks(r);
    size_t begin = r->at;
    if (r->text[begin] != '"')
        return annotation_fail(r, begin, form, "a text in double quotes is missing before %s",
                               annotation_found(r, begin));
    *out = between_quotes(r);
    if (!*out)
        return annotation_fail(r, begin, form, "the quoted text is not closed");
    if (!**out)
        return annotation_fail(r, begin, form, "the quoted text is empty");
    return true;
}

bool annotation_rest(struct annotation_reader *r, const struct annotation_form *form,
                     struct annotation *annotation)
{
    annotation_skip_blanks(r);
    size_t end = strlen(r->text);
    while (end > r->at && is_blank(r->text[end - 1]))
        end--;
    if (end == r->at)
        return annotation_fail(r, r->at, form, "\"%s %s%s%s\" has no expression", form->word,
                               annotation->table.name, annotation->column ? "." : "",
                               annotation->column ? annotation->column : "");
    annotation->expr = arena_strndup(r->arena, r->text + r->at, end - r->at);
    annotation->expr_offset = r->base + r->at;
    annotation->expr_place = place_at(r->content, annotation->expr_offset);
    r->at = end;
    return true;
}

struct annotation annotation_begin(const struct annotation_reader *r, enum annotation_kind kind, size_t at)
{
    return (struct annotation){
        .kind = kind,
        .offset = r->base + at,
        .place = place_at(r->content, r->base + at),
    };
}

void annotation_add(struct annotation_reader *r, const struct annotation *annotation)
{
    ARENA_PUSH(r->arena, *r->list, *r->n, *annotation);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Edits of one letter between two words, letters' case aside (Levenshtein); words are short. */
static size_t distance(const char *a, const char *b)
{
    enum { LIMIT = 32 };
    size_t row[LIMIT + 1];
    size_t length = strlen(b);
    if (length > LIMIT || strlen(a) > LIMIT)
        return LIMIT;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            size_t above = row[j + 1];
            size_t cost = strncasecmp(a + i, b + j, 1) != 0;
            row[j + 1] = smallest(above + 1, row[j] + 1, diagonal + cost);
            diagonal = above;
        }
    }
    return row[length];
}

const char *annotation_closest(const char *word, const char *const *words, size_t n)
{
    const char *closest = NULL;
    size_t best = strlen(word) <= 3 ? 2 : 3; /* fewer edits than this */
    for (size_t i = 0; i < n; i++) {
        size_t edits = distance(word, words[i]);
        if (edits < best) {
            best = edits;
            closest = words[i];
        }
    }
    return closest;
}
