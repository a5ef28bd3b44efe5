#include "cli/page.h"

#include <string.h>

#include "base/layout.h"
#include "cli/grid.h"
#include "web.h"

static struct page_block *add(struct page *page, enum page_kind kind, const char *text)
{
    struct page_block block = {.kind = kind, .text = text ? arena_strdup(page->arena, text) : NULL};
    ARENA_PUSH(page->arena, page->blocks, page->n_blocks, block);
    return &page->blocks[page->n_blocks - 1];
}

void page_heading(struct page *page, const char *text)
{
    (void)add(page, PAGE_HEADING, text);
}

void page_paragraph(struct page *page, const char *text)
{
    (void)add(page, PAGE_PARAGRAPH, text);
}

void page_table(struct page *page, const char *const *titles, size_t n)
{
    add(page, PAGE_TABLE, NULL)->columns = n;
    for (size_t i = 0; i < n; i++)
        page_cell(page, titles[i]);
}

void page_cell(struct page *page, const char *text)
{
    struct page_block *table = &page->blocks[page->n_blocks - 1];
    const char *copy = arena_strdup(page->arena, text ? text : "");
    ARENA_PUSH(page->arena, table->cells, table->n_cells, copy);
}

static void table_to_text(const struct page *page, const struct page_block *table, struct text *out)
{
    struct grid grid = {.arena = page->arena, .columns = table->columns};
    for (size_t i = 0; i < table->n_cells; i++)
        grid_cell(&grid, table->cells[i]);
    grid_print(&grid, out);
}

void page_to_text(const struct page *page, int width, struct text *out)
{
    text_printf(out, "%s\n", page->title);
    for (size_t i = 0; i < page->n_blocks; i++) {
        const struct page_block *block = &page->blocks[i];
        text_append_char(out, '\n');
        if (block->kind == PAGE_TABLE) {
            table_to_text(page, block, out);
            continue;
        }
        layout_wrap(out, block->text, 0, 0, width);
        text_append_char(out, '\n');
    }
}

/* What would mean something in Markdown is escaped; a line of its own stays in its cell. */
static void markdown(const char *text, struct text *out)
{
    for (; *text; text++) {
        if (strchr("\\`*_[]<>|#", *text))
            text_append_char(out, '\\');
        text_append_char(out, *text == '\n' ? ' ' : *text);
    }
}

static void table_to_markdown(const struct page_block *table, struct text *out)
{
    for (size_t i = 0; i < table->n_cells; i++) {
        text_append(out, i % table->columns ? " " : "| ");
        markdown(table->cells[i], out);
        text_append(out, " |");
        if (i % table->columns + 1 < table->columns)
            continue;
        text_append_char(out, '\n');
        for (size_t k = 0; i + 1 == table->columns && k < table->columns; k++)
            text_append(out, k + 1 < table->columns ? "|---" : "|---|\n");
    }
}

void page_to_markdown(const struct page *page, struct text *out)
{
    text_append(out, "# ");
    markdown(page->title, out);
    text_append_char(out, '\n');
    for (size_t i = 0; i < page->n_blocks; i++) {
        const struct page_block *block = &page->blocks[i];
        text_append(out, block->kind == PAGE_HEADING ? "\n## " : "\n");
        if (block->kind == PAGE_TABLE) {
            table_to_markdown(block, out);
            continue;
        }
        markdown(block->text, out);
        text_append_char(out, '\n');
    }
}

static void html(const char *text, struct text *out)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        default: text_append_char(out, *text); break;
        }
    }
}

static void element(const char *name, const char *text, struct text *out)
{
    text_printf(out, "<%s>", name);
    html(text, out);
    text_printf(out, "</%s>\n", name);
}

static void table_to_html(const struct page_block *table, struct text *out)
{
    text_append(out, "<div class=\"scroll\"><table>\n<thead>\n");
    for (size_t i = 0; i < table->n_cells; i++) {
        if (i % table->columns == 0)
            text_append(out, "<tr>");
        element(i < table->columns ? "th" : "td", table->cells[i], out);
        if (i % table->columns + 1 == table->columns)
            text_append(out, i + 1 == table->columns ? "</tr>\n</thead>\n<tbody>\n" : "</tr>\n");
    }
    text_append(out, "</tbody>\n</table></div>\n");
}

static void body(const struct page *page, struct text *out)
{
    element("h1", page->title, out);
    for (size_t i = 0; i < page->n_blocks; i++) {
        const struct page_block *block = &page->blocks[i];
        if (block->kind == PAGE_TABLE)
            table_to_html(block, out);
        else
            element(block->kind == PAGE_HEADING ? "h2" : "p", block->text, out);
    }
}

/* The template has {{title}} once and then {{body}}. */
void page_to_html(const struct page *page, struct text *out)
{
    static const char title_slot[] = "{{title}}", body_slot[] = "{{body}}";
    const char *title = strstr(web_page, title_slot);
    const char *after_title = title + strlen(title_slot);
    const char *slot = strstr(after_title, body_slot);
    text_append_n(out, web_page, (size_t)(title - web_page));
    html(page->title, out);
    text_append_n(out, after_title, (size_t)(slot - after_title));
    body(page, out);
    text_append(out, slot + strlen(body_slot));
}
