/* What stands in the way of a change, found before anything is touched. */
#include <string.h>

#include "base/compare.h"
#include "base/text.h"
#include "postgres/planner/exclusion.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/statement.h"
#include "postgres/planner/switch.h"

static void add_line(struct text *out, const char *kind, const char *name)
{
    text_append(out, out->length ? "\n" : "");
    text_append(out, kind);
    text_append_char(out, ' ');
    text_append(out, name);
}

static bool key_goes(const struct model *model, const char *constraint);

/* Keys of this schema follow a replaced column; a dropped one must be without. */
static void collect_incoming(const struct model *model, const struct table *table, int number, bool dropped,
                             struct text *out)
{
    for (size_t i = 0; i < table->n_incoming; i++) {
        const struct incoming_key *key = &table->incoming[i];
        bool follows = dropped ? key_goes(model, key->constraint) : shape_key_followed(model, key->table);
        if (number_is_among(key->ref_columns, key->n_ref_columns, number) && !follows)
            add_line(out, "foreign key of another table", key->constraint);
    }
}

static bool is_newer_form(const struct model *model, const struct model_constraint *constraint)
{
    struct constraint_def *def;
    struct error ignored;
    return constraint->origin && !constraint->dropped &&
           !sql_constraint_parse(model->arena, constraint->origin->definition, &def, &ignored);
}

/* Servers after 15 print constraints in words that no statement of a file can have: NOT ENFORCED, WITHOUT OVERLAPS, PERIOD. What is
 * over a replaced column, or points to it, would have to be made anew. */
static void collect_newer_forms(const struct model *model, const struct model_table *table, int number,
                                struct text *out)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *other = &model->tables[t];
        for (size_t i = 0; !other->dropped && i < other->n_constraints; i++) {
            const struct catalog_constraint *origin = other->constraints[i].origin;
            bool here =
                origin && other == table && number_is_among(origin->columns, origin->n_columns, number);
            bool points = origin && origin->kind == 'f' &&
                          number_is_among(origin->ref_columns, origin->n_ref_columns, number) &&
                          strcmp(origin->ref_schema, table->origin->schema) == 0 &&
                          strcmp(origin->ref_name, table->origin->name) == 0;
            if ((here || points) && is_newer_form(model, &other->constraints[i]))
                add_line(out, "constraint in words of a newer PostgreSQL", origin->name);
        }
    }
}

static void collect_constraints(const struct model *model, const struct model_table *table,
                                const struct model_column *column, struct text *out)
{
    int number = column->origin->number;
    bool dropped = column->dropped;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct catalog_constraint *constraint = table->constraints[i].origin;
        if (!constraint)
            continue;
        if (exclusion_keeps(model, &table->constraints[i], column))
            add_line(out, "exclusion constraint", constraint->name);
        if (!number_is_among(constraint->columns, constraint->n_columns, number))
            continue;
        if (constraint->kind == 'p' && !dropped && strstr(constraint->definition, " DEFERRABLE"))
            add_line(out, "deferrable primary key", constraint->name);
    }
}

/* Statistics objects go with a dropped column, as they do for psql, and are made anew over a replaced one. */
static bool statistics_follow(const struct model_table *table, const struct model_column *column,
                              const struct dependent *dependent)
{
    if (strcmp(dependent->kind, "statistics object") != 0)
        return false;
    for (size_t i = 0; !column->dropped && i < table->origin->n_statistics; i++) {
        const struct statistics_object *statistics = &table->origin->statistics[i];
        if (dependent->object && strcmp(statistics->name, dependent->object) == 0)
            return !switch_statistics_renamed(table, statistics);
    }
    return column->dropped;
}

bool shape_check_dependents(const struct model *model, const struct model_table *table,
                            const struct model_column *column, const char *verb, struct error *err)
{
    const struct table *origin = table->origin;
    bool dropped = column->dropped;
    SEGUE_CLEANUP(text_free) struct text found = {0};
    collect_constraints(model, table, column, &found);
    if (!dropped)
        collect_newer_forms(model, table, column->origin->number, &found);
    collect_incoming(model, origin, column->origin->number, dropped, &found);
    for (size_t i = 0; i < origin->n_dependents; i++) {
        if (origin->dependents[i].column == column->origin->number &&
            !statement_drops(model, &origin->dependents[i], column->change) &&
            !statistics_follow(table, column, &origin->dependents[i]))
            add_line(&found, origin->dependents[i].kind, origin->dependents[i].name);
    }
    if (column->origin->generated && !dropped && !column->expression_dropped)
        add_line(&found, "generated column", column->origin->name);
    if (!found.length)
        return true;
    refuse(model, column->change->place, err,
           "column \"%s\" of table \"%s\" cannot be %s online: other objects depend on it",
           column->origin->name, table->name, verb);
    error_detail(err, "%s", found.data);
    return error_hint(err, "drop or change these first, or leave the column out of this file");
}

/* Whether the file itself takes a foreign key of another table away, with its table, its column or by name. */
static bool key_goes(const struct model *model, const char *constraint)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t i = 0; i < table->n_constraints; i++) {
            const struct catalog_constraint *origin = table->constraints[i].origin;
            if (origin && origin->kind == 'f' && strcmp(origin->name, constraint) == 0 &&
                (table->dropped || table->constraints[i].dropped))
                return true;
        }
    }
    return false;
}

bool shape_check_dropped_table(const struct model *model, const struct model_table *table, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text found = {0};
    for (size_t i = 0; i < table->origin->n_incoming; i++) {
        if (!key_goes(model, table->origin->incoming[i].constraint))
            add_line(&found, "foreign key of another table", table->origin->incoming[i].constraint);
    }
    for (size_t i = 0; i < table->origin->n_dependents; i++) {
        const char *kind = table->origin->dependents[i].kind;
        /* What is part of the table goes with it. */
        if (strcmp(kind, "policy") != 0 && strcmp(kind, "generated column") != 0 &&
            strcmp(kind, "trigger") != 0 && strcmp(kind, "statistics object") != 0 &&
            strcmp(kind, "partition key") != 0 &&
            !statement_drops(model, &table->origin->dependents[i], table->change))
            add_line(&found, kind, table->origin->dependents[i].name);
    }
    if (!found.length)
        return true;
    refuse(model, table->change->place, err, "table \"%s\" cannot be dropped: other objects depend on it",
           table->origin->name);
    error_detail(err, "%s", found.data);
    return error_hint(err, "drop these first");
}

bool shape_check_published(const struct model *model, const struct model_table *table, struct error *err)
{
    if (!table->origin->published || model_allows(model, "published-table"))
        return true;
    refuse(model, table->change->place, err,
           "table \"%s\" is published: its hidden columns would be sent to subscribers that do not have them",
           table->origin->name);
    return error_hint(
        err,
        "publish it with a column list (PostgreSQL 15), or, when no subscriber is attached or all of them have the columns, "
        "write -- segue: allow published-table because \"…\"");
}

bool shape_check_triggers(const struct model *model, const struct model_table *table, struct error *err)
{
    if (model->catalog->can_silence_triggers || model_allows(model, "backfill-fires-triggers"))
        return true;
    SEGUE_CLEANUP(text_free) struct text found = {0};
    for (size_t i = 0; i < table->origin->n_triggers; i++) {
        const struct catalog_trigger *trigger = &table->origin->triggers[i];
        if (trigger->enabled && trigger->on_update && !trigger->n_columns)
            add_line(&found, "trigger", trigger->name);
    }
    if (!found.length)
        return true;
    refuse(model, table->change->place, err,
           "the backfill of table \"%s\" would fire its triggers, and role \"%s\" may not silence them",
           table->origin->name, model->catalog->user);
    error_detail(err, "%s", found.data);
    return error_hint(
        err,
        "on PostgreSQL 15 or later GRANT SET ON PARAMETER session_replication_role TO %s; or, if firing "
        "them once for each row is harmless, write -- segue: allow backfill-fires-triggers because \"…\"",
        model->catalog->user);
}

/* The column of a foreign key that has one default in the table and another in the new version's view, or NULL. */
static const struct model_column *without_default(const struct model_table *table,
                                                  const struct model_constraint *constraint)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool in_key = false;
        for (size_t k = 0; constraint->def && k < constraint->def->n_columns; k++)
            in_key |= strcmp(constraint->def->columns[k], column->name) == 0;
        if (!constraint->def && column->origin)
            in_key = number_is_among(constraint->origin->columns, constraint->origin->n_columns,
                                     column->origin->number);
        if (in_key && !column->dropped && column->hidden && column->up.expr && column->default_expr)
            return column;
    }
    return NULL;
}

bool shape_check_set_default(const struct model *model, const struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        const struct model_column *column = !constraint->dropped &&
                                                    model_constraint_kind(constraint) == 'f' &&
                                                    strstr(constraint->definition, " SET DEFAULT")
                                                ? without_default(table, constraint)
                                                : NULL;
        if (!column)
            continue;
        bool added = !constraint->origin;
        refuse(model, added ? constraint->change->place : column->change->place, err,
               "foreign key \"%s\" would set column \"%s\" of table \"%s\" to its default", constraint->name,
               column->name, table->name);
        error_detail(
            err,
            "While both versions live, the column that the new one has gets its values from the old one's, and has "
            "no default of its own in the table.");
        return error_hint(
            err, added ? "add it in a migration after this one"
                       : "drop it above this statement, and add it again in a migration after this one");
    }
    return true;
}
