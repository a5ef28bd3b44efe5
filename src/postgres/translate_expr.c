/* Names within expressions, and what is selected. */

#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/translate_internal.h"

/* --- References to columns --- */

static void rename_reference(struct translator *translator, PgQuery__ColumnRef *ref, const char *to)
{
    size_t last = ref->n_fields - 1;
    const char *from = parse_string(ref->fields[last]);
    if (strcmp(from, to) == 0)
        return;
    if (translator->names_itself)
        translator_unsure(translator, "%s also gives an element its name", from);
    translator_need(translator, from, to);
    translator_edit(translator, parse_token_at(&translator->text, (size_t)ref->location) + 2 * last,
                    pg_format(translator->arena, "%I", to));
    ref->fields[last] = parse_string_node(translator->arena, to);
}

static bool may_be_column(const struct translator *translator, const char *name)
{
    for (const struct scope *at = translator->scope; at; at = at->outer)
        for (size_t i = 0; i < at->n; i++)
            if (at->sources[i].kind == SOURCE_VERSION && relation_column(at->sources[i].relation, name))
                return true;
    return false;
}

static bool changes(const struct source *source)
{
    return source && source->kind == SOURCE_VERSION && !relation_keeps_columns(source->relation);
}

static void alone(struct translator *translator, PgQuery__ColumnRef *ref, const char *name)
{
    if (changes(scope_source(translator->scope, name)) && !may_be_column(translator, name)) {
        translator_unsure(translator, "%s is a whole row, whose columns have other names", name);
        return;
    }
    if (!map_concerns(translator->map, name))
        return;
    const char *to = scope_column(translator, translator->scope, name);
    if (to)
        rename_reference(translator, ref, to);
}

static void qualified(struct translator *translator, PgQuery__ColumnRef *ref, const char *qualifier,
                      const char *name)
{
    const struct source *source = scope_source(translator->scope, qualifier);
    if (!source || source->kind != SOURCE_VERSION) {
        if (!source && map_concerns(translator->map, name))
            translator_unsure(translator, "it cannot be said what %s is in %s.%s", qualifier, qualifier,
                              name);
        return;
    }
    const struct named_column *column = relation_column(source->relation, name);
    if (column && !column->to)
        translator_unsure(translator, "the new version has no column %s of %s", name, qualifier);
    else if (column)
        rename_reference(translator, ref, column->to);
}

/* schema.table.column: of what stands in FROM without its schema nobody knows whether it is the same. */
static void with_schema(struct translator *translator, const PgQuery__ColumnRef *ref)
{
    const char *table = parse_string(ref->fields[ref->n_fields - 2]);
    const struct source *source = table ? scope_source(translator->scope, table) : NULL;
    if (source && source->kind == SOURCE_VERSION)
        translator_unsure(translator, "a column of %s is named with its schema", table);
}

static void star(struct translator *translator, const PgQuery__ColumnRef *ref)
{
    const char *qualifier = ref->n_fields > 1 ? parse_string(ref->fields[ref->n_fields - 2]) : NULL;
    if (qualifier && changes(scope_source(translator->scope, qualifier)))
        translator_unsure(translator, "%s.* is a whole row, whose columns have other names", qualifier);
}

static void reference(struct translator *translator, PgQuery__ColumnRef *ref)
{
    const char *name = parse_string(ref->fields[ref->n_fields - 1]);
    if (!name)
        star(translator, ref);
    else if (ref->n_fields == 1)
        alone(translator, ref, name);
    else if (ref->n_fields == 2)
        qualified(translator, ref, parse_string(ref->fields[0]), name);
    else
        with_schema(translator, ref);
}

/* --- Expressions --- */

static void visit(ProtobufCMessage *message, void *context);

/* name(items) is a column of items too. */
static void call(struct translator *translator, PgQuery__FuncCall *function)
{
    const char *name = function->n_funcname == 1 ? parse_string(function->funcname[0]) : NULL;
    if (name && function->n_args == 1 && map_concerns(translator->map, name))
        translator_unsure(translator, "%s() may be a column", name);
    parse_children(&function->base, visit, translator);
}

static void subquery(struct translator *translator, const PgQuery__SubLink *link)
{
    bool exists = link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK;
    bool names = link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK;
    const struct scope *scope = translator->scope;
    if (link->testexpr)
        visit(&link->testexpr->base, translator);
    translate_query(translator, link->subselect, scope,
                    exists  ? OUTPUT_NOTHING
                    : names ? OUTPUT_NAMES
                            : OUTPUT_PLACES);
    translator->scope = scope;
}

/* What is none of the nodes that have a meaning here has it in what it holds. */
static void visit(ProtobufCMessage *message, void *context)
{
    struct translator *translator = context;
    if (message->descriptor == &pg_query__column_ref__descriptor) {
        reference(translator, (PgQuery__ColumnRef *)message);
    } else if (message->descriptor == &pg_query__sub_link__descriptor) {
        subquery(translator, (const PgQuery__SubLink *)message);
    } else if (message->descriptor == &pg_query__func_call__descriptor) {
        call(translator, (PgQuery__FuncCall *)message);
    } else if (message->descriptor == &pg_query__range_var__descriptor ||
               message->descriptor == &pg_query__select_stmt__descriptor) {
        translator_unsure(translator, "a table stands where none is expected");
    } else if (message->descriptor == &pg_query__xml_expr__descriptor) {
        bool before = translator->names_itself;
        translator->names_itself = true;
        parse_children(message, visit, context);
        translator->names_itself = before;
    } else {
        parse_children(message, visit, context);
    }
}

void translate_expr(struct translator *translator, PgQuery__Node *node, const struct scope *scope)
{
    translator->scope = scope;
    if (node)
        visit(&node->base, translator);
}

void translate_exprs(struct translator *translator, PgQuery__Node **nodes, size_t n,
                     const struct scope *scope)
{
    for (size_t i = 0; i < n; i++)
        translate_expr(translator, nodes[i], scope);
}

/* --- What is selected --- */

static bool ends_target(const struct parse_text *text, size_t i)
{
    static const char *const ends[] = {",",     ")",      ";",      "from",   "into",     "where",
                                       "group", "having", "window", "order",  "limit",    "offset",
                                       "fetch", "for",    "union",  "except", "intersect"};
    for (size_t k = 0; k < SEGUE_COUNT(ends); k++)
        if (parse_token_is(text, i, ends[k]))
            return true;
    return false;
}

/* The last token of what is selected; a place that is not its end is found by the proof. */
static size_t last_token(const struct parse_text *text, size_t first)
{
    size_t i = first, cases = 0;
    while (i < text->n && (cases > 0 || !ends_target(text, i))) {
        cases += parse_token_is(text, i, "case");
        cases -= cases > 0 && parse_token_is(text, i, "end");
        bool opens = parse_token_is(text, i, "(") || parse_token_is(text, i, "[");
        i = opens ? parse_token_closing(text, i) + 1 : i + 1;
    }
    return i > text->n ? text->n - 1 : i - 1;
}

/* What the column is called stays what it was. */
static void keep_name(struct translator *translator, PgQuery__ResTarget *target, const char *name)
{
    size_t last = last_token(&translator->text, parse_token_at(&translator->text, (size_t)target->location));
    const char *as = pg_format(translator->arena, " AS %I", name);
    target->name = arena_strdup(translator->arena, name);
    for (size_t i = 0; i < translator->edits.n; i++) {
        struct sql_edit *edit = &translator->edits.list[i];
        if (edit->last == last + 1) {
            edit->text = pg_format(translator->arena, "%s%s", edit->text, as);
            return;
        }
    }
    const struct parse_token *token = &translator->text.tokens[last];
    const char *was =
        arena_strndup(translator->arena, translator->text.text + token->begin, token->end - token->begin);
    translator_edit(translator, last, pg_format(translator->arena, "%s%s", was, as));
}

static void select_one(struct translator *translator, PgQuery__ResTarget *target, PgQuery__Node *node,
                       const struct scope *scope, bool names)
{
    const char *before = output_name(node);
    before = before ? arena_strdup(translator->arena, before) : NULL;
    translate_expr(translator, target->val, scope);
    if (!names || parse_given(target->name) || !before)
        return;
    const char *after = output_name(node);
    if (!after || strcmp(before, after) != 0)
        keep_name(translator, target, before);
}

/* The columns of a * have the new version's names: what they are called in the result is told. */
static void spread(struct translator *translator, const struct source *source, PgQuery__Node **targets,
                   size_t n, const struct scope *scope)
{
    const struct named_relation *relation = source->relation;
    for (size_t i = 0; i < relation->n_columns; i++) {
        const struct named_column *column = &relation->columns[i];
        if (!column->from || !column->to || strcmp(column->from, column->to) == 0)
            continue;
        for (size_t k = 0; k < scope->n; k++)
            if (&scope->sources[k] != source &&
                (source_has(translator->map, &scope->sources[k], column->from, false) ||
                 source_has(translator->map, &scope->sources[k], column->to, true)))
                translator_unsure(translator, "* may have several columns of the name %s", column->to);
        for (size_t k = 0; k < n; k++)
            if (targets[k]->node_case == PG_QUERY__NODE__NODE_RES_TARGET &&
                same_text(output_name(targets[k]), column->to))
                translator_unsure(translator, "the result has another column %s", column->to);
        const struct named_output output = {column->from, column->to};
        translator_need(translator, column->from, column->to);
        ARENA_PUSH(translator->arena, translator->outputs, translator->n_outputs, output);
    }
}

static void select_star(struct translator *translator, const PgQuery__ColumnRef *ref, PgQuery__Node **targets,
                        size_t n, const struct scope *scope, enum output output)
{
    const char *qualifier = ref->n_fields > 1 ? parse_string(ref->fields[ref->n_fields - 2]) : NULL;
    const struct source *only = qualifier ? scope_source(scope, qualifier) : NULL;
    if (output == OUTPUT_NOTHING || (qualifier && !changes(only)))
        return;
    for (size_t i = 0; i < (only ? 1 : scope->n); i++) {
        const struct source *source = only ? only : &scope->sources[i];
        if (changes(source) && output == OUTPUT_RESULT)
            spread(translator, source, targets, n, scope);
        else if (changes(source))
            translator_unsure(translator, "* has the columns of %s within the statement", source->name);
    }
}

static bool is_star(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields > 0 &&
           !parse_string(node->column_ref->fields[node->column_ref->n_fields - 1]);
}

void translate_targets(struct translator *translator, PgQuery__Node **targets, size_t n,
                       const struct scope *scope, enum output output)
{
    for (size_t i = 0; i < n; i++) {
        PgQuery__ResTarget *target = targets[i]->res_target;
        if (is_star(target->val))
            select_star(translator, target->val->column_ref, targets, n, scope, output);
        else
            select_one(translator, target, targets[i], scope,
                       output == OUTPUT_RESULT || output == OUTPUT_NAMES);
    }
}

static bool is_selected(PgQuery__Node **targets, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (same_text(output_name(targets[i]), name))
            return true;
    return false;
}

/* The name, where there is nothing but a name; or NULL. */
static const char *lone_name(const PgQuery__Node *node)
{
    bool lone = node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1;
    return lone ? parse_string(node->column_ref->fields[0]) : NULL;
}

void translate_sorted(struct translator *translator, PgQuery__Node *node, PgQuery__Node **targets, size_t n,
                      const struct scope *scope)
{
    const char *name = lone_name(node);
    if (name && is_selected(targets, n, name))
        return;
    translate_expr(translator, node, scope);
    name = lone_name(node);
    if (name && is_selected(targets, n, name))
        translator_unsure(translator, "the result has another column %s", name);
}

void translate_grouped(struct translator *translator, PgQuery__Node *node, PgQuery__Node **targets, size_t n,
                       const struct scope *scope)
{
    const char *name = lone_name(node);
    bool here = !name || !is_selected(targets, n, name);
    for (size_t i = 0; !here && i < scope->n; i++)
        here = source_has(translator->map, &scope->sources[i], name, false);
    if (here)
        translate_expr(translator, node, scope);
}

void translate_assigned(struct translator *translator, PgQuery__Node **targets, size_t n,
                        const struct source *source)
{
    for (size_t i = 0; source->kind == SOURCE_VERSION && i < n; i++) {
        PgQuery__ResTarget *target = targets[i]->res_target;
        const struct named_column *column = relation_column(source->relation, target->name);
        if (!column)
            continue;
        if (!column->to) {
            translator_unsure(translator, "the new version has no column %s of %s", target->name,
                              source->name);
            continue;
        }
        if (strcmp(column->to, target->name) == 0)
            continue;
        translator_need(translator, target->name, column->to);
        translator_edit(translator, parse_token_at(&translator->text, (size_t)target->location),
                        pg_format(translator->arena, "%I", column->to));
        target->name = arena_strdup(translator->arena, column->to);
    }
}
