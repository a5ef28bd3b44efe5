/* The head of a change ticket: `goal "…"   owner: payments   deadline: 2026-12-01`. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "migration/annotation.h"
#include "migration/annotation_internal.h"

static const struct {
    struct annotation_form form;
    enum annotation_kind kind;
    bool once;
} heads[] = {
    {{"goal", "goal \"what this migration is for\""}, ANNOTATION_GOAL, true},
    {{"owner", "owner: a team or person"}, ANNOTATION_OWNER, true},
    {{"deadline", "deadline: 2026-12-31 (year-month-day)"}, ANNOTATION_DEADLINE, true},
    {{"note", "note \"anything that a reader should know\""}, ANNOTATION_NOTE, false},
};

int annotation_head(const char *word)
{
    for (size_t i = 0; i < SEGUE_COUNT(heads); i++) {
        if (strcasecmp(word, heads[i].form.word) == 0)
            return (int)i;
    }
    return -1;
}

/* Whether another head begins at a byte of the text: its word, then a colon or a quote. */
static bool head_begins(const struct annotation_reader *r, size_t at)
{
    for (size_t i = 0; i < SEGUE_COUNT(heads); i++) {
        size_t length = strlen(heads[i].form.word);
        if (strncasecmp(r->text + at, heads[i].form.word, length) != 0)
            continue;
        const char *next = r->text + at + length;
        next += strspn(next, " \t");
        if (*next == ':' || *next == '"')
            return true;
    }
    return false;
}

/* A value without quotes: up to the next head or the end. */
static const char *bare_value(struct annotation_reader *r)
{
    annotation_skip_blanks(r);
    size_t begin = r->at;
    size_t end = begin;
    for (size_t at = begin; r->text[at] && r->text[at] != '\r' && r->text[at] != '\n'; at++) {
        bool blank = r->text[at] == ' ' || r->text[at] == '\t';
        if (blank && head_begins(r, at + 1))
            break;
        if (!blank)
            end = at + 1;
    }
    r->at = end;
    return arena_strndup(r->arena, r->text + begin, end - begin);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool is_date(const char *value)
{
    int digits[8];
    size_t n = 0;
    for (size_t i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? value[i] != '-' : value[i] < '0' || value[i] > '9')
            return false;
        if (!dash)
            digits[n++] = value[i] - '0';
    }
    int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
    int month = digits[4] * 10 + digits[5];
    int day = digits[6] * 10 + digits[7];
    return !value[10] && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

static bool said_before(const struct annotation_reader *r, enum annotation_kind kind)
{
    for (size_t i = 0; i < *r->n; i++) {
        if ((*r->list)[i].kind == kind)
            return true;
    }
    return false;
}

static bool read_head(struct annotation_reader *r, size_t begin, size_t which)
{
    const struct annotation_form *form = &heads[which].form;
    struct annotation annotation = annotation_begin(r, heads[which].kind, begin);
    if (heads[which].once && said_before(r, annotation.kind))
        return annotation_fail(r, begin, NULL, "\"%s\" is said twice", form->word);
    (void)annotation_take(r, ':');
    annotation_skip_blanks(r);
    size_t at = r->at;
    if (r->text[at] != '"')
        annotation.expr = bare_value(r);
    else if (!annotation_quoted(r, form, &annotation.expr))
        return false;
    if (!*annotation.expr)
        return annotation_fail(r, at, form, "\"%s\" has no value", form->word);
    if (annotation.kind == ANNOTATION_DEADLINE && !is_date(annotation.expr))
        return annotation_fail(r, at, form, "\"%s\" is not a date", annotation.expr);
    annotation_add(r, &annotation);
    return true;
}

bool annotation_heads(struct annotation_reader *r)
{
    for (;;) {
        annotation_skip_blanks(r);
        if (!r->text[r->at])
            return true;
        size_t begin = r->at;
        int head = annotation_head(annotation_word(r));
        if (head < 0)
            return annotation_fail(r, begin, &heads[0].form,
                                   "%s stands where goal, owner, deadline or note was expected",
                                   annotation_found(r, begin));
        if (!read_head(r, begin, (size_t)head))
            return false;
    }
}
