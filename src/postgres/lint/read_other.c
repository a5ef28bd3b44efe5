/* Statements that neither create, alter nor drop. */
#include <string.h>

#include "postgres/lint/statement_internal.h"
#include "postgres/lint/twice.h"

/* One action for each table of a list. */
static void for_each(struct sql *sql, struct lint_statement *out, struct lint_action action)
{
    struct sql part;
    while (sql_part(sql, &part)) {
        size_t from = out->n_actions ? part.at : 0;
        (void)sql_take(&part, "only");
        action.relation = sql_name(&part);
        sql_skip_to_end(&part);
        (void)statement_add(&part, out, from, &action);
    }
    if (!out->n_actions)
        (void)statement_add(sql, out, 0, &action);
}

static void truncate(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_TRUNCATE};
    struct sql names = *sql;
    (void)sql_find(sql, "restart continue cascade restrict");
    names.last = sql->at;
    if (sql_find(sql, "cascade"))
        action.flags |= LINT_CASCADE;
    (void)sql_take(&names, "table");
    for_each(&names, out, action);
    sql_skip_to_end(sql);
}

static void cluster(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_CLUSTER};
    if (sql_is(sql, "("))
        sql_skip(sql);
    (void)sql_take(sql, "verbose");
    action.relation = sql_name(sql);
    if (sql_take(sql, "on")) /* the old form: CLUSTER index ON table */
        action.relation = sql_name(sql);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static void vacuum(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_VACUUM};
    struct sql inside, part;
    if (sql_inside(sql, &inside)) {
        while (sql_part(&inside, &part)) {
            if (sql_take(&part, "full") && !sql_is(&part, "false") && !sql_is(&part, "off"))
                action.act = LINT_VACUUM_FULL;
        }
    }
    for (;;) {
        if (sql_take(sql, "full"))
            action.act = LINT_VACUUM_FULL;
        else if (!sql_take(sql, "freeze") && !sql_take(sql, "verbose") && !sql_take(sql, "analyze"))
            break;
    }
    for_each(sql, out, action);
}

static void analyze(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_ANALYZE};
    if (sql_is(sql, "("))
        sql_skip(sql);
    (void)sql_take(sql, "verbose");
    for_each(sql, out, action);
}

static void reindex(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_REINDEX};
    struct sql inside, part;
    if (sql_inside(sql, &inside)) {
        while (sql_part(&inside, &part))
            action.flags |= sql_is(&part, "concurrently") ? LINT_CONCURRENTLY : 0U;
    }
    action.what = sql_identifier(sql);
    action.flags |= sql_take(sql, "concurrently") ? LINT_CONCURRENTLY : 0U;
    struct name name = sql_name(sql);
    if (action.what && strcmp(action.what, "index") == 0)
        action.name = name.name;
    else if (action.what && strcmp(action.what, "table") == 0)
        action.relation = name;
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static void refresh(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_REFRESH};
    action.flags |= sql_take(sql, "concurrently") ? LINT_CONCURRENTLY : 0U;
    action.relation = sql_name(sql);
    action.flags |= sql_takes(sql, "with no data") ? LINT_NO_DATA : 0U;
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static enum lint_mode mode_of(struct sql *sql)
{
    static const struct {
        const char *words;
        enum lint_mode mode;
    } modes[] = {
        {"access share", LINT_ACCESS_SHARE},
        {"row share", LINT_ROW_SHARE},
        {"row exclusive", LINT_ROW_EXCLUSIVE},
        {"share update exclusive", LINT_SHARE_UPDATE_EXCLUSIVE},
        {"share row exclusive", LINT_SHARE_ROW_EXCLUSIVE},
        {"share", LINT_SHARE},
        {"exclusive", LINT_EXCLUSIVE},
    };
    for (size_t i = 0; i < SEGUE_COUNT(modes); i++) {
        if (sql_takes(sql, modes[i].words))
            return modes[i].mode;
    }
    return LINT_ACCESS_EXCLUSIVE;
}

static void lock(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_LOCK, .mode = LINT_ACCESS_EXCLUSIVE};
    (void)sql_take(sql, "table");
    struct sql names = *sql;
    if (sql_find(sql, "in nowait"))
        names.last = sql->at;
    if (sql_take(sql, "in"))
        action.mode = mode_of(sql);
    names.last = names.last > sql->at ? sql->at : names.last;
    if (names.at == names.last)
        names.last = sql->last;
    for_each(&names, out, action);
    sql_skip_to_end(sql);
}

static void comment(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_COMMENT};
    if (sql_takes(sql, "on table"))
        action.relation = sql_name(sql);
    else if (sql_takes(sql, "on column")) {
        /* table.column or schema.table.column */
        const char *parts[3] = {NULL};
        size_t n = 0;
        do
            parts[n++] = sql_identifier(sql);
        while (n < 3 && sql_take(sql, "."));
        if (n > 1)
            action.relation.name = parts[n - 2];
        if (n == 3 && parts[0] && strcmp(parts[0], "public") != 0)
            action.relation.schema = parts[0];
    }
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

/* A condition that is always true is none. */
static bool has_condition(struct sql *sql)
{
    if (!sql_find(sql, "where") || !sql_take(sql, "where"))
        return false;
    return !(sql_take(sql, "true") && sql_ended(sql)) && !sql_takes(sql, "1 = 1");
}

static void insert(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_INSERT};
    (void)sql_take(sql, "into");
    action.relation = sql_name(sql);
    if (sql_take(sql, "as"))
        (void)sql_identifier(sql);
    action.flags |= !sql_is(sql, "(") && !sql_is(sql, "default") ? LINT_ALL : 0U; /* by position */
    struct sql list = *sql;
    if (sql_is(sql, "(") && !sql_ahead(sql, 1, "select"))
        sql_columns(&list, &action.columns, &action.n_columns);
    action.twice = twice_in_list(sql);
    sql_sources(sql, &action.relations, &action.n_relations);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static void change_rows(struct sql *sql, struct lint_statement *out, enum lint_act act)
{
    struct lint_action action = {.act = act};
    (void)(act == LINT_DELETE && sql_take(sql, "from"));
    (void)sql_take(sql, "only");
    action.relation = sql_name(sql);
    if (sql_take(sql, "as") || !(sql_is(sql, "set") || sql_is(sql, "where") || sql_is(sql, "using")))
        (void)sql_identifier(sql);
    action.twice = act == LINT_UPDATE ? twice_in_set(sql) : NULL;
    action.flags |= has_condition(sql) ? 0U : LINT_NO_WHERE;
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static void update(struct sql *sql, struct lint_statement *out)
{
    change_rows(sql, out, LINT_UPDATE);
}

static void delete_rows(struct sql *sql, struct lint_statement *out)
{
    change_rows(sql, out, LINT_DELETE);
}

static void copy(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_COPY_FROM};
    const char **columns;
    size_t n;
    if (sql_is(sql, "(")) {
        action.act = LINT_SELECT;
    } else {
        action.relation = sql_name(sql);
        sql_columns(sql, &columns, &n);
        action.act = sql_is(sql, "from") ? LINT_COPY_FROM : LINT_SELECT;
    }
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

/* FOR UPDATE and its like at the end of a query. */
static bool locks_rows(struct sql sql)
{
    while (sql_find(&sql, "for")) {
        (void)sql_take(&sql, "for");
        if (sql_is(&sql, "update") || sql_is(&sql, "share") || sql_is(&sql, "no") || sql_is(&sql, "key"))
            return true;
    }
    return false;
}

/* name: a sequence of which setval is asked. */
static void select(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_SELECT};
    if (sql_takes(sql, "setval (") || sql_takes(sql, "pg_catalog . setval (") ||
        sql_takes(sql, "nextval (") || sql_takes(sql, "pg_catalog . nextval (")) {
        const char *name = sql_value(sql);
        const char *dot = name ? strrchr(name, '.') : NULL;
        action.name = dot ? dot + 1 : name;
    } else if (sql_takes(sql, "pg_catalog . set_config (") || sql_takes(sql, "set_config (")) {
        action.act = LINT_SET;
        action.name = sql_value(sql);
        (void)sql_take(sql, ",");
        action.what = sql_value(sql);
    }
    action.mode = locks_rows(*sql) ? LINT_ROW_SHARE : LINT_ACCESS_SHARE;
    if (action.act == LINT_SELECT)
        sql_sources(sql, &action.relations, &action.n_relations);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

/* SET name = value; RESET name */
static void set(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_SET};
    action.flags |= sql_take(sql, "local") ? LINT_LOCAL : 0U;
    (void)sql_take(sql, "session");
    if (sql_takes(sql, "time zone")) {
        action.name = "timezone";
    } else {
        action.name = sql_name(sql).name;
        (void)(sql_take(sql, "to") || sql_take(sql, "="));
    }
    action.what = sql_ended(sql) ? "default" : sql_value(sql);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

/* REVOKE privileges ON [TABLE] name FROM role; of membership in a role there is no ON. */
static void revoke(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_REVOKE};
    if (sql_find(sql, "on") && sql_take(sql, "on") && (sql_take(sql, "table") || !sql_ahead(sql, 1, "all")))
        action.relation = sql_name(sql);
    action.name = sql_find(sql, "from") && sql_take(sql, "from") ? sql_value(sql) : NULL;
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

static void do_block(struct sql *sql, struct lint_statement *out)
{
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &(struct lint_action){.act = LINT_DO});
}

static void transaction(struct sql *sql, struct lint_statement *out, enum lint_act act)
{
    bool to_savepoint = act == LINT_ROLLBACK && sql_find(sql, "to");
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &(struct lint_action){.act = to_savepoint ? LINT_OTHER : act});
}

static void begin(struct sql *sql, struct lint_statement *out)
{
    transaction(sql, out, LINT_BEGIN);
}

static void commit(struct sql *sql, struct lint_statement *out)
{
    transaction(sql, out, LINT_COMMIT);
}

static void rollback(struct sql *sql, struct lint_statement *out)
{
    transaction(sql, out, LINT_ROLLBACK);
}

/* Rows are changed by the conditions of its clauses. */
static void merge(struct sql *sql, struct lint_statement *out)
{
    struct lint_action action = {.act = LINT_UPDATE};
    (void)sql_take(sql, "into");
    (void)sql_take(sql, "only");
    action.relation = sql_name(sql);
    action.twice = twice_in_set(sql);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}

/* What stands behind the queries of WITH. */
static void with(struct sql *sql, struct lint_statement *out)
{
    if (!sql_find(sql, "insert update delete merge select") || !statement_other(sql, out)) {
        sql_skip_to_end(sql);
        (void)statement_add(sql, out, 0, &(struct lint_action){.act = LINT_OTHER});
    }
}

static const struct verb {
    const char *words;
    void (*read)(struct sql *sql, struct lint_statement *out);
} verbs[] = {
    {"insert", insert},
    {"select", select},
    {"with", with},
    {"merge", merge},
    {"update", update},
    {"delete", delete_rows},
    {"comment", comment},
    {"set", set},
    {"reset", set},
    {"begin", begin},
    {"start transaction", begin},
    {"commit", commit},
    {"end", commit},
    {"rollback", rollback},
    {"abort", rollback},
    {"copy", copy},
    {"truncate", truncate},
    {"refresh materialized view", refresh},
    {"reindex", reindex},
    {"vacuum", vacuum},
    {"analyze", analyze},
    {"cluster", cluster},
    {"lock", lock},
    {"do", do_block},
    {"revoke", revoke},
};

bool statement_other(struct sql *sql, struct lint_statement *out)
{
    for (size_t i = 0; i < SEGUE_COUNT(verbs); i++) {
        if (sql_takes(sql, verbs[i].words)) {
            verbs[i].read(sql, out);
            return true;
        }
    }
    return false;
}
