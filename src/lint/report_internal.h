/* The formats behind a report. */
#ifndef SEGUE_LINT_REPORT_INTERNAL_H
#define SEGUE_LINT_REPORT_INTERNAL_H

#include "lint/report.h"

/* What differs between formats; NULL: nothing is written there. */
struct lint_writer {
    const char *name;
    void (*begin)(struct lint_report *report);
    void (*file)(struct lint_report *report);
    void (*finding)(struct lint_report *report, const struct lint_finding *finding);
    void (*file_end)(struct lint_report *report);
    void (*end)(struct lint_report *report);
};

extern const struct lint_writer lint_writer_text, lint_writer_json, lint_writer_sarif, lint_writer_github,
    lint_writer_gitlab, lint_writer_junit;

/* A JSON string with its quotes; bytes that are no UTF-8 become "?". "null" for NULL. */
void lint_json_string(struct text *out, const char *string);
/* For XML, text or an attribute in double quotes. */
void lint_xml_string(struct text *out, const char *string);
void lint_json_statement(struct lint_report *report, const struct lint_statement *statement,
                         struct place place);

#endif
