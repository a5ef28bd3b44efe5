/* How a statement of expand is taken back. */
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/planner/statement.h"

/* Whether what a statement makes is there already, so that its undo must leave it alone. */
static bool is_there(const struct model *model, const struct statement_def *def)
{
    const struct catalog *catalog = model->catalog;
    const char *name = def->subjects[0].name.name;
    switch (def->object) {
    case OBJECT_SCHEMA: return name_is_among(catalog->schemas, catalog->n_schemas, name);
    case OBJECT_EXTENSION: return name_is_among(catalog->extensions, catalog->n_extensions, name);
    case OBJECT_FUNCTION: return catalog_function(catalog, name, def->n_arguments) != NULL;
    default: return name_is_among(catalog->relation_names, catalog->n_relation_names, name);
    }
}

static const char *drop_of(struct model *model, const struct change *change)
{
    const struct statement_def *def = change->statement;
    struct arena *arena = model->arena;
    struct name name = def->subjects[0].name;
    const char *schema = name.schema ? name.schema : model->catalog->schema;
    const char *own =
        name.schema ? pg_format(arena, "%Q", schema, name.name) : pg_format(arena, "%I", name.name);
    const char *table =
        change->table.name
            ? pg_format(arena, "%Q", change->table.schema ? change->table.schema : model->catalog->schema,
                        change->table.name)
            : NULL;
    switch (def->object) {
    case OBJECT_SCHEMA: return pg_format(arena, "DROP SCHEMA IF EXISTS %I", name.name);
    case OBJECT_EXTENSION: return pg_format(arena, "DROP EXTENSION IF EXISTS %I", name.name);
    case OBJECT_SEQUENCE: return pg_format(arena, "DROP SEQUENCE IF EXISTS %s", own);
    case OBJECT_VIEW: return pg_format(arena, "DROP VIEW IF EXISTS %s", own);
    case OBJECT_MATERIALIZED_VIEW: return pg_format(arena, "DROP MATERIALIZED VIEW IF EXISTS %s", own);
    case OBJECT_FUNCTION: return pg_format(arena, "DROP ROUTINE IF EXISTS %s%s", own, def->signature);
    case OBJECT_STATISTICS: return pg_format(arena, "DROP STATISTICS IF EXISTS %s", own);
    case OBJECT_PUBLICATION: return pg_format(arena, "DROP PUBLICATION IF EXISTS %I", name.name);
    case OBJECT_TRIGGER: return pg_format(arena, "DROP TRIGGER IF EXISTS %I ON %s", name.name, table);
    case OBJECT_POLICY: return pg_format(arena, "DROP POLICY IF EXISTS %I ON %s", name.name, table);
    default: return NULL;
    }
}

/* What the file does to an object that it made in expand goes with the object. */
static bool goes_with_its_object(const struct model *model, const struct statement_def *def)
{
    for (size_t i = 0; i < model->n_statements && def->n_subjects; i++) {
        const struct model_statement *other = &model->statements[i];
        const struct statement_def *made = other->change->statement;
        if (other->stage == STAGE_EXPAND && made->n_subjects && other->undo &&
            (made->object == def->object || def->object == OBJECT_OTHER) &&
            strcmp(made->subjects[0].name.name, def->subjects[0].name.name) == 0)
            return true;
    }
    return false;
}

bool statement_undo(struct model *model, const struct change *change, const char **undo, struct error *err)
{
    const struct statement_def *def = change->statement;
    const struct annotation *annotation = statement_annotation(model, change, ANNOTATION_UNDO);
    *undo = NULL;
    if (annotation) {
        *undo = annotation->object ? NULL : annotation->expr;
        return true;
    }
    bool makes = (def->verb == VERB_CREATE || def->verb == VERB_REPLACE) && def->n_subjects;
    if (makes && is_there(model, def)) {
        if (def->if_not)
            return true; /* it does nothing */
    } else if (makes) {
        *undo = drop_of(model, change);
    }
    if (*undo || goes_with_its_object(model, def))
        return true;
    refuse(model, change->place, err, "segue does not know how to take %s back, should it be rolled back",
           def->what);
    return error_hint(err, "write above it \"-- segue: undo <sql>\", or \"-- segue: undo none because "
                           "\"\"…\"\"\" where nothing has to be taken back");
}
