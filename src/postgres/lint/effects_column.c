/* ALTER TABLE on columns. */
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/lint/effects_internal.h"
#include "postgres/lint/type_change.h"
#include "postgres/lint/volatility.h"

static void look_at_default(struct effects *e)
{
    struct lint_action *action = e->action;
    const char *function;
    if (!(action->flags & LINT_HAS_DEFAULT))
        return;
    enum lint_truth truth = volatility_of(e->arena, e->known, e->statement->text, action->expr, &function);
    action->volatile_default = truth != LINT_NO;
    if (truth == LINT_YES)
        effects_rewrites(e, truth, arena_printf(e->arena, "%s() gives another value for each row", function));
    else if (truth == LINT_PERHAPS)
        effects_rewrites(e, truth, arena_printf(e->arena, "%s() may be volatile", function));
    const char *sequence = volatility_sequence(e->arena, e->statement->text, action->expr);
    if (sequence)
        (void)effects_touch(e, (struct name){.name = sequence}, LINT_ROW_EXCLUSIVE);
}

static void look_at_type(struct effects *e)
{
    const char *name = e->action->type;
    const struct known_type *type = name ? known_type(e->known, name) : NULL;
    if (type && type->kind == KNOWN_DOMAIN && type->constrained)
        effects_rewrites(e, LINT_YES, "its domain has a constraint");
    else if (name && !type && !type_is_built_in(name))
        effects_rewrites(e, LINT_PERHAPS, "unless its type is no domain, or one without a constraint");
}

static void add_column(struct effects *e)
{
    struct lint_action *action = e->action;
    unsigned flags = action->flags;
    bool filled = flags & (LINT_HAS_DEFAULT | LINT_SERIAL | LINT_IDENTITY | LINT_STORED | LINT_VIRTUAL);
    if (flags & LINT_REFERENCES)
        (void)effects_touch(e, action->other, LINT_SHARE_ROW_EXCLUSIVE);
    if (flags & LINT_IN_CREATE)
        return;
    look_at_default(e);
    look_at_type(e);
    const struct known_type *type = known_type(e->known, action->type);
    if (type && type->kind == KNOWN_ENUM)
        action->what = "enum";
    if (flags & LINT_SERIAL)
        effects_rewrites(e, LINT_YES, "every row takes a value from its sequence");
    if (flags & LINT_IDENTITY)
        effects_rewrites(e, LINT_YES, "every row takes a value from its sequence");
    if (flags & LINT_STORED)
        effects_rewrites(e, LINT_YES, "every row gets its stored value");
    if (flags & LINT_CHECK)
        effects_scans(e, LINT_YES, "its CHECK is tried on every row");
    if ((flags & LINT_REFERENCES) && filled && !(flags & LINT_NOT_ENFORCED))
        effects_scans(e, LINT_YES, "its foreign key is tried on every row");
    if (flags & (LINT_UNIQUE | LINT_PRIMARY))
        effects_scans(e, LINT_YES, "its index is built");
    if ((flags & LINT_NOT_NULL) && !filled)
        effects_fails(e, LINT_YES, "rows that are there have no value for it");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

/* Tables whose foreign keys refer to the column of the relation, and those that its own refer to. */
static void foreign_keys_of(struct effects *e, const char *column)
{
    const struct known_relation *relation = e->relation;
    for (size_t i = 0; relation && i < relation->n_constraints; i++) {
        const struct known_constraint *c = &relation->constraints[i];
        if (c->kind == KNOWN_FOREIGN && !c->dropped && c->refers &&
            known_has_column(c->columns, c->n_columns, column))
            (void)effects_touch(e, c->refers->name, LINT_ACCESS_EXCLUSIVE);
    }
    bool is_key = false;
    for (size_t i = 0; relation && i < relation->n_constraints; i++) {
        const struct known_constraint *c = &relation->constraints[i];
        is_key = is_key || ((c->kind == KNOWN_PRIMARY || c->kind == KNOWN_UNIQUE) && !c->dropped &&
                            known_has_column(c->columns, c->n_columns, column));
    }
    for (size_t i = 0; is_key && i < relation->n_referred_by; i++) {
        struct lint_touch *touch = effects_touch(e, relation->referred_by[i]->name, LINT_ACCESS_EXCLUSIVE);
        if (e->action->act == LINT_ALTER_TYPE && e->action->rewrite != LINT_NO)
            touch->scan = e->action->rewrite;
    }
}

/* Whether `column IS NOT NULL` is the condition, or one of several that are joined by AND and nothing else. */
static bool says_not_null(const char *expr, const char *column)
{
    size_t length = strlen(column);
    if (strpbrk(expr, "('") || strstr(expr, " or ") || strstr(expr, " between ") ||
        strncmp(expr, "not ", 4) == 0)
        return false;
    for (const char *at = expr; at;) {
        const char *next = strstr(at, " and ");
        size_t n = next ? (size_t)(next - at) : strlen(at);
        if (n == length + 12 && strncmp(at, column, length) == 0 &&
            strncmp(at + length, " is not null", 12) == 0)
            return true;
        at = next ? next + 5 : NULL;
    }
    return false;
}

/* The server carries out all that an ALTER TABLE drops before the rest of it, wherever it stands. */
static bool goes_first(const struct lint_statement *statement, const char *constraint)
{
    for (size_t i = 0; i < statement->n_actions; i++) {
        const struct lint_action *a = &statement->actions[i];
        if (a->act == LINT_DROP_CONSTRAINT && same_text(a->name, constraint))
            return true;
    }
    return false;
}

/* Whether a validated CHECK says that the column is not null, or the column is already. */
static bool is_proved(const struct effects *e, const char *column)
{
    const struct known_relation *relation = e->relation;
    const struct known_column *known = known_column(relation, column);
    if (!known)
        return false;
    if (known->not_null)
        return true;
    const char *alone = pg_format(e->arena, "%I is not null", column);
    for (size_t i = 0; i < relation->n_constraints; i++) {
        const struct known_constraint *c = &relation->constraints[i];
        if (c->kind == KNOWN_CHECK && c->valid && !c->dropped && c->expr &&
            (says_not_null(c->expr, column) || same_text(c->expr, alone)) &&
            !goes_first(e->statement, c->name))
            return true;
    }
    return false;
}

static void set_not_null(struct effects *e)
{
    bool known = known_column(e->relation, e->action->column) != NULL;
    if (!is_proved(e, e->action->column))
        effects_scans(
            e, known ? LINT_YES : LINT_PERHAPS,
            known ? "every row is looked at for a null"
                  : "every row is looked at for a null, unless a validated CHECK says that there is none");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

static bool is_indexed(const struct known_relation *relation, const char *column)
{
    for (size_t i = 0; i < relation->n_indexes; i++) {
        const struct known_index *index = &relation->indexes[i];
        for (size_t k = 0; !index->dropped && k < index->n_columns; k++) {
            if (same_text(index->columns[k], column))
                return true;
        }
    }
    return false;
}

/* Whether the words, divided by blanks, have this one. */
static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at++) {
        if ((at == words || at[-1] == ' ') && (!at[length] || at[length] == ' '))
            return true;
    }
    return false;
}

static bool is_checked(const struct known_relation *relation, const char *column)
{
    for (size_t i = 0; i < relation->n_constraints; i++) {
        const struct known_constraint *c = &relation->constraints[i];
        if (c->kind == KNOWN_CHECK && !c->dropped && c->expr && has_word(c->expr, column))
            return true;
    }
    return false;
}

static void alter_type(struct effects *e)
{
    struct lint_action *action = e->action;
    const struct known_column *column = known_column(e->relation, action->column);
    action->was = column ? column->type : NULL;
    struct type_change change = type_change(e->arena, e->known, e->statement->text, action, action->was);
    effects_rewrites(e, change.rewrite, change.why);
    if (change.rewrite == LINT_NO && column) {
        if (change.reindex != LINT_NO && is_indexed(e->relation, action->column))
            effects_scans(e, LINT_YES, change.why);
        if (!same_text(action->was, action->type) && is_checked(e->relation, action->column))
            effects_scans(e, LINT_YES, "CHECK constraints on the column are tried on every row");
    }
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
    if (!same_text(action->was, action->type))
        foreign_keys_of(e, action->column);
}

static void set_expression(struct effects *e)
{
    const struct known_column *column = known_column(e->relation, e->action->column);
    effects_since(e, 17, "set expression");
    if (!column || !column->is_virtual)
        effects_rewrites(e, column ? LINT_YES : LINT_PERHAPS, "every row gets its stored value");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

static void set_default(struct effects *e)
{
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

bool effects_of_column(struct effects *e)
{
    switch (e->action->act) {
    case LINT_ADD_COLUMN: add_column(e); break;
    case LINT_DROP_COLUMN:
        effects_tree(e, LINT_ACCESS_EXCLUSIVE);
        foreign_keys_of(e, e->action->column);
        break;
    case LINT_SET_NOT_NULL: set_not_null(e); break;
    case LINT_ALTER_TYPE: alter_type(e); break;
    case LINT_SET_EXPRESSION: set_expression(e); break;
    case LINT_DROP_EXPRESSION:
        effects_since(e, 13, "drop expression");
        effects_tree(e, LINT_ACCESS_EXCLUSIVE);
        break;
    case LINT_RENAME_COLUMN:
    case LINT_SET_DEFAULT:
    case LINT_DROP_DEFAULT:
    case LINT_DROP_NOT_NULL: set_default(e); break;
    case LINT_COLUMN_STORAGE:
        if (e->action->what)
            effects_since(e, 14, "set compression");
        effects_own(e, LINT_ACCESS_EXCLUSIVE);
        break;
    case LINT_ADD_IDENTITY:
    case LINT_DROP_IDENTITY: effects_own(e, LINT_ACCESS_EXCLUSIVE); break;
    case LINT_COLUMN_SETTING: effects_own(e, LINT_SHARE_UPDATE_EXCLUSIVE); break;
    default: return false;
    }
    return true;
}
