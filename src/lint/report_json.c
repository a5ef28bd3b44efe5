/* The format for programs of one's own. */
#include "lint/report_internal.h"

static void begin(struct lint_report *report)
{
    text_printf(&report->out, "{\"pg_version\": %d, \"database\": ", report->server_major);
    lint_json_string(&report->out, report->database);
    text_append(&report->out, ", \"findings\": [");
}

/* "name": "value", with a comma before it. */
static void field(struct text *out, const char *name, const char *value)
{
    text_append(out, ", \"");
    text_append(out, name);
    text_append(out, "\": ");
    lint_json_string(out, value);
}

/* What --fix would write: bytes of the file that become the text. */
static void edits(struct text *out, const struct lint_fix *fix)
{
    text_append(out, ", \"fix\": [");
    for (size_t i = 0; i < fix->n; i++) {
        text_printf(out, "%s{\"offset\": %zu, \"end\": %zu", i ? ", " : "", fix->edits[i].slice.begin,
                    fix->edits[i].slice.end);
        field(out, "text", fix->edits[i].text);
        text_append(out, "}");
    }
    text_append(out, "]");
}

static void finding(struct lint_report *report, const struct lint_finding *f)
{
    struct text *out = &report->out;
    text_append(out, report->shown ? ",\n {\"file\": " : "\n {\"file\": ");
    lint_json_string(out, f->path);
    text_printf(
        out,
        ", \"line\": %d, \"column\": %d, \"end_line\": %d, \"end_column\": %d, \"offset\": %zu, \"end\": %zu",
        f->begin.line, f->begin.column, f->end.line, f->end.column, f->place.begin, f->place.end);
    field(out, "level", lint_level_name(f->level));
    field(out, "rule", f->rule->id);
    field(out, "title", f->rule->title);
    field(out, "relation", f->relation);
    field(out, "message", f->message);
    field(out, "happens", f->rule->happens);
    field(out, "instead", f->rule->instead);
    text_append(out, f->handled ? ", \"handled\": true" : ", \"handled\": false");
    if (f->here)
        field(out, "here", f->here);
    if (f->fix)
        edits(out, f->fix);
    if (f->forecast)
        text_printf(out, ", \"seconds\": [%.3f, %.3f, %.3f]", f->seconds.low, f->seconds.likely,
                    f->seconds.high);
    text_append(out, "}");
}

static void touch(struct text *out, const struct lint_touch *t, bool first)
{
    text_append(out, first ? "{\"relation\": " : ", {\"relation\": ");
    lint_json_string(out, t->relation.name);
    field(out, "schema", t->relation.schema);
    field(out, "mode", lint_mode_name(t->mode));
    field(out, "rewrite", lint_truth_name(t->rewrite));
    field(out, "scan", lint_truth_name(t->scan));
    text_printf(out, ", \"fresh\": %s, \"by_index\": %s}", t->fresh ? "true" : "false",
                t->unnamed ? "true" : "false");
}

void lint_json_statement(struct lint_report *report, const struct lint_statement *statement,
                         struct place place)
{
    struct text *out = &report->statements;
    text_append(out, out->length ? ",\n {\"file\": " : "\n {\"file\": ");
    lint_json_string(out, report->path);
    text_printf(
        out, ", \"line\": %d, \"column\": %d, \"offset\": %zu, \"end\": %zu, \"readable\": %s, \"locks\": [",
        place.line, place.column, statement->place.begin, statement->place.end,
        statement->unreadable ? "false" : "true");
    for (size_t i = 0; i < statement->n_touches; i++)
        touch(out, &statement->touches[i], i == 0);
    text_append(out, "]}");
}

static void end(struct lint_report *report)
{
    struct text *out = &report->out;
    text_append(out, "]");
    if (report->effects)
        text_printf(out, ",\n\"statements\": [%s]", text_string(&report->statements));
    text_printf(
        out,
        ",\n\"files\": %zu, \"errors\": %zu, \"warnings\": %zu, \"notes\": %zu, \"allowed\": %zu, \"fixed\": %zu}\n",
        report->files, report->counts[LINT_ERROR], report->counts[LINT_WARNING], report->counts[LINT_NOTE],
        report->allowed, report->fixed);
}

const struct lint_writer lint_writer_json = {"json", begin, NULL, finding, NULL, end};
