/* What statements name must be there, because at `complete` it is too late to find out. */
#include <stdint.h>
#include <string.h>

#include "base/compare.h"
#include "base/text.h"
#include "postgres/planner/statement.h"

static bool outside(const struct model *model, struct name name)
{
    return name.schema && strcmp(name.schema, model->catalog->schema) != 0;
}

/* What the statements above say of an object: whether one makes it, takes it away, or changes one of its kind, perhaps its name. */
struct above {
    bool made, dropped, altered;
};

static struct above look_above(const struct model *model, const struct model_statement *statement,
                               enum statement_object object, const char *name)
{
    struct above above = {0};
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct model_statement *other = &model->statements[i];
        const struct statement_def *def = other->change->statement;
        bool of_table = object == OBJECT_TRIGGER || object == OBJECT_POLICY;
        if (def->object != object || (of_table && other->table != statement->table))
            continue;
        above.altered = above.altered || def->verb == VERB_ALTER;
        for (size_t n = 0; n < def->n_subjects; n++) {
            bool same = strcmp(def->subjects[n].name.name, name) == 0;
            above.made = above.made || (same && (def->verb == VERB_CREATE || def->verb == VERB_REPLACE));
            /* ALTER PUBLICATION … DROP TABLE drops no publication. */
            above.dropped = above.dropped || (same && strncmp(def->what, "DROP", 4) == 0);
        }
    }
    return above;
}

/* Whether the catalog has it; *known: false where it cannot say. */
static bool in_catalog(const struct model *model, const struct model_statement *statement,
                       enum statement_object object, struct name name, bool *known)
{
    const struct catalog *catalog = model->catalog;
    const struct table *origin = statement->table == SIZE_MAX ? NULL : model->tables[statement->table].origin;
    *known = origin || object == OBJECT_STATISTICS || object == OBJECT_PUBLICATION;
    if (object == OBJECT_PUBLICATION)
        return name_is_among(catalog->publications, catalog->n_publications, name.name);
    if (object == OBJECT_POLICY && origin)
        return name_is_among(origin->policies, origin->n_policies, name.name);
    for (size_t i = 0; object == OBJECT_TRIGGER && origin && i < origin->n_triggers; i++) {
        if (strcmp(origin->triggers[i].name, name.name) == 0)
            return true;
    }
    for (size_t t = 0; object == OBJECT_STATISTICS && t < catalog->n_tables; t++) {
        for (size_t i = 0; i < catalog->tables[t].n_statistics; i++) {
            if (strcmp(catalog->tables[t].statistics[i].name, name.name) == 0)
                return true;
        }
    }
    return false;
}

static const char *word_of(enum statement_object object)
{
    switch (object) {
    case OBJECT_TRIGGER: return "trigger";
    case OBJECT_POLICY: return "policy";
    case OBJECT_STATISTICS: return "statistics object";
    case OBJECT_PUBLICATION: return "publication";
    default: return NULL;
    }
}

static bool check_object(const struct model *model, const struct model_statement *statement,
                         enum statement_object object, struct name name, struct error *err)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    bool known;
    bool there = in_catalog(model, statement, object, name, &known);
    struct above above = look_above(model, statement, object, name.name);
    const char *word = word_of(object);
    bool makes = def->object == object && def->verb == VERB_CREATE;
    if (!known || outside(model, name) || above.altered || def->if_not || def->verb == VERB_REPLACE)
        return true;
    if (makes && (there || above.made) && !above.dropped)
        return refuse(model, change->place, err, "%s \"%s\" already exists", word, name.name);
    if (makes || (there && !above.dropped) || above.made)
        return true;
    refuse(model, change->place, err, "%s \"%s\" does not exist", word, name.name);
    return error_hint(err, "check the name%s", change->table.name ? " and the table's" : "");
}

/* CLUSTER ON an index, ENABLE TRIGGER: the name stands in the clause. */
static bool check_clause(struct model *model, const struct model_statement *statement, struct error *err)
{
    const struct change *change = statement->change;
    if (!change->object || change->statement->rewrites || statement->table == SIZE_MAX)
        return true;
    if (strncmp(change->statement->lock, "SHARE UPDATE", 12) != 0)
        return check_object(model, statement, OBJECT_TRIGGER, (struct name){NULL, change->object}, err);
    struct model_table *table = NULL;
    if (model_index(model, change->object, &table) && table == &model->tables[statement->table])
        return true;
    return refuse(model, change->place, err, "index \"%s\" for table \"%s\" does not exist", change->object,
                  model->tables[statement->table].name);
}

/* DROP VIEW without CASCADE: what rests on the view must be gone before. */
static bool check_dropped_view(const struct model *model, const struct model_statement *statement,
                               struct error *err)
{
    const struct change *change = statement->change;
    const struct statement_def *def = change->statement;
    SEGUE_CLEANUP(text_free) struct text found = {0};
    for (size_t n = 0; n < def->n_subjects; n++) {
        const struct catalog_view *view = outside(model, def->subjects[n].name)
                                              ? NULL
                                              : catalog_view(model->catalog, def->subjects[n].name.name);
        for (size_t i = 0; view && i < view->n_dependents; i++) {
            bool together = false;
            for (size_t k = 0; k < def->n_subjects; k++)
                together = together || strcmp(def->subjects[k].name.name, view->dependents[i].object) == 0;
            if (!together && !statement_drops(model, &view->dependents[i], change))
                text_printf(&found, "%s%s %s", found.length ? "\n" : "", view->dependents[i].kind,
                            view->dependents[i].name);
        }
    }
    if (!found.length)
        return true;
    refuse(model, change->place, err, "view \"%s\" cannot be dropped: other objects depend on it",
           def->subjects[0].name.name);
    error_detail(err, "%s", found.data);
    return error_hint(err, "drop these first, above this statement");
}

bool statement_check(struct model *model, const struct model_statement *statement, struct error *err)
{
    const struct statement_def *def = statement->change->statement;
    bool view = def->object == OBJECT_VIEW || def->object == OBJECT_MATERIALIZED_VIEW;
    if (def->object == OBJECT_TABLE)
        return check_clause(model, statement, err);
    if (view && def->verb == VERB_DROP)
        return check_dropped_view(model, statement, err);
    for (size_t i = 0; word_of(def->object) && i < def->n_subjects; i++) {
        if (!check_object(model, statement, def->object, def->subjects[i].name, err))
            return false;
    }
    return true;
}
