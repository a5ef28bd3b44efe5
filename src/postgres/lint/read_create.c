/* CREATE and DROP. */
#include "postgres/lint/statement_internal.h"
#include "postgres/lint/twice.h"

void statement_create_index(struct sql *sql, struct lint_statement *out, unsigned flags)
{
    struct lint_action action = {.act = LINT_CREATE_INDEX, .flags = flags};
    action.flags |= sql_take(sql, "concurrently") ? LINT_CONCURRENTLY : 0U;
    action.flags |= sql_take_if(sql);
    if (!sql_is(sql, "on"))
        action.name = sql_identifier(sql);
    (void)sql_take(sql, "on");
    action.flags |= sql_take(sql, "only") ? LINT_ONLY : 0U;
    action.relation = sql_name(sql);
    if (sql_take(sql, "using"))
        action.type = sql_identifier(sql);
    sql_columns(sql, &action.columns, &action.n_columns);
    if (sql_find(sql, "where")) {
        size_t from = sql->at;
        sql_skip_to_end(sql);
        action.expr = sql_slice(sql, from);
    }
    (void)statement_add(sql, out, 0, &action);
}

static void create_view(struct sql *sql, struct lint_action *action)
{
    action->flags |= sql_take_if(sql);
    action->relation = sql_name(sql);
    action->twice = sql_is(sql, "(") ? twice_in_list(sql) : twice_in_targets(sql);
    sql_sources(sql, &action->relations, &action->n_relations);
    action->flags |= sql_has_no_data(sql) ? LINT_NO_DATA : 0U;
}

/* CREATE TYPE and CREATE DOMAIN: type is what a domain stands upon. */
static void create_type(struct sql *sql, struct lint_action *action)
{
    action->relation = sql_name(sql);
    (void)sql_take(sql, "as");
    if (action->act == LINT_CREATE_DOMAIN) {
        action->type = sql_type(sql);
        while (!sql_ended(sql)) {
            if (sql_take(sql, "check"))
                action->flags |= LINT_CHECK;
            else if (sql_takes(sql, "not null"))
                action->flags |= LINT_NOT_NULL;
            sql_skip(sql);
        }
    } else if (sql_take(sql, "enum")) {
        action->act = LINT_CREATE_ENUM;
    }
}

/* name: the language; type: volatility; expr: the body. */
static void create_function(struct sql *sql, struct lint_action *action)
{
    action->relation = sql_name(sql);
    action->type = "volatile";
    while (!sql_ended(sql)) {
        if (sql_take(sql, "language"))
            action->name = sql_value(sql);
        else if (sql_is(sql, "immutable") || sql_is(sql, "stable"))
            action->type = sql_identifier(sql);
        else if (sql_takes(sql, "security definer"))
            action->flags |= LINT_ALL;
        else if (sql_take(sql, "set"))
            action->flags |= sql_is(sql, "search_path") ? LINT_LOCAL : 0U;
        else if (sql_take(sql, "as") || sql_is(sql, "begin") || sql_is(sql, "return")) {
            size_t from = sql->at;
            sql_skip(sql);
            action->expr = sql_slice(sql, from);
        } else
            sql_skip(sql);
    }
}

/* name ON table, and for a trigger the function that it calls. */
static void create_on(struct sql *sql, struct lint_action *action)
{
    action->name = sql_identifier(sql);
    if (action->act == LINT_CREATE_RULE) {
        (void)(sql_find(sql, "to") && sql_take(sql, "to"));
    } else {
        (void)(sql_find(sql, "on") && sql_take(sql, "on"));
    }
    action->relation = sql_name(sql);
    if (action->act == LINT_CREATE_TRIGGER && sql_find(sql, "execute")) {
        (void)(sql_takes(sql, "execute function") || sql_takes(sql, "execute procedure"));
        action->other = sql_name(sql);
    }
}

static void create_sequence(struct sql *sql, struct lint_action *action)
{
    action->flags |= sql_take_if(sql);
    action->relation = sql_name(sql);
    if (sql_find(sql, "owned") && sql_takes(sql, "owned by"))
        action->other = sql_name(sql);
}

static void create_statistics(struct sql *sql, struct lint_action *action)
{
    if (sql_find(sql, "from") && sql_take(sql, "from"))
        action->relation = sql_name(sql);
}

/* Of a list the first table; without one, or with schemas, none. */
static void create_publication(struct sql *sql, struct lint_action *action)
{
    action->name = sql_identifier(sql);
    if (sql_takes(sql, "for all tables")) {
        action->flags |= LINT_ALL;
    } else if (sql_takes(sql, "for table")) {
        (void)sql_take(sql, "only");
        action->relation = sql_name(sql);
    }
}

/* All that stands behind the name is made in it, unseen. */
static void create_schema(struct sql *sql, struct lint_action *action)
{
    action->flags |= sql_take_if(sql);
    action->what = "schema";
    (void)sql_take(sql, "authorization");
    action->name = sql_identifier(sql);
    if (sql_take(sql, "authorization"))
        (void)sql_identifier(sql);
    action->flags |= sql_ended(sql) ? 0U : LINT_ALL;
}

static void create_extension(struct sql *sql, struct lint_action *action)
{
    action->flags |= sql_take_if(sql);
    action->name = sql_identifier(sql);
}

static const struct object {
    const char *words;
    enum lint_act act;
    void (*read)(struct sql *sql, struct lint_action *action);
} created[] = {
    {"materialized view", LINT_CREATE_MATERIALIZED_VIEW, create_view},
    {"view", LINT_CREATE_VIEW, create_view},
    {"recursive view", LINT_CREATE_VIEW, create_view},
    {"type", LINT_CREATE_TYPE, create_type},
    {"domain", LINT_CREATE_DOMAIN, create_type},
    {"function", LINT_CREATE_FUNCTION, create_function},
    {"procedure", LINT_CREATE_FUNCTION, create_function},
    {"trigger", LINT_CREATE_TRIGGER, create_on},
    {"constraint trigger", LINT_CREATE_TRIGGER, create_on},
    {"rule", LINT_CREATE_RULE, create_on},
    {"policy", LINT_CREATE_POLICY, create_on},
    {"sequence", LINT_CREATE_SEQUENCE, create_sequence},
    {"statistics", LINT_CREATE_STATISTICS, create_statistics},
    {"publication", LINT_PUBLICATION, create_publication},
    {"extension", LINT_EXTENSION, create_extension},
    {"schema", LINT_OTHER, create_schema},
};

static unsigned create_flags(struct sql *sql)
{
    unsigned flags = sql_takes(sql, "or replace") ? LINT_REPLACE : 0U;
    for (;;) {
        if (sql_take(sql, "temp") || sql_take(sql, "temporary"))
            flags |= LINT_TEMPORARY;
        else if (sql_take(sql, "unlogged"))
            flags |= LINT_UNLOGGED;
        else if (sql_is(sql, "unique") && sql_ahead(sql, 1, "index"))
            flags |= sql_take(sql, "unique") ? LINT_UNIQUE : 0U;
        else if (!sql_take(sql, "global") && !sql_take(sql, "local"))
            return flags;
    }
}

void statement_create(struct sql *sql, struct lint_statement *out)
{
    unsigned flags = create_flags(sql);
    if (sql_take(sql, "table")) {
        statement_create_table(sql, out, flags);
        return;
    }
    if (sql_take(sql, "index")) {
        statement_create_index(sql, out, flags);
        return;
    }
    struct lint_action action = {.act = LINT_OTHER, .flags = flags};
    for (size_t i = 0; i < SEGUE_COUNT(created); i++) {
        if (sql_takes(sql, created[i].words)) {
            action.act = created[i].act;
            created[i].read(sql, &action);
            break;
        }
    }
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static const struct dropped {
    const char *words;
    enum lint_act act;
} dropped[] = {
    {"table", LINT_DROP_TABLE},        {"foreign table", LINT_DROP_TABLE},
    {"index", LINT_DROP_INDEX},        {"materialized view", LINT_DROP_MATERIALIZED_VIEW},
    {"view", LINT_DROP_VIEW},          {"schema", LINT_DROP_SCHEMA},
    {"database", LINT_DROP_DATABASE},  {"type", LINT_DROP_TYPE},
    {"domain", LINT_DROP_TYPE},        {"function", LINT_DROP_FUNCTION},
    {"procedure", LINT_DROP_FUNCTION}, {"routine", LINT_DROP_FUNCTION},
    {"aggregate", LINT_DROP_FUNCTION}, {"sequence", LINT_DROP_SEQUENCE},
    {"trigger", LINT_DROP_TRIGGER},    {"policy", LINT_ALTER_POLICY},
    {"rule", LINT_ALTER_POLICY},
};

/* Behind the names: CASCADE counts for all of them. */
static unsigned cascades(const struct sql *sql)
{
    return sql->last > sql->at && lex_is(sql->text, &sql->tokens[sql->last - 1], "cascade") ? LINT_CASCADE
                                                                                            : 0U;
}

static void drop_named(struct sql *sql, struct lint_statement *out, struct lint_action action)
{
    struct sql part;
    size_t begin = 0;
    while (sql_part(sql, &part)) {
        size_t from = out->n_actions ? part.at : begin;
        action.relation = sql_name(&part);
        action.flags |= sql_take(&part, "(") ? LINT_LOCAL : 0U;
        sql_skip_to_end(&part);
        (void)statement_add(&part, out, from, &action);
    }
}

void statement_drop(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_DROP_OTHER};
    for (size_t i = 0; i < SEGUE_COUNT(dropped) && action.act == LINT_DROP_OTHER; i++) {
        if (sql_takes(sql, dropped[i].words))
            action.act = dropped[i].act;
    }
    action.flags = cascades(sql);
    action.flags |= sql_take(sql, "concurrently") ? LINT_CONCURRENTLY : 0U;
    action.flags |= sql_take_if(sql);
    if (action.act == LINT_DROP_TRIGGER || action.act == LINT_ALTER_POLICY) {
        create_on(sql, &action);
        sql_skip_to_end(sql);
        action.what = "drop";
        (void)statement_add(sql, out, 0, &action);
    } else if (action.act == LINT_DROP_OTHER) {
        sql_skip_to_end(sql);
        (void)statement_add(sql, out, 0, &action);
    } else {
        drop_named(sql, out, action);
    }
}
