/* A document for a terminal. */
#include "document/document.h"
#include "document/text_internal.h"

#include <string.h>

#include "base/layout.h"

enum { NUMBERED_INDENT = 8, NUMBERED_LABEL = 7, SECTION_LABEL = 10, NARROWEST = 40 };

static void labelled(const struct page *page, int indent, int label_width, const struct document_field *field)
{
    int column = indent + label_width;
    if (layout_columns(field->label) >= label_width)
        column = indent + layout_columns(field->label) + 2;
    text_printf(page->out, "%*s%s", indent, "", page->dim);
    layout_pad(page->out, field->label, column - indent);
    text_append(page->out, page->plain);
    layout_wrap(page->out, field->value.text, column, column, page->width);
    text_append_char(page->out, '\n');
}

static void paragraph(const struct page *page, int indent, const char *text, const char *color)
{
    text_printf(page->out, "%*s%s", indent, "", color);
    layout_wrap(page->out, text, indent, indent, page->width);
    text_printf(page->out, "%s\n", *color ? page->plain : "");
}

static int label_width(const struct block *block, int least)
{
    int width = least;
    for (size_t i = 0; i < block->n_fields; i++) {
        int columns = layout_columns(block->fields[i].label) + 2;
        width = columns > width ? columns : width;
    }
    return width;
}

/* A command is one line, however long, so that it can be copied. */
static void command(const struct page *page, int indent, const struct block *block)
{
    if (block->about)
        paragraph(page, indent, block->about, "");
    text_printf(page->out, "%*s%s%s%s\n", indent + 4, "", page->bold, block->text, page->plain);
}

static void section(const struct page *page, const struct section *section, int depth);

static void block(const struct page *page, const struct block *block, int indent, int label, int depth)
{
    if (block->detail) {
        if (block->kind != BLOCK_CODE && block->about)
            paragraph(page, indent, block->about, "");
        return;
    }
    switch (block->kind) {
    case BLOCK_PARAGRAPH: paragraph(page, indent, block->text, ""); return;
    case BLOCK_WARNING: paragraph(page, indent, block->text, page->warn); return;
    case BLOCK_BULLETS:
        for (size_t i = 0; i < block->n_values; i++) {
            text_printf(page->out, "%*s· ", indent, "");
            layout_wrap(page->out, block->values[i].text, indent + 2, indent + 2, page->width);
            text_append_char(page->out, '\n');
        }
        return;
    case BLOCK_FIELDS:
        for (size_t i = 0; i < block->n_fields; i++)
            labelled(page, indent, label_width(block, label), &block->fields[i]);
        return;
    case BLOCK_TABLE: document_text_table(page, block, indent); return;
    case BLOCK_COMMAND: command(page, indent, block); return;
    case BLOCK_SECTION: section(page, block->section, depth + 1); return;
    case BLOCK_CODE: return;
    }
}

static void blocks(const struct page *page, const struct section *section, int indent, int label, int depth)
{
    for (size_t i = 0; i < section->n_blocks; i++)
        block(page, section->blocks[i], indent, label, depth);
}

/* "   7  add a column" with what is said of it below, or "  users  5 rows". */
static void entry(const struct page *page, const struct section *entry, int depth)
{
    const char *title = entry->title ? entry->title : "";
    if (entry->numbered) {
        text_printf(page->out, "  %s%4s%s  ", page->dim, entry->mark, page->plain);
        layout_wrap(page->out, title, NUMBERED_INDENT, NUMBERED_INDENT, page->width);
        text_append_char(page->out, '\n');
        blocks(page, entry, NUMBERED_INDENT, NUMBERED_LABEL, depth);
        return;
    }
    text_printf(page->out, "  %s%s%s  ", page->bold, entry->mark, page->plain);
    layout_wrap(page->out, title, 4 + layout_columns(entry->mark), 4, page->width);
    text_append_char(page->out, '\n');
    blocks(page, entry, 4, SECTION_LABEL, depth);
}

static void section(const struct page *page, const struct section *section, int depth)
{
    if (section->mark) {
        entry(page, section, depth);
        return;
    }
    int indent = depth > 1 ? 2 : 0;
    text_printf(page->out, "\n%*s%s%s%s", indent, "", page->bold, section->title, page->plain);
    if (section->about) {
        int column = indent + layout_columns(section->title) + 2;
        text_append(page->out, ": ");
        layout_wrap(page->out, section->about, column, indent + 2, page->width);
    }
    text_append_char(page->out, '\n');
    blocks(page, section, 2, SECTION_LABEL, depth);
}

void document_to_text(const struct document *document, bool color, int width, struct text *out)
{
    const struct page page = {
        .out = out,
        .bold = color ? "\033[1m" : "",
        .dim = color ? "\033[2m" : "",
        .warn = color ? "\033[33m" : "",
        .plain = color ? "\033[0m" : "",
        .width = width < NARROWEST ? NARROWEST : width,
    };
    text_printf(out, "%s%s%s", page.bold, document->title, page.plain);
    if (document->body->about) {
        text_append(out, ": ");
        layout_wrap(out, document->body->about, layout_columns(document->title) + 2, 2, page.width);
    }
    text_append_char(out, '\n');
    blocks(&page, document->body, 2, SECTION_LABEL, 0);
}
