/* The audit as JSON, and an earlier one to hold it against. */
#include <inttypes.h>
#include <string.h>

#include "cli/audit_report.h"
#include "cli/report.h"
#include "cli/state.h"

static json_t *number_or_null(int64_t value)
{
    return value < 0 ? json_null() : json_integer((json_int_t)value);
}

static json_t *tables_json(const struct audit *audit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_tables; i++) {
        const struct audit_table *table = &audit->tables[i];
        json_array_append_new(array, json_pack("{s:o, s:o, s:b, s:I, s:o, s:i, s:o}", "name",
                                               json_text(table->name), "rows", number_or_null(table->rows),
                                               "counted", table->counted, "bytes", (json_int_t)table->bytes,
                                               "rows_planned", number_or_null(table->rows_planned), "indexes",
                                               table->indexes, "checksum", json_text(table->checksum)));
    }
    return array;
}

static json_t *findings_json(const struct audit *audit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_findings; i++) {
        const struct audit_finding *finding = &audit->findings[i];
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o}", "rule", json_text(finding->rule), "object",
                                        json_text(finding->object), "message", json_text(finding->message),
                                        "hint", json_text(finding->hint)));
    }
    return array;
}

static json_t *changes_json(const struct audit *audit, bool added)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_changes; i++)
        if (audit->changes[i].added == added)
            json_array_append_new(array, json_text(audit->changes[i].line));
    return array;
}

static json_t *steps_json(const struct audit *audit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < audit->n_steps; i++) {
        const struct audit_step *step = &audit->steps[i];
        bool walks = step->rows_forecast >= 0;
        struct range forecast = audit_forecast(audit, step);
        json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o, s:f, s:f, s:f, s:o, s:o}", "id",
                                               json_text(step->id), "title", json_text(step->title),
                                               "duration", json_text(step->duration), "seconds",
                                               step->seconds < 0 ? json_null() : json_real(step->seconds),
                                               "seconds_low", forecast.low, "seconds_likely", forecast.likely,
                                               "seconds_high", forecast.high, "rows_forecast",
                                               walks ? json_real(step->rows_forecast) : json_null(), "rows",
                                               walks ? json_real(step->rows) : json_null()));
    }
    return array;
}

json_t *audit_json(const struct audit_report *report)
{
    const struct audit *audit = report->audit;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", json_text(report->schema), "migration",
                     report->migration ? state_json(report->migration) : json_null(), "findings",
                     findings_json(audit), "tables", tables_json(audit), "added", changes_json(audit, true),
                     "removed", changes_json(audit, false), "steps", steps_json(audit));
}

static void find(struct arena *arena, struct audit *audit, const char *rule, const char *table,
                 const char *message)
{
    struct audit_finding finding = {.rule = rule,
                                    .object = table,
                                    .message = message,
                                    .hint = "look whether that is meant; the earlier audit is the measure"};
    ARENA_PUSH(arena, audit->findings, audit->n_findings, finding);
}

static const struct audit_table *table_named(const struct audit *audit, const char *name)
{
    for (size_t i = 0; i < audit->n_tables; i++)
        if (strcmp(audit->tables[i].name, name) == 0)
            return &audit->tables[i];
    return NULL;
}

static void compare(json_t *then, struct arena *arena, struct audit *audit)
{
    const char *name = json_string_value(json_object_get(then, "name"));
    const char *checksum = json_string_value(json_object_get(then, "checksum"));
    const json_int_t rows = json_integer_value(json_object_get(then, "rows"));
    const struct audit_table *now = name ? table_named(audit, name) : NULL;
    if (!name)
        return;
    name = arena_strdup(arena, name);
    if (!now)
        find(arena, audit, "table-missing", name,
             arena_printf(arena, "table %s is not there any more", name));
    else if (now->counted && json_is_true(json_object_get(then, "counted")) && now->rows != rows)
        find(arena, audit, "rows-differ", name,
             arena_printf(arena, "table %s has %" PRId64 " rows; it had %" JSON_INTEGER_FORMAT, name,
                          now->rows, rows));
    else if (now->checksum && checksum && strcmp(now->checksum, checksum) != 0)
        find(arena, audit, "checksum-differs", name,
             arena_printf(arena, "the rows of table %s have other values, or other columns", name));
}

bool audit_against(const char *path, struct arena *arena, struct audit *audit, struct error *err)
{
    json_error_t why;
    json_t *document = json_load_file(path, 0, &why);
    json_t *tables = json_object_get(document, "tables");
    if (!json_is_array(tables)) {
        error_set(err, ERROR_REFUSED, "%s is not the JSON of an audit", path);
        if (!document)
            error_detail(err, "%s", why.text);
        json_decref(document);
        return error_hint(err, "segue audit --checksums --json > FILE makes one");
    }
    for (size_t i = 0; i < json_array_size(tables); i++)
        compare(json_array_get(tables, i), arena, audit);
    json_decref(document);
    return true;
}
