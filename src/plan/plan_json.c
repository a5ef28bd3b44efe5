/* A plan written as JSON: every field of plan/fields.c, two spaces an indent, so that two plans can be compared with diff. */
#include "plan/fields_internal.h"
#include "plan/plan.h"

#include <stdint.h>

static void newline(struct text *out, int depth)
{
    text_append_char(out, '\n');
    for (int i = 0; i < depth; i++)
        text_append(out, "  ");
}

static void write_string(const char *string, struct text *out)
{
    text_append_char(out, '"');
    for (const char *c = string; *c; c++) {
        switch (*c) {
        case '"': text_append(out, "\\\""); break;
        case '\\': text_append(out, "\\\\"); break;
        case '\n': text_append(out, "\\n"); break;
        case '\t': text_append(out, "\\t"); break;
        default:
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                text_printf(out, "\\u%04x", (unsigned)(unsigned char)*c);
            else
                text_append_char(out, *c);
        }
    }
    text_append_char(out, '"');
}

static void write_strings(const char *const *strings, size_t n, int depth, struct text *out)
{
    text_append_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        text_append(out, i ? "," : "");
        newline(out, depth + 1);
        write_string(strings[i], out);
    }
    if (n)
        newline(out, depth);
    text_append_char(out, ']');
}

static void write_number(double value, struct text *out)
{
    /* Counts of rows are whole; anything else keeps every digit. */
    if (value >= 0 && value < 9007199254740992.0 && value == (double)(int64_t)value)
        text_printf(out, "%lld", (long long)value);
    else
        text_printf(out, "%.17g", value);
}

static void write_object(const struct shape *shape, const char *object, int depth, struct text *out);

static void write_objects(const struct shape *shape, const char *array, size_t n, int depth, struct text *out)
{
    text_append_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        text_append(out, i ? "," : "");
        newline(out, depth + 1);
        write_object(shape, array + i * shape->size, depth + 1, out);
    }
    if (n)
        newline(out, depth);
    text_append_char(out, ']');
}

static void write_value(const struct field *field, const char *object, int depth, struct text *out)
{
    const void *at = object + field->offset;
    const size_t *count = (const size_t *)(const void *)(object + field->count_offset);
    switch (field->type) {
    case FIELD_STRING: write_string(*(const char *const *)at, out); return;
    case FIELD_STRINGS: write_strings(*(const char *const *const *)at, *count, depth, out); return;
    case FIELD_INT: text_printf(out, "%d", *(const int *)at); return;
    case FIELD_DOUBLE: write_number(*(const double *)at, out); return;
    case FIELD_BOOL: text_append(out, *(const bool *)at ? "true" : "false"); return;
    case FIELD_FLAG: text_append(out, *(const unsigned *)at & field->bit ? "true" : "false"); return;
    case FIELD_ENUM: write_string(field->word(*(const int *)at), out); return;
    case FIELD_OBJECT: write_object(field->shape, *(const char *const *)at, depth, out); return;
    case FIELD_OBJECTS: write_objects(field->shape, *(const char *const *)at, *count, depth, out); return;
    }
}

/* Absent strings and objects are left out, and a list that shares the count of another and is not there. */
static bool is_absent(const struct field *field, const char *object)
{
    const size_t *count = (const size_t *)(const void *)(object + field->count_offset);
    if (field->type == FIELD_STRINGS && *count)
        return *(const void *const *)(const void *)(object + field->offset) == NULL;
    if (field->type != FIELD_STRING && field->type != FIELD_OBJECT)
        return false;
    return *(const void *const *)(const void *)(object + field->offset) == NULL;
}

static void write_object(const struct shape *shape, const char *object, int depth, struct text *out)
{
    bool first = true;
    text_append_char(out, '{');
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *field = &shape->fields[i];
        if (is_absent(field, object))
            continue;
        text_append(out, first ? "" : ",");
        first = false;
        newline(out, depth + 1);
        text_printf(out, "\"%s\": ", field->name);
        write_value(field, object, depth + 1, out);
    }
    newline(out, depth);
    text_append_char(out, '}');
}

void plan_to_json_with(const struct plan *plan, const char *key, const char *json, struct text *out)
{
    write_object(&plan_shape, (const char *)plan, 0, out);
    out->data[--out->length] = '\0'; /* the brace */
    out->data[--out->length] = '\0'; /* its line */
    text_append_char(out, ',');
    newline(out, 1);
    write_string(key, out);
    text_printf(out, ": %s\n}\n", json);
}

void plan_to_json(const struct plan *plan, struct text *out)
{
    write_object(&plan_shape, (const char *)plan, 0, out);
    text_append_char(out, '\n');
}
