#include "lint/report.h"

#include <string.h>

#include "base/utf8.h"
#include "lint/report_internal.h"

enum { FLUSH_AT = 64 * 1024 };

static const struct lint_writer *const writers[] = {
    [LINT_FORMAT_TEXT] = &lint_writer_text,     [LINT_FORMAT_JSON] = &lint_writer_json,
    [LINT_FORMAT_SARIF] = &lint_writer_sarif,   [LINT_FORMAT_GITHUB] = &lint_writer_github,
    [LINT_FORMAT_GITLAB] = &lint_writer_gitlab, [LINT_FORMAT_JUNIT] = &lint_writer_junit,
};

int lint_format_of(const char *name)
{
    for (size_t i = 0; i < SEGUE_COUNT(writers); i++) {
        if (strcmp(writers[i]->name, name) == 0)
            return (int)i;
    }
    return -1;
}

static void flush(struct lint_report *report, size_t at)
{
    if (report->out.length < at || report->out.length == 0)
        return;
    report->write(report->context, report->out.data, report->out.length);
    text_clear(&report->out);
}

void lint_report_begin(struct lint_report *report)
{
    if (writers[report->format]->begin)
        writers[report->format]->begin(report);
}

void lint_report_file(struct lint_report *report, const char *path, const char *content)
{
    report->path = path;
    report->content = content;
    report->files++;
    report->in_file = 0;
    if (writers[report->format]->file)
        writers[report->format]->file(report);
}

void lint_report_finding(struct lint_report *report, const struct lint_finding *finding)
{
    report->counts[finding->level]++;
    if (finding->level < report->least)
        return;
    writers[report->format]->finding(report, finding);
    report->shown++;
    report->in_file++;
    flush(report, FLUSH_AT);
}

void lint_report_statement(struct lint_report *report, const struct lint_statement *statement,
                           struct place place)
{
    if (report->effects && report->format == LINT_FORMAT_JSON)
        lint_json_statement(report, statement, place);
}

void lint_report_file_end(struct lint_report *report, size_t allowed)
{
    report->allowed += allowed;
    if (writers[report->format]->file_end)
        writers[report->format]->file_end(report);
}

void lint_report_end(struct lint_report *report)
{
    if (writers[report->format]->end)
        writers[report->format]->end(report);
    flush(report, 0);
    text_free(&report->out);
    text_free(&report->statements);
}

void lint_json_string(struct text *out, const char *string)
{
    if (!string) {
        text_append(out, "null");
        return;
    }
    text_append_char(out, '"');
    for (const unsigned char *c = (const unsigned char *)string; *c;) {
        const unsigned char *plain = c;
        while (*c >= 0x20 && *c < 0x80 && *c != '"' && *c != '\\')
            c++;
        text_append_n(out, (const char *)plain, (size_t)(c - plain));
        if (!*c)
            break;
        size_t length = utf8_length(c);
        if (length == 0)
            text_append_char(out, '?');
        else if (*c == '"' || *c == '\\')
            text_printf(out, "\\%c", *c);
        else if (*c < 0x20)
            text_printf(out, "\\u%04x", *c);
        else
            text_append_n(out, (const char *)c, length);
        c += length ? length : 1;
    }
    text_append_char(out, '"');
}

void lint_xml_string(struct text *out, const char *string)
{
    for (const unsigned char *c = (const unsigned char *)string; *c;) {
        size_t length = utf8_length(c);
        switch (*c) {
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '&': text_append(out, "&amp;"); break;
        case '"': text_append(out, "&quot;"); break;
        default:
            if (length == 0 || (*c < 0x20 && *c != '\n' && *c != '\t'))
                text_append_char(out, '?');
            else
                text_append_n(out, (const char *)c, length);
        }
        c += length ? length : 1;
    }
}
