/*
 * ALTER DOMAIN of a domain that columns have: both versions get it. What tightens is first compared with the rows, then
 * binds new values at once (NOT VALID), and is validated in the backfill. The server reads every table with the domain under
 * SHARE for that, which keeps writers out: such tables must be small (rewrite.h).
 */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/steps.h"

static const char *name_of(struct steps *steps, const struct schema_type *type)
{
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema, type->origin->name);
}

static bool has_domain(const struct steps *steps, const struct model_table *table, size_t column,
                       const struct schema_type *type)
{
    const struct model *model = steps->model;
    return table->origin && types_of_column(model->types, table->columns[column].origin) == type;
}

static bool is_taken(const char *name, const void *context)
{
    const struct steps *steps = context;
    const struct catalog *catalog = steps->model->catalog;
    for (size_t i = 0; i < catalog->n_types; i++) {
        for (size_t k = 0; k < catalog->types[i].n_constraints; k++) {
            if (strcmp(catalog->types[i].constraints[k].name, name) == 0)
                return true;
        }
    }
    return model_name_taken(steps->model, name);
}

static const char *constraint_name(struct steps *steps, const struct schema_type *type,
                                   const struct change *change)
{
    return change->object ? change->object
                          : pg_choose_name(steps->arena, type->origin->name, NULL, "check", is_taken, steps);
}

static const struct catalog_constraint *find_constraint(const struct schema_type *type, const char *name)
{
    for (size_t i = 0; i < type->origin->n_constraints; i++) {
        if (strcmp(type->origin->constraints[i].name, name) == 0)
            return &type->origin->constraints[i];
    }
    return NULL;
}

/* Locks of every table that the server reads for it. */
static void lock_tables(struct steps *steps, const struct schema_type *type)
{
    for (size_t t = 0; t < steps->model->n_tables; t++) {
        const struct model_table *table = &steps->model->tables[t];
        bool locks = false;
        for (size_t c = 0; c < table->n_columns; c++)
            locks = locks || has_domain(steps, table, c, type);
        if (locks)
            step_lock(steps, steps_real_name(steps, table), "SHARE");
    }
}

/* "VALUE > 0" about a column: "(count > 0)" */
static bool condition(struct steps *steps, const char *expr, const char *column, const char **out,
                      struct error *err)
{
    const struct rename rename = {"value", column};
    if (!sql_expr_rename(steps->arena, expr, &rename, 1, out, err))
        return false;
    *out = pg_format(steps->arena, "(%s) IS FALSE", *out);
    return true;
}

/* "CHECK ((VALUE > 0)) NOT VALID" without its words. */
static const char *expression(struct steps *steps, const char *definition)
{
    const char *open = strchr(definition, '('), *close = strrchr(definition, ')');
    return open && close ? arena_strndup(steps->arena, open, (size_t)(close - open) + 1) : "true";
}

/* What reads every row of the domain's tables, now or on the way back. */
static bool reads_rows(const struct schema_type *type, const struct change *change)
{
    const struct catalog_constraint *constraint =
        change->object ? find_constraint(type, change->object) : NULL;
    switch (change->kind) {
    case CHANGE_DOMAIN_ADD_CHECK: return !change->not_valid;
    case CHANGE_DOMAIN_DROP_CONSTRAINT: return constraint && constraint->valid;
    case CHANGE_DOMAIN_VALIDATE:
    case CHANGE_DOMAIN_NOT_NULL: return true;
    default: return false;
    }
}

static bool check_column(struct steps *steps, const struct schema_type *type, const struct change *change,
                         const struct model_table *table, const struct model_column *column,
                         struct error *err)
{
    struct arena *arena = steps->arena;
    const char *bad = NULL, *what = change->object ? change->object : type->origin->name;
    if (column->origin->type_is_array)
        return refuse(steps->model, change->place, err,
                      "domain \"%s\" cannot be changed: column \"%s\" of table \"%s\" is an array of it",
                      type->origin->name, column->origin->name, table->origin->name);
    if (reads_rows(type, change) &&
        !rewrite_read_allowed(steps->model, table, change->place, "ALTER DOMAIN", err))
        return false;
    const struct catalog_constraint *constraint =
        change->object ? find_constraint(type, change->object) : NULL;
    if (change->kind == CHANGE_DOMAIN_ADD_CHECK && !change->not_valid) {
        if (!condition(steps, change->expr, column->origin->name, &bad, err))
            return false;
    } else if (change->kind == CHANGE_DOMAIN_VALIDATE && constraint) {
        if (!condition(steps, expression(steps, constraint->definition), column->origin->name, &bad, err))
            return false;
    } else if (change->kind == CHANGE_DOMAIN_NOT_NULL && change->not_null) {
        bad = pg_format(arena, "%I IS NULL", column->origin->name);
    }
    if (bad)
        steps_check_rows(
            steps, table, what,
            arena_printf(arena, "the rows of %s satisfy domain %s", table->origin->name, type->origin->name),
            bad,
            arena_printf(arena, "%%s rows of %s have a value in \"%s\" that domain \"%s\" will not allow",
                         table->origin->name, column->origin->name, type->origin->name),
            "mend these rows first");
    return true;
}

static bool check_alter(struct steps *steps, const struct schema_type *type, const struct change *change,
                        struct error *err)
{
    bool named = change->kind == CHANGE_DOMAIN_DROP_CONSTRAINT || change->kind == CHANGE_DOMAIN_VALIDATE ||
                 change->kind == CHANGE_DOMAIN_RENAME_CONSTRAINT;
    if (named && !change->if_not && !find_constraint(type, change->object))
        return refuse(steps->model, change->place, err, "constraint \"%s\" of domain \"%s\" does not exist",
                      change->object, type->origin->name);
    for (size_t t = 0; t < steps->model->n_tables; t++) {
        const struct model_table *table = &steps->model->tables[t];
        for (size_t c = 0; c < table->n_columns; c++) {
            if (has_domain(steps, table, c, type) &&
                !check_column(steps, type, change, table, &table->columns[c], err))
                return false;
        }
    }
    return true;
}

bool steps_check_domains(struct steps *steps, struct error *err)
{
    for (size_t i = 0; i < steps->model->types->n; i++) {
        const struct schema_type *type = &steps->model->types->list[i];
        if (!type->origin || type->kind != 'd' || type->replaced || type->dropped)
            continue;
        for (size_t k = 0; k < type->n_shared; k++) {
            if (!check_alter(steps, type, type->shared[k], err))
                return false;
        }
    }
    return true;
}

static bool has_long_table(struct steps *steps, const struct schema_type *type)
{
    for (size_t t = 0; t < steps->model->n_tables; t++) {
        const struct model_table *table = &steps->model->tables[t];
        for (size_t c = 0; rewrite_may_be_long(steps->model, table) && c < table->n_columns; c++) {
            if (has_domain(steps, table, c, type))
                return true;
        }
    }
    return false;
}

static struct step *begin(struct steps *steps, enum plan_phase phase, const struct schema_type *type,
                          const char *what, const char *title)
{
    struct step *step =
        step_begin(steps, phase, STEP_TRANSACTION, type->origin->name, what,
                   arena_printf(steps->arena, "%s %s for both versions", title, type->origin->name));
    step->duration = has_long_table(steps, type) ? DURATION_HELD : DURATION_INSTANT;
    return step;
}

static void add_check(struct steps *steps, const struct schema_type *type, const struct change *change)
{
    const char *domain = name_of(steps, type), *name = constraint_name(steps, type, change);
    struct step *step = begin(steps, PHASE_EXPAND, type, "check", "add a constraint to domain");
    step->flags = STEP_NO_LOCKS;
    step_why(steps, "a value that either version writes must satisfy it from now on");
    step_act(steps, pg_format(steps->arena, "ALTER DOMAIN %s ADD CONSTRAINT %I CHECK (%s) NOT VALID", domain,
                              name, change->expr));
    step_undo(steps, pg_format(steps->arena, "ALTER DOMAIN %s DROP CONSTRAINT IF EXISTS %I", domain, name));
}

static void drop_constraint(struct steps *steps, const struct schema_type *type, const struct change *change)
{
    struct arena *arena = steps->arena;
    const char *domain = name_of(steps, type);
    const struct catalog_constraint *constraint = find_constraint(type, change->object);
    if (!constraint)
        return;
    struct step *step = begin(steps, PHASE_EXPAND, type, "drop-constraint", "drop a constraint of domain");
    step_act(steps, pg_format(arena, "ALTER DOMAIN %s DROP CONSTRAINT %I", domain, constraint->name));
    step_undo(steps, pg_format(arena, "ALTER DOMAIN %s ADD CONSTRAINT %I %s", domain, constraint->name,
                               constraint->definition));
    if (constraint->comment)
        step_undo(steps, pg_format(arena, "COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L", constraint->name,
                                   domain, constraint->comment));
    if (constraint->valid)
        lock_tables(steps, type);
    else
        step->flags = STEP_NO_LOCKS;
}

static void set_not_null(struct steps *steps, const struct schema_type *type, const struct change *change)
{
    const char *domain = name_of(steps, type);
    if (type->origin->not_null == change->not_null)
        return;
    begin(steps, PHASE_EXPAND, type, "not-null",
          change->not_null ? "SET NOT NULL of domain" : "DROP NOT NULL of domain");
    step_act(steps, pg_format(steps->arena, "ALTER DOMAIN %s %s NOT NULL", domain,
                              change->not_null ? "SET" : "DROP"));
    step_undo(steps, pg_format(steps->arena, "ALTER DOMAIN %s %s NOT NULL", domain,
                               change->not_null ? "DROP" : "SET"));
    lock_tables(steps, type);
}

void steps_expand_domain(struct steps *steps, const struct schema_type *type)
{
    for (size_t i = 0; type->kind == 'd' && i < type->n_shared; i++) {
        const struct change *change = type->shared[i];
        switch (change->kind) {
        case CHANGE_DOMAIN_ADD_CHECK: add_check(steps, type, change); break;
        case CHANGE_DOMAIN_DROP_CONSTRAINT: drop_constraint(steps, type, change); break;
        case CHANGE_DOMAIN_NOT_NULL: set_not_null(steps, type, change); break;
        default: break;
        }
    }
}

static void validate(struct steps *steps, const struct schema_type *type, const char *name,
                     const struct catalog_constraint *was)
{
    struct arena *arena = steps->arena;
    const char *domain = name_of(steps, type);
    begin(steps, PHASE_BACKFILL, type, "validate", "validate a constraint of domain");
    step_why(steps, "the server reads the tables that have it, while nobody writes them: they are small");
    step_act(steps, pg_format(arena, "ALTER DOMAIN %s VALIDATE CONSTRAINT %I", domain, name));
    if (was) {
        step_undo(steps, pg_format(arena, "ALTER DOMAIN %s DROP CONSTRAINT %I", domain, name));
        step_undo(steps,
                  pg_format(arena, "ALTER DOMAIN %s ADD CONSTRAINT %I %s", domain, name, was->definition));
        if (was->comment)
            step_undo(steps, pg_format(arena, "COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L", name, domain,
                                       was->comment));
    }
    lock_tables(steps, type);
}

void steps_backfill_domains(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->types->n; i++) {
        const struct schema_type *type = &steps->model->types->list[i];
        if (!type->origin || type->kind != 'd' || type->replaced || type->dropped)
            continue;
        for (size_t k = 0; k < type->n_shared; k++) {
            const struct change *change = type->shared[k];
            if (change->kind == CHANGE_DOMAIN_ADD_CHECK && !change->not_valid)
                validate(steps, type, constraint_name(steps, type, change), NULL);
            const struct catalog_constraint *constraint =
                change->kind == CHANGE_DOMAIN_VALIDATE ? find_constraint(type, change->object) : NULL;
            if (constraint && !constraint->valid)
                validate(steps, type, change->object, constraint);
        }
    }
}

/* What no value depends on. */
void steps_contract_domains(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->types->n; i++) {
        const struct schema_type *type = &steps->model->types->list[i];
        if (!type->origin || type->kind == 'e' || type->replaced || type->dropped)
            continue;
        for (size_t k = 0; k < type->n_shared; k++) {
            const struct change *change = type->shared[k];
            if (change->kind != CHANGE_DOMAIN_DEFAULT && change->kind != CHANGE_DOMAIN_RENAME_CONSTRAINT &&
                change->kind != CHANGE_TYPE_ATTRIBUTE)
                continue;
            struct step *step = begin(steps, PHASE_CONTRACT, type, "alter", "change type");
            step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
            step_act(steps, types_statement(steps->model->types, type, change, name_of(steps, type)));
        }
    }
}
