/* ALTER TABLE: each command a change, in the order in which the server carries them out. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"
#include "postgres/sqltree_internal.h"

/* The commands' texts: what stands between the commas behind the table's name. */
static bool find_commands(const struct read_statement *s, const PgQuery__AlterTableStmt *alter,
                          struct read_slice *slices)
{
    const struct parse_text *text = &s->text;
    size_t n = 0;
    size_t first = read_behind_relation(s, alter->relation);
    for (size_t i = first; i <= text->n; i++) {
        if (i < text->n && (parse_token_is(text, i, "(") || parse_token_is(text, i, "["))) {
            i = parse_token_closing(text, i);
            continue;
        }
        if (i < text->n && !parse_token_is(text, i, ","))
            continue;
        if (n == alter->n_cmds || first == i)
            return read_fail(s, 0, "the commands of this ALTER TABLE cannot be told apart");
        slices[n++] = (struct read_slice){.first = first, .last = i};
        first = i + 1;
    }
    return n == alter->n_cmds || read_fail(s, 0, "the commands of this ALTER TABLE cannot be told apart");
}

/* The token behind the words in the slice; slice.last when they are not there. */
static size_t behind_words(const struct read_statement *s, struct read_slice slice, const char *word1,
                           const char *word2)
{
    for (size_t i = slice.first; i < slice.last; i++) {
        if (parse_token_is(&s->text, i, word1) && (!word2 || parse_token_is(&s->text, i + 1, word2)))
            return i + (word2 ? 2 : 1);
    }
    return slice.last;
}

static bool read_column_default(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                                struct read_slice slice, struct change *change, struct read_list *list)
{
    if (!cmd->def) {
        change->kind = CHANGE_DROP_DEFAULT;
        read_push(s, list, PASS_DROP, change);
        return true;
    }
    change->kind = CHANGE_SET_DEFAULT;
    struct read_slice expr = {.first = behind_words(s, slice, "set", "default"), .last = slice.last};
    if (!read_expr(s, expr, cmd->def, &change->expr))
        return false;
    read_push(s, list, PASS_OTHER, change);
    return true;
}

static bool read_column_type(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                             struct read_slice slice, struct change *change, struct read_list *list)
{
    const PgQuery__ColumnDef *column = cmd->def->column_def;
    change->kind = CHANGE_COLUMN_TYPE;
    change->collation = read_collation(s, column->coll_clause);
    if (!read_type(s, column->type_name, &change->type))
        return false;
    struct read_slice expr = {.first = behind_words(s, slice, "using", NULL), .last = slice.last};
    if (column->raw_default && !read_expr(s, expr, column->raw_default, &change->expr))
        return false;
    read_push(s, list, PASS_TYPE, change);
    return true;
}

static bool read_command(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                         struct read_slice slice, const struct name *table, struct read_list *list)
{
    size_t offset = s->text.tokens[slice.first].begin;
    struct change change = read_begin(s, CHANGE_ADD_COLUMN, offset);
    change.table = *table;
    change.column = parse_given(cmd->name) ? cmd->name : NULL;
    change.if_not = cmd->missing_ok;
    change.cascade = cmd->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    switch (cmd->subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        return read_add_column(s, cmd->def->column_def, slice, &change, list);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
        change.kind = CHANGE_ADD_CONSTRAINT;
        return read_add_constraint(s, cmd->def->constraint, &change, list);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
        return read_column_default(s, cmd, slice, &change, list);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
        return read_column_type(s, cmd, slice, &change, list);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
        change.kind = CHANGE_DROP_EXPRESSION;
        read_push(s, list, PASS_DROP, &change);
        return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        change.kind = CHANGE_DROP_COLUMN;
        read_push(s, list, PASS_DROP, &change);
        return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
        change.kind = CHANGE_DROP_CONSTRAINT;
        change.object = change.column;
        change.column = NULL;
        read_push(s, list, PASS_DROP, &change);
        return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
        change.kind = CHANGE_SET_NOT_NULL;
        read_push(s, list, PASS_NOT_NULL, &change);
        return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
        change.kind = CHANGE_DROP_NOT_NULL;
        read_push(s, list, PASS_DROP, &change);
        return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity: return read_identity_command(s, cmd, &change, list);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
        return read_partition_command(s, cmd, slice, &change, list);
    default: return read_alter_statement(s, cmd, slice, &change, list);
    }
}

static void add_in_order(const struct read_statement *s, const struct read_list *list)
{
    for (int pass = 0; pass < PASS_COUNT; pass++) {
        for (size_t i = 0; i < list->n; i++) {
            if ((int)list->list[i].pass == pass)
                read_add(s, &list->list[i].change);
        }
    }
}

/* The sequence of a new column is made before the table gets its owner, and joined to it after: no server accepts that. */
static bool check_owners(const struct read_statement *s, const PgQuery__AlterTableStmt *alter,
                         const struct read_slice *slices, const struct read_list *list)
{
    const struct change *numbered = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct change *change = &list->list[i].change;
        if (change->kind == CHANGE_ADD_COLUMN && change->sequence)
            numbered = change;
    }
    for (size_t i = 0; i < alter->n_cmds && numbered; i++) {
        if (alter->cmds[i]->alter_table_cmd->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner)
            continue;
        read_fail(s, s->text.tokens[slices[i].first].begin,
                  "the sequence of column \"%s\" would have another owner than its table", numbered->column);
        return error_hint(s->reader->err, "write OWNER TO as a statement of its own below this one");
    }
    return true;
}

bool read_alter_table(const struct read_statement *s)
{
    const PgQuery__AlterTableStmt *alter = s->tree->alter_table_stmt;
    struct name table;
    struct read_list list = {0};
    if (alter->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE)
        return read_alter_attribute(s);
    if (alter->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
        return read_as_statement(s);
    if (alter->missing_ok)
        return read_refuse(s, 0, "ALTER TABLE IF EXISTS",
                           "write ALTER TABLE: a migration is for a schema that is known");
    struct read_slice *slices = arena_alloc(s->reader->arena, (alter->n_cmds + 1) * sizeof *slices);
    if (!read_relation(s, alter->relation, &table) || !find_commands(s, alter, slices))
        return false;
    for (size_t i = 0; i < alter->n_cmds; i++) {
        if (!read_command(s, alter->cmds[i]->alter_table_cmd, slices[i], &table, &list))
            return false;
    }
    if (!check_owners(s, alter, slices, &list))
        return false;
    add_in_order(s, &list);
    return true;
}
