/* A document as Markdown, with the tables that GitHub reads. */
#include <ctype.h>
#include <string.h>

#include "document/document.h"

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Within a word an underscore marks nothing, and names have many. */
static bool marks(const char *begin, const char *c)
{
    if (*c != '_')
        return strchr("\\`*[]|~$", *c) != NULL;
    return c == begin || !is_word(c[-1]) || !is_word(c[1]);
}

/* Text that stands for itself, on one line. */
static void inline_text(struct text *out, const char *string)
{
    for (const char *c = string; *c; c++) {
        switch (*c) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '\r': break;
        case '\n':
        case '\t': text_append_char(out, ' '); break;
        default:
            if (marks(string, c))
                text_append_char(out, '\\');
            text_append_char(out, *c);
        }
    }
}

/* The same at the begin of a line, where more means something: a heading, a list, a rule. */
static void line_text(struct text *out, const char *string)
{
    size_t digits = strspn(string, "0123456789");
    if (digits && (string[digits] == '.' || string[digits] == ')')) {
        text_append_n(out, string, digits);
        text_append_char(out, '\\');
        text_append_char(out, string[digits]);
        string += digits + 1;
    } else if (*string && strchr("#-+=", *string)) {
        text_append_char(out, '\\');
    }
    inline_text(out, string);
}

/* A fence is longer than any row of its marks inside. */
static void fenced(struct text *out, const char *language, const char *code)
{
    size_t longest = 2;
    for (const char *c = code; *c;) {
        size_t run = strspn(c, "`");
        longest = run > longest ? run : longest;
        c += run ? run : 1;
    }
    for (size_t i = 0; i <= longest; i++)
        text_append_char(out, '`');
    text_printf(out, "%s\n%s\n", language, code);
    for (size_t i = 0; i <= longest; i++)
        text_append_char(out, '`');
    text_append(out, "\n\n");
}

static void table(struct text *out, const struct document_table *table)
{
    size_t shown = table_shown(table);
    for (size_t i = 0; i < shown; i++) {
        text_append(out, "| ");
        inline_text(out, table->columns[i].title);
        text_append_char(out, ' ');
    }
    text_append(out, "|\n");
    for (size_t i = 0; i < shown; i++)
        text_append(out, table->columns[i].right ? "|--:" : "|---");
    text_append(out, "|\n");
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t column = i % table->n_columns;
        if (column >= shown)
            continue;
        text_append(out, "| ");
        inline_text(out, table->cells[i].text);
        text_append(out, column + 1 < shown ? " " : " |\n");
    }
    text_append_char(out, '\n');
}

static void field(struct text *out, const struct document_field *field)
{
    text_append(out, "- **");
    inline_text(out, field->label);
    text_append(out, "**: ");
    inline_text(out, field->value.text);
    text_append_char(out, '\n');
}

static void section(struct text *out, const struct section *section, int depth);

static void lines(struct text *out, const struct block *block)
{
    for (size_t i = 0; i < block->n_values; i++) {
        text_append(out, "- ");
        line_text(out, block->values[i].text);
        text_append_char(out, '\n');
    }
    for (size_t i = 0; i < block->n_fields; i++)
        field(out, &block->fields[i]);
    text_append_char(out, '\n');
}

/* A sentence of its own line. */
static void sentence(struct text *out, const char *before, const char *text)
{
    if (!text)
        return;
    text_append(out, before);
    line_text(out, text);
    text_append(out, "\n\n");
}

static void block(struct text *out, const struct block *block, int depth)
{
    switch (block->kind) {
    case BLOCK_PARAGRAPH: sentence(out, "", block->text); return;
    case BLOCK_WARNING: sentence(out, "> ", block->text); return;
    case BLOCK_BULLETS:
    case BLOCK_FIELDS: lines(out, block); return;
    case BLOCK_TABLE:
        sentence(out, "", block->text);
        table(out, block->table);
        return;
    case BLOCK_COMMAND:
        sentence(out, "", block->about);
        fenced(out, "sh", block->text);
        return;
    case BLOCK_CODE:
        text_append(out, "<details><summary>");
        inline_text(out, block->about);
        text_append(out, "</summary>\n\n");
        fenced(out, "sql", block->text);
        text_append(out, "</details>\n\n");
        return;
    case BLOCK_SECTION: section(out, block->section, depth + 1); return;
    }
}

static void heading(struct text *out, const struct section *section, int depth)
{
    for (int i = 0; i <= depth && i < 6; i++)
        text_append_char(out, '#');
    text_append_char(out, ' ');
    inline_text(out, section->title);
    text_append(out, "\n\n");
    sentence(out, "", section->about);
}

static void section(struct text *out, const struct section *section, int depth)
{
    if (section->mark) {
        text_append(out, "**");
        inline_text(out, section->mark);
        text_append(out, section->numbered ? ".** " : "** ");
        inline_text(out, section->title ? section->title : "");
        text_append(out, "\n\n");
    } else {
        heading(out, section, depth);
    }
    for (size_t i = 0; i < section->n_blocks; i++)
        block(out, section->blocks[i], depth);
}

void document_to_markdown(const struct document *document, struct text *out)
{
    text_append(out, "# ");
    inline_text(out, document->title);
    text_append(out, "\n\n");
    sentence(out, "", document->body->about);
    for (size_t i = 0; i < document->body->n_blocks; i++)
        block(out, document->body->blocks[i], 0);
    while (out->length > 1 && out->data[out->length - 2] == '\n')
        out->data[--out->length] = '\0';
}
