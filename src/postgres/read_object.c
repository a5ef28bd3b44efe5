/* Statements about whole objects: CREATE, DROP, RENAME, COMMENT. */
#include <string.h>
#include <strings.h>

#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"
#include "postgres/sqltree_internal.h"

static bool add_reference(const struct read_statement *s, const PgQuery__Node *node, struct change *change)
{
    if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT || !node->constraint->pktable)
        return true;
    struct name name;
    if (!read_relation(s, node->constraint->pktable, &name))
        return false;
    ARENA_PUSH(s->reader->arena, change->references, change->n_references, name);
    return true;
}

static bool add_references(const struct read_statement *s, const PgQuery__CreateStmt *create,
                           struct change *change)
{
    for (size_t i = 0; i < create->n_table_elts; i++) {
        const PgQuery__Node *element = create->table_elts[i];
        if (!add_reference(s, element, change))
            return false;
        if (element->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF)
            continue;
        for (size_t j = 0; j < element->column_def->n_constraints; j++) {
            if (!add_reference(s, element->column_def->constraints[j], change))
                return false;
        }
    }
    return true;
}

bool read_create_table(const struct read_statement *s)
{
    const PgQuery__CreateStmt *create = s->tree->create_stmt;
    struct change change = read_begin(s, CHANGE_CREATE_TABLE, 0);
    if (create->of_typename)
        return read_refuse(s, 0, "CREATE TABLE … OF type", NULL);
    if (strcmp(create->relation->relpersistence, "t") == 0)
        return read_refuse(s, 0, "CREATE TEMPORARY TABLE", NULL);
    change.if_not = create->if_not_exists;
    if (!read_relation(s, create->relation, &change.table) || !add_references(s, create, &change) ||
        !read_partitioning(s, create, &change))
        return false;
    change.definition = read_table_def(s, create);
    read_add(s, &change);
    return true;
}

bool read_create_index(const struct read_statement *s)
{
    struct change change = read_begin(s, CHANGE_CREATE_INDEX, 0);
    struct sql_index index;
    struct parse_fault fault;
    const PgQuery__IndexStmt *tree = s->tree->index_stmt;
    change.if_not = tree->if_not_exists;
    change.object = parse_given(tree->idxname) ? tree->idxname : NULL;
    if (!read_relation(s, tree->relation, &change.table))
        return false;
    if (!sql_index_open(s->reader->arena, s->text.text, &index, &fault) ||
        !sql_index_define(s->reader->arena, &index, &change.index, &fault))
        return read_fail(s, fault.offset, "%s", fault.message);
    read_add(s, &change);
    return true;
}

bool read_rename(const struct read_statement *s)
{
    const PgQuery__RenameStmt *rename = s->tree->rename_stmt;
    struct change change = read_begin(s, CHANGE_RENAME_TABLE, 0);
    bool index = rename->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX ||
                 rename->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE;
    switch (rename->rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return read_rename_type(s);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: change.kind = CHANGE_RENAME_INDEX; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: change.kind = CHANGE_RENAME_SEQUENCE; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
        change.kind = CHANGE_RENAME_CONSTRAINT;
        change.object = rename->subname;
        break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        if (rename->relation_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
            return read_as_statement(s);
        change.kind = CHANGE_RENAME_COLUMN;
        change.column = rename->subname;
        break;
    default: return read_as_statement(s);
    }
    if (rename->missing_ok && !index)
        return read_refuse(s, 0, "ALTER TABLE IF EXISTS",
                           "write ALTER TABLE: a migration is for a schema that is known");
    change.if_not = rename->missing_ok;
    change.new_name = rename->newname;
    if (!read_relation(s, rename->relation, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

bool read_drop(const struct read_statement *s)
{
    const PgQuery__DropStmt *drop = s->tree->drop_stmt;
    enum change_kind kind = CHANGE_DROP_TABLE;
    switch (drop->remove_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: kind = CHANGE_DROP_INDEX; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: kind = CHANGE_DROP_SEQUENCE; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: return read_drop_type(s);
    default: return read_as_statement(s);
    }
    for (size_t i = 0; i < drop->n_objects; i++) {
        struct change change = read_begin(s, kind, 0);
        const PgQuery__List *name = drop->objects[i]->list;
        change.cascade = drop->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
        change.if_not = drop->missing_ok;
        if (!read_name(s, name->items, name->n_items, &change.table))
            return false;
        read_add(s, &change);
    }
    return true;
}

/* The name of a comment's object; last: its last part is not the relation's, but a column's or constraint's. */
static bool read_comment_name(const struct read_statement *s, const PgQuery__Node *object, const char **last,
                              struct name *name)
{
    PgQuery__Node *const *nodes;
    size_t n;
    if (object->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
        nodes = object->type_name->names;
        n = object->type_name->n_names;
    } else {
        nodes = object->list->items;
        n = object->list->n_items;
    }
    if (last && n > 0)
        *last = parse_string(nodes[--n]);
    return read_name(s, nodes, n, name);
}

bool read_comment(const struct read_statement *s)
{
    const PgQuery__CommentStmt *comment = s->tree->comment_stmt;
    struct change change = read_begin(s, CHANGE_COMMENT, 0);
    const char **last = NULL;
    switch (comment->objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: change.target = COMMENT_ON_TABLE; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: change.target = COMMENT_ON_INDEX; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: change.target = COMMENT_ON_TYPE; break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        change.target = COMMENT_ON_COLUMN;
        last = &change.column;
        break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
        change.target = COMMENT_ON_CONSTRAINT;
        last = &change.object;
        break;
    default: return read_as_statement(s);
    }
    /* The server takes an empty comment for none. */
    change.expr = parse_given(comment->comment) ? comment->comment : NULL;
    if (!read_comment_name(s, comment->object, last, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

bool read_create_enum(const struct read_statement *s)
{
    const PgQuery__CreateEnumStmt *create = s->tree->create_enum_stmt;
    struct change change = read_begin(s, CHANGE_CREATE_ENUM, 0);
    change.labels = parse_strings(s->reader->arena, create->vals, create->n_vals);
    change.n_labels = create->n_vals;
    if (!read_name(s, create->type_name, create->n_type_name, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

bool read_alter_enum(const struct read_statement *s)
{
    const PgQuery__AlterEnumStmt *alter = s->tree->alter_enum_stmt;
    bool renames = parse_given(alter->old_val);
    struct change change = read_begin(s, renames ? CHANGE_RENAME_ENUM_VALUE : CHANGE_ADD_ENUM_VALUE, 0);
    change.object = renames ? alter->old_val : alter->new_val;
    change.new_name = renames ? alter->new_val : NULL;
    change.neighbour = parse_given(alter->new_val_neighbor) ? alter->new_val_neighbor : NULL;
    change.before = change.neighbour && !alter->new_val_is_after;
    change.if_not = alter->skip_if_new_val_exists;
    if (!read_name(s, alter->type_name, alter->n_type_name, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

static bool ignores_transaction(const PgQuery__TransactionStmt *transaction)
{
    switch (transaction->kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: return !transaction->chain;
    default: return false;
    }
}

bool read_ignored(const struct read_statement *s)
{
    if (s->tree->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT)
        return ignores_transaction(s->tree->transaction_stmt) || read_refuse_statement(s);
    const char *name = s->tree->variable_set_stmt->name;
    if (name && (strcasecmp(name, "lock_timeout") == 0 || strcasecmp(name, "statement_timeout") == 0))
        return true;
    return read_refuse(s, 0,
                       arena_printf(s->reader->arena, "SET %s", parse_given(name) ? name : "of this kind"),
                       "segue sets its sessions up itself; leave it out of the migration");
}
