/* Building a document. */
#include "document/document.h"

#include "base/layout.h"

static const char *copy(struct arena *arena, const char *string)
{
    return string ? arena_strdup(arena, string) : NULL;
}

static struct document_value keep(struct arena *arena, struct document_value value)
{
    value.text = copy(arena, value.text ? value.text : "");
    value.unknown = copy(arena, value.unknown);
    return value;
}

struct document *document_new(struct arena *arena, const char *title)
{
    struct document *document = arena_alloc(arena, sizeof *document);
    document->title = copy(arena, title);
    document->body = arena_alloc(arena, sizeof *document->body);
    document->body->arena = arena;
    return document;
}

static struct block *block_add(struct section *section, enum block_kind kind, const char *key)
{
    struct block *block = arena_alloc(section->arena, sizeof *block);
    block->kind = kind;
    block->key = copy(section->arena, key);
    ARENA_PUSH(section->arena, section->blocks, section->n_blocks, block);
    return block;
}

/* The list that goes on, or a new one. */
static struct block *block_open(struct section *section, enum block_kind kind, const char *key)
{
    struct block *last = section->n_blocks ? section->blocks[section->n_blocks - 1] : NULL;
    return last && last->kind == kind ? last : block_add(section, kind, key);
}

struct section *section_add(struct section *parent, const char *key, const char *title, const char *about)
{
    struct block *block = block_add(parent, BLOCK_SECTION, key);
    block->section = arena_alloc(parent->arena, sizeof *block->section);
    *block->section = (struct section){.arena = parent->arena,
                                       .key = block->key,
                                       .title = copy(parent->arena, title),
                                       .about = copy(parent->arena, about)};
    return block->section;
}

struct section *section_entry(struct section *parent, const char *mark, bool numbered, const char *title)
{
    struct section *entry = section_add(parent, NULL, title, NULL);
    entry->mark = copy(parent->arena, mark);
    entry->numbered = numbered;
    return entry;
}

void section_paragraph(struct section *section, const char *key, const char *text)
{
    block_add(section, BLOCK_PARAGRAPH, key)->text = copy(section->arena, text);
}

void section_warning(struct section *section, const char *key, const char *text)
{
    block_add(section, BLOCK_WARNING, key)->text = copy(section->arena, text);
}

void section_bullet(struct section *section, const char *key, const char *text)
{
    struct block *block = block_open(section, BLOCK_BULLETS, key);
    ARENA_PUSH(section->arena, block->values, block->n_values, keep(section->arena, value_text(text)));
}

void section_field(struct section *section, const char *key, const char *label, struct document_value value)
{
    struct block *block = block_open(section, BLOCK_FIELDS, NULL);
    const struct document_field field = {.key = copy(section->arena, key),
                                         .label = copy(section->arena, label),
                                         .value = keep(section->arena, value)};
    ARENA_PUSH(section->arena, block->fields, block->n_fields, field);
}

struct document_table *section_table(struct section *section, const char *key, const char *title,
                                     const struct document_column *columns, size_t n_columns)
{
    struct block *block = block_add(section, BLOCK_TABLE, key);
    block->text = copy(section->arena, title);
    block->table = arena_alloc(section->arena, sizeof *block->table);
    *block->table = (struct document_table){.columns = columns, .n_columns = n_columns};
    return block->table;
}

struct document_table *section_detail(struct section *section, const char *key, const char *title,
                                      const char *instead, const struct document_column *columns,
                                      size_t n_columns)
{
    struct document_table *table = section_table(section, key, title, columns, n_columns);
    struct block *block = section->blocks[section->n_blocks - 1];
    block->detail = true;
    block->about = copy(section->arena, instead);
    return table;
}

void section_command(struct section *section, const char *key, const char *command, const char *about)
{
    struct block *block = block_add(section, BLOCK_COMMAND, key);
    block->text = copy(section->arena, command);
    block->about = copy(section->arena, about);
}

void section_code(struct section *section, const char *title, const char *code)
{
    struct block *block = block_add(section, BLOCK_CODE, NULL);
    block->text = copy(section->arena, code);
    block->about = copy(section->arena, title);
    block->detail = true;
}

void section_cell(struct section *owner, struct document_table *table, struct document_value value)
{
    ARENA_PUSH(owner->arena, table->cells, table->n_cells, keep(owner->arena, value));
}

size_t table_shown(const struct document_table *table)
{
    size_t n = 0;
    while (n < table->n_columns && table->columns[n].title)
        n++;
    return n;
}

struct document_value value_text(const char *text)
{
    return (struct document_value){.text = text ? text : ""};
}

struct document_value value_number(double number, const char *text)
{
    return (struct document_value){.text = text, .is_number = true, .number = number};
}

struct document_value value_count(struct arena *arena, double count)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    layout_count(&text, count);
    return value_number(count, arena_strdup(arena, text_string(&text)));
}

struct document_value value_bytes(struct arena *arena, double bytes)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    layout_bytes(&text, bytes);
    return value_number(bytes, arena_strdup(arena, text_string(&text)));
}

struct document_value value_unknown(struct arena *arena, const char *why)
{
    return (struct document_value){.text = arena_printf(arena, "not known: %s", why), .unknown = why};
}
