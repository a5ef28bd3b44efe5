/* UPDATE and DELETE, applied to the model: their columns are bound to what they are called at this point of the file. */
#include <string.h>

#include "base/text.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/statement.h"

static const char *verb(const struct data_fix *fix)
{
    return fix->remove ? "DELETE" : "UPDATE";
}

static bool refuse_unplaced(const struct model *model, const struct change *change, struct error *err)
{
    refuse(model, change->place, err,
           "%s of \"%s\" does not say when: its rows stay as it makes them, also after a rollback",
           verb(change->fix), change->table.name);
    return error_hint(
        err,
        "write above it -- segue: phase expand (before the new shape is made; both versions see it) or -- segue: phase "
        "contract (at complete); for values of a new or converted column write -- segue: up or existing");
}

static bool refuse_new(const struct model *model, const struct change *change, const char *column,
                       struct error *err)
{
    refuse(model, change->place, err, "column \"%s\" of table \"%s\" is not there yet in phase expand",
           column, change->table.name);
    return error_hint(err,
                      "say what its rows take with -- segue: up %s.%s = <expression> (or existing), or write "
                      "-- segue: phase contract",
                      change->table.name, column);
}

static bool refuse_unknown(const struct model *model, const struct change *change,
                           const struct model_table *table, const char *column, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < table->n_columns; i++)
        if (!table->columns[i].dropped)
            text_printf(&names, "%s%s", names.length ? ", " : "", table->columns[i].name);
    refuse(model, change->place, err, "column \"%s\" of table \"%s\" does not exist", column, table->name);
    return error_hint(err, "its columns at this point of the file are: %s", text_string(&names));
}

static bool bind(struct model *model, struct model_fix *fix, struct model_table *table, const char *name,
                 bool needed, struct error *err)
{
    const struct model_column *column = model_column(table, name);
    if (!column)
        return !needed || refuse_unknown(model, fix->change, table, name, err);
    bool replaced = !column->origin || column->type_changed || column->retyped;
    if (fix->phase == PHASE_EXPAND && replaced)
        return refuse_new(model, fix->change, name, err);
    struct fix_column bound = {
        .name = name, .column = (size_t)(column - table->columns), .type = column->type};
    ARENA_PUSH(model->arena, fix->columns, fix->n_columns, bound);
    return true;
}

static bool bind_all(struct model *model, struct model_fix *fix, struct model_table *table,
                     const struct data_fix *parsed, struct error *err)
{
    for (size_t i = 0; i < parsed->n_targets; i++)
        if (!bind(model, fix, table, parsed->targets[i], true, err))
            return false;
    for (size_t i = 0; i < parsed->n_reads; i++)
        if (!bind(model, fix, table, parsed->reads[i], !parsed->has_subquery && !parsed->whole, err))
            return false;
    return true;
}

static bool refuse_undo(const struct model *model, const struct annotation *annotation, const char *why,
                        struct error *err)
{
    refuse(model, annotation->place, err, "this undo cannot take back a data fix: %s", why);
    return error_hint(err, "write one UPDATE of the same table, which goes over the same rows in chunks, or "
                           "-- segue: undo none because \"the reason\"");
}

/* The undo is walked as the fix was, so that it goes over the rows that the fix has come to and no others. */
static bool bind_undo(struct model *model, struct model_fix *fix, struct model_table *table,
                      struct error *err)
{
    const struct annotation *annotation = statement_annotation(model, fix->change, ANNOTATION_UNDO);
    struct data_fix *undo = arena_alloc(model->arena, sizeof *undo);
    if (!annotation || annotation->object)
        return true;
    if (fix->phase == PHASE_CONTRACT)
        return refuse_undo(model, annotation, "after complete there is no way back", err);
    size_t length = strlen(annotation->expr);
    while (length && strchr("; ", annotation->expr[length - 1]))
        length--;
    fix->undo = arena_strndup(model->arena, annotation->expr, length);
    if (!sql_fix_parse(model->arena, fix->undo, NULL, 0, undo, err))
        return refuse_undo(model, annotation, "it is not one UPDATE or DELETE", err);
    if (undo->whole)
        return refuse_undo(model, annotation, undo->whole, err);
    if (strcmp(undo->table, fix->change->table.name) != 0)
        return refuse_undo(model, annotation, "it is about another table", err);
    return bind_all(model, fix, table, undo, err);
}

bool apply_data_fix(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_fix fix = {.change = change, .phase = PHASE_EXPAND};
    bool contract = statement_annotation(model, change, ANNOTATION_PHASE_CONTRACT) != NULL;
    if (!contract && !statement_annotation(model, change, ANNOTATION_PHASE_EXPAND))
        return refuse_unplaced(model, change, err);
    fix.phase = contract ? PHASE_CONTRACT : PHASE_EXPAND;
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table->origin) {
        refuse(model, change->place, err, "table \"%s\" is new: %s finds no rows in it", table->name,
               verb(change->fix));
        return error_hint(err, "leave the statement out");
    }
    fix.table = (size_t)(table - model->tables);
    if (!bind_all(model, &fix, table, change->fix, err) || !bind_undo(model, &fix, table, err))
        return false;
    ARENA_PUSH(model->arena, model->fixes, model->n_fixes, fix);
    return true;
}
