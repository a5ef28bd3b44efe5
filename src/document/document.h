/*
 * A document as a tree: sections with paragraphs, lists, fields, tables and commands. It is built once, by whoever knows what it
 * is about, and rendered as text for a terminal, Markdown, HTML or JSON by renderers that know nothing of it. Every string is
 * plain text: a renderer escapes what its format would read as something else. Keys name things in JSON alone; what has none
 * is for people.
 *
 * Everything lives in the arena of the document; strings given are copied.
 */
#ifndef SEGUE_DOCUMENT_DOCUMENT_H
#define SEGUE_DOCUMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* A piece of text, and the number that it shows where it shows one. */
struct document_value {
    const char *text;
    bool is_number;
    double number;
    const char *unknown; /* why nobody knows it; then text says so, and JSON has null */
};

struct document_field {
    const char *key, *label;
    struct document_value value;
};

struct document_column {
    const char *key;   /* NULL: for people alone */
    const char *title; /* NULL: for programs alone; these stand behind all others */
    bool right;        /* numbers stand to the right */
};

struct document_table {
    const struct document_column *columns;
    size_t n_columns;
    struct document_value *cells; /* row by row */
    size_t n_cells;
};

enum block_kind {
    BLOCK_PARAGRAPH, /* text */
    BLOCK_WARNING,   /* text that must not be overlooked */
    BLOCK_BULLETS,   /* values */
    BLOCK_FIELDS,    /* fields */
    BLOCK_TABLE,     /* table; text: its title or NULL */
    BLOCK_COMMAND,   /* text: for a shell, as it stands; about: what it does */
    BLOCK_CODE,      /* text; about: its title. Left out on a terminal */
    BLOCK_SECTION    /* section */
};

struct block {
    enum block_kind kind;
    const char *key;
    const char *text, *about;
    bool detail; /* left out on a terminal, where only about stands in its place, if there is any */
    struct document_value *values;
    size_t n_values;
    struct document_field *fields;
    size_t n_fields;
    struct document_table *table;
    struct section *section;
};

struct section {
    struct arena *arena;
    const char *key;
    const char *mark;  /* an entry of a list: its number or name before the title */
    bool numbered;     /* mark is a number */
    const char *title; /* NULL: only of an entry that has a mark */
    const char *about; /* a line behind the title, or NULL */
    struct block **blocks;
    size_t n_blocks;
};

struct document {
    const char *title;
    struct section *body;
};

struct document *document_new(struct arena *arena, const char *title);

/* Appends a section to one, with a heading. about may be NULL. */
struct section *section_add(struct section *parent, const char *key, const char *title, const char *about);
/* Appends an entry: a numbered or named piece of a list. */
struct section *section_entry(struct section *parent, const char *mark, bool numbered, const char *title);

void section_paragraph(struct section *section, const char *key, const char *text);
void section_warning(struct section *section, const char *key, const char *text);
/* Bullets, fields that follow one another are one list. */
void section_bullet(struct section *section, const char *key, const char *text);
void section_field(struct section *section, const char *key, const char *label, struct document_value value);
struct document_table *section_table(struct section *section, const char *key, const char *title,
                                     const struct document_column *columns, size_t n_columns);
/* A table that a terminal leaves out; instead: what it says there, or NULL. */
struct document_table *section_detail(struct section *section, const char *key, const char *title,
                                      const char *instead, const struct document_column *columns,
                                      size_t n_columns);
void section_command(struct section *section, const char *key, const char *command, const char *about);
void section_code(struct section *section, const char *title, const char *code);

/* Appends the next cell; rows fill up by themselves. */
void section_cell(struct section *owner, struct document_table *table, struct document_value value);

/* How many columns of the table people see. */
size_t table_shown(const struct document_table *table);

/* Values. Strings are not copied before they are put somewhere. */
struct document_value value_text(const char *text); /* NULL: empty */
/* A number; NAN: none, which is null in JSON. */
struct document_value value_number(double number, const char *text);
struct document_value value_count(struct arena *arena, double count); /* 5,000,000 */
struct document_value value_bytes(struct arena *arena, double bytes); /* 700 MB */
/* "not known: why" */
struct document_value value_unknown(struct arena *arena, const char *why);

/* For a person, before whom width columns are. color: ANSI escapes. */
void document_to_text(const struct document *document, bool color, int width, struct text *out);
/* As GitHub and CommonMark read it. */
void document_to_markdown(const struct document *document, struct text *out);
/* One page that needs nothing else, no script either. */
void document_to_html(const struct document *document, struct text *out);
/* An object: for each section with a key an object of its fields, and arrays of its tables and lists. No newline at the end;
 * lines after the first begin with depth times two spaces. */
void document_to_json(const struct document *document, int depth, struct text *out);

#endif
