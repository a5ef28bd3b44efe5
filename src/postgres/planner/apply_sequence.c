/* Sequences, and the columns that they number. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"

static bool taken(const char *name, const void *context)
{
    return model_name_taken(context, name);
}

static bool check_schema(const struct model *model, const struct change *change, struct error *err)
{
    const char *schema = change->table.schema;
    if (!schema || strcmp(schema, model->catalog->schema) == 0)
        return true;
    refuse(model, change->place, err, "\"%s.%s\" is outside schema \"%s\"", schema, change->table.name,
           model->catalog->schema);
    return error_hint(err, "one migration changes one schema; choose it with --schema");
}

/* *out NULL with IF EXISTS and no such sequence. */
static bool find_sequence(struct model *model, const struct change *change, struct model_sequence **out,
                          struct error *err)
{
    *out = NULL;
    if (!check_schema(model, change, err))
        return false;
    *out = model_sequence(model, change->table.name);
    if (!*out && change->if_not)
        return true;
    if (!*out)
        return refuse(model, change->place, err, "sequence \"%s\" does not exist in schema \"%s\"",
                      change->table.name, model->catalog->schema);
    if ((*out)->origin && !(*out)->origin->owned) {
        refuse(model, change->place, err, "role \"%s\" may not change sequence \"%s\"", model->catalog->user,
               (*out)->name);
        return error_hint(err, "connect as the owner \"%s\", or GRANT \"%s\" TO \"%s\"",
                          (*out)->origin->owner, (*out)->origin->owner, model->catalog->user);
    }
    (*out)->change = change;
    return true;
}

static struct model_sequence *add_sequence(struct model *model, const struct change *change, const char *name,
                                           const struct sequence_def *def)
{
    struct model_sequence sequence = {.change = change, .name = name, .def = def, .type = def->type};
    ARENA_PUSH(model->arena, model->sequences, model->n_sequences, sequence);
    model_take_name(model, name);
    return &model->sequences[model->n_sequences - 1];
}

/* OWNED BY. A table of this file takes its sequence in the transaction that creates it. */
static bool own(struct model *model, const struct change *change, struct model_sequence *sequence,
                const struct sequence_def *def, struct error *err)
{
    if (!def->owned_by)
        return true;
    if (sequence->origin && sequence->origin->identity)
        return refuse(model, change->place, err,
                      "sequence \"%s\" is the identity of a column: its owner cannot change", sequence->name);
    sequence->owner_changed = true;
    sequence->owner_table = 0;
    if (!def->owner_column)
        return true;
    struct change as_table = *change;
    as_table.table = def->owner;
    as_table.column = def->owner_column;
    as_table.if_not = false;
    struct model_table *table = model_table(model, def->owner.name);
    if (table && !table->origin) {
        sequence->owner_changed = false;
        apply_statement(model, table,
                        pg_format(model->arena, "ALTER SEQUENCE %Q OWNED BY %Q.%I", model->catalog->schema,
                                  sequence->name, model->catalog->schema, table->name, def->owner_column));
        return true;
    }
    struct model_column *column;
    if (!apply_find_table(model, &as_table, &table, err))
        return false;
    column = model_column(table, def->owner_column);
    if (!column)
        return refuse(model, change->place, err, "column \"%s\" of table \"%s\" does not exist",
                      def->owner_column, table->name);
    table->change = table->change ? table->change : change;
    sequence->owner_table = (size_t)(table - model->tables) + 1;
    sequence->owner_column = (size_t)(column - table->columns);
    return true;
}

bool apply_create_sequence(struct model *model, const struct change *change, struct error *err)
{
    if (!check_schema(model, change, err))
        return false;
    if (model_name_taken(model, change->table.name)) {
        if (change->if_not)
            return true;
        return refuse(model, change->place, err, "relation \"%s\" already exists", change->table.name);
    }
    struct model_sequence *sequence = add_sequence(model, change, change->table.name, change->sequence);
    return own(model, change, sequence, change->sequence, err);
}

bool apply_alter_sequence(struct model *model, const struct change *change, struct error *err)
{
    struct model_sequence *sequence;
    const struct sequence_def *def = change->sequence;
    if (!find_sequence(model, change, &sequence, err))
        return false;
    if (!sequence)
        return true;
    if (def->type)
        ARENA_PUSH(model->arena, sequence->clauses, sequence->n_clauses,
                   pg_format(model->arena, "AS %s", def->type));
    for (size_t i = 0; i < def->n_clauses; i++)
        ARENA_PUSH(model->arena, sequence->clauses, sequence->n_clauses, def->clauses[i]);
    return own(model, change, sequence, def, err);
}

static const char *default_user(const struct model *model, const struct model_sequence *sequence)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t i = 0; !table->dropped && i < table->n_columns; i++) {
            const struct model_column *column = &table->columns[i];
            if (!column->dropped && model_new_sequence(model, table, column) == sequence)
                return pg_format(model->arena, "%I.%I", table->name, column->name);
        }
    }
    return NULL;
}

bool apply_drop_sequence(struct model *model, const struct change *change, struct error *err)
{
    struct model_sequence *sequence;
    if (change->cascade) {
        refuse(model, change->place, err, "DROP SEQUENCE … CASCADE does not say what else it drops");
        return error_hint(err, "write a DROP for each dependent object and leave CASCADE out");
    }
    if (!find_sequence(model, change, &sequence, err))
        return false;
    if (!sequence)
        return true;
    if (!sequence->origin)
        return refuse(model, change->place, err, "sequence \"%s\" is created and dropped in the same file",
                      sequence->name);
    const char *user = default_user(model, sequence);
    if (user) {
        refuse(model, change->place, err, "sequence \"%s\" cannot be dropped: column %s draws from it",
               sequence->name, user);
        return error_hint(err, "drop that default or identity above this statement");
    }
    for (size_t i = 0; i < sequence->origin->n_users; i++) {
        user = sequence->origin->users[i];
        if (strncmp(user, "default value for column ", 25) == 0)
            continue; /* those of this schema were looked at */
        refuse(model, change->place, err, "sequence \"%s\" cannot be dropped: other objects depend on it",
               sequence->name);
        error_detail(err, "%s", user);
        return error_hint(err, "drop these first");
    }
    sequence->dropped = true;
    model_release_name(model, sequence->name);
    return true;
}

bool apply_rename_sequence(struct model *model, const struct change *change, struct error *err)
{
    struct model_sequence *sequence;
    if (!find_sequence(model, change, &sequence, err))
        return false;
    if (!sequence)
        return true;
    if (model_name_taken(model, change->new_name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", change->new_name);
    model_release_name(model, sequence->name);
    model_take_name(model, change->new_name);
    for (size_t t = 0; t < model->n_tables; t++) {
        for (size_t i = 0; i < model->tables[t].n_columns; i++) {
            struct model_column *column = &model->tables[t].columns[i];
            if (column->identity && column->identity_sequence &&
                strcmp(column->identity_sequence, sequence->name) == 0)
                column->identity_sequence = change->new_name;
            else if (!column->identity && model_default_sequence(model, column->default_expr) == sequence)
                column->default_expr = pg_format(model->arena, "nextval(%L::regclass)",
                                                 pg_format(model->arena, "%I", change->new_name));
        }
    }
    sequence->name = change->new_name;
    return true;
}

static const char *sequence_name(struct model *model, const struct model_table *table, const char *column,
                                 const struct sequence_def *def)
{
    return def->name ? def->name : pg_choose_name(model->arena, table->name, column, "seq", taken, model);
}

/* An identity reaches partitions since PostgreSQL 17, and children by plain inheritance never. */
static bool check_children(const struct model *model, const struct change *change,
                           const struct model_table *table, struct error *err)
{
    const struct table *origin = table->origin;
    if (!change->sequence->identity || !origin || !origin->has_children ||
        (origin->kind == 'p' && model->catalog->server_version >= 170000))
        return true;
    refuse(model, change->place, err,
           "cannot recursively add identity column to table that has child tables");
    return error_hint(err, "make it a serial column: the tables below draw their numbers from its sequence");
}

bool apply_number_column(struct model *model, const struct change *change, struct model_table *table,
                         struct model_column *column, struct error *err)
{
    const struct sequence_def *def = change->sequence;
    const char *name = sequence_name(model, table, column->name, def);
    if (change->kind == CHANGE_ADD_COLUMN && !check_children(model, change, table, err))
        return false;
    if (def->name && model_name_taken(model, name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", name);
    struct model_sequence *sequence = add_sequence(model, change, name, def);
    sequence->type = column->type;
    sequence->identity = def->identity != 0;
    if (def->identity) {
        column->identity = def->identity;
        column->identity_def = def;
        column->identity_sequence = name;
        return true;
    }
    column->default_expr = pg_format(model->arena, "nextval(%L::regclass)",
                                     pg_format(model->arena, "%Q", model->catalog->schema, name));
    sequence->owner_changed = true;
    sequence->owner_table = (size_t)(table - model->tables) + 1;
    sequence->owner_column = (size_t)(column - table->columns);
    return true;
}

bool apply_add_identity(struct model *model, const struct change *change, struct model_table *table,
                        struct model_column *column, struct error *err)
{
    const char *reason = column->identity                              ? "it is an identity column already"
                         : column->default_expr                        ? "it has a default value"
                         : !column->not_null                           ? "it must be declared NOT NULL first"
                         : column->origin && column->origin->generated ? "it is a generated column"
                                                                       : NULL;
    if (reason)
        return refuse(model, change->place, err,
                      "column \"%s\" of table \"%s\" cannot become an identity: %s", column->name,
                      table->name, reason);
    return apply_number_column(model, change, table, column, err);
}

static bool is_identity(const struct model *model, const struct change *change,
                        const struct model_table *table, const struct model_column *column, struct error *err)
{
    return column->identity ||
           refuse(model, change->place, err, "column \"%s\" of table \"%s\" is not an identity column",
                  column->name, table->name);
}

bool apply_set_identity(struct model *model, const struct change *change, struct model_table *table,
                        struct model_column *column, struct error *err)
{
    const struct sequence_def *def = change->sequence;
    if (!is_identity(model, change, table, column, err))
        return false;
    if (def->identity)
        column->identity = def->identity;
    if (def->identity)
        ARENA_PUSH(model->arena, column->identity_clauses, column->n_identity_clauses,
                   def->identity == 'a' ? "SET GENERATED ALWAYS" : "SET GENERATED BY DEFAULT");
    for (size_t i = 0; i < def->n_clauses; i++)
        ARENA_PUSH(model->arena, column->identity_clauses, column->n_identity_clauses,
                   pg_format(model->arena, "SET %s", def->clauses[i]));
    return true;
}

bool apply_drop_identity(struct model *model, const struct change *change, struct model_table *table,
                         struct model_column *column, struct error *err)
{
    if (change->if_not && !column->identity)
        return true;
    if (!is_identity(model, change, table, column, err))
        return false;
    struct model_sequence *sequence = model_new_sequence(model, table, column);
    if (sequence) {
        sequence->dropped = true;
        sequence->change = change;
        model_release_name(model, sequence->name);
    }
    column->identity = 0;
    column->identity_def = NULL;
    column->identity_sequence = NULL;
    column->n_identity_clauses = 0;
    return true;
}
