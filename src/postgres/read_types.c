/* Statements about types other than enums: domains, composite types, ranges. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

/* What the planner must know of a domain; the statement itself makes it. */
static bool read_domain(const struct read_statement *s, const PgQuery__CreateDomainStmt *domain,
                        struct change *change)
{
    for (size_t i = 0; i < domain->n_constraints; i++) {
        const PgQuery__Constraint *constraint = domain->constraints[i]->constraint;
        bool not_null = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL;
        change->not_null = change->not_null || not_null;
        change->constrained =
            change->constrained || not_null || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK;
        change->has_default =
            change->has_default || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT;
    }
    return read_type(s, domain->type_name, &change->type);
}

bool read_create_type(const struct read_statement *s)
{
    struct change change = read_begin(s, CHANGE_CREATE_TYPE, 0);
    bool read = false;
    switch (s->tree->node_case) {
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT: {
        const PgQuery__CreateDomainStmt *domain = s->tree->create_domain_stmt;
        change.type_kind = 'd';
        read = read_name(s, domain->domainname, domain->n_domainname, &change.table) &&
               read_domain(s, domain, &change);
        break;
    }
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT: {
        const PgQuery__CreateRangeStmt *range = s->tree->create_range_stmt;
        change.type_kind = 'r';
        read = read_name(s, range->type_name, range->n_type_name, &change.table);
        break;
    }
    default:
        change.type_kind = 'c';
        read = read_relation(s, s->tree->composite_type_stmt->typevar, &change.table);
        break;
    }
    if (!read)
        return false;
    read_add(s, &change);
    return true;
}

bool read_drop_type(const struct read_statement *s)
{
    const PgQuery__DropStmt *drop = s->tree->drop_stmt;
    for (size_t i = 0; i < drop->n_objects; i++) {
        struct change change = read_begin(s, CHANGE_DROP_TYPE, 0);
        const PgQuery__TypeName *type = drop->objects[i]->type_name;
        change.type_kind = drop->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN ? 'd' : 0;
        change.cascade = drop->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
        change.if_not = drop->missing_ok;
        if (!read_name(s, type->names, type->n_names, &change.table))
            return false;
        read_add(s, &change);
    }
    return true;
}

bool read_rename_type(const struct read_statement *s)
{
    const PgQuery__RenameStmt *rename = s->tree->rename_stmt;
    struct change change = read_begin(s, CHANGE_RENAME_TYPE, 0);
    change.new_name = rename->newname;
    if (rename->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE) {
        change.kind = CHANGE_TYPE_ATTRIBUTE;
        change.object = rename->subname;
        if (!read_relation(s, rename->relation, &change.table))
            return false;
        read_add(s, &change);
        return true;
    }
    if (rename->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT) {
        change.kind = CHANGE_DOMAIN_RENAME_CONSTRAINT;
        change.object = rename->subname;
    }
    const PgQuery__Node *object = rename->object;
    if (!object)
        return read_refuse_statement(s);
    bool named = object->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
    PgQuery__Node *const *names = named ? object->type_name->names : object->list->items;
    size_t n = named ? object->type_name->n_names : object->list->n_items;
    if (!read_name(s, names, n, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

bool read_alter_attribute(const struct read_statement *s)
{
    const PgQuery__AlterTableStmt *alter = s->tree->alter_table_stmt;
    struct change change = read_begin(s, CHANGE_TYPE_ATTRIBUTE, 0);
    for (size_t i = 0; i < alter->n_cmds; i++) {
        switch (alter->cmds[i]->alter_table_cmd->subtype) {
        case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType: break;
        default: return read_refuse_statement(s);
        }
    }
    if (!read_relation(s, alter->relation, &change.table))
        return false;
    read_add(s, &change);
    return true;
}

static bool read_domain_check(const struct read_statement *s, const PgQuery__AlterDomainStmt *alter,
                              struct change *change)
{
    const PgQuery__Constraint *constraint = alter->def->constraint;
    if (constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return read_refuse_statement(s);
    change->kind = CHANGE_DOMAIN_ADD_CHECK;
    change->object = parse_given(constraint->conname) ? constraint->conname : NULL;
    change->not_valid = constraint->skip_validation;
    return read_check_expr(s, constraint, &change->expr);
}

static bool read_domain_default(const struct read_statement *s, const PgQuery__AlterDomainStmt *alter,
                                struct change *change)
{
    change->kind = CHANGE_DOMAIN_DEFAULT;
    if (!alter->def)
        return true;
    struct read_slice slice = {.first = s->text.n, .last = s->text.n};
    for (size_t i = 0; i < s->text.n && slice.first == s->text.n; i++) {
        if (parse_token_is(&s->text, i, "set") && parse_token_is(&s->text, i + 1, "default"))
            slice.first = i + 2;
    }
    return read_expr(s, slice, alter->def, &change->expr);
}

bool read_alter_domain(const struct read_statement *s)
{
    const PgQuery__AlterDomainStmt *alter = s->tree->alter_domain_stmt;
    struct change change = read_begin(s, CHANGE_DOMAIN_NOT_NULL, 0);
    change.object = parse_given(alter->name) ? alter->name : NULL;
    change.cascade = alter->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    change.if_not = alter->missing_ok;
    bool read = true;
    switch (alter->subtype[0]) {
    case 'T': read = read_domain_default(s, alter, &change); break;
    case 'N': change.not_null = false; break;
    case 'O': change.not_null = true; break;
    case 'C': read = read_domain_check(s, alter, &change); break;
    case 'X': change.kind = CHANGE_DOMAIN_DROP_CONSTRAINT; break;
    case 'V': change.kind = CHANGE_DOMAIN_VALIDATE; break;
    default: return read_refuse_statement(s);
    }
    if (!read || !read_name(s, alter->type_name, alter->n_type_name, &change.table))
        return false;
    read_add(s, &change);
    return true;
}
