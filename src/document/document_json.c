/* A document for a program. Bytes that are no UTF-8 become "?". */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/document.h"

static json_t *string_json(const char *string)
{
    json_t *json = json_string(string);
    if (json)
        return json;
    char *copy = strdup(string);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    json = json_string(copy ? copy : "");
    free(copy);
    return json;
}

static json_t *value_json(const struct document_value *value)
{
    if (value->unknown)
        return json_null();
    if (!value->is_number)
        return string_json(value->text);
    if (!isfinite(value->number))
        return json_null();
    return value->number == floor(value->number) && fabs(value->number) < 9e15
               ? json_integer((json_int_t)value->number)
               : json_real(value->number);
}

/* Puts it under the key; why nobody knows it stands beside. */
static void put(json_t *object, const char *key, const struct document_value *value)
{
    char beside[100];
    json_object_set_new(object, key, value_json(value));
    if (!value->unknown)
        return;
    (void)snprintf(beside, sizeof beside, "%.60s_not_known", key);
    json_object_set_new(object, beside, string_json(value->unknown));
}

static json_t *table_json(const struct document_table *table)
{
    json_t *rows = json_array();
    for (size_t i = 0; i + table->n_columns <= table->n_cells; i += table->n_columns) {
        json_t *row = json_object();
        for (size_t column = 0; column < table->n_columns; column++)
            if (table->columns[column].key)
                put(row, table->columns[column].key, &table->cells[i + column]);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *values_json(const struct block *block)
{
    json_t *list = json_array();
    for (size_t i = 0; i < block->n_values; i++)
        json_array_append_new(list, value_json(&block->values[i]));
    return list;
}

static void section_json(const struct section *section, json_t *object);

static void block_json(const struct block *block, json_t *object)
{
    if (block->kind == BLOCK_FIELDS)
        for (size_t i = 0; i < block->n_fields; i++)
            if (block->fields[i].key)
                put(object, block->fields[i].key, &block->fields[i].value);
    if (!block->key)
        return;
    switch (block->kind) {
    case BLOCK_PARAGRAPH:
    case BLOCK_WARNING:
    case BLOCK_COMMAND: json_object_set_new(object, block->key, string_json(block->text)); return;
    case BLOCK_BULLETS: json_object_set_new(object, block->key, values_json(block)); return;
    case BLOCK_TABLE: json_object_set_new(object, block->key, table_json(block->table)); return;
    case BLOCK_SECTION: {
        json_t *inner = json_object();
        section_json(block->section, inner);
        json_object_set_new(object, block->key, inner);
        return;
    }
    case BLOCK_FIELDS:
    case BLOCK_CODE: return;
    }
}

static void section_json(const struct section *section, json_t *object)
{
    for (size_t i = 0; i < section->n_blocks; i++)
        block_json(section->blocks[i], object);
}

void document_to_json(const struct document *document, int depth, struct text *out)
{
    json_t *object = json_object();
    section_json(document->body, object);
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    json_decref(object);
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        text_append_n(out, line, end ? (size_t)(end - line) + 1 : strlen(line));
        for (int i = 0; end && i < depth; i++)
            text_append(out, "  ");
        line = end ? end + 1 : NULL;
    }
    free(text);
}
