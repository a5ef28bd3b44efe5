/* ALTER of what is no table. */
#include "postgres/lint/statement_internal.h"

static void alter_index(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_INDEX;
    action->flags |= sql_take_if(sql);
    action->name = sql_name(sql).name;
    if (sql_take(sql, "rename")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "index";
        (void)sql_take(sql, "to");
        action->other = sql_name(sql);
    } else if (sql_takes(sql, "set tablespace")) {
        action->what = "tablespace";
        action->type = sql_identifier(sql);
    }
}

static void alter_view(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_VIEW;
    action->flags |= sql_take_if(sql);
    action->relation = sql_name(sql);
    if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_VIEW;
        action->other.name = sql_identifier(sql);
    } else if (sql_takes(sql, "rename")) {
        action->act = LINT_RENAME_COLUMN;
        (void)sql_take(sql, "column");
        action->column = sql_identifier(sql);
    }
}

static void rename_object(struct sql *sql, struct lint_action *action, const char *what)
{
    action->act = LINT_RENAME_OTHER;
    action->what = what;
    action->name = sql_identifier(sql);
    (void)sql_take(sql, "to");
    action->other.name = sql_value(sql);
}

static void alter_type(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_OTHER;
    action->relation = sql_name(sql);
    if (sql_takes(sql, "add value")) {
        action->act = LINT_ADD_VALUE;
        action->flags |= sql_take_if(sql);
        action->name = sql_value(sql);
    } else if (sql_takes(sql, "rename value"))
        rename_object(sql, action, "enum value");
    else if (sql_takes(sql, "rename attribute"))
        rename_object(sql, action, "attribute");
    else if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "type";
        action->other.name = sql_identifier(sql);
    } else if (sql_takes(sql, "add attribute") || sql_takes(sql, "drop attribute") ||
               sql_takes(sql, "alter attribute")) {
        action->act = LINT_ALTER_COMPOSITE;
        action->flags |= sql_find(sql, "cascade") ? LINT_CASCADE : 0U;
    }
}

static void alter_domain(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_DOMAIN_OTHER;
    action->relation = sql_name(sql);
    if (sql_takes(sql, "set not null"))
        action->act = LINT_DOMAIN_NOT_NULL;
    else if (sql_takes(sql, "validate constraint"))
        action->act = LINT_DOMAIN_VALIDATE;
    else if (sql_take(sql, "add")) {
        action->act = LINT_DOMAIN_CHECK;
        while (!sql_ended(sql)) {
            if (sql_takes(sql, "not valid"))
                action->flags |= LINT_NOT_VALID;
            else
                sql_skip(sql);
        }
    } else if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "type";
        action->other.name = sql_identifier(sql);
    }
}

static void alter_sequence(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_SEQUENCE;
    action->flags |= sql_take_if(sql);
    action->relation = sql_name(sql);
    if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "sequence";
        action->other.name = sql_identifier(sql);
    } else if (sql_is(sql, "owned")) {
        action->what = "owned";
    } else if (sql_takes(sql, "set schema") || sql_is(sql, "owner")) {
        action->what = "strong";
    }
}

static void alter_schema(struct sql *sql, struct lint_action *action)
{
    action->name = sql_identifier(sql);
    if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "schema";
        action->other.name = sql_identifier(sql);
    }
}

static void alter_publication(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_PUBLICATION;
    action->name = sql_identifier(sql);
    action->what = sql_is(sql, "drop") ? "drop" : NULL;
    if ((sql_takes(sql, "add table") || sql_takes(sql, "set table") || sql_takes(sql, "drop table"))) {
        (void)sql_take(sql, "only");
        action->relation = sql_name(sql);
    }
}

/* ALTER EXTENSION name UPDATE */
static void alter_extension(struct sql *sql, struct lint_action *action)
{
    action->name = sql_identifier(sql);
    if (sql_is(sql, "update")) {
        action->act = LINT_EXTENSION;
        action->what = "update";
    }
}

static void alter_policy(struct sql *sql, struct lint_action *action)
{
    action->act = LINT_ALTER_POLICY;
    action->name = sql_identifier(sql);
    (void)sql_take(sql, "on");
    action->relation = sql_name(sql);
}

static void alter_trigger(struct sql *sql, struct lint_action *action)
{
    action->name = sql_identifier(sql);
    (void)sql_take(sql, "on");
    action->relation = sql_name(sql);
    if (sql_takes(sql, "rename to")) {
        action->act = LINT_RENAME_OTHER;
        action->what = "trigger";
        action->other.name = sql_identifier(sql);
    }
}

static const struct altered {
    const char *words;
    void (*read)(struct sql *sql, struct lint_action *action);
} altered[] = {
    {"index", alter_index},     {"materialized view", alter_view},  {"view", alter_view},
    {"type", alter_type},       {"domain", alter_domain},           {"sequence", alter_sequence},
    {"schema", alter_schema},   {"publication", alter_publication}, {"policy", alter_policy},
    {"trigger", alter_trigger}, {"extension", alter_extension},
};

void statement_alter(struct sql *sql, struct lint_statement *out)
{
    if (sql_take(sql, "table") || sql_takes(sql, "foreign table")) {
        statement_alter_table(sql, out);
        return;
    }
    struct lint_action action = {.act = LINT_OTHER};
    for (size_t i = 0; i < SEGUE_COUNT(altered); i++) {
        if (sql_takes(sql, altered[i].words)) {
            altered[i].read(sql, &action);
            break;
        }
    }
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, 0, &action);
}
