#include "postgres/planner/sequence.h"

#include <string.h>

#include "base/compare.h"
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"

void shape_sequences(struct model *model)
{
    for (size_t i = 0; i < model->n_sequences; i++) {
        struct model_sequence *sequence = &model->sequences[i];
        if (sequence->origin)
            continue;
        bool interim = sequence->identity || name_is_among(model->catalog->relation_names,
                                                           model->catalog->n_relation_names, sequence->name);
        sequence->present =
            interim ? pg_interim_name(model->arena, "_segue", sequence->name) : sequence->name;
    }
}

void shape_number_column(struct model *model, const struct model_table *table, struct model_column *column)
{
    const struct model_sequence *sequence = model_new_sequence(model, table, column);
    if (!sequence || sequence->origin || model_old_sequence(model, table, column))
        return;
    const char *place =
        arena_printf(model->arena, "number_%s_%zu", table->ordinal, (size_t)(column - table->columns) + 1);
    const char *name = arena_printf(model->arena, "%s_%s", table->name, column->name);
    column->number_function =
        pg_format(model->arena, "segue.%I", pg_object_name(model->arena, place, name, NULL));
}

bool sequence_remakes_identity(const struct model_column *column)
{
    return !column->dropped && column->identity &&
           (column->hidden || !column->origin || !column->origin->identity);
}

static const struct model_column *identity_column(const struct model *model,
                                                  const struct model_sequence *sequence,
                                                  const struct model_table **table)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        for (size_t i = 0; i < model->tables[t].n_columns; i++) {
            const struct model_column *column = &model->tables[t].columns[i];
            if (column->dropped || !column->identity || !column->identity_sequence ||
                strcmp(column->identity_sequence, sequence->name) != 0)
                continue;
            *table = &model->tables[t];
            return column;
        }
    }
    return NULL;
}

bool sequence_made_at_once(const struct model *model, const struct model_sequence *sequence)
{
    const struct model_table *table;
    if (sequence->origin || sequence->dropped)
        return false;
    if (!sequence->identity)
        return true;
    const struct model_column *column = identity_column(model, sequence, &table);
    return column && column->number_function;
}

/* The table that the file, or else the catalog, makes the sequence's owner. */
static const struct model_table *owner_of(const struct model *model, const struct model_sequence *sequence)
{
    const struct model_table *table = NULL;
    if (sequence->owner_changed && sequence->owner_table)
        return &model->tables[sequence->owner_table - 1];
    if (sequence->identity)
        (void)identity_column(model, sequence, &table);
    for (size_t i = 0; !table && sequence->origin && sequence->origin->table && i < model->n_tables; i++) {
        if (model->tables[i].origin && strcmp(model->tables[i].origin->name, sequence->origin->table) == 0)
            table = &model->tables[i];
    }
    return table;
}

const struct model_table *sequence_table(const struct model *model, const struct model_sequence *sequence)
{
    const struct model_table *table = owner_of(model, sequence);
    return table && table->change && table->origin && !table->dropped ? table : NULL;
}

const char *sequence_options(struct model *model, const struct model_sequence *sequence)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (sequence->type && !sequence->identity)
        text_printf(&out, " AS %s", sequence->type);
    for (size_t i = 0; sequence->def && i < sequence->def->n_clauses; i++)
        text_printf(&out, " %s", sequence->def->clauses[i]);
    return arena_strdup(model->arena, text_string(&out));
}

const char *sequence_raise(struct model *model, const struct model_table *table, const char *physical,
                           const char *to)
{
    return pg_format(
        model->arena,
        "DO $segue$ BEGIN PERFORM pg_catalog.setval(%L::pg_catalog.regclass, t.top::bigint) FROM "
        "(SELECT max(%I) AS top FROM %s) t, %s s, pg_catalog.pg_sequence o WHERE o.seqrelid = "
        "%L::pg_catalog.regclass AND o.seqincrement > 0 AND t.top >= s.last_value AND t.top <= "
        "o.seqmax; END $segue$",
        to, physical, table->real, to, to);
}

static void raise_for_columns(struct steps *steps, const struct model_sequence *sequence, const char *name)
{
    const struct model *model = steps->model;
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t i = 0; table->change && table->origin && i < table->n_columns; i++) {
            const struct model_column *column = &table->columns[i];
            if (column->origin && column->number_function &&
                model_new_sequence(model, table, column) == sequence)
                step_act(steps, sequence_raise(steps->model, table, column->origin->name, name));
        }
    }
}

static void create_sequence(struct steps *steps, const struct model_sequence *sequence)
{
    struct arena *arena = steps->arena;
    const char *name = pg_format(arena, "%Q", steps->model->catalog->schema, sequence->present);
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, sequence->name, "sequence",
                                   arena_printf(arena, "create sequence %s", sequence->present));
    step->flags = STEP_NO_LOCKS;
    step_act(steps, pg_format(arena, "CREATE SEQUENCE %s%s", name, sequence_options(steps->model, sequence)));
    for (size_t i = 0; i < sequence->n_clauses; i++)
        step_act(steps, pg_format(arena, "ALTER SEQUENCE %s %s", name, sequence->clauses[i]));
    const struct model_table *table = sequence_table(steps->model, sequence);
    if (table && strcmp(table->origin->owner, steps->model->catalog->user) != 0)
        step_act(steps, pg_format(arena, "ALTER SEQUENCE %s OWNER TO %I", name, table->origin->owner));
    raise_for_columns(steps, sequence, name);
    step_undo(steps, pg_format(arena, "DROP SEQUENCE IF EXISTS %s", name));
}

void steps_create_sequences(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_sequences; i++) {
        if (sequence_made_at_once(steps->model, &steps->model->sequences[i]))
            create_sequence(steps, &steps->model->sequences[i]);
    }
}

void sequence_functions(struct model *model, const struct model_table *table, const char ***statements,
                        size_t *n)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->number_function || column->inherited) /* a partition's is its parent's */
            continue;
        const struct model_sequence *sequence = model_new_sequence(model, table, column);
        /* The body is a string, so that the function does not hold on to the sequence; all names in it are qualified. */
        const char *body =
            pg_format(model->arena, "SELECT pg_catalog.nextval(%L::pg_catalog.regclass)",
                      pg_format(model->arena, "%Q", model->catalog->schema, sequence->present));
        ARENA_PUSH(model->arena, *statements, *n,
                   pg_format(model->arena,
                             "CREATE OR REPLACE FUNCTION %s() RETURNS pg_catalog.int8 LANGUAGE sql VOLATILE "
                             "SECURITY DEFINER SET search_path = pg_catalog AS %L",
                             column->number_function, body));
    }
}

void sequence_function_signatures(struct model *model, const struct model_table *table,
                                  const char ***signatures, size_t *n)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (table->columns[i].number_function && !table->columns[i].inherited)
            ARENA_PUSH(model->arena, *signatures, *n,
                       arena_printf(model->arena, "%s()", table->columns[i].number_function));
    }
}

void sequence_changes(struct steps *steps, const struct model_sequence *sequence, const char ***statements,
                      size_t *n)
{
    struct arena *arena = steps->arena;
    const char *schema = steps->model->catalog->schema;
    if (sequence->dropped)
        return;
    for (size_t i = 0; sequence->origin && i < sequence->n_clauses; i++)
        ARENA_PUSH(arena, *statements, *n,
                   pg_format(arena, "ALTER SEQUENCE %Q %s", schema, sequence->name, sequence->clauses[i]));
    if (sequence->owner_changed && !sequence->owner_table && sequence->origin)
        ARENA_PUSH(arena, *statements, *n,
                   pg_format(arena, "ALTER SEQUENCE %Q OWNED BY NONE", schema, sequence->name));
}

void steps_alone_sequences(struct steps *steps)
{
    struct arena *arena = steps->arena;
    for (size_t i = 0; i < steps->model->n_sequences; i++) {
        const struct model_sequence *sequence = &steps->model->sequences[i];
        const char **statements = NULL, *mode = "SHARE ROW EXCLUSIVE";
        size_t n = 0;
        if (sequence_table(steps->model, sequence))
            continue;
        const char *name = pg_format(arena, "%Q", steps->model->catalog->schema, sequence->present);
        if (sequence->dropped && sequence->origin)
            ARENA_PUSH(arena, statements, n, pg_format(arena, "DROP SEQUENCE IF EXISTS %s", name));
        else if (!sequence->dropped && !sequence->identity && strcmp(sequence->present, sequence->name) != 0)
            ARENA_PUSH(arena, statements, n,
                       pg_format(arena, "ALTER SEQUENCE %s RENAME TO %I", name, sequence->name));
        if (n) /* a new name takes the same lock as no name at all */
            mode = "ACCESS EXCLUSIVE";
        sequence_changes(steps, sequence, &statements, &n);
        if (!n)
            continue;
        struct step *step = step_begin(
            steps, PHASE_CONTRACT, STEP_TRANSACTION, sequence->name, "sequence",
            arena_printf(arena, "%s sequence %s", sequence->dropped ? "drop" : "change", sequence->name));
        step->flags = STEP_NO_RETURN;
        step->duration = DURATION_INSTANT;
        step->acts = statements;
        step->n_acts = n;
        step_lock(steps, name, mode);
    }
}
