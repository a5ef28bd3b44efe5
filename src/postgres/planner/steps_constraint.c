/* Phase backfill: the constraints of the new shape. Keys are indexes first, foreign keys are validated apart. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/exclusion.h"
#include "postgres/planner/family.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_family.h"

static const struct model_index *index_of(const struct model_table *table,
                                          const struct catalog_constraint *constraint)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct catalog_index *origin = table->indexes[i].origin;
        if (origin && constraint->index && strcmp(origin->name, constraint->index) == 0)
            return &table->indexes[i];
    }
    return NULL;
}

/* The index of a constraint that is made anew: as the catalog prints it, with tablespace and storage parameters. */
static bool copied_index(struct steps *steps, const struct model_table *table,
                         const struct model_constraint *constraint, const char *name, const char **out,
                         struct error *err)
{
    const struct model_index *index = index_of(table, constraint->origin);
    struct rename *renames = NULL;
    size_t n = 0;
    if (!index)
        return error_set(err, ERROR_BUG, "constraint \"%s\" has no index", constraint->origin->name);
    steps_replaced_names(steps, table, &renames, &n);
    return sql_index_rename(steps->arena, index->definition, renames, n, name, steps->model->catalog->schema,
                            table->origin->name, true, out, err);
}

/* "UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (…) USING INDEX TABLESPACE t DEFERRABLE" as CREATE INDEX says it, where
 * NULLS NOT DISTINCT stands behind INCLUDE. The columns' names are the physical ones. */
static const char *index_tail(struct steps *steps, const struct constraint_def *def, const char *definition)
{
    static const char *const marks[] = {" WITH (", " USING INDEX TABLESPACE "};
    struct arena *arena = steps->arena;
    const char *rest = definition + strlen(definition);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    pg_append(&out, "(%s)", pg_identifier_list(arena, def->columns, def->n_columns));
    if (def->n_included)
        pg_append(&out, " INCLUDE (%s)", pg_identifier_list(arena, def->included, def->n_included));
    if (strstr(definition, " NULLS NOT DISTINCT ("))
        text_append(&out, " NULLS NOT DISTINCT");
    for (size_t i = 0; i < SEGUE_COUNT(marks); i++) {
        const char *at = strstr(definition, marks[i]);
        if (at && at < rest)
            rest = at;
    }
    const char *deferrable = strstr(rest, " DEFERRABLE");
    const char *with = arena_strndup(arena, rest, deferrable ? (size_t)(deferrable - rest) : strlen(rest));
    const char *space = strstr(with, marks[1]);
    if (space)
        pg_append(&out, "%s TABLESPACE %s", arena_strndup(arena, with, (size_t)(space - with)),
                  space + strlen(marks[1]));
    else
        text_append(&out, with);
    return arena_strdup(arena, text_string(&out));
}

static bool added_index(struct steps *steps, const struct model_table *table,
                        const struct model_constraint *constraint, const char *name, const char **out,
                        struct error *err)
{
    struct rename *renames = NULL;
    size_t n = 0;
    const char *definition;
    struct constraint_def *def;
    steps_physical_names(steps, table, &renames, &n);
    if (!sql_constraint_rename(steps->arena, constraint->definition, renames, n, false, false, &definition,
                               err) ||
        !sql_constraint_parse(steps->arena, definition, &def, err))
        return false;
    *out = pg_format(steps->arena, "CREATE UNIQUE INDEX CONCURRENTLY %I ON %s %s", name, table->real,
                     index_tail(steps, def, definition));
    return true;
}

const char *steps_key_options(const char *definition)
{
    const char *deferrable = strstr(definition, " DEFERRABLE");
    return deferrable ? deferrable : "";
}

/* UNIQUE: an index built concurrently, then made a constraint, which is metadata. A table has one primary key: its index
 * becomes that only at `complete`. */
static bool make_key(struct steps *steps, const struct model_table *table,
                     const struct model_constraint *constraint, struct error *err)
{
    struct arena *arena = steps->arena;
    const char *name = steps_constraint_interim(steps, table, constraint);
    const char *statement = NULL;
    bool made = constraint->origin ? copied_index(steps, table, constraint, name, &statement, err)
                                   : added_index(steps, table, constraint, name, &statement, err);
    if (!made)
        return false;
    steps_build_index(steps, table, name, statement);
    if (model_constraint_kind(constraint) == 'p')
        return true;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "unique",
                   arena_printf(arena, "make it constraint %s of %s", name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I UNIQUE USING INDEX %I%s", table->real,
                              name, name, steps_key_options(constraint->definition)));
    step_undo(steps, pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, name));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    return true;
}

size_t steps_referenced_columns(struct steps *steps, const struct model_constraint *constraint,
                                struct model_table *parent, const char ***out)
{
    const struct model_constraint *key = model_primary_key(parent);
    const struct catalog_constraint *from = constraint->origin;
    const struct constraint_def *def = constraint->def;
    const int *numbers = from ? from->ref_columns : key && key->origin ? key->origin->columns : NULL;
    size_t n = from ? from->n_ref_columns : def->n_ref_columns;
    const char **names = from ? NULL : def->ref_columns;
    if (!from && !n && key && key->origin)
        n = key->origin->n_columns;
    else if (!from && !n && key) {
        n = key->def->n_columns;
        names = key->def->columns;
    }
    size_t found = 0;
    *out = NULL;
    for (size_t i = 0; (names || numbers) && i < n; i++) {
        const struct model_column *column =
            names ? model_column(parent, names[i]) : model_column_number(parent, numbers[i]);
        if (column)
            ARENA_PUSH(steps->arena, *out, found, column->physical);
    }
    return found;
}

/* A foreign key of now, to the columns of now. */
static bool key_definition(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint, const char **definition,
                           const char **referenced, struct error *err)
{
    struct arena *arena = steps->arena;
    struct model_table *parent = model_referenced(steps->model, constraint);
    struct rename *renames = NULL;
    size_t n = 0;
    steps_definition_names(steps, table, constraint->origin != NULL, &renames, &n);
    if (!parent || !parent->origin) {
        *referenced = constraint->origin
                          ? constraint->origin->ref_table
                          : pg_format(arena, "%Q",
                                      constraint->def->references.schema ? constraint->def->references.schema
                                                                         : steps->model->catalog->schema,
                                      constraint->def->references.name);
        return sql_constraint_rename(arena, constraint->definition, renames, n, true, false, definition, err);
    }
    const char **columns;
    size_t n_columns = steps_referenced_columns(steps, constraint, parent, &columns);
    const struct name name = {steps->model->catalog->schema, parent->origin->name};
    *referenced = pg_format(arena, "%Q", name.schema, name.name);
    return sql_foreign_key_rewrite(arena, constraint->definition, renames, n, &name, columns, n_columns, true,
                                   definition, err);
}

/* The same for a partitioned table: its partitions' indexes one by one. */
static bool make_partitioned_key(struct steps *steps, const struct model_table *table,
                                 const struct model_constraint *constraint, struct error *err)
{
    struct family_build build = {.table = table,
                                 .parts = constraint->parts,
                                 .n_parts = constraint->n_parts,
                                 .name = steps_constraint_interim(steps, table, constraint),
                                 .copied = constraint->origin != NULL};
    struct rename *renames = NULL;
    size_t n = 0;
    steps_definition_names(steps, table, constraint->origin != NULL, &renames, &n);
    if (!sql_constraint_rename(steps->arena, constraint->definition, renames, n, false, false,
                               &build.constraint, err))
        return false;
    family_unique(steps, &build, model_constraint_kind(constraint) == 'p');
    return true;
}

bool steps_make_constraint(struct steps *steps, const struct model_table *table,
                           struct model_constraint *constraint, struct error *err)
{
    struct arena *arena = steps->arena;
    const char *definition, *referenced = NULL;
    const char *name = steps_constraint_interim(steps, table, constraint);
    char kind = model_constraint_kind(constraint);
    bool valid = constraint->origin ? constraint->origin->valid : !constraint->def->not_valid;
    if ((kind == 'u' || kind == 'p') && family_is_partitioned(table))
        return make_partitioned_key(steps, table, constraint, err);
    if (kind == 'u' || kind == 'p')
        return make_key(steps, table, constraint, err);
    if (kind == 'x')
        return exclusion_make(steps, table, constraint, err);
    if (kind == 'f') {
        if (!key_definition(steps, table, constraint, &definition, &referenced, err))
            return false;
        constraint->bound = definition;
    } else {
        struct rename *renames = NULL;
        size_t n = 0;
        if (constraint->origin)
            steps_replaced_names(steps, table, &renames, &n);
        else
            steps_physical_names(steps, table, &renames, &n);
        if (!sql_constraint_rename(arena, constraint->definition, renames, n, true, false, &definition, err))
            return false;
    }
    /* What reads a hidden column goes with it on the way back; what only points to one would stand in its way. */
    const char *undo =
        kind != 'f' && constraint_on_hidden(table, constraint)
            ? NULL
            : pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, name);
    if (kind == 'f' && valid && family_is_partitioned(table))
        family_foreign_key(steps, table, PHASE_BACKFILL, name,
                           arena_strndup(arena, definition, strlen(definition) - strlen(" NOT VALID")), undo,
                           referenced);
    else
        steps_add_constraint(steps, table, PHASE_BACKFILL, name, definition, undo, referenced, valid);
    return true;
}
