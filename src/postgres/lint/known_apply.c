/* Statements carried out on what is known. */
#include <string.h>
#include <strings.h>

#include "postgres/lint/known_internal.h"
#include "postgres/lint/lex.h"
#include "postgres/lint/volatility.h"

static void create_table(struct known *known, const struct lint_action *action)
{
    if (known_relation(known, action->relation) && (action->flags & LINT_IF_NOT_EXISTS))
        return;
    struct known_relation *table = known_make(known, KNOWN_TABLE, action->relation);
    table->unlogged = (action->flags & LINT_UNLOGGED) != 0;
    table->temporary = (action->flags & LINT_TEMPORARY) != 0;
    table->tablespace = known_keep(known, action->name);
    table->partitioned = action->n_columns > 0;
    if (action->n_columns == 1)
        table->partition_key = known_keep(known, action->columns[0]);
    if (action->what && strcmp(action->what, "typed") == 0)
        table->of_type = known_keep(known, action->type);
    if (table->of_type) {
        struct known_type *type = known_type(known, table->of_type);
        if (type)
            ARENA_PUSH(known->arena, type->users, type->n_users, table);
    }
    struct known_relation *parent =
        action->what && strcmp(action->what, "partition") == 0 ? known_relation(known, action->other) : NULL;
    if (!parent)
        return;
    table->parent = parent;
    table->default_partition = (action->flags & LINT_DEFAULT_PARTITION) != 0;
    ARENA_PUSH(known->arena, parent->children, parent->n_children, table);
    for (size_t i = 0; i < parent->n_columns; i++)
        ARENA_PUSH(known->arena, table->columns, table->n_columns, parent->columns[i]);
}

static void create_view(struct known *known, const struct lint_action *action)
{
    bool materialized = action->act == LINT_CREATE_MATERIALIZED_VIEW;
    struct known_relation *view = known_relation(known, action->relation);
    if (view)
        return;
    view = known_make(known, materialized ? KNOWN_MATERIALIZED_VIEW : KNOWN_VIEW, action->relation);
    view->unfilled = (action->flags & LINT_NO_DATA) != 0;
    for (size_t i = 0; i < action->n_relations; i++) {
        struct name source = known_keep_name(known, action->relations[i]);
        ARENA_PUSH(known->arena, view->sources, view->n_sources, source);
    }
}

static void create_index(struct known *known, const struct lint_action *action)
{
    struct known_relation *table = known_relation(known, action->relation);
    if (table) {
        known_add_index(known, table, action->name, action->columns, action->n_columns);
        table->indexes[table->n_indexes - 1].unique = (action->flags & LINT_UNIQUE) != 0;
        table->indexes[table->n_indexes - 1].partial = action->expr.end > 0;
    }
}

static void create_type(struct known *known, const struct lint_action *action)
{
    struct known_type *type = arena_alloc(known->arena, sizeof *type);
    type->kind = action->act == LINT_CREATE_DOMAIN ? KNOWN_DOMAIN
                 : action->act == LINT_CREATE_ENUM ? KNOWN_ENUM
                                                   : KNOWN_COMPOSITE;
    type->name = action->relation.schema
                     ? arena_printf(known->arena, "%s.%s", action->relation.schema, action->relation.name)
                     : known_keep(known, action->relation.name);
    type->base = known_keep(known, action->type);
    type->constrained = (action->flags & (LINT_CHECK | LINT_NOT_NULL)) != 0;
    const struct known_type *base = known_type(known, type->base);
    type->constrained = type->constrained || (base && base->constrained);
    known_map_put(known->arena, &known->types, NULL, type->name, type);
}

/* SELECT and one expression, nothing else: the planner puts it in place of the call. */
static bool is_expression(struct known *known, const char *text, struct lint_slice body)
{
    const char *function;
    size_t at = body.begin;
    struct lex_token token = lex_next(text, &at);
    if (token.kind != LEX_STRING)
        return false;
    const char *mark = text[token.begin] == '$' ? strchr(text + token.begin + 1, '$') : text + token.begin;
    struct lint_slice inside = {(size_t)(mark - text) + 1, token.end - 1};
    const char *words = known_words(known->arena, text, inside);
    if (strncmp(words, "select ", 7) != 0 || strstr(words, " from "))
        return false;
    return volatility_of(known->arena, known, text, inside, &function) == LINT_NO;
}

void known_add_function(struct known *known, const struct lint_action *action, const char *text)
{
    struct known_function *function = arena_alloc(known->arena, sizeof *function);
    function->name = known_keep(known, action->relation.name);
    function->volatility = action->type[0];
    function->inlined =
        action->name && strcasecmp(action->name, "sql") == 0 && is_expression(known, text, action->expr);
    known_map_put(known->arena, &known->functions, NULL, function->name, function);
}

static void drop_relation(struct known *known, struct name name)
{
    struct known_relation *relation = known_relation(known, name);
    if (!relation)
        return;
    relation->dropped = true;
    known_map_put(known->arena, &known->relations, name.schema, name.name, NULL);
    for (size_t i = 0; relation->table && i < relation->table->n_indexes; i++) {
        if (relation->table->indexes[i].self == relation)
            relation->table->indexes[i].dropped = true;
    }
}

static void set(struct known *known, const struct lint_action *action)
{
    if (action->name && strcmp(action->name, "timezone") == 0)
        known->time_zone = known_keep(known, action->what);
}

static void trigger(struct known *known, const struct lint_action *action)
{
    struct known_relation *table = known_relation(known, action->relation);
    const char *function = known_keep(known, action->other.name);
    if (table && function)
        ARENA_PUSH(known->arena, table->trigger_functions, table->n_trigger_functions, function);
}

static void publication(struct known *known, const struct lint_action *action)
{
    struct known_relation *table = known_relation(known, action->relation);
    if (table)
        table->published = !action->what;
    known->publishes_all = known->publishes_all || (action->flags & LINT_ALL);
}

static void domain(struct known *known, const struct lint_action *action)
{
    struct known_type *type = known_type(known, action->relation.name);
    if (type)
        type->constrained = true;
}

/* A function of the database's own, or one that nobody knows, may write anything. */
static void note_code(struct known *known, const struct lint_action *action, const char *text)
{
    const char *function = NULL;
    bool calls = action->act == LINT_SELECT &&
                 volatility_of(known->arena, known, text, action->place, &function) != LINT_NO;
    known->code_ran =
        known->code_ran || action->act == LINT_DO || (calls && function && !volatility_is_built_in(function));
}

/* What was looked up in a database is so no longer. */
static void note_change(struct known *known, const struct lint_action *action)
{
    static const enum lint_act acts[] = {LINT_INSERT,       LINT_UPDATE,     LINT_DELETE,
                                         LINT_COPY_FROM,    LINT_TRUNCATE,   LINT_RENAME_COLUMN,
                                         LINT_RENAME_TABLE, LINT_ALTER_TYPE, LINT_SET_SCHEMA};
    struct known_relation *relation = known_relation(known, action->relation);
    for (size_t i = 0; relation && i < SEGUE_COUNT(acts); i++)
        relation->changed = relation->changed || (known->file && action->act == acts[i]);
}

static void note_drop(struct known *known, const struct lint_action *action)
{
    bool drops = (action->act >= LINT_DROP_TABLE && action->act <= LINT_DROP_OTHER) ||
                 action->act == LINT_DROP_CONSTRAINT ||
                 ((action->act == LINT_DROP_TRIGGER || action->act == LINT_ALTER_POLICY) && action->what);
    if (!drops || !known->file)
        return;
    const char *name = known_keep(known, action->name ? action->name : action->relation.name);
    if (name)
        ARENA_PUSH(known->arena, known->gone, known->n_gone, name);
    for (size_t i = 0; i < action->n_relations; i++) {
        name = known_keep(known, action->relations[i].name);
        ARENA_PUSH(known->arena, known->gone, known->n_gone, name);
    }
}

static void apply(struct known *known, const struct lint_action *action, const char *text)
{
    struct known_relation *relation;
    note_change(known, action);
    note_drop(known, action);
    switch (action->act) {
    case LINT_SELECT:
    case LINT_DO: note_code(known, action, text); return;
    case LINT_CREATE_TABLE:
    case LINT_CREATE_TABLE_AS: create_table(known, action); return;
    case LINT_CREATE_VIEW:
    case LINT_CREATE_MATERIALIZED_VIEW: create_view(known, action); return;
    case LINT_CREATE_INDEX: create_index(known, action); return;
    case LINT_CREATE_SEQUENCE: (void)known_make(known, KNOWN_SEQUENCE, action->relation); return;
    case LINT_CREATE_DOMAIN:
    case LINT_CREATE_ENUM:
    case LINT_CREATE_TYPE: create_type(known, action); return;
    case LINT_CREATE_FUNCTION: known_add_function(known, action, text); return;
    case LINT_CREATE_TRIGGER: trigger(known, action); return;
    case LINT_PUBLICATION: publication(known, action); return;
    case LINT_DOMAIN_CHECK:
    case LINT_DOMAIN_NOT_NULL: domain(known, action); return;
    case LINT_SET: set(known, action); return;
    case LINT_DROP_TABLE:
    case LINT_DROP_VIEW:
    case LINT_DROP_MATERIALIZED_VIEW:
    case LINT_DROP_SEQUENCE:
    case LINT_DROP_INDEX: drop_relation(known, action->relation); return;
    default:
        relation = known_relation(known, action->relation);
        if (relation)
            known_alter(known, relation, action, text);
    }
}

void known_apply(struct known *known, const struct lint_statement *statement)
{
    if (known->file && known->watched)
        known_note_names(known, statement);
    for (size_t i = 0; i < statement->n_actions; i++)
        apply(known, &statement->actions[i], statement->text);
}
