/* Types: the new version's are made before its columns; at `complete` they take their places. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/steps.h"

static const char *origin_name(struct steps *steps, const struct schema_type *type)
{
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema, type->origin->name);
}

static const char *final_name(struct steps *steps, const struct schema_type *type)
{
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema, type->name);
}

static void create_type(struct steps *steps, const struct schema_type *type)
{
    const char **statements = NULL;
    size_t n = 0;
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, type->name, "type",
                                   arena_printf(steps->arena, "create type %s", type->physical));
    step->flags = STEP_NO_LOCKS;
    if (type->replaced)
        step_why(steps, "both versions go on with their own: the new one gets a type of its own");
    else if (type->moves)
        step_why(steps, "the name is still the old version's type: this one moves at complete");
    types_create(steps->model->types, type, &statements, &n);
    for (size_t i = 0; i < n; i++)
        step_act(steps, statements[i]);
    step_undo(steps, pg_format(steps->arena, "DROP %s IF EXISTS %s", type->kind == 'd' ? "DOMAIN" : "TYPE",
                               type->physical));
}

static void shared_label(struct steps *steps, const struct schema_type *type, const struct change *change)
{
    bool adds = change->kind == CHANGE_ADD_ENUM_VALUE;
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, type->name, "value",
                                   arena_printf(steps->arena, "%s a value %s type %s for both versions",
                                                adds ? "add" : "rename", adds ? "to" : "of", type->name));
    step->flags = STEP_NO_LOCKS;
    step_why(steps, adds ? "marked phase expand; the value stays after a rollback" : "marked phase expand");
    step_act(steps, change->sql);
    if (!adds)
        step_undo(steps, pg_format(steps->arena, "ALTER TYPE %s RENAME VALUE %L TO %L",
                                   origin_name(steps, type), change->new_name, change->object));
}

void steps_expand_types(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->types->n; i++) {
        const struct schema_type *type = &steps->model->types->list[i];
        if ((!type->origin && !type->dropped) || type->replaced)
            create_type(steps, type);
        if (type->origin && !type->replaced && !type->dropped)
            steps_expand_domain(steps, type);
        for (size_t k = 0; type->origin && type->kind == 'e' && k < type->n_shared; k++)
            shared_label(steps, type, type->shared[k]);
    }
}

/* A replacement gets what does not come with its definition. */
static void finish_replacement(struct steps *steps, const struct schema_type *type)
{
    struct arena *arena = steps->arena;
    const char *name = final_name(steps, type);
    if (strcmp(type->origin->owner, steps->model->catalog->user) != 0)
        step_act(steps, pg_format(arena, "ALTER TYPE %s OWNER TO %I", name, type->origin->owner));
    if (type->origin->comment && !type->comment)
        step_act(steps, pg_format(arena, "COMMENT ON TYPE %s IS %L", name, type->origin->comment));
    for (size_t i = 0; i < type->origin->n_constraints; i++) {
        const struct catalog_constraint *constraint = &type->origin->constraints[i];
        if (constraint->comment)
            step_act(steps, pg_format(arena, "COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L", constraint->name,
                                      name, constraint->comment));
    }
}

/* One transaction: at no moment is a name missing that either was there before or is there afterwards. */
static void place_types(struct steps *steps)
{
    struct arena *arena = steps->arena;
    const struct types *types = steps->model->types;
    const char *schema = steps->model->catalog->schema;
    bool any = false;
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        any = any || type->moves || type->dropped ||
              (type->origin && strcmp(type->name, type->origin->name) != 0);
    }
    if (!any)
        return;
    struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, NULL, "types",
                                   "give the types their final names");
    step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        if (type->origin && (type->dropped || type->replaced))
            step_act(steps, pg_format(arena, "DROP TYPE %s", origin_name(steps, type)));
    }
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        if (type->origin && !type->dropped && !type->replaced && strcmp(type->name, type->origin->name) != 0)
            step_act(steps,
                     pg_format(arena, "ALTER TYPE %s RENAME TO %I", origin_name(steps, type), type->name));
    }
    for (size_t i = 0; i < types->n; i++) {
        const struct schema_type *type = &types->list[i];
        if (!type->moves || type->dropped)
            continue;
        step_act(steps, pg_format(arena, "ALTER TYPE %s SET SCHEMA %I", type->physical, schema));
        if (type->replaced && type->origin)
            finish_replacement(steps, type);
    }
}

void steps_contract_types(struct steps *steps)
{
    steps_contract_domains(steps);
    place_types(steps);
    for (size_t i = 0; i < steps->model->types->n; i++) {
        const struct schema_type *type = &steps->model->types->list[i];
        if (!type->comment || type->dropped)
            continue;
        struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, type->name, "comment",
                                       arena_printf(steps->arena, "comment on type %s", type->name));
        step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
        step_act(steps, pg_format(steps->arena, "COMMENT ON TYPE %s IS %L", final_name(steps, type),
                                  type->comment->expr));
    }
}
