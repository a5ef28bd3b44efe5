/* The column names in an automatic index name: PostgreSQL's FigureIndexColname and ChooseIndexColumnNames. */
#include <stdio.h>
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* How good a name is: 0 none, 1 a last resort (a cast's type, "case"), 2 a name. */
static int figure(const PgQuery__Node *node, const char **name);

static int last_string(PgQuery__Node *const *nodes, size_t n, const char **name)
{
    for (size_t i = n; i > 0; i--) {
        const char *string = parse_string(nodes[i - 1]);
        if (string) {
            *name = string;
            return 2;
        }
    }
    return 0;
}

static int figure_cast(const PgQuery__TypeCast *cast, const char **name)
{
    int strength = figure(cast->arg, name);
    if (strength > 1 || !cast->type_name)
        return strength;
    return last_string(cast->type_name->names, cast->type_name->n_names, name) ? 1 : strength;
}

static int figure_case(const PgQuery__CaseExpr *expr, const char **name)
{
    int strength = expr->defresult ? figure(expr->defresult, name) : 0;
    if (strength > 1)
        return strength;
    *name = "case";
    return 1;
}

static int figure_indirection(const PgQuery__AIndirection *indirection, const char **name)
{
    int strength = last_string(indirection->indirection, indirection->n_indirection, name);
    return strength ? strength : figure(indirection->arg, name);
}

static int figure_sql_value(const PgQuery__SQLValueFunction *function, const char **name)
{
    static const char *const names[] = {
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE] = "current_date",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME] = "current_time",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N] = "current_time",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP] = "current_timestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N] = "current_timestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME] = "localtime",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N] = "localtime",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP] = "localtimestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N] = "localtimestamp",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE] = "current_role",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER] = "current_user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER] = "user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER] = "session_user",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG] = "current_catalog",
        [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA] = "current_schema",
    };
    if ((size_t)function->op >= SEGUE_COUNT(names) || !names[function->op])
        return 0;
    *name = names[function->op];
    return 2;
}

/* XMLSERIALIZE and the XML functions have nodes of their own. */
static int figure_xml(const PgQuery__XmlExpr *xml, const char **name)
{
    static const char *const names[] = {
        [PG_QUERY__XML_EXPR_OP__IS_XMLCONCAT] = "xmlconcat",
        [PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT] = "xmlelement",
        [PG_QUERY__XML_EXPR_OP__IS_XMLFOREST] = "xmlforest",
        [PG_QUERY__XML_EXPR_OP__IS_XMLPARSE] = "xmlparse",
        [PG_QUERY__XML_EXPR_OP__IS_XMLPI] = "xmlpi",
        [PG_QUERY__XML_EXPR_OP__IS_XMLROOT] = "xmlroot",
    };
    if ((size_t)xml->op >= SEGUE_COUNT(names) || !names[xml->op])
        return 0;
    *name = names[xml->op];
    return 2;
}

static int constant(const char **name, const char *word)
{
    *name = word;
    return 2;
}

static int figure(const PgQuery__Node *node, const char **name)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return last_string(node->column_ref->fields, node->column_ref->n_fields, name);
    case PG_QUERY__NODE__NODE_A_INDIRECTION: return figure_indirection(node->a_indirection, name);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return last_string(node->func_call->funcname, node->func_call->n_funcname, name);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? constant(name, "nullif") : 0;
    case PG_QUERY__NODE__NODE_TYPE_CAST: return figure_cast(node->type_cast, name);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return figure(node->collate_clause->arg, name);
    case PG_QUERY__NODE__NODE_CASE_EXPR: return figure_case(node->case_expr, name);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return constant(name, "array");
    case PG_QUERY__NODE__NODE_ROW_EXPR: return constant(name, "row");
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: return constant(name, "coalesce");
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return constant(name,
                        node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least");
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION: return figure_sql_value(node->sqlvalue_function, name);
    case PG_QUERY__NODE__NODE_XML_EXPR: return figure_xml(node->xml_expr, name);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE: return constant(name, "xmlserialize");
    default: return 0;
    }
}

/* A name that is there already gets a number, cut so that both fit. */
static const char *make_distinct(struct arena *arena, const char *const *parts, size_t n, const char *name)
{
    enum { NAME_BYTES = 63 };
    const char *distinct = name;
    for (int i = 1; name_is_among(parts, n, distinct); i++) {
        char number[16];
        int digits = snprintf(number, sizeof number, "%d", i);
        size_t keep = strlen(name);
        if (keep > NAME_BYTES - (size_t)digits)
            keep = NAME_BYTES - (size_t)digits;
        while (keep > 0 && ((unsigned char)name[keep] & 0xC0) == 0x80)
            keep--;
        distinct = arena_printf(arena, "%.*s%s", (int)keep, name, number);
    }
    return distinct;
}

static void add_parts(struct arena *arena, PgQuery__Node *const *elements, size_t n_elements,
                      const char ***parts, size_t *n)
{
    for (size_t i = 0; i < n_elements; i++) {
        const PgQuery__IndexElem *element = elements[i]->index_elem;
        const char *name = parse_given(element->name) ? element->name : "expr";
        if (!parse_given(element->name) && element->expr)
            (void)figure(element->expr, &name);
        const char *distinct = make_distinct(arena, *parts, *n, name);
        ARENA_PUSH(arena, *parts, *n, distinct);
    }
}

void sql_index_name_parts(struct arena *arena, const PgQuery__IndexStmt *index, const char ***parts,
                          size_t *n)
{
    *parts = NULL;
    *n = 0;
    add_parts(arena, index->index_params, index->n_index_params, parts, n);
    add_parts(arena, index->index_including_params, index->n_index_including_params, parts, n);
}
