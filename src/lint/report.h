/* Findings as text for people and for programs. Written piece by piece, so that a file of any length needs little memory. */
#ifndef SEGUE_LINT_REPORT_H
#define SEGUE_LINT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "lint/lint.h"

enum lint_format {
    LINT_FORMAT_TEXT,
    LINT_FORMAT_JSON,
    LINT_FORMAT_SARIF,
    LINT_FORMAT_GITHUB,
    LINT_FORMAT_GITLAB,
    LINT_FORMAT_JUNIT
};

struct lint_report {
    enum lint_format format;
    enum lint_level least; /* findings below it are not told of */
    bool color;
    bool effects; /* JSON: tell also what each statement does */
    int server_major;
    const char *database; /* that was asked, or NULL */
    void (*write)(void *context, const char *bytes, size_t n);
    void *context;

    /* From here on the report's own. */
    struct text out;
    struct text statements; /* JSON: they stand behind the findings */
    const char *path, *content;
    size_t counts[LINT_ERROR + 1];
    size_t shown, files, allowed;
    size_t fixed; /* findings that are in the files no more */
    size_t in_file;
    const struct lint_rule *told[128]; /* whose advice was printed */
    size_t n_told;
};

/* The format of that name ("text", "json", …), or -1. */
int lint_format_of(const char *name);

void lint_report_begin(struct lint_report *report);
void lint_report_file(struct lint_report *report, const char *path, const char *content);
void lint_report_finding(struct lint_report *report, const struct lint_finding *finding);
/* What a statement does, at its place. */
void lint_report_statement(struct lint_report *report, const struct lint_statement *statement,
                           struct place place);
void lint_report_file_end(struct lint_report *report, size_t allowed);
/* Writes the rest and frees what the report holds. */
void lint_report_end(struct lint_report *report);

#endif
