/* Replacing tokens of a text. Where a tree says what is meant, tokens say where it stands. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

enum { SHOWN_BYTES = 200 };

void sql_edit_add(struct arena *arena, struct sql_edits *edits, size_t first, size_t last, const char *text)
{
    struct sql_edit edit = {.first = first, .last = last, .text = text};
    ARENA_PUSH(arena, edits->list, edits->n, edit);
}

static int by_place(const void *a, const void *b)
{
    const struct sql_edit *left = a;
    const struct sql_edit *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

const char *sql_edit_print(struct arena *arena, const struct parse_text *text, size_t first, size_t last,
                           struct sql_edits *edits)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (edits->n)
        qsort(edits->list, edits->n, sizeof edits->list[0], by_place);
    size_t next = 0;
    for (size_t i = first; i < last;) {
        if (i > first && text->tokens[i].begin > text->tokens[i - 1].end)
            text_append_char(&out, ' ');
        while (next < edits->n && edits->list[next].first < i)
            next++;
        if (next < edits->n && edits->list[next].first == i) {
            text_append(&out, edits->list[next].text);
            i = edits->list[next].last;
        } else {
            const struct parse_token *token = &text->tokens[i++];
            text_append_n(&out, text->text + token->begin, token->end - token->begin);
        }
    }
    return arena_strdup(arena, text_string(&out));
}

const char *sql_renamed(const struct rename *renames, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(renames[i].from, name) == 0)
            return renames[i].to;
    }
    return name;
}

void sql_rename_strings(struct arena *arena, PgQuery__Node **nodes, size_t n_nodes,
                        const struct rename *renames, size_t n)
{
    for (size_t i = 0; i < n_nodes; i++) {
        const char *name = parse_string(nodes[i]);
        if (name)
            nodes[i] = parse_string_node(arena, sql_renamed(renames, n, name));
    }
}

void sql_add_distinct(struct arena *arena, const char ***names, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp((*names)[i], name) == 0)
            return;
    }
    ARENA_PUSH(arena, *names, *n, name);
}

/* The column of an index element or of a list of names; NULL for an expression. */
static char **element_name(PgQuery__Node *element)
{
    if (element->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM)
        return parse_given(element->index_elem->name) ? &element->index_elem->name : NULL;
    /* An EXCLUDE element is a list of an index element and an operator. */
    if (element->node_case == PG_QUERY__NODE__NODE_LIST && element->list->n_items)
        return element_name(element->list->items[0]);
    return element->node_case == PG_QUERY__NODE__NODE_STRING ? &element->string->sval : NULL;
}

void sql_edit_elements(struct arena *arena, const struct parse_text *text, size_t open,
                       PgQuery__Node **elements, size_t n_elements, const struct rename *renames, size_t n,
                       struct sql_edits *edits)
{
    size_t at = open + 1;
    for (size_t i = 0; i < n_elements && at < text->n; i++) {
        char **name = element_name(elements[i]);
        const char *renamed = name ? sql_renamed(renames, n, *name) : NULL;
        if (name && renamed != *name) {
            sql_edit_add(arena, edits, at, at + 1, pg_format(arena, "%I", renamed));
            *name = arena_strdup(arena, renamed);
        }
        /* On to behind the next comma of this list. */
        while (at < text->n && !parse_token_is(text, at, ",") && !parse_token_is(text, at, ")")) {
            bool opens = parse_token_is(text, at, "(") || parse_token_is(text, at, "[");
            at = opens ? parse_token_closing(text, at) + 1 : at + 1;
        }
        at++;
    }
}

bool sql_fault(struct error *err, const struct parse_fault *fault, const char *what, const char *text)
{
    int length = strlen(text) > SHOWN_BYTES ? SHOWN_BYTES : (int)strlen(text);
    error_set(err, ERROR_REFUSED, "%s", fault->message);
    return error_detail(err, "%s: %.*s%s", what, length, text, length == SHOWN_BYTES ? "…" : "");
}
