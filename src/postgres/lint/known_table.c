/* What is known of one table: its columns, constraints and indexes, and how ALTER TABLE changes them. */
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/lint/known_internal.h"
#include "postgres/lint/volatility.h"
#include "postgres/sqltree.h"

static const char *plain_type(const char *type)
{
    if (!type)
        return "";
    if (strcmp(type, "serial") == 0)
        return "integer";
    if (strcmp(type, "bigserial") == 0)
        return "bigint";
    return strcmp(type, "smallserial") == 0 ? "smallint" : type;
}

/* The table has a column of the type, and so of those that the type stands upon. */
static void note_user(struct known *known, struct known_relation *relation, const char *type)
{
    for (struct known_type *used = known_type(known, type); used; used = known_type(known, used->base)) {
        for (size_t i = 0; i < used->n_users; i++) {
            if (used->users[i] == relation)
                return;
        }
        ARENA_PUSH(known->arena, used->users, used->n_users, relation);
    }
}

/* The sequence that belongs to a column gets a name of the table's and the column's. */
static const char *own_sequence(struct known *known, const struct known_relation *relation,
                                const char *column)
{
    struct name name = {.schema = relation->name.schema,
                        .name = arena_printf(known->arena, "%s_%s_seq", relation->name.name, column)};
    (void)known_make(known, KNOWN_SEQUENCE, name);
    return name.name;
}

void known_add_index(struct known *known, struct known_relation *relation, const char *name,
                     const char *const *columns, size_t n)
{
    struct known_index index = {.n_columns = n};
    index.columns = known_keep_columns(known, columns, n);
    if (name) {
        index.self =
            known_make(known, KNOWN_INDEX, (struct name){.schema = relation->name.schema, .name = name});
        index.self->table = relation;
    }
    ARENA_PUSH(known->arena, relation->indexes, relation->n_indexes, index);
}

static void push_constraint(struct known *known, struct known_relation *relation,
                            struct known_constraint constraint)
{
    constraint.file = known->file;
    ARENA_PUSH(known->arena, relation->constraints, relation->n_constraints, constraint);
}

static const char *constraint_name(struct known *known, const struct known_relation *relation,
                                   const struct lint_action *action, const char *column, const char *suffix)
{
    if (action->name)
        return known_keep(known, action->name);
    return column ? arena_printf(known->arena, "%s_%s_%s", relation->name.name, column, suffix)
                  : arena_printf(known->arena, "%s_%s", relation->name.name, suffix);
}

struct naming {
    const struct known *known;
    const struct known_relation *relation;
};

static bool is_taken(const char *name, const void *context)
{
    const struct naming *naming = context;
    const struct name other = {.schema = naming->relation->name.schema, .name = name};
    return known_constraint(naming->relation, name) || known_relation(naming->known, other);
}

/* The columns that the name is made of, between underscores: those of a key, or the only one that a CHECK reads. */
static const char *named_after(struct known *known, const struct known_relation *relation,
                               const struct lint_action *action, const char *text)
{
    const char **columns = action->columns;
    size_t n = action->n_columns;
    bool subquery;
    struct error err;
    if (action->act == LINT_ADD_CHECK) {
        const char *expr =
            arena_strndup(known->arena, text + action->expr.begin, action->expr.end - action->expr.begin);
        if (!sql_expr_columns(known->arena, expr, relation->name.name, &columns, &n, &subquery, &err) ||
            n != 1)
            return NULL;
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < n; i++)
        text_printf(&out, "%s%s", i ? "_" : "", columns[i] ? columns[i] : "expr");
    return arena_strdup(known->arena, text_string(&out));
}

/* As it is given, or as the server chooses it. */
static const char *table_constraint_name(struct known *known, const struct known_relation *relation,
                                         const struct lint_action *action, const char *text,
                                         const char *label)
{
    const struct naming naming = {.known = known, .relation = relation};
    if (action->name)
        return known_keep(known, action->name);
    const char *after = strcmp(label, "pkey") == 0 ? NULL : named_after(known, relation, action, text);
    return pg_choose_name(known->arena, relation->name.name, after, label, is_taken, &naming);
}

static void refer(struct known *known, struct known_relation *relation, struct known_constraint *constraint,
                  struct name to)
{
    constraint->refers = known_relation(known, to);
    if (constraint->refers)
        ARENA_PUSH(known->arena, constraint->refers->referred_by, constraint->refers->n_referred_by,
                   relation);
}

/* The constraints that stand behind a column. */
static void of_column(struct known *known, struct known_relation *relation, const struct lint_action *action)
{
    struct known_constraint constraint = {.valid = true, .n_columns = 1};
    constraint.columns = known_keep_columns(known, &action->column, 1);
    const char *column = constraint.columns[0];
    if (action->flags & (LINT_UNIQUE | LINT_PRIMARY)) {
        bool primary = action->flags & LINT_PRIMARY;
        constraint.kind = primary ? KNOWN_PRIMARY : KNOWN_UNIQUE;
        constraint.name =
            constraint_name(known, relation, action, primary ? NULL : column, primary ? "pkey" : "key");
        known_add_index(known, relation, constraint.name, constraint.columns, 1);
        push_constraint(known, relation, constraint);
    }
    if (action->flags & LINT_CHECK) {
        constraint.kind = KNOWN_CHECK;
        constraint.name = constraint_name(known, relation, action, column, "check");
        constraint.expr =
            column; /* its words are not kept apart; that it is about the column is what counts */
        push_constraint(known, relation, constraint);
    }
    if (action->flags & LINT_REFERENCES) {
        constraint.kind = KNOWN_FOREIGN;
        constraint.expr = NULL;
        constraint.name = constraint_name(known, relation, action, column, "fkey");
        refer(known, relation, &constraint, action->other);
        push_constraint(known, relation, constraint);
    }
}

void known_add_column(struct known *known, struct known_relation *relation, const struct lint_action *action,
                      const char *text)
{
    if (!action->column || known_column(relation, action->column))
        return;
    struct known_column column = {
        .name = known_keep(known, action->column),
        .type = known_keep(known, plain_type(action->type)),
        .not_null = (action->flags & LINT_NOT_NULL) != 0,
        .owned = (action->flags & (LINT_IDENTITY | LINT_SERIAL)) != 0,
        .stored = (action->flags & LINT_STORED) != 0,
        .is_virtual = (action->flags & LINT_VIRTUAL) != 0,
        .file = known->file,
    };
    if (action->flags & (LINT_IDENTITY | LINT_SERIAL))
        column.sequence = own_sequence(known, relation, column.name);
    else if (action->flags & LINT_HAS_DEFAULT)
        column.sequence = volatility_sequence(known->arena, text, action->expr);
    ARENA_PUSH(known->arena, relation->columns, relation->n_columns, column);
    note_user(known, relation, column.type);
    of_column(known, relation, action);
}

/* A key that stands upon an index that is there already has that index's columns. */
static void take_index(const struct known *known, const struct known_relation *relation, const char *name,
                       struct known_constraint *constraint)
{
    struct known_relation *self =
        known_relation(known, (struct name){.schema = relation->name.schema, .name = name});
    for (size_t i = 0; self && i < relation->n_indexes; i++) {
        if (relation->indexes[i].self == self) {
            constraint->columns = relation->indexes[i].columns;
            constraint->n_columns = relation->indexes[i].n_columns;
        }
    }
}

static void key(struct known *known, struct known_relation *relation, const struct lint_action *action,
                struct known_constraint *constraint)
{
    if (action->flags & LINT_USING_INDEX)
        take_index(known, relation, action->type, constraint);
    else
        known_add_index(known, relation, constraint->name, constraint->columns, constraint->n_columns);
    for (size_t i = 0; constraint->kind == KNOWN_PRIMARY && i < constraint->n_columns; i++) {
        struct known_column *column = known_column(relation, constraint->columns[i]);
        if (column)
            column->not_null = true;
    }
}

void known_add_constraint(struct known *known, struct known_relation *relation,
                          const struct lint_action *action, const char *text)
{
    struct known_constraint constraint = {.valid = !(action->flags & (LINT_NOT_VALID | LINT_NOT_ENFORCED))};
    constraint.columns = known_keep_columns(known, action->columns, action->n_columns);
    constraint.n_columns = action->n_columns;
    const char *first = action->column;
    switch (action->act) {
    case LINT_ADD_CHECK:
        constraint.kind = KNOWN_CHECK;
        constraint.expr = known_words(known->arena, text, action->expr);
        constraint.name = table_constraint_name(known, relation, action, text, "check");
        break;
    case LINT_ADD_NOT_NULL:
        constraint.kind = KNOWN_NOT_NULL;
        constraint.columns = known_keep_columns(known, &action->column, 1);
        constraint.n_columns = 1;
        constraint.name = constraint_name(known, relation, action, first, "not_null");
        break;
    case LINT_ADD_UNIQUE:
        constraint.kind = KNOWN_UNIQUE;
        constraint.name = table_constraint_name(known, relation, action, text, "key");
        key(known, relation, action, &constraint);
        break;
    case LINT_ADD_PRIMARY_KEY:
        constraint.kind = KNOWN_PRIMARY;
        constraint.name = table_constraint_name(known, relation, action, text, "pkey");
        key(known, relation, action, &constraint);
        break;
    case LINT_ADD_FOREIGN_KEY:
        constraint.kind = KNOWN_FOREIGN;
        constraint.name = table_constraint_name(known, relation, action, text, "fkey");
        refer(known, relation, &constraint, action->other);
        break;
    default:
        constraint.kind = KNOWN_EXCLUDE;
        constraint.name = constraint_name(known, relation, action, NULL, "excl");
        known_add_index(known, relation, constraint.name, NULL, 0);
        break;
    }
    push_constraint(known, relation, constraint);
}

static void drop_index_named(struct known *known, struct known_relation *relation, const char *name)
{
    for (size_t i = 0; i < relation->n_indexes; i++) {
        struct known_index *index = &relation->indexes[i];
        if (index->self && same_text(index->self->name.name, name)) {
            index->dropped = true;
            index->self->dropped = true;
            known_map_put(known->arena, &known->relations, relation->name.schema, name, NULL);
        }
    }
}

static void drop_column(struct known *known, struct known_relation *relation, const char *name)
{
    struct known_column *column = known_column(relation, name);
    if (column)
        column->dropped = true;
    for (size_t i = 0; i < relation->n_indexes; i++) {
        struct known_index *index = &relation->indexes[i];
        for (size_t k = 0; k < index->n_columns; k++) {
            if (same_text(index->columns[k], name) && index->self && !index->dropped)
                drop_index_named(known, relation, index->self->name.name);
        }
    }
    for (size_t i = 0; i < relation->n_constraints; i++) {
        struct known_constraint *constraint = &relation->constraints[i];
        for (size_t k = 0; k < constraint->n_columns; k++)
            constraint->dropped = constraint->dropped || same_text(constraint->columns[k], name);
    }
}

static void drop_constraint(struct known *known, struct known_relation *relation, const char *name)
{
    struct known_constraint *constraint = known_constraint(relation, name);
    if (!constraint)
        return;
    constraint->dropped = true;
    if (constraint->kind == KNOWN_UNIQUE || constraint->kind == KNOWN_PRIMARY)
        drop_index_named(known, relation, name);
}

static void validate(struct known_relation *relation, const char *name)
{
    struct known_constraint *constraint = known_constraint(relation, name);
    if (!constraint)
        return;
    constraint->valid = true;
    struct known_column *column =
        constraint->kind == KNOWN_NOT_NULL ? known_column(relation, constraint->columns[0]) : NULL;
    if (column)
        column->not_null = true;
}

static void rename_relation(struct known *known, struct known_relation *relation, struct name to)
{
    if (!to.name)
        return;
    known_map_put(known->arena, &known->relations, relation->name.schema, relation->name.name, NULL);
    relation->name = known_keep_name(known, to);
    known_map_put(known->arena, &known->relations, to.schema, to.name, relation);
}

static void alter_column(struct known *known, struct known_relation *relation,
                         const struct lint_action *action, const char *text)
{
    struct known_column *column = known_column(relation, action->column);
    if (!column)
        return;
    switch (action->act) {
    case LINT_RENAME_COLUMN:
        if (action->other.name)
            column->name = known_keep(known, action->other.name);
        break;
    case LINT_SET_NOT_NULL: column->not_null = true; break;
    case LINT_DROP_NOT_NULL: column->not_null = false; break;
    case LINT_ADD_IDENTITY:
        column->owned = true;
        column->sequence = own_sequence(known, relation, column->name);
        break;
    case LINT_DROP_DEFAULT:
    case LINT_DROP_IDENTITY:
        column->owned = false;
        column->sequence = NULL;
        break;
    case LINT_SET_DEFAULT: column->sequence = volatility_sequence(known->arena, text, action->expr); break;
    case LINT_ALTER_TYPE:
        column->type = known_keep(known, plain_type(action->type));
        note_user(known, relation, column->type);
        break;
    case LINT_DROP_EXPRESSION: column->stored = column->is_virtual = false; break;
    default: break;
    }
}

static bool is_above(const struct known_relation *above, const struct known_relation *relation)
{
    while (relation && relation != above)
        relation = relation->parent;
    return relation != NULL;
}

static void attach(struct known *known, struct known_relation *relation, const struct lint_action *action)
{
    struct known_relation *child = known_relation(known, action->other);
    if (!child)
        return;
    if (action->act == LINT_ATTACH) {
        /* What the server would refuse must not make a circle here. */
        if (child->parent || is_above(child, relation))
            return;
        child->parent = relation;
        child->default_partition = (action->flags & LINT_DEFAULT_PARTITION) != 0;
        ARENA_PUSH(known->arena, relation->children, relation->n_children, child);
        return;
    }
    child->parent = NULL;
    for (size_t i = 0; i < relation->n_children; i++) {
        if (relation->children[i] == child)
            relation->children[i--] = relation->children[--relation->n_children];
    }
}

/* REPLICA IDENTITY { FULL | USING INDEX index | DEFAULT | NOTHING } */
static bool replicates_rows(const char *identity)
{
    return same_text(identity, "full") || same_text(identity, "using");
}

void known_alter(struct known *known, struct known_relation *relation, const struct lint_action *action,
                 const char *text)
{
    switch (action->act) {
    case LINT_ADD_COLUMN: known_add_column(known, relation, action, text); break;
    case LINT_DROP_COLUMN: drop_column(known, relation, action->column); break;
    case LINT_ADD_CHECK:
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_ADD_FOREIGN_KEY:
    case LINT_ADD_EXCLUDE: known_add_constraint(known, relation, action, text); break;
    case LINT_DROP_CONSTRAINT: drop_constraint(known, relation, action->name); break;
    case LINT_VALIDATE: validate(relation, action->name); break;
    case LINT_RENAME_TABLE:
    case LINT_RENAME_VIEW:
        rename_relation(known, relation,
                        (struct name){.schema = relation->name.schema, .name = action->other.name});
        break;
    case LINT_SET_SCHEMA:
        rename_relation(
            known, relation,
            (struct name){.schema = same_text(action->other.name, "public") ? NULL : action->other.name,
                          .name = relation->name.name});
        break;
    case LINT_REFRESH: relation->unfilled = (action->flags & LINT_NO_DATA) != 0; break;
    case LINT_REPLICA_IDENTITY: relation->identified = replicates_rows(action->name); break;
    case LINT_SET_LOGGED: relation->unlogged = false; break;
    case LINT_SET_UNLOGGED: relation->unlogged = true; break;
    case LINT_SET_TABLESPACE: relation->tablespace = known_keep(known, action->name); break;
    case LINT_SET_ACCESS_METHOD: relation->method = known_keep(known, action->name); break;
    case LINT_ATTACH:
    case LINT_DETACH: attach(known, relation, action); break;
    default: alter_column(known, relation, action, text); break;
    }
}
