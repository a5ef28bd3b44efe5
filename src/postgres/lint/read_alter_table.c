/* ALTER TABLE: each of its commands is an action. */
#include "postgres/lint/statement_internal.h"

/* A command that its words alone decide. */
struct command {
    const char *words;
    enum lint_act act;
    unsigned flags;
};

static const struct command commands[] = {
    {"enable row level security", LINT_ROW_SECURITY, 0},
    {"disable row level security", LINT_TABLE_OTHER, 0},
    {"force row level security", LINT_TABLE_OTHER, 0},
    {"no force row level security", LINT_TABLE_OTHER, 0},
    {"disable trigger", LINT_DISABLE_TRIGGER, 0},
    {"enable trigger", LINT_ENABLE_TRIGGER, 0},
    {"enable replica trigger", LINT_ENABLE_TRIGGER, 0},
    {"enable always trigger", LINT_ENABLE_TRIGGER, 0},
    {"enable rule", LINT_TABLE_OTHER, 0},
    {"disable rule", LINT_TABLE_OTHER, 0},
    {"replica identity", LINT_REPLICA_IDENTITY, 0},
    {"owner to", LINT_OWNER, 0},
    {"set logged", LINT_SET_LOGGED, 0},
    {"set unlogged", LINT_SET_UNLOGGED, 0},
    {"set tablespace", LINT_SET_TABLESPACE, 0},
    {"set access method", LINT_SET_ACCESS_METHOD, 0},
    {"set schema", LINT_SET_SCHEMA, 0},
    {"set without cluster", LINT_TABLE_SETTING, 0},
    {"set without oids", LINT_TABLE_OTHER, 0},
    {"set", LINT_TABLE_SETTING, 0},
    {"reset", LINT_TABLE_SETTING, 0},
    {"cluster on", LINT_TABLE_SETTING, 0},
    {"validate constraint", LINT_VALIDATE, 0},
    {"no inherit", LINT_NO_INHERIT, 0},
    {"inherit", LINT_INHERIT, 0},
    {"not of", LINT_TABLE_OTHER, 0},
    {"of", LINT_TABLE_OTHER, 0},
    {"attach partition", LINT_ATTACH, 0},
    {"detach partition", LINT_DETACH, 0},
};

/* What stands behind the words of the table above. */
static void rest_of(struct sql *sql, struct lint_action *action)
{
    switch (action->act) {
    case LINT_VALIDATE:
    case LINT_DISABLE_TRIGGER:
    case LINT_REPLICA_IDENTITY:
    case LINT_SET_TABLESPACE:
    case LINT_SET_ACCESS_METHOD: action->name = sql_identifier(sql); break;
    case LINT_INHERIT:
    case LINT_NO_INHERIT:
    case LINT_SET_SCHEMA: action->other = sql_name(sql); break;
    case LINT_ATTACH:
        action->other = sql_name(sql);
        action->flags |= sql_is(sql, "default") ? LINT_DEFAULT_PARTITION : 0U;
        (void)sql_takes(sql, "for values");
        action->expr = (struct lint_slice){sql->tokens[sql->at].begin, sql->tokens[sql->last - 1].end};
        break;
    case LINT_DETACH:
        action->other = sql_name(sql);
        action->flags |= sql_take(sql, "concurrently") || sql_take(sql, "finalize") ? LINT_CONCURRENTLY : 0U;
        break;
    case LINT_TABLE_SETTING: {
        struct sql inside;
        if (sql_inside(sql, &inside))
            action->name = sql_identifier(&inside);
        break;
    }
    default: break;
    }
}

static bool by_words(struct sql *sql, struct lint_action *action)
{
    for (size_t i = 0; i < SEGUE_COUNT(commands); i++) {
        if (sql_takes(sql, commands[i].words)) {
            action->act = commands[i].act;
            action->flags |= commands[i].flags;
            rest_of(sql, action);
            return true;
        }
    }
    return false;
}

static void add(struct sql *sql, struct lint_action *action)
{
    if (statement_constraint(sql, action))
        return;
    (void)sql_take(sql, "column");
    action->act = LINT_ADD_COLUMN;
    action->flags |= sql_take_if(sql);
    action->column = sql_identifier(sql);
    statement_column(sql, action);
}

static void drop(struct sql *sql, struct lint_action *action)
{
    bool constraint = sql_take(sql, "constraint");
    action->act = constraint ? LINT_DROP_CONSTRAINT : LINT_DROP_COLUMN;
    if (!constraint)
        (void)sql_take(sql, "column");
    action->flags |= sql_take_if(sql);
    const char *name = sql_identifier(sql);
    if (constraint)
        action->name = name;
    else
        action->column = name;
    action->flags |= sql_take_cascade(sql);
}

static void type(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_TYPE;
    action->type = sql_type(sql);
    if (sql_take(sql, "collate")) {
        action->flags |= LINT_COLLATE;
        action->name = sql_name(sql).name;
    }
    if (sql_take(sql, "using")) {
        size_t from = sql->at;
        sql_skip_to_end(sql);
        action->flags |= LINT_USING;
        action->expr = sql_slice(sql, from);
    }
}

static void default_of(struct sql *sql, struct lint_action *action)
{
    size_t from = sql->at;
    sql_skip_to_end(sql);
    action->act = LINT_SET_DEFAULT;
    action->expr = sql_slice(sql, from);
}

static void alter_column(struct sql *sql, struct lint_action *action)
{
    action->column = sql_identifier(sql);
    if (!action->column)
        sql_skip(sql); /* a number: the column of an index */
    if (sql_takes(sql, "set data type") || sql_take(sql, "type"))
        type(sql, action);
    else if (sql_takes(sql, "set default"))
        default_of(sql, action);
    else if (sql_takes(sql, "drop default"))
        action->act = LINT_DROP_DEFAULT;
    else if (sql_takes(sql, "set not null"))
        action->act = LINT_SET_NOT_NULL;
    else if (sql_takes(sql, "drop not null"))
        action->act = LINT_DROP_NOT_NULL;
    else if (sql_takes(sql, "drop identity"))
        action->act = LINT_DROP_IDENTITY;
    else if (sql_takes(sql, "drop expression"))
        action->act = LINT_DROP_EXPRESSION;
    else if (sql_takes(sql, "set expression"))
        action->act = LINT_SET_EXPRESSION;
    else if (sql_takes(sql, "add generated"))
        action->act = LINT_ADD_IDENTITY;
    else if (sql_takes(sql, "set storage"))
        action->act = LINT_COLUMN_STORAGE;
    else if (sql_takes(sql, "set compression")) {
        action->act = LINT_COLUMN_STORAGE;
        action->what = "compression";
    } else if (sql_takes(sql, "set statistics") || sql_takes(sql, "set (") || sql_take(sql, "reset"))
        action->act = LINT_COLUMN_SETTING;
    else
        action->act = LINT_TABLE_OTHER; /* SET GENERATED, RESTART: the sequence of an identity */
}

static void rename_part(struct sql *sql, struct lint_action *action)
{
    if (sql_take(sql, "to")) {
        action->act = LINT_RENAME_TABLE;
        action->other.name = sql_identifier(sql);
        return;
    }
    if (sql_take(sql, "constraint")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "constraint";
        action->name = sql_identifier(sql);
        (void)sql_take(sql, "to");
        action->other.name = sql_identifier(sql);
        return;
    }
    (void)sql_take(sql, "column");
    action->act = LINT_RENAME_COLUMN;
    action->column = sql_identifier(sql);
    (void)sql_take(sql, "to");
    action->other.name = sql_identifier(sql);
}

static void alter_constraint(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_CONSTRAINT;
    action->name = sql_identifier(sql);
    while (!sql_ended(sql)) {
        if (sql_takes(sql, "not enforced"))
            action->flags |= LINT_NOT_ENFORCED;
        else if (sql_take(sql, "enforced"))
            action->flags |= LINT_CHECK; /* what is there is looked at */
        else
            sql_skip(sql);
    }
}

static void command(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_TABLE_OTHER;
    if (sql_take(sql, "add"))
        add(sql, action);
    else if (sql_take(sql, "drop"))
        drop(sql, action);
    else if (sql_takes(sql, "alter constraint"))
        alter_constraint(sql, action);
    else if (sql_take(sql, "alter")) {
        (void)sql_take(sql, "column");
        alter_column(sql, action);
    } else if (sql_take(sql, "rename"))
        rename_part(sql, action);
    else
        (void)by_words(sql, action);
    sql_skip_to_end(sql);
}

void statement_alter_table(struct sql *sql, struct lint_statement *out)
{
    struct lint_action all = {.flags = sql_takes(sql, "all in tablespace") ? LINT_ALL : 0U};
    struct sql part;
    all.flags |= sql_take_if(sql);
    all.flags |= sql_take(sql, "only") ? LINT_ONLY : 0U;
    all.relation = sql_name(sql);
    (void)sql_take(sql, "*");
    while (sql_part(sql, &part)) {
        struct lint_action action = all;
        size_t from = part.at;
        command(&part, &action);
        (void)statement_add(&part, out, from, &action);
    }
}
