/* segue baseline: a database that was there before segue is adopted. */

#include <string.h>
#include <strings.h>

#include "migration/folder.h"
#include "run/verb_internal.h"

static const char ending[] = ".sql";

/* Where the path's folder ends and its name begins. */
static void split_path(struct arena *arena, const char *path, const char **folder, const char **name)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    size_t length = strlen(file);
    if (length > strlen(ending) && strcasecmp(file + length - strlen(ending), ending) == 0)
        length -= strlen(ending);
    *folder = slash ? arena_strndup(arena, path, (size_t)(slash - path) + 1) : ".";
    *name = arena_strndup(arena, file, length);
}

/* The folder's files up to the named one. */
static bool adopt(struct arena *arena, const char *upto, struct baseline *out, struct error *err)
{
    const char *folder, *name;
    struct folder_file *files;
    size_t n, last = 0;
    split_path(arena, upto, &folder, &name);
    if (!folder_read(arena, folder, &files, &n, err))
        return false;
    while (last < n && strcmp(files[last].name, name) != 0)
        last++;
    if (last == n) {
        error_set(err, ERROR_REFUSED, "folder %s has no migration %s", folder, name);
        return error_hint(err, "its first one is %s, its last one %s", files[0].name, files[n - 1].name);
    }
    for (size_t i = 0; i <= last; i++) {
        struct adopted one = {.name = files[i].name, .digest = files[i].digest};
        ARENA_PUSH(arena, out->adopted, out->n_adopted, one);
    }
    return true;
}

static bool refuse_there(const struct baseline *there, struct error *err)
{
    error_set(err, ERROR_REFUSED, "schema %s has a baseline already, of %s", there->schema, there->made_at);
    error_detail(err, "made by %s, fingerprint %.16s, with %zu migration%s that %s as applied",
                 there->made_by, there->fingerprint, there->n_adopted, there->n_adopted == 1 ? "" : "s",
                 there->n_adopted == 1 ? "counts" : "count");
    return error_hint(
        err, "--again records it anew, with the migrations that --upto says then; --check compares with it");
}

/* While a migration is under way the schema has the shape of no version alone. */
static bool is_at_rest(const struct run_settings *settings, struct session *session, struct arena *arena,
                       struct error *err)
{
    struct state_migration *live;
    size_t n;
    if (!settings->engine->state_live(session, arena, false, &live, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(live[i].schema, settings->schema) != 0)
            continue;
        error_set(err, ERROR_REFUSED, "migration %s is under way (%s)", live[i].name, live[i].state);
        return error_hint(
            err, "segue complete or segue rollback ends it; between migrations a baseline can be made");
    }
    return true;
}

/* What segue has applied itself counts as that. */
static bool leave_out_own(const struct run_settings *settings, struct session *session, struct arena *arena,
                          struct baseline *out, struct error *err)
{
    struct state_migration *past;
    size_t n, kept = 0;
    if (!settings->engine->state_history(session, arena, &past, &n, err))
        return false;
    for (size_t i = 0; i < out->n_adopted; i++) {
        bool own = false;
        for (size_t k = 0; k < n; k++)
            own = own || (strcmp(past[k].schema, settings->schema) == 0 &&
                          strcmp(past[k].name, out->adopted[i].name) == 0 &&
                          strcmp(past[k].state, life_row(LIFE_COMPLETED)->word) == 0);
        if (!own)
            out->adopted[kept++] = out->adopted[i];
    }
    out->n_adopted = kept;
    return true;
}

/* With the lock held that lets nobody start a migration meanwhile. */
static bool record(const struct run_settings *settings, struct session *session, bool again,
                   struct arena *arena, struct baseline *out, struct error *err)
{
    const struct engine *engine = settings->engine;
    struct baseline there;
    struct baseline now;
    if (!is_at_rest(settings, session, arena, err) ||
        !engine->baseline_load(session, settings->schema, arena, &there, err))
        return false;
    if (there.there && !again)
        return refuse_there(&there, err);
    if (!leave_out_own(settings, session, arena, out, err) ||
        !engine->baseline_look(session, settings->schema, arena, &now, err))
        return false;
    now.adopted = out->adopted;
    now.n_adopted = out->n_adopted;
    *out = now;
    return engine->baseline_store(session, out, again, err);
}

bool run_baseline(const struct run_settings *settings, const char *upto, bool again, struct arena *arena,
                  struct baseline *out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    *out = (struct baseline){.schema = settings->schema};
    /* What may be refused is, before the state is made. */
    return (!upto || adopt(arena, upto, out, err)) && verb_session(settings, &session, err) &&
           settings->engine->baseline_look(session, settings->schema, arena, &(struct baseline){0}, err) &&
           run_init(settings, err) &&
           settings->engine->lock_migration(session, 0, &(struct backend){0}, err) &&
           record(settings, session, again, arena, out, err);
}

bool run_baseline_check(const struct run_settings *settings, struct arena *arena, struct baseline *out,
                        const char ***lines, size_t *n, struct error *err)
{
    const struct engine *engine = settings->engine;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct baseline now;
    bool installed;
    *out = (struct baseline){0};
    if (!verb_session(settings, &session, err) || !engine->state_installed(session, &installed, err) ||
        (installed && !engine->baseline_load(session, settings->schema, arena, out, err)))
        return false;
    if (!out->there) {
        error_set(err, ERROR_REFUSED, "schema %s has no baseline", settings->schema);
        return error_hint(err, "segue baseline makes one");
    }
    return is_at_rest(settings, session, arena, err) &&
           engine->baseline_look(session, settings->schema, arena, &now, err) &&
           engine->baseline_compare(session, &now, arena, lines, n, err);
}
