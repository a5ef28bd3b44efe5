/* A document as one page of HTML that needs nothing else: its style is in it, it loads nothing and runs nothing. */
#include "document/document.h"

static const char head[] =
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    /* Should anything slip through the escapes, a browser still loads and runs nothing. */
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>\n"
    ":root { color-scheme: light dark; --line: #8886; --soft: #8882; --warn: #b45309; }\n"
    "body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.6rem; margin: 0; } h2 { border-top: 1px solid var(--line); margin: 2rem 0 .5rem; padding-top: 1rem; }\n"
    "h3 { margin: 1.5rem 0 .25rem; } p { margin: .5rem 0; }\n"
    "nav a { margin-right: 1rem; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }\n"
    "dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }\n"
    "div.table { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; }\n"
    "caption { text-align: left; font-weight: 600; } th, td { border: 1px solid var(--line); padding: .25rem .6rem;\n"
    "text-align: left; vertical-align: top; } th { background: var(--soft); }\n"
    ".right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }\n"
    ".entry { border-left: 3px solid var(--line); padding-left: .8rem; margin: 1rem 0; break-inside: avoid; }\n"
    ".entry h4 { margin: 0; } .warning { border-left: 3px solid var(--warn); padding-left: .8rem; }\n"
    "pre { background: var(--soft); padding: .5rem .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    "@media print { body { margin: 0; max-width: none; font-size: 11px; } nav { display: none; } h2, h3 { break-after: avoid; }\n"
    "tr, pre { break-inside: avoid; } div.table { overflow: visible; } a { color: inherit; } }\n"
    "</style>\n";

/* Text that stands for itself, also within quotes. */
static void plain(struct text *out, const char *string)
{
    for (const char *c = string; *c; c++) {
        switch (*c) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        case '\'': text_append(out, "&#39;"); break;
        default:
            /* Other control characters have no place in a page. */
            if ((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t')
                text_append_char(out, *c);
            else
                text_append(out, "\xef\xbf\xbd");
        }
    }
}

static void element(struct text *out, const char *open, const char *string, const char *close)
{
    text_append(out, open);
    plain(out, string);
    text_append(out, close);
}

static void table(struct text *out, const struct block *block)
{
    const struct document_table *table = block->table;
    size_t shown = table_shown(table);
    text_append(out, "<div class=\"table\"><table>\n");
    if (block->text)
        element(out, "<caption>", block->text, "</caption>\n");
    text_append(out, "<thead><tr>");
    for (size_t i = 0; i < shown; i++)
        element(out, table->columns[i].right ? "<th scope=\"col\" class=\"right\">" : "<th scope=\"col\">",
                table->columns[i].title, "</th>");
    text_append(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t column = i % table->n_columns;
        if (column >= shown)
            continue;
        text_append(out, column ? "" : "<tr>");
        element(out, table->columns[column].right ? "<td class=\"right\">" : "<td>", table->cells[i].text,
                "</td>");
        text_append(out, column + 1 == shown ? "</tr>\n" : "");
    }
    text_append(out, "</tbody></table></div>\n");
}

static void lists(struct text *out, const struct block *block)
{
    text_append(out, block->kind == BLOCK_FIELDS ? "<dl>\n" : "<ul>\n");
    for (size_t i = 0; i < block->n_values; i++)
        element(out, "<li>", block->values[i].text, "</li>\n");
    for (size_t i = 0; i < block->n_fields; i++) {
        element(out, "<dt>", block->fields[i].label, "</dt>");
        element(out, "<dd>", block->fields[i].value.text, "</dd>\n");
    }
    text_append(out, block->kind == BLOCK_FIELDS ? "</dl>\n" : "</ul>\n");
}

static void section(struct text *out, const struct section *section, int depth, size_t number);

static void block(struct text *out, const struct block *block, int depth, size_t number)
{
    switch (block->kind) {
    case BLOCK_PARAGRAPH: element(out, "<p>", block->text, "</p>\n"); return;
    case BLOCK_WARNING: element(out, "<p class=\"warning\">", block->text, "</p>\n"); return;
    case BLOCK_BULLETS:
    case BLOCK_FIELDS: lists(out, block); return;
    case BLOCK_TABLE: table(out, block); return;
    case BLOCK_COMMAND:
        if (block->about)
            element(out, "<p>", block->about, "</p>\n");
        element(out, "<pre><code>", block->text, "</code></pre>\n");
        return;
    case BLOCK_CODE:
        element(out, "<details><summary>", block->about, "</summary>\n");
        element(out, "<pre><code>", block->text, "</code></pre></details>\n");
        return;
    case BLOCK_SECTION: section(out, block->section, depth + 1, number); return;
    }
}

/* number: of the section in its parent, which its link is made of; names of tables are none. */
static void section(struct text *out, const struct section *section, int depth, size_t number)
{
    if (section->mark) {
        text_append(out, "<div class=\"entry\"><h4>");
        element(out, "", section->mark, section->numbered ? ". " : " ");
        element(out, "", section->title ? section->title : "", "</h4>\n");
    } else if (depth == 1) {
        text_printf(out, "<section id=\"s%zu\">", number);
        element(out, "<h2>", section->title, "</h2>\n");
    } else {
        element(out, "<section><h3>", section->title, "</h3>\n");
    }
    if (section->about)
        element(out, "<p>", section->about, "</p>\n");
    for (size_t i = 0; i < section->n_blocks; i++)
        block(out, section->blocks[i], depth, i);
    text_append(out, section->mark ? "</div>\n" : "</section>\n");
}

static void contents(struct text *out, const struct section *body)
{
    text_append(out, "<nav aria-label=\"Contents\">\n");
    for (size_t i = 0; i < body->n_blocks; i++) {
        if (body->blocks[i]->kind != BLOCK_SECTION || body->blocks[i]->section->mark)
            continue;
        text_printf(out, "<a href=\"#s%zu\">", i);
        element(out, "", body->blocks[i]->section->title, "</a>\n");
    }
    text_append(out, "</nav>\n");
}

void document_to_html(const struct document *document, struct text *out)
{
    const struct section *body = document->body;
    text_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    text_append(out, head);
    element(out, "<title>", document->title, "</title>\n</head>\n<body>\n<header>\n");
    element(out, "<h1>", document->title, "</h1>\n");
    if (body->about)
        element(out, "<p>", body->about, "</p>\n");
    contents(out, body);
    text_append(out, "</header>\n<main>\n");
    for (size_t i = 0; i < body->n_blocks; i++)
        block(out, body->blocks[i], 0, i);
    text_append(out, "</main>\n</body>\n</html>\n");
}
