/* The new version's copy of a statement, tried over views: while both versions live, it reads these in the place of tables. */
#include <string.h>

#include "base/compare.h"
#include "postgres/check_statement.h"
#include "postgres/format.h"

/* Whether the new version has a copy of it over its views. */
static bool is_copied(const struct check_run *run, const struct change *change)
{
    const struct statement_def *def = change->statement;
    bool function = def->object == OBJECT_FUNCTION && def->bound &&
                    !catalog_function(run->catalog, def->subjects[0].name.name, def->n_arguments);
    return !statement_marked_contract(run->migration, change) && (def->object == OBJECT_VIEW || function);
}

/* Puts views in the place of the twins that the statement names; *any: there are some. */
static bool hide_twins(struct statement_trial *trial, const struct change *change, bool *any,
                       struct error *err)
{
    struct check_run *run = trial->run;
    const struct statement_def *def = change->statement;
    const char **hidden = NULL;
    size_t n = 0;
    for (size_t i = 0; i < def->n_mentions; i++) {
        const char *name = def->mentions[i].name.name;
        if (name_is_among(hidden, n, name) || !name_is_among(trial->twins, trial->n_twins, name) ||
            !name_is_among(trial->seen, trial->n_seen, name))
            continue;
        ARENA_PUSH(run->arena, hidden, n, name);
        const char *under = check_scratch_name(run, name).name;
        if (!session_run(run->session,
                         pg_format(run->arena,
                                   "ALTER TABLE %Q RENAME TO %I; CREATE VIEW %Q AS SELECT * FROM %Q",
                                   TRIAL_SCHEMA, name, under, TRIAL_SCHEMA, name, TRIAL_SCHEMA, under),
                         err))
            return false;
    }
    *any = n > 0;
    return true;
}

/* While both versions live, the new one's copy reads views, which have no keys and no system columns. found: what the server says of
 * it over views; no SQLSTATE: nothing. */
bool statement_try_copy(struct statement_trial *trial, const struct change *change, const char *sql,
                        struct error *found, struct error *err)
{
    bool any = false;
    *found = (struct error){0};
    if (!is_copied(trial->run, change))
        return true;
    if (!check_try_begin(trial->run, err) || !hide_twins(trial, change, &any, err))
        return false;
    if (any && session_run(trial->run->session, sql, found))
        *found = (struct error){0};
    return check_try_end(trial->run, false, err);
}

/* What psql takes over tables, and a copy over views is refused. */
bool statement_refuse_copy(struct statement_trial *trial, const struct change *change,
                           const struct error *found, struct error *err)
{
    if (!found->sqlstate[0])
        return true;
    *err = *found;
    check_refuse(trial->run, change->place, err);
    check_scratch_unname(err);
    if (err->class != ERROR_REFUSED)
        return false;
    error_detail(err,
                 "While both versions live, the new one sees a view in the place of each table that the file "
                 "changes: it has no key, no constraint and no system column.");
    return error_hint(err,
                      strcmp(found->sqlstate, "42803") == 0
                          ? "write all columns in GROUP BY, or make it at complete: -- segue: phase contract"
                          : "make it at complete: -- segue: phase contract");
}
