/* UPDATE and DELETE taken apart. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* The parts of either statement that matter here. */
struct parts {
    ProtobufCMessage *base;
    const PgQuery__RangeVar *relation;
    PgQuery__Node **targets;
    size_t n_targets;
    const PgQuery__Node *where;
    const char *whole;
};

static bool open_parts(const PgQuery__Node *tree, struct parts *out)
{
    if (tree->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) {
        const PgQuery__UpdateStmt *update = tree->update_stmt;
        *out = (struct parts){.base = &tree->update_stmt->base,
                              .relation = update->relation,
                              .targets = update->target_list,
                              .n_targets = update->n_target_list,
                              .where = update->where_clause};
        out->whole = update->with_clause        ? "it has a WITH clause"
                     : update->n_from_clause    ? "it has a FROM clause"
                     : update->n_returning_list ? "it has a RETURNING clause"
                                                : NULL;
        return true;
    }
    if (tree->node_case != PG_QUERY__NODE__NODE_DELETE_STMT)
        return false;
    const PgQuery__DeleteStmt *remove = tree->delete_stmt;
    *out = (struct parts){
        .base = &tree->delete_stmt->base, .relation = remove->relation, .where = remove->where_clause};
    out->whole = remove->with_clause        ? "it has a WITH clause"
                 : remove->n_using_clause   ? "it has a USING clause"
                 : remove->n_returning_list ? "it has a RETURNING clause"
                                            : NULL;
    return true;
}

struct search {
    const struct parts *parts;
    bool reads_itself, at_cursor;
};

static void look(ProtobufCMessage *message, void *context)
{
    struct search *search = context;
    if (message->descriptor == &pg_query__range_var__descriptor) {
        const PgQuery__RangeVar *found = (const PgQuery__RangeVar *)message;
        search->reads_itself |=
            found != search->parts->relation && strcmp(found->relname, search->parts->relation->relname) == 0;
    }
    search->at_cursor |= message->descriptor == &pg_query__current_of_expr__descriptor;
}

/* The first token of that word outside all parentheses and brackets, from `first` on. */
static size_t find_word(const struct parse_text *text, size_t first, const char *word)
{
    int depth = 0;
    for (size_t i = first; i < text->n; i++) {
        if (parse_token_is(text, i, "(") || parse_token_is(text, i, "["))
            depth++;
        else if (parse_token_is(text, i, ")") || parse_token_is(text, i, "]"))
            depth--;
        else if (depth == 0 && parse_token_is(text, i, word))
            return i;
    }
    return text->n;
}

static const char *alias_of(struct arena *arena, const struct parts *parts)
{
    const PgQuery__Alias *alias = parts->relation->alias;
    return arena_strdup(arena, alias ? alias->aliasname : parts->relation->relname);
}

/* What it reads and sets; a reason in `whole` where that cannot be told of single rows. */
static void define(struct arena *arena, const struct parts *parts, struct data_fix *out)
{
    struct search search = {.parts = parts};
    struct sql_refs refs;
    struct parse_fault fault;
    parse_walk(parts->base, look, &search);
    out->whole = parts->whole;
    if (!out->whole && search.reads_itself)
        out->whole = "it reads its own table in a subquery";
    if (!out->whole && search.at_cursor)
        out->whole = "it is about a cursor";
    for (size_t i = 0; i < parts->n_targets; i++)
        sql_add_distinct(arena, &out->targets, &out->n_targets, parts->targets[i]->res_target->name);
    sql_refs_find(arena, parts->base, &refs);
    out->has_subquery = refs.has_subquery;
    if (!sql_refs_columns(&refs, out->alias, &out->reads, &out->n_reads, &fault) && !out->whole)
        out->whole = arena_strdup(arena, fault.message);
}

static bool rename_all(struct arena *arena, const struct parts *parts, const struct parse_text *text,
                       const struct rename *renames, size_t n, struct sql_edits *edits,
                       struct parse_fault *fault)
{
    struct sql_refs refs;
    if (!n)
        return true;
    for (size_t i = 0; parts->targets && i < parts->n_targets; i++) {
        PgQuery__ResTarget *target = parts->targets[i]->res_target;
        const char *to = sql_renamed(renames, n, target->name);
        size_t token = parse_token_at(text, (size_t)target->location);
        if (to != target->name)
            sql_edit_add(arena, edits, token, token + 1, pg_format(arena, "%I", to));
        target->name = arena_strdup(arena, to);
    }
    sql_refs_find(arena, parts->base, &refs);
    return sql_refs_rename(&refs, text, renames, n, edits, fault);
}

/* What was taken apart, put together again, must be the tree that was meant. */
static bool prove(struct arena *arena, const struct parts *parts, const struct data_fix *fix,
                  struct parse_fault *fault)
{
    PgQuery__Node *tree;
    struct parts again;
    const char *head = fix->remove ? "DELETE FROM ONLY x" : "UPDATE ONLY x SET ";
    const char *sql = arena_printf(arena, "%s%s%s%s", head, fix->set ? fix->set : "",
                                   fix->where ? " WHERE " : "", fix->where ? fix->where : "");
    if (!parse_statement(arena, sql, &tree, fault) || !open_parts(tree, &again))
        return false;
    bool same = again.n_targets == parts->n_targets && !again.where == !parts->where;
    for (size_t i = 0; same && i < parts->n_targets; i++)
        same = parse_same(&again.targets[i]->base, &parts->targets[i]->base);
    if (same && parts->where)
        same = parse_same(&again.where->base, &parts->where->base);
    return same || parse_fail(fault, 0, "the statement cannot be taken apart");
}

static bool take_apart(struct arena *arena, const char *statement, const struct rename *renames, size_t n,
                       struct data_fix *out, struct parse_fault *fault)
{
    struct parse_text text;
    struct parts parts;
    struct sql_edits edits = {0};
    PgQuery__Node *tree;
    if (!parse_tokens(arena, statement, &text, fault) || !parse_statement(arena, statement, &tree, fault) ||
        !open_parts(tree, &parts))
        return false;
    *out = (struct data_fix){.remove = !parts.targets,
                             .table = arena_strdup(arena, parts.relation->relname),
                             .alias = alias_of(arena, &parts)};
    define(arena, &parts, out);
    if (out->whole)
        return true;
    size_t behind = parse_token_at(&text, (size_t)parts.relation->location) + 1;
    size_t where = find_word(&text, behind, "where");
    if (!rename_all(arena, &parts, &text, renames, n, &edits, fault))
        return false;
    if (!out->remove)
        out->set = sql_edit_print(arena, &text, find_word(&text, behind, "set") + 1, where, &edits);
    if (parts.where)
        out->where = sql_edit_print(arena, &text, where + 1, text.n, &edits);
    return prove(arena, &parts, out, fault);
}

bool sql_fix_parse(struct arena *arena, const char *statement, const struct rename *renames, size_t n,
                   struct data_fix *out, struct error *err)
{
    struct parse_fault fault = {.message = "not an UPDATE or DELETE"};
    return take_apart(arena, statement, renames, n, out, &fault) ||
           sql_fault(err, &fault, "statement", statement);
}
