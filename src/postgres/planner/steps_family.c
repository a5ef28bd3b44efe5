#include "postgres/planner/steps_family.h"

#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"

/* Partitions in one transaction where each takes a moment: few enough that the locks of the first do not wait long for the last. */
enum { TOGETHER = 16 };

void family_validate(struct steps *steps, const struct model_table *table, const char *constraint)
{
    const struct model_table **leaves = NULL;
    size_t n = 0;
    family_leaves(steps->model, table, steps->arena, &leaves, &n);
    for (size_t i = 0; i < n; i++) {
        if (leaves[i] != table)
            step_act(steps, pg_format(steps->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %I", leaves[i]->real,
                                      constraint));
    }
    step_act(steps,
             pg_format(steps->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %I", table->real, constraint));
}

const char *family_part_name(struct steps *steps, const struct model_part *part, bool copied)
{
    return steps_interim_name(steps, part->name, copied);
}

static const struct model_table *part_table(struct steps *steps, const struct model_part *part)
{
    return &steps->model->tables[part->table];
}

/* The index that a part's is attached to. */
static const char *index_above(struct steps *steps, const struct family_build *build,
                               const struct model_part *part)
{
    const char *name =
        part->parent ? family_part_name(steps, &build->parts[part->parent - 1], build->copied) : build->name;
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema, name);
}

static const char *attach(struct steps *steps, const struct family_build *build,
                          const struct model_part *part)
{
    return pg_format(steps->arena, "ALTER INDEX %s ATTACH PARTITION %Q", index_above(steps, build, part),
                     steps->model->catalog->schema, family_part_name(steps, part, build->copied));
}

/* With the last part of a partitioned partition its index becomes valid, which is noted in the table above it under its strongest lock. */
static void lock_above(struct steps *steps, const struct family_build *build, size_t i)
{
    size_t middle = build->parts[i].parent;
    for (size_t k = i + 1; middle && k < build->n_parts; k++) {
        if (build->parts[k].parent == middle)
            return;
    }
    if (!middle)
        return;
    size_t above = build->parts[middle - 1].parent;
    const struct model_table *table = above ? part_table(steps, &build->parts[above - 1]) : build->table;
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
}

/* The leaves' indexes are attached, a handful of partitions at a time. */
static void attach_parts(struct steps *steps, const struct family_build *build, const char *unique)
{
    struct arena *arena = steps->arena;
    size_t in_step = 0;
    for (size_t i = 0; i < build->n_parts; i++) {
        const struct model_part *part = &build->parts[i];
        const struct model_table *leaf = part_table(steps, part);
        const char *name = family_part_name(steps, part, build->copied);
        if (family_is_partitioned(leaf))
            continue;
        if (in_step++ % TOGETHER == 0) {
            struct step *step =
                step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, build->table->origin->name, "attach",
                           arena_printf(arena, "make the partitions' indexes parts of %s", build->name));
            step->duration = DURATION_INSTANT;
        }
        if (unique)
            step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I UNIQUE USING INDEX %I%s",
                                      leaf->real, name, name, unique));
        step_act(steps, attach(steps, build, part));
        if (unique)
            step_lock(steps, leaf->real, "ACCESS EXCLUSIVE");
        else
            step_lock(steps, pg_format(arena, "%Q", steps->model->catalog->schema, name), "ACCESS EXCLUSIVE");
        lock_above(steps, build, i);
    }
}

/* CREATE INDEX ON ONLY, which makes an index that is valid when each partition has its part. */
static bool only(struct steps *steps, const struct model_table *table, const char *definition,
                 const char *name, const char **out, struct error *err)
{
    struct arena *arena = steps->arena;
    const char *statement, *head = pg_format(arena, " %I ON ", name);
    if (!sql_index_rename(arena, definition, NULL, 0, name, steps->model->catalog->schema,
                          table->origin->name, false, &statement, err))
        return false;
    const char *at = strstr(statement, head);
    if (!at)
        return error_set(err, ERROR_BUG, "cannot find the table in: %s", statement);
    size_t length = (size_t)(at - statement) + strlen(head);
    *out = arena_printf(arena, "%s ONLY %s", arena_strndup(arena, statement, length - 1), statement + length);
    return true;
}

bool family_index(struct steps *steps, const struct family_build *build, struct error *err)
{
    struct arena *arena = steps->arena;
    const struct model_table *table = build->table;
    const char *statement = NULL;
    for (size_t i = 0; i < build->n_parts; i++) {
        const struct model_table *leaf = part_table(steps, &build->parts[i]);
        const char *name = family_part_name(steps, &build->parts[i], build->copied);
        if (family_is_partitioned(leaf))
            continue;
        if (!sql_index_rename(arena, build->definition, NULL, 0, name, steps->model->catalog->schema,
                              leaf->origin->name, true, &statement, err))
            return false;
        steps_build_index(steps, leaf, name, statement);
    }
    if (!only(steps, table, build->definition, build->name, &statement, err))
        return false;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "index",
                   arena_printf(arena, "make index %s of %s", build->name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_act(steps, statement);
    step_lock(steps, table->real, "SHARE");
    step_undo(steps, pg_format(arena, "DROP INDEX IF EXISTS %Q", steps->model->catalog->schema, build->name));
    for (size_t i = 0; i < build->n_parts; i++) {
        const struct model_table *middle = part_table(steps, &build->parts[i]);
        if (!family_is_partitioned(middle))
            continue;
        if (!only(steps, middle, build->definition, family_part_name(steps, &build->parts[i], build->copied),
                  &statement, err))
            return false;
        step_act(steps, statement);
        step_act(steps, attach(steps, build, &build->parts[i]));
        step_lock(steps, middle->real, "SHARE");
    }
    attach_parts(steps, build, NULL);
    return true;
}

/* "UNIQUE (a, b) DEFERRABLE" in two: the columns with what belongs to the index, and what only the constraint has. */
static void take_apart(struct arena *arena, const char *definition, const char **columns,
                       const char **properties)
{
    const char *open = strchr(definition, '('), *deferrable = strstr(definition, " DEFERRABLE");
    const char *nulls = strstr(definition, "NULLS NOT DISTINCT") ? " NULLS NOT DISTINCT" : "";
    open = open ? open : definition;
    size_t length = deferrable && deferrable > open ? (size_t)(deferrable - open) : strlen(open);
    *columns = arena_printf(arena, "%s%s", arena_strndup(arena, open, length), nulls);
    *properties = deferrable && deferrable > open ? deferrable : "";
}

void family_unique(struct steps *steps, const struct family_build *build, bool primary)
{
    struct arena *arena = steps->arena;
    const struct model_table *table = build->table;
    const char *columns, *properties;
    take_apart(arena, build->constraint, &columns, &properties);
    for (size_t i = 0; i < build->n_parts; i++) {
        const struct model_table *leaf = part_table(steps, &build->parts[i]);
        const char *name = family_part_name(steps, &build->parts[i], build->copied);
        if (!family_is_partitioned(leaf))
            steps_build_index(
                steps, leaf, name,
                pg_format(arena, "CREATE UNIQUE INDEX CONCURRENTLY %I ON %s %s", name, leaf->real, columns));
    }
    if (primary)
        return;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "unique",
                   arena_printf(arena, "make constraint %s of %s", build->name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_act(steps, pg_format(arena, "ALTER TABLE ONLY %s ADD CONSTRAINT %I %s", table->real, build->name,
                              build->constraint));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    step_undo(steps,
              pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, build->name));
    for (size_t i = 0; i < build->n_parts; i++) {
        const struct model_table *middle = part_table(steps, &build->parts[i]);
        if (!family_is_partitioned(middle))
            continue;
        step_act(steps,
                 pg_format(arena, "ALTER TABLE ONLY %s ADD CONSTRAINT %I %s", middle->real,
                           family_part_name(steps, &build->parts[i], build->copied), build->constraint));
        step_act(steps, attach(steps, build, &build->parts[i]));
        step_lock(steps, middle->real, "ACCESS EXCLUSIVE");
    }
    attach_parts(steps, build, properties);
}

static const char *leaf_drop(struct steps *steps, const struct model_table *leaf, const char *name)
{
    /* Once attached it goes with the parent's. */
    return pg_format(steps->arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", leaf->real, name);
}

static const char *leaf_add(struct steps *steps, const struct model_table *leaf, const char *name,
                            const char *definition)
{
    return pg_format(steps->arena, "ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID", leaf->real, name,
                     definition);
}

static void validate_leaves(struct steps *steps, enum plan_phase phase, const struct model_table *table,
                            const struct model_table **leaves, size_t n, const char *name,
                            const char *referenced)
{
    struct arena *arena = steps->arena;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    struct step *step = step_begin(
        steps, phase, STEP_ALONE, table->origin->name, "validate",
        arena_printf(arena, "validate constraint %s against the rows of %s, partition by partition", name,
                     table->origin->name));
    step->duration = DURATION_SCAN;
    for (size_t i = 0; i < n; i++) {
        pg_append(&names, "%spg_catalog.to_regclass(%L)", i ? ", " : "", leaves[i]->real);
        step_act(steps, pg_format(arena, "ALTER TABLE %s VALIDATE CONSTRAINT %I", leaves[i]->real, name));
        step_lock(steps, leaves[i]->real, "SHARE UPDATE EXCLUSIVE");
    }
    step->probe =
        pg_format(arena,
                  "SELECT pg_catalog.count(*) = %s FROM pg_catalog.pg_constraint WHERE conrelid IN (%s) "
                  "AND conname = %L AND convalidated",
                  arena_printf(arena, "%zu", n), text_string(&names), name);
    step_lock(steps, referenced, "ROW SHARE");
}

/* A foreign key on a partitioned table cannot be NOT VALID before PostgreSQL 18, and would scan every partition under its locks. But it
 * takes over, without a scan, the equal and valid keys that the partitions have already. */
void family_foreign_key(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                        const char *name, const char *definition, const char *undo, const char *referenced)
{
    struct arena *arena = steps->arena;
    const struct model_table **leaves = NULL;
    size_t n = 0;
    family_leaves(steps->model, table, arena, &leaves, &n);
    for (size_t i = 0; i < n; i++) {
        if (i % TOGETHER == 0) {
            struct step *step = step_begin(
                steps, phase, STEP_TRANSACTION, table->origin->name, "constraint",
                arena_printf(arena, "add constraint %s to partitions of %s", name, table->origin->name));
            step->duration = DURATION_INSTANT;
            step_lock(steps, referenced, "SHARE ROW EXCLUSIVE");
        }
        step_act(steps, leaf_add(steps, leaves[i], name, definition));
        if (undo)
            step_undo(steps, leaf_drop(steps, leaves[i], name));
        step_lock(steps, leaves[i]->real, "SHARE ROW EXCLUSIVE");
    }
    if (n)
        validate_leaves(steps, phase, table, leaves, n, name, referenced);
    struct step *step = step_begin(steps, phase, STEP_TRANSACTION, table->origin->name, "constraint",
                                   arena_printf(arena, "add constraint %s to %s", name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "it takes over the partitions' constraints, which are validated: no row is read");
    step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I %s", table->real, name, definition));
    if (undo)
        step_undo(steps, undo);
    step_lock(steps, table->real, "SHARE ROW EXCLUSIVE");
    /* The partitions' own triggers on the referenced table go. */
    step_lock(steps, referenced, "ACCESS EXCLUSIVE");
}

void family_foreign_key_back(struct steps *steps, const struct model_table *table,
                             const struct catalog_constraint *constraint)
{
    struct arena *arena = steps->arena;
    const struct model_table **leaves = NULL;
    size_t n = 0;
    family_leaves(steps->model, table, arena, &leaves, &n);
    struct step *step = step_begin(
        steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "keep-constraint",
        arena_printf(arena, "way back: constraint %s of %s again", constraint->name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_undo(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I %s", table->real, constraint->name,
                               constraint->definition));
    if (constraint->comment)
        step_undo(steps, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name,
                                   table->real, constraint->comment));
    step_lock(steps, table->real, "SHARE ROW EXCLUSIVE");
    step_lock(steps, constraint->ref_table, "ACCESS EXCLUSIVE");
    step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "validate-constraint",
                      arena_printf(arena, "way back: validate constraint %s", constraint->name));
    step->flags = STEP_NO_LOCKS;
    step->undo_alone = true;
    for (size_t i = 0; i < n; i++)
        step_undo(
            steps,
            pg_format(arena,
                      "DO $segue$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                      "pg_catalog.to_regclass(%L) AND conname = %L AND NOT convalidated) THEN ALTER TABLE %s "
                      "VALIDATE CONSTRAINT %I; END IF; END $segue$",
                      leaves[i]->real, constraint->name, leaves[i]->real, constraint->name));
}

void family_foreign_key_undo(struct steps *steps, const struct model_table *table,
                             const struct catalog_constraint *constraint)
{
    const struct model_table **leaves = NULL;
    size_t n = 0;
    family_leaves(steps->model, table, steps->arena, &leaves, &n);
    for (size_t i = 0; i < n; i++)
        step_undo(steps, leaf_add(steps, leaves[i], constraint->name, constraint->definition));
}
