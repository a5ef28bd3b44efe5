/* Sequences: statements about them, and what stands behind GENERATED … AS IDENTITY. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"

static const char *number_of(struct arena *arena, const PgQuery__Node *arg)
{
    if (arg && arg->node_case == PG_QUERY__NODE__NODE_FLOAT)
        return arg->float_->fval;
    return arena_printf(arena, "%d",
                        arg && arg->node_case == PG_QUERY__NODE__NODE_INTEGER ? arg->integer->ival : 0);
}

static bool is_false(const PgQuery__Node *arg)
{
    if (arg && arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN)
        return !arg->boolean->boolval;
    return arg && arg->node_case == PG_QUERY__NODE__NODE_INTEGER && arg->integer->ival == 0;
}

static bool read_owner(const struct read_statement *s, const PgQuery__List *list, struct sequence_def *def)
{
    const char **parts = parse_strings(s->reader->arena, list->items, list->n_items);
    size_t n = list->n_items;
    def->owned_by = true;
    if (n == 1)
        return true; /* NONE */
    if (n > 3)
        return read_fail(s, 0, "a name may not be qualified by a database");
    def->owner = (struct name){n == 3 ? parts[0] : NULL, parts[n - 2]};
    def->owner_column = parts[n - 1];
    return true;
}

/* An option with a number, as a clause: INCREMENT BY 5, NO MAXVALUE. */
static const char *numeric_clause(struct arena *arena, const PgQuery__DefElem *option)
{
    static const char *const words[][3] = {{"increment", "INCREMENT BY", NULL},
                                           {"start", "START WITH", NULL},
                                           {"cache", "CACHE", NULL},
                                           {"minvalue", "MINVALUE", "NO MINVALUE"},
                                           {"maxvalue", "MAXVALUE", "NO MAXVALUE"}};
    for (size_t i = 0; i < SEGUE_COUNT(words); i++) {
        if (strcmp(words[i][0], option->defname) != 0)
            continue;
        return option->arg ? arena_printf(arena, "%s %s", words[i][1], number_of(arena, option->arg))
                           : words[i][2];
    }
    return NULL;
}

static bool read_option(const struct read_statement *s, const PgQuery__DefElem *option, size_t place,
                        struct sequence_def *def)
{
    struct arena *arena = s->reader->arena;
    const char *clause = numeric_clause(arena, option);
    struct name name;
    if (strcmp(option->defname, "as") == 0)
        return read_type(s, option->arg->type_name, &def->type);
    if (strcmp(option->defname, "owned_by") == 0)
        return read_owner(s, option->arg->list, def);
    if (strcmp(option->defname, "sequence_name") == 0) {
        if (!read_name(s, option->arg->list->items, option->arg->list->n_items, &name))
            return false;
        def->name = name.name;
        return true;
    }
    if (strcmp(option->defname, "generated") == 0) {
        def->identity = (char)option->arg->integer->ival;
        return true;
    }
    if (strcmp(option->defname, "cycle") == 0)
        clause = is_false(option->arg) ? "NO CYCLE" : "CYCLE";
    if (!clause)
        return read_refuse(
            s, place, "RESTART of a sequence",
            "both versions draw from it while they live: set it by hand, before `segue start` or after "
            "`segue complete`");
    ARENA_PUSH(arena, def->clauses, def->n_clauses, clause);
    return true;
}

bool read_sequence_options(const struct read_statement *s, PgQuery__Node *const *options, size_t n,
                           size_t place, struct sequence_def **out)
{
    *out = arena_alloc(s->reader->arena, sizeof **out);
    **out = (struct sequence_def){0};
    for (size_t i = 0; i < n; i++) {
        if (!read_option(s, options[i]->def_elem, place, *out))
            return false;
    }
    return true;
}

bool read_create_sequence(const struct read_statement *s)
{
    const PgQuery__CreateSeqStmt *create = s->tree->create_seq_stmt;
    struct change change = read_begin(s, CHANGE_CREATE_SEQUENCE, 0);
    change.if_not = create->if_not_exists;
    if (strcmp(create->sequence->relpersistence, "p") != 0)
        return read_refuse(s, 0, "CREATE TEMPORARY or UNLOGGED SEQUENCE", NULL);
    if (!read_relation(s, create->sequence, &change.table) ||
        !read_sequence_options(s, create->options, create->n_options, 0, &change.sequence))
        return false;
    read_add(s, &change);
    return true;
}

bool read_alter_sequence(const struct read_statement *s)
{
    const PgQuery__AlterSeqStmt *alter = s->tree->alter_seq_stmt;
    struct change change = read_begin(s, CHANGE_ALTER_SEQUENCE, 0);
    change.if_not = alter->missing_ok;
    if (!read_relation(s, alter->sequence, &change.table) ||
        !read_sequence_options(s, alter->options, alter->n_options, 0, &change.sequence))
        return false;
    read_add(s, &change);
    return true;
}

bool read_identity_command(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                           struct change *change, struct read_list *list)
{
    size_t place = 0;
    if (cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity) {
        change->kind = CHANGE_DROP_IDENTITY;
        read_push(s, list, PASS_DROP, change);
        return true;
    }
    if (cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity) {
        change->kind = CHANGE_SET_IDENTITY;
        if (!read_sequence_options(s, cmd->def->list->items, cmd->def->list->n_items, place,
                                   &change->sequence))
            return false;
        read_push(s, list, PASS_OTHER, change);
        return true;
    }
    const PgQuery__Constraint *identity = cmd->def->constraint;
    change->kind = CHANGE_ADD_IDENTITY;
    if (!read_sequence_options(s, identity->options, identity->n_options, place, &change->sequence))
        return false;
    change->sequence->identity = identity->generated_when[0];
    read_push(s, list, PASS_OTHER, change);
    return true;
}
