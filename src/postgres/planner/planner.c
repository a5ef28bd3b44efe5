#include "postgres/planner/planner.h"

#include <string.h>

#include "base/text.h"
#include "migration/passing.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/beside.h"
#include "postgres/planner/bind.h"
#include "postgres/planner/fix.h"
#include "postgres/planner/marks.h"
#include "postgres/planner/notes.h"
#include "postgres/planner/rebuild.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/statement.h"
#include "postgres/planner/steps.h"

enum { MAX_IDENTIFIER = 63 };

static bool name_versions(struct model *model, struct error *err)
{
    const struct catalog *catalog = model->catalog;
    const struct place start = {1, 1};
    model->new_version = arena_printf(model->arena, "%s_%s", catalog->schema, model->migration->name);
    beside_versions(model);
    if (strlen(model->new_version) > MAX_IDENTIFIER) {
        refuse(model, start, err, "the version schema \"%s\" would be longer than %d bytes",
               model->new_version, MAX_IDENTIFIER);
        return error_hint(err, "give the migration file a shorter name");
    }
    for (size_t i = 0; i < catalog->n_schemas; i++) {
        if (strcmp(catalog->schemas[i], model->new_version) != 0)
            continue;
        refuse(model, start, err, "schema \"%s\" exists already", model->new_version);
        return error_hint(
            err, "a migration of this name may have been applied before (segue history); rename the file");
    }
    return true;
}

static const char *head(const struct migration *migration, enum annotation_kind kind)
{
    for (size_t i = 0; i < migration->n_annotations; i++) {
        if (migration->annotations[i].kind == kind)
            return migration->annotations[i].expr;
    }
    return NULL;
}

static struct plan *new_plan(const struct model *model)
{
    struct plan *plan = arena_alloc(model->arena, sizeof *plan);
    const struct migration *migration = model->migration;
    *plan = (struct plan){
        .format = 1,
        .name = migration->name,
        .digest = migration->digest,
        .schema = model->catalog->schema,
        .old_version = model->old_version,
        .new_version = model->new_version,
        .goal = head(migration, ANNOTATION_GOAL),
        .owner = head(migration, ANNOTATION_OWNER),
        .deadline = head(migration, ANNOTATION_DEADLINE),
        .note = head(migration, ANNOTATION_NOTE),
        .search_path =
            pg_identifier_list(model->arena, model->catalog->search_path, model->catalog->n_search_path),
        .server_version = model->catalog->server_version,
    };
    return plan;
}

static bool make_steps(struct steps *steps, struct error *err)
{
    if (!steps_check(steps, err) || !steps_expand(steps, err) || !steps_backfill(steps, err))
        return false;
    steps_verify(steps);
    steps_activate(steps);
    steps_contract(steps);
    return steps_fixes_contract(steps, err);
}

static bool make_model(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                       struct model **out, struct error *err)
{
    struct model *model = model_new(arena, migration, catalog);
    *out = model;
    if (!migration->n_changes) {
        refuse(model, (struct place){1, 1}, err, "the file holds no statement");
        return error_hint(err, "write the SQL that makes the final schema");
    }
    migration_mark_passing(migration, catalog->schema);
    return name_versions(model, err) &&
           types_read(arena, migration, catalog, model->new_version, &model->types, &model->migration, err) &&
           apply_changes(model, err) && shape_retype_columns(model, err) && bind_annotations(model, err) &&
           shape_tables(model, err) && statement_resolve(model, err) && marks_bind(model, err);
}

bool pg_plan(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
             struct plan **out, struct error *err)
{
    struct model *model;
    if (!make_model(arena, migration, catalog, &model, err))
        return false;
    if (!rebuild_choose(model, err))
        return false;
    struct steps steps = {.model = model, .arena = arena, .plan = new_plan(model)};
    if (!make_steps(&steps, err) || !beside_check_plan(&steps, err)) {
        /* Parse-tree edits know the text, not its place. */
        if (!err->where[0])
            error_where(err, "%s", migration->path);
        return false;
    }
    plan_notes(&steps);
    *out = steps.plan;
    return true;
}

bool pg_plan_views(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                   const char ***tables, size_t *n, struct error *err)
{
    struct model *model;
    *tables = NULL;
    *n = 0;
    if (!make_model(arena, migration, catalog, &model, err))
        return false;
    for (size_t i = 0; i < model->n_tables; i++) {
        if (model->tables[i].versioned && !model->tables[i].dropped)
            ARENA_PUSH(arena, *tables, *n, model->tables[i].name);
    }
    return true;
}
