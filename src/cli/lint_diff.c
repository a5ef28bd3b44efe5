/* Two texts as a unified diff. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/lint_fix.h"

enum { AROUND = 3, MOST_CELLS = 16 * 1024 * 1024 };

struct lines {
    const char **at; /* one more than there are: the end */
    size_t n;
};

/* Lines `before` and `after` stand side by side when both are the same; else one is taken out, or put in. */
struct diff {
    struct lines before, after;
    unsigned *common; /* the longest common run behind each pair; NULL: too many */
    struct text *out;
};

static struct lines split(const char *text)
{
    struct lines lines = {0};
    size_t room = 0;
    for (const char *at = text;; lines.n++) {
        if (lines.n + 1 >= room) {
            room = room ? room * 2 : 64;
            lines.at = memory_resize(lines.at, room * sizeof *lines.at);
        }
        lines.at[lines.n] = at;
        if (!*at)
            return lines;
        const char *end = strchr(at, '\n');
        at = end ? end + 1 : at + strlen(at);
        lines.at[lines.n + 1] = at;
    }
}

static bool same(const struct diff *d, size_t i, size_t k)
{
    size_t length = (size_t)(d->before.at[i + 1] - d->before.at[i]);
    return length == (size_t)(d->after.at[k + 1] - d->after.at[k]) &&
           memcmp(d->before.at[i], d->after.at[k], length) == 0;
}

static unsigned *cell(const struct diff *d, size_t i, size_t k)
{
    return &d->common[i * (d->after.n + 1) + k];
}

static void measure(struct diff *d)
{
    for (size_t i = d->before.n; i-- > 0;) {
        for (size_t k = d->after.n; k-- > 0;) {
            unsigned down = *cell(d, i + 1, k), right = *cell(d, i, k + 1);
            *cell(d, i, k) = same(d, i, k) ? *cell(d, i + 1, k + 1) + 1 : down > right ? down : right;
        }
    }
}

static void line(struct diff *d, char mark, const struct lines *lines, size_t i)
{
    size_t length = (size_t)(lines->at[i + 1] - lines->at[i]);
    text_append_char(d->out, mark);
    text_append_n(d->out, lines->at[i], length);
    if (length == 0 || lines->at[i][length - 1] != '\n')
        text_append(d->out, "\n\\ No newline at end of file\n");
}

/* What comes next: ' ' both, '-' taken out, '+' put in. */
static char step(const struct diff *d, size_t i, size_t k)
{
    if (i < d->before.n && k < d->after.n && same(d, i, k))
        return ' ';
    if (i < d->before.n && (k == d->after.n || !d->common || *cell(d, i + 1, k) >= *cell(d, i, k + 1)))
        return '-';
    return '+';
}

/* From a change on, up to where more lines than stand around two changes are the same. */
static void hunk(struct diff *d, size_t *i, size_t *k)
{
    size_t lead = *i < AROUND ? *i : AROUND;
    lead = *k < lead ? *k : lead;
    struct text body = {0}, *out = d->out;
    size_t from_i = *i - lead, from_k = *k - lead, alike = 0;
    d->out = &body;
    for (size_t n = 0; n < lead; n++)
        line(d, ' ', &d->before, from_i + n);
    size_t mark = 0, mark_i = 0, mark_k = 0;
    while ((*i < d->before.n || *k < d->after.n) && alike < 2 * AROUND) {
        char what = step(d, *i, *k);
        alike = what == ' ' ? alike + 1 : 0;
        if (alike == AROUND + 1) {
            mark = body.length;
            mark_i = *i;
            mark_k = *k;
        }
        line(d, what, what == '+' ? &d->after : &d->before, what == '+' ? *k : *i);
        *i += what != '+';
        *k += what != '-';
    }
    d->out = out;
    if (alike > AROUND) {
        body.data[mark] = '\0';
        *i = mark_i;
        *k = mark_k;
    }
    text_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", from_i + (*i > from_i), *i - from_i, from_k + (*k > from_k),
                *k - from_k);
    text_append(out, text_string(&body));
    text_free(&body);
}

void lint_fix_diff(const char *path, const char *before, const char *after, struct text *out)
{
    if (strcmp(before, after) == 0)
        return;
    struct diff d = {.before = split(before), .after = split(after), .out = out};
    size_t cells = (d.before.n + 1) * (d.after.n + 1);
    if (cells <= MOST_CELLS) {
        d.common = memory_alloc(cells * sizeof *d.common);
        measure(&d);
    }
    text_printf(out, "--- %s\n+++ %s\n", path, path);
    for (size_t i = 0, k = 0; i < d.before.n || k < d.after.n;) {
        if (step(&d, i, k) != ' ') {
            hunk(&d, &i, &k);
        } else {
            i++;
            k++;
        }
    }
    free(d.common);
    free(d.before.at);
    free(d.after.at);
}
