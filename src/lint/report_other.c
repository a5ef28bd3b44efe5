/* The formats of others: SARIF 2.1.0, GitHub's workflow commands, GitLab's code quality, JUnit. */
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "lint/report_internal.h"
#include "migration/place.h"

static void sarif_rules(struct text *out)
{
    const struct lint_rule *rule;
    for (size_t i = 0; (rule = lint_rule_at(i)); i++) {
        text_append(out, i ? ",\n   {\"id\": " : "\n   {\"id\": ");
        lint_json_string(out, rule->id);
        text_append(out, ", \"shortDescription\": {\"text\": ");
        lint_json_string(out, rule->title);
        text_append(out, "}, \"fullDescription\": {\"text\": ");
        lint_json_string(out, rule->happens);
        text_append(out, "}, \"help\": {\"text\": ");
        lint_json_string(out, rule->instead);
        text_append(out, "}}");
    }
}

static void sarif_begin(struct lint_report *report)
{
    text_append(&report->out,
                "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\",\n"
                " \"runs\": [{\"columnKind\": \"unicodeCodePoints\",\n"
                "  \"tool\": {\"driver\": {\"name\": \"segue lint\", \"version\": \"" SEGUE_VERSION
                "\", \"rules\": [");
    sarif_rules(&report->out);
    text_append(&report->out, "]}},\n  \"results\": [");
}

/* A path as a relative reference (RFC 3986). */
static void uri(struct text *out, const char *path)
{
    SEGUE_CLEANUP(text_free) struct text encoded = {0};
    for (const char *c = path; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                     strchr("-._~/", *c);
        if (plain)
            text_append_char(&encoded, *c);
        else
            text_printf(&encoded, "%%%02X", (unsigned char)*c);
    }
    lint_json_string(out, text_string(&encoded));
}

static void sarif_fix(struct lint_report *report, const struct lint_finding *f)
{
    struct text *out = &report->out;
    text_append(out, ", \"fixes\": [{\"description\": {\"text\": ");
    lint_json_string(out, f->rule->instead);
    text_append(out, "}, \"artifactChanges\": [{\"artifactLocation\": {\"uri\": ");
    uri(out, f->path);
    text_append(out, "}, \"replacements\": [");
    for (size_t i = 0; i < f->fix->n; i++) {
        const struct lint_edit *edit = &f->fix->edits[i];
        struct place begin = place_after(report->content, f->first, f->first_at, edit->slice.begin);
        struct place end = place_after(report->content, begin, edit->slice.begin, edit->slice.end);
        text_printf(
            out,
            "%s{\"deletedRegion\": {\"startLine\": %d, \"startColumn\": %d, \"endLine\": %d, \"endColumn\": "
            "%d}, \"insertedContent\": {\"text\": ",
            i ? ", " : "", begin.line, begin.column, end.line, end.column);
        lint_json_string(out, edit->text);
        text_append(out, "}}");
    }
    text_append(out, "]}]}]");
}

static void sarif_finding(struct lint_report *report, const struct lint_finding *f)
{
    struct text *out = &report->out;
    text_append(out, report->shown ? ",\n   {\"ruleId\": " : "\n   {\"ruleId\": ");
    lint_json_string(out, f->rule->id);
    text_printf(out, ", \"level\": \"%s\", \"message\": {\"text\": ", lint_level_name(f->level));
    lint_json_string(out, f->message);
    text_append(out, "}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
    uri(out, f->path);
    text_printf(
        out, "}, \"region\": {\"startLine\": %d, \"startColumn\": %d, \"endLine\": %d, \"endColumn\": %d}}}]",
        f->begin.line, f->begin.column, f->end.line, f->end.column);
    if (f->fix)
        sarif_fix(report, f);
    text_append(out, "}");
}

static void sarif_end(struct lint_report *report)
{
    text_append(&report->out, "]}]}\n");
}

const struct lint_writer lint_writer_sarif = {"sarif", sarif_begin, NULL, sarif_finding, NULL, sarif_end};

/* In a workflow command per cent signs and line breaks are escaped, in its properties colons and commas too. */
static void escaped(struct text *out, const char *string, bool property)
{
    for (const char *c = string; *c; c++) {
        if (*c == '%' || *c == '\r' || *c == '\n' || (property && (*c == ':' || *c == ',')))
            text_printf(out, "%%%02X", (unsigned)*c);
        else
            text_append_char(out, *c);
    }
}

static void github_finding(struct lint_report *report, const struct lint_finding *f)
{
    static const char *const commands[] = {[LINT_NOTHING] = "notice",
                                           [LINT_NOTE] = "notice",
                                           [LINT_WARNING] = "warning",
                                           [LINT_ERROR] = "error"};
    struct text *out = &report->out;
    text_printf(out, "::%s file=", commands[f->level]);
    escaped(out, f->path, true);
    text_printf(out, ",line=%d,col=%d,endLine=%d,endColumn=%d,title=", f->begin.line, f->begin.column,
                f->end.line, f->end.column);
    escaped(out, f->rule->id, true);
    text_append(out, "::");
    escaped(out, f->message, false);
    text_append(out, "%0A");
    escaped(out, f->rule->instead, false);
    text_append_char(out, '\n');
}

const struct lint_writer lint_writer_github = {"github", NULL, NULL, github_finding, NULL, NULL};

/* Stays the same while rule, file and what the statement is about do. */
static uint64_t fingerprint(const struct lint_finding *f)
{
    const char *const parts[] = {f->rule->id, f->path, f->message};
    uint64_t hash = HASH_BEGUN;
    for (size_t i = 0; i < SEGUE_COUNT(parts); i++)
        hash = hash_bytes(hash_bytes(hash, parts[i], strlen(parts[i])), "\n", 1);
    return hash;
}

static void gitlab_begin(struct lint_report *report)
{
    text_append(&report->out, "[");
}

static void gitlab_finding(struct lint_report *report, const struct lint_finding *f)
{
    static const char *const severities[] = {
        [LINT_NOTHING] = "info", [LINT_NOTE] = "info", [LINT_WARNING] = "minor", [LINT_ERROR] = "critical"};
    struct text *out = &report->out;
    text_append(out, report->shown ? ",\n {\"description\": " : "\n {\"description\": ");
    lint_json_string(out, f->message);
    text_append(out, ", \"check_name\": ");
    lint_json_string(out, f->rule->id);
    text_printf(out, ", \"fingerprint\": \"%016llx-%zu\", \"severity\": \"%s\", \"location\": {\"path\": ",
                (unsigned long long)fingerprint(f), report->in_file, severities[f->level]);
    lint_json_string(out, f->path);
    text_printf(out, ", \"lines\": {\"begin\": %d, \"end\": %d}}}", f->begin.line, f->end.line);
}

static void gitlab_end(struct lint_report *report)
{
    text_append(&report->out, "]\n");
}

const struct lint_writer lint_writer_gitlab = {"gitlab",       gitlab_begin, NULL,
                                               gitlab_finding, NULL,         gitlab_end};

static void junit_begin(struct lint_report *report)
{
    text_append(&report->out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"segue lint\">\n");
}

static void junit_file(struct lint_report *report)
{
    text_append(&report->out, " <testsuite name=\"");
    lint_xml_string(&report->out, report->path);
    text_append(&report->out, "\">\n");
}

static void junit_finding(struct lint_report *report, const struct lint_finding *f)
{
    struct text *out = &report->out;
    text_printf(out, "  <testcase name=\"%s:%d\" classname=\"", f->rule->id, f->begin.line);
    lint_xml_string(out, f->path);
    text_printf(out, "\">\n   <%s message=\"", f->level == LINT_ERROR ? "failure" : "skipped");
    lint_xml_string(out, f->message);
    text_append(out, "\"/>\n  </testcase>\n");
}

/* A file without findings is a test that has passed. */
static void junit_file_end(struct lint_report *report)
{
    if (report->in_file == 0) {
        text_append(&report->out, "  <testcase name=\"lint\" classname=\"");
        lint_xml_string(&report->out, report->path);
        text_append(&report->out, "\"/>\n");
    }
    text_append(&report->out, " </testsuite>\n");
}

static void junit_end(struct lint_report *report)
{
    text_append(&report->out, "</testsuites>\n");
}

const struct lint_writer lint_writer_junit = {"junit",       junit_begin,    junit_file,
                                              junit_finding, junit_file_end, junit_end};
