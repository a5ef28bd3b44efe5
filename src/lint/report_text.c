/* Findings for people: the place, the line with a mark under it, and the first time what happens and what to write. */
#include <string.h>

#include "base/layout.h"
#include "base/utf8.h"
#include "lint/report_internal.h"

enum { WIDTH = 100, LONGEST_LINE = 160 };

static const char *color_of(const struct lint_report *report, enum lint_level level)
{
    if (!report->color)
        return "";
    return level == LINT_ERROR ? "\033[1;31m" : level == LINT_WARNING ? "\033[1;33m" : "\033[1;36m";
}

/* What stands under a character, as wide as it is. */
static void under(struct text *out, const char *c, char sign)
{
    for (int i = utf8_width(c); i > 0; i--)
        text_append_char(out, sign);
}

/* The first line of the place, with carets under what of it is meant. */
static void excerpt(struct lint_report *report, const struct lint_finding *f, const char *mark,
                    const char *plain)
{
    struct text *out = &report->out;
    const char *line = report->content + f->place.begin;
    while (line > report->content && line[-1] != '\n')
        line--;
    if (strncmp(line, "\xEF\xBB\xBF", 3) == 0)
        line += 3;
    size_t length = strcspn(line, "\r\n");
    size_t from = f->place.begin - (size_t)(line - report->content);
    size_t to = f->place.end - (size_t)(line - report->content);
    int gutter = f->begin.line < 1000 ? 4 : 7;
    /* Of a long line only the beginning of what is meant is shown. */
    size_t skipped = from > LONGEST_LINE / 2 ? from - 20 : 0;
    while (skipped && ((unsigned char)line[skipped] & 0xC0) == 0x80)
        skipped--;
    size_t shown = length - skipped < LONGEST_LINE ? length : skipped + LONGEST_LINE;
    while (shown < length && ((unsigned char)line[shown] & 0xC0) == 0x80)
        shown++;
    to = to > shown ? shown : to;
    text_printf(out, "%*d | ", gutter, f->begin.line);
    text_append_n(out, line + skipped, shown - skipped);
    text_printf(out, "\n%*s | ", gutter, "");
    for (size_t i = skipped; i < from; i++)
        under(out, line + i, line[i] == '\t' ? '\t' : ' ');
    text_append(out, mark);
    text_append_char(out, '^');
    for (size_t i = from + 1; i < to; i++)
        under(out, line + i, '~');
    text_append(out, plain);
    text_append_char(out, '\n');
}

static bool was_told(struct lint_report *report, const struct lint_rule *rule)
{
    for (size_t i = 0; i < report->n_told; i++) {
        if (report->told[i] == rule)
            return true;
    }
    if (report->n_told < SEGUE_COUNT(report->told))
        report->told[report->n_told++] = rule;
    return false;
}

static void advice(struct lint_report *report, const char *label, const char *text)
{
    const char *dim = report->color ? "\033[2m" : "";
    text_printf(&report->out, "     %s%s%s ", dim, label, report->color ? "\033[0m" : "");
    layout_wrap(&report->out, text, 6 + (int)strlen(label), 14, WIDTH);
    text_append_char(&report->out, '\n');
}

/* What --fix writes, line for line. */
static void rewrite(struct lint_report *report, const char *lines)
{
    const char *dim = report->color ? "\033[2m" : "";
    text_printf(&report->out, "     %s--fix:  %s ", dim, report->color ? "\033[0m" : "");
    for (const char *c = lines; *c; c++) {
        text_append_char(&report->out, *c);
        if (*c == '\n')
            text_append(&report->out, "              ");
    }
    text_append(&report->out, ";\n");
}

static void finding(struct lint_report *report, const struct lint_finding *f)
{
    struct text *out = &report->out;
    const char *mark = color_of(report, f->level);
    const char *plain = report->color ? "\033[0m" : "";
    if (report->shown)
        text_append_char(out, '\n');
    text_printf(out, "%s:%d:%d: %s%s%s: %s [%s]\n", f->path, f->begin.line, f->begin.column, mark,
                lint_level_name(f->level), plain, f->message, f->rule->id);
    excerpt(report, f, mark, plain);
    if (f->here)
        advice(report, "here:   ", f->here);
    if (f->handled) {
        text_append(out, "     handled: segue start does this without that harm\n");
        return;
    }
    if (!was_told(report, f->rule)) {
        advice(report, "happens:", f->rule->happens);
        advice(report, "instead:", f->rule->instead);
    }
    if (f->rewrite)
        rewrite(report, f->rewrite);
}

static void counted(struct text *out, size_t n, const char *what, const char *behind)
{
    text_printf(out, "%zu %s%s%s", n, what, n == 1 ? "" : "s", behind);
}

static void end(struct lint_report *report)
{
    struct text *out = &report->out;
    if (report->shown)
        text_append_char(out, '\n');
    counted(out, report->counts[LINT_ERROR], "error", ", ");
    counted(out, report->counts[LINT_WARNING], "warning", ", ");
    counted(out, report->counts[LINT_NOTE], "note", " in ");
    counted(out, report->files, "file", "");
    if (report->allowed)
        text_printf(out, ", %zu allowed", report->allowed);
    if (report->fixed)
        text_printf(out, ", %zu fixed", report->fixed);
    text_append_char(out, '\n');
}

const struct lint_writer lint_writer_text = {"text", NULL, NULL, finding, NULL, end};
