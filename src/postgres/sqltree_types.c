/* Names of types in SQL, replaced. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* The tokens before the text itself, in the statement that it is put into to be parsed. */
static const struct {
    const char *before;
    size_t tokens;
} wrapping[] = {
    [SQL_EXPRESSION] = {"SELECT ", 1},
    [SQL_CONSTRAINT] = {"ALTER TABLE t ADD ", 4},
    [SQL_STATEMENT] = {"", 0},
};

struct retyping {
    struct arena *arena;
    struct parse_text text;
    struct sql_edits edits;
    const struct sql_type_names *names;
};

/* 'label'::type */
static void visit_cast(struct retyping *retyping, const PgQuery__TypeCast *cast)
{
    const PgQuery__TypeName *type = cast->type_name;
    if (!retyping->names->label || !type || !type->n_names || !cast->arg ||
        cast->arg->node_case != PG_QUERY__NODE__NODE_A_CONST ||
        cast->arg->a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL)
        return;
    const char *label =
        retyping->names->label(retyping->names->context, parse_string(type->names[type->n_names - 1]),
                               cast->arg->a_const->sval->sval);
    size_t token = parse_token_at(&retyping->text, (size_t)cast->arg->a_const->location);
    if (label)
        sql_edit_add(retyping->arena, &retyping->edits, token, token + 1,
                     pg_format(retyping->arena, "%L", label));
}

static void visit(ProtobufCMessage *message, void *context)
{
    struct retyping *retyping = context;
    if (message->descriptor == &pg_query__type_cast__descriptor)
        visit_cast(retyping, (const PgQuery__TypeCast *)message);
    if (message->descriptor != &pg_query__type_name__descriptor)
        return;
    const PgQuery__TypeName *type = (const PgQuery__TypeName *)message;
    if (type->n_names < 1 || type->n_names > 2 || type->location < 0)
        return;
    const char *schema = type->n_names == 2 ? parse_string(type->names[0]) : NULL;
    const char *name =
        retyping->names->name(retyping->names->context, schema, parse_string(type->names[type->n_names - 1]));
    if (!name)
        return;
    size_t first = parse_token_at(&retyping->text, (size_t)type->location);
    sql_edit_add(retyping->arena, &retyping->edits, first, first + (schema ? 3 : 1), name);
}

bool sql_types_rename(struct arena *arena, enum sql_text kind, const char *text,
                      const struct sql_type_names *names, const char **out, struct error *err)
{
    struct retyping retyping = {.arena = arena, .names = names};
    struct parse_fault fault;
    PgQuery__Node *tree;
    const char *statement = arena_printf(arena, "%s%s\n", wrapping[kind].before, text);
    *out = text;
    if (!parse_tokens(arena, statement, &retyping.text, &fault) ||
        !parse_statement(arena, statement, &tree, &fault))
        return sql_fault(err, &fault, "text", text);
    parse_walk(&tree->base, visit, &retyping);
    if (retyping.edits.n)
        *out = sql_edit_print(arena, &retyping.text, wrapping[kind].tokens, retyping.text.n, &retyping.edits);
    return true;
}

bool sql_third_word(struct arena *arena, const char *statement, const char *name, const char **out)
{
    struct parse_text text;
    struct parse_fault fault;
    struct sql_edits edits = {0};
    *out = statement;
    if (!parse_tokens(arena, statement, &text, &fault) || text.n < 3)
        return false;
    sql_edit_add(arena, &edits, 2, parse_token_is(&text, 3, ".") ? 5 : 3, name);
    *out = sql_edit_print(arena, &text, 0, text.n, &edits);
    return true;
}
