#include "postgres/planner/apply.h"

#include <string.h>

#include "base/text.h"
#include "postgres/planner/beside.h"
#include "postgres/planner/family.h"
#include "postgres/planner/statement.h"

static apply_function *const functions[] = {
    [CHANGE_ADD_COLUMN] = apply_add_column,
    [CHANGE_DROP_COLUMN] = apply_drop_column,
    [CHANGE_ADD_CONSTRAINT] = apply_add_constraint,
    [CHANGE_DROP_CONSTRAINT] = apply_drop_constraint,
    [CHANGE_RENAME_CONSTRAINT] = apply_rename_constraint,
    [CHANGE_CREATE_INDEX] = apply_create_index,
    [CHANGE_DROP_INDEX] = apply_drop_index,
    [CHANGE_RENAME_INDEX] = apply_rename_index,
    [CHANGE_CREATE_TABLE] = apply_create_table,
    [CHANGE_DROP_TABLE] = apply_drop_table,
    [CHANGE_RENAME_TABLE] = apply_rename_table,
    [CHANGE_ATTACH_PARTITION] = apply_attach_partition,
    [CHANGE_DETACH_PARTITION] = apply_detach_partition,
    [CHANGE_INHERIT] = apply_inherit,
    [CHANGE_NO_INHERIT] = apply_inherit,
    [CHANGE_STATEMENT] = apply_raw_statement,
    [CHANGE_CREATE_ENUM] = apply_type,
    [CHANGE_ADD_ENUM_VALUE] = apply_type,
    [CHANGE_RENAME_ENUM_VALUE] = apply_type,
    [CHANGE_CREATE_TYPE] = apply_type,
    [CHANGE_DROP_TYPE] = apply_type,
    [CHANGE_RENAME_TYPE] = apply_type,
    [CHANGE_DOMAIN_ADD_CHECK] = apply_type,
    [CHANGE_DOMAIN_DROP_CONSTRAINT] = apply_type,
    [CHANGE_DOMAIN_RENAME_CONSTRAINT] = apply_type,
    [CHANGE_DOMAIN_VALIDATE] = apply_type,
    [CHANGE_DOMAIN_NOT_NULL] = apply_type,
    [CHANGE_DOMAIN_DEFAULT] = apply_type,
    [CHANGE_TYPE_ATTRIBUTE] = apply_type,
    [CHANGE_DATA_FIX] = apply_data_fix,
    [CHANGE_COMMENT] = apply_comment,
    [CHANGE_CREATE_SEQUENCE] = apply_create_sequence,
    [CHANGE_ALTER_SEQUENCE] = apply_alter_sequence,
    [CHANGE_DROP_SEQUENCE] = apply_drop_sequence,
    [CHANGE_RENAME_SEQUENCE] = apply_rename_sequence,
};

/* About a column that is there. */
static apply_column_function *const column_functions[CHANGE_COMMENT + 1] = {
    [CHANGE_DROP_EXPRESSION] = apply_drop_expression, [CHANGE_RENAME_COLUMN] = apply_rename_column,
    [CHANGE_COLUMN_TYPE] = apply_column_type,         [CHANGE_SET_NOT_NULL] = apply_set_not_null,
    [CHANGE_DROP_NOT_NULL] = apply_drop_not_null,     [CHANGE_SET_DEFAULT] = apply_set_default,
    [CHANGE_DROP_DEFAULT] = apply_drop_default,       [CHANGE_ADD_IDENTITY] = apply_add_identity,
    [CHANGE_SET_IDENTITY] = apply_set_identity,       [CHANGE_DROP_IDENTITY] = apply_drop_identity,
};

static bool apply_about_column(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_column *column;
    if (!apply_find_column(model, change, &table, &column, err))
        return false;
    return !column || column_functions[change->kind](model, change, table, column, err);
}

/* The table of this file that a change is about, or NULL: it then is about something that exists. */
static struct model_table *new_table(struct model *model, const struct change *change)
{
    if (change_is_about_type(change))
        return NULL;
    switch (change->kind) {
    case CHANGE_CREATE_TABLE:
    case CHANGE_ATTACH_PARTITION:
    case CHANGE_DETACH_PARTITION:
    case CHANGE_INHERIT:
    case CHANGE_NO_INHERIT:
    case CHANGE_DROP_TABLE:
    case CHANGE_RENAME_TABLE:
    case CHANGE_DROP_INDEX:
    case CHANGE_DATA_FIX:
    case CHANGE_RENAME_INDEX:
    case CHANGE_CREATE_SEQUENCE:
    case CHANGE_ALTER_SEQUENCE:
    case CHANGE_DROP_SEQUENCE:
    case CHANGE_RENAME_SEQUENCE: return NULL;
    case CHANGE_COMMENT:
        if (change->target == COMMENT_ON_INDEX)
            return NULL;
        break;
    case CHANGE_STATEMENT:
        if (!change->table.name || !apply_joins_new_table(model, change))
            return NULL;
        break;
    default: break;
    }
    struct model_table *table = model_table(model, change->table.name);
    return table && !table->origin ? table : NULL;
}

/* A new table has no rows and no users: what the file does to it is done as it stands, in the transaction that creates it. */
static bool add_to_new_table(struct model *model, struct model_table *table, const struct change *change,
                             struct error *err)
{
    if (table->made_with)
        table = &model->tables[table->made_with - 1];
    if (change->kind != CHANGE_CREATE_INDEX)
        return apply_new_table_statement(model, table, change, err);
    apply_statement(model, table, change->index->definition);
    return true;
}

/* CREATE INDEX and COMMENT ON COLUMN of a view or materialized view are read as being about a table. */
static bool is_about_view(struct model *model, const struct change *change)
{
    bool may = change->kind == CHANGE_CREATE_INDEX ||
               (change->kind == CHANGE_COMMENT && change->target == COMMENT_ON_COLUMN);
    return may && !model_table(model, change->table.name) && statement_is_view(model, change->table.name);
}

static bool apply_about_view(struct model *model, const struct change *change, struct error *err)
{
    struct change *statement = arena_alloc(model->arena, sizeof *statement);
    struct statement_def *def = arena_alloc(model->arena, sizeof *def);
    *def = (struct statement_def){.what = change->kind == CHANGE_COMMENT ? "COMMENT" : "CREATE INDEX",
                                  .place = STATEMENT_CONTRACT};
    *statement = *change;
    statement->kind = CHANGE_STATEMENT;
    statement->column = NULL;
    statement->statement = def;
    if (change->kind == CHANGE_CREATE_INDEX)
        statement->sql = change->index->definition;
    return apply_raw_statement(model, statement, err);
}

bool apply_changes(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->migration->n_changes; i++) {
        const struct change *change = &model->migration->changes[i];
        struct model_table *table = new_table(model, change);
        if (table && table->late) {
            if (!apply_to_late_table(model, table, change, err))
                return false;
        } else if (table) {
            if (!add_to_new_table(model, table, change, err))
                return false;
        } else if (is_about_view(model, change)) {
            if (!apply_about_view(model, change, err))
                return false;
        } else if (column_functions[change->kind]) {
            if (!apply_about_column(model, change, err))
                return false;
        } else if (!functions[change->kind](model, change, err)) {
            return false;
        }
    }
    return apply_finish_late(model, err);
}

/* Why a table of this kind is not changed online, or NULL when it is. */
static const char *unsupported(const struct table *table)
{
    if (table->kind != 'r' && table->kind != 'p')
        return "it is not an ordinary table";
    if (table->has_rules)
        return "it has rules";
    if (table->in_extension)
        return "it belongs to an extension";
    return NULL;
}

bool apply_check_table(const struct model *model, const struct change *change, const struct table *table,
                       struct error *err)
{
    const char *reason = unsupported(table);
    if (reason) {
        refuse(model, change->place, err, "table \"%s\" cannot be changed online: %s", table->name, reason);
        return error_hint(err, "change this table by hand; ordinary tables are what this release changes");
    }
    if (!family_check_change(model, change, table, err))
        return false;
    if (!table->owned) {
        refuse(model, change->place, err, "role \"%s\" may not change table \"%s\"", model->catalog->user,
               table->name);
        return error_hint(err, "connect as the owner \"%s\", or GRANT \"%s\" TO \"%s\"", table->owner,
                          table->owner, model->catalog->user);
    }
    bool column_grants = false;
    for (size_t i = 0; i < table->n_columns; i++)
        column_grants = column_grants || table->columns[i].n_grants;
    if (table->row_security && column_grants) {
        refuse(model, change->place, err,
               "table \"%s\" has both row security and column privileges, which no view keeps together",
               table->name);
        return error_hint(err, "grant the privileges on the whole table, or change this table by hand");
    }
    if (table->row_security && model->catalog->server_version < 150000) {
        refuse(model, change->place, err,
               "table \"%s\" has row security, which views keep only from "
               "PostgreSQL 15 on",
               table->name);
        return error_hint(err, "upgrade the server, or change this table by hand");
    }
    return true;
}

bool apply_find_table(struct model *model, const struct change *change, struct model_table **out,
                      struct error *err)
{
    *out = NULL;
    const char *schema = change->table.schema;
    if (schema && strcmp(schema, model->catalog->schema) != 0) {
        refuse(model, change->place, err, "\"%s.%s\" is outside schema \"%s\"", schema, change->table.name,
               model->catalog->schema);
        return error_hint(err, "one migration changes one schema; choose it with --schema");
    }
    if (!beside_check_table(model, change->place, change->table.name, err))
        return false;
    struct model_table *table = model_table(model, change->table.name);
    if (!table && change->if_not)
        return true;
    if (!table) {
        refuse(model, change->place, err, "table \"%s\" does not exist in schema \"%s\"", change->table.name,
               model->catalog->schema);
        return error_hint(err, "check the name, or choose the schema with --schema");
    }
    if (table->origin && !apply_check_table(model, change, table->origin, err))
        return false;
    if (!table->change)
        table->change = change;
    *out = table;
    return true;
}

static void list_columns(const struct model_table *table, struct text *out)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].dropped) {
            text_append(out, out->length ? ", " : "");
            text_append(out, table->columns[i].name);
        }
    }
}

bool apply_find_column(struct model *model, const struct change *change, struct model_table **table,
                       struct model_column **column, struct error *err)
{
    *column = NULL;
    if (!apply_find_table(model, change, table, err))
        return false;
    if (!*table)
        return true;
    *column = model_column(*table, change->column);
    if (!*column) {
        SEGUE_CLEANUP(text_free) struct text names = {0};
        list_columns(*table, &names);
        refuse(model, change->place, err, "column \"%s\" of table \"%s\" does not exist", change->column,
               (*table)->name);
        return error_hint(err, "its columns are: %s", text_string(&names));
    }
    (*column)->change = change;
    return true;
}

void apply_statement(struct model *model, struct model_table *table, const char *sql)
{
    if (table->n_statements && strcmp(table->statements[table->n_statements - 1], sql) == 0)
        return;
    ARENA_PUSH(model->arena, table->statements, table->n_statements, sql);
}
