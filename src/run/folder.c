/* A folder of migrations beside what the database has seen of them. */

#include <stdlib.h>
#include <string.h>

#include "migration/folder.h"
#include "run/verb_internal.h"

static bool is_applied(const struct state_migration *migration, const char *schema)
{
    return strcmp(migration->schema, schema) == 0 &&
           strcmp(migration->state, life_row(LIFE_ROLLED_BACK)->word) != 0;
}

static const struct state_migration *find_applied(const struct state_migration *past, size_t n,
                                                  const char *schema, const char *name)
{
    for (size_t i = n; i > 0; i--)
        if (is_applied(&past[i - 1], schema) && strcmp(past[i - 1].name, name) == 0)
            return &past[i - 1];
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct folder_entry *)a)->name, ((const struct folder_entry *)b)->name);
}

static bool has_file(const struct folder_file *files, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return true;
    return false;
}

static void count(struct run_folder *folder)
{
    bool behind_applied = false;
    for (size_t i = folder->n_entries; i > 0; i--) {
        struct folder_entry *entry = &folder->entries[i - 1];
        entry->out_of_order = !entry->applied && behind_applied;
        behind_applied = behind_applied || entry->applied;
        folder->n_pending += !entry->applied;
        folder->n_edited += entry->edited;
        folder->n_missing += !entry->path;
        folder->n_out_of_order += entry->out_of_order;
    }
}

static void compare(struct arena *arena, const char *schema, const struct folder_file *files, size_t n_files,
                    const struct state_migration *past, size_t n_past, struct run_folder *out)
{
    for (size_t i = 0; i < n_files; i++) {
        struct folder_entry entry = {.name = files[i].name, .path = files[i].path};
        entry.applied = find_applied(past, n_past, schema, entry.name);
        entry.edited = entry.applied && strcmp(entry.applied->digest, files[i].digest) != 0;
        ARENA_PUSH(arena, out->entries, out->n_entries, entry);
    }
    for (size_t i = 0; i < n_past; i++) {
        struct folder_entry entry = {.name = past[i].name, .applied = &past[i]};
        if (is_applied(&past[i], schema) && !has_file(files, n_files, past[i].name))
            ARENA_PUSH(arena, out->entries, out->n_entries, entry);
    }
    if (out->n_entries)
        qsort(out->entries, out->n_entries, sizeof *out->entries, by_name);
    count(out);
}

/* What the database has seen: what its baseline holds, then the migrations, which come first where both have a name. */
static bool read_past(const struct run_settings *settings, struct session *session, struct arena *arena,
                      struct state_migration **out, size_t *n, struct error *err)
{
    const struct engine *engine = settings->engine;
    struct state_migration *history;
    struct baseline baseline;
    size_t n_history;
    if (!engine->baseline_load(session, settings->schema, arena, &baseline, err) ||
        !engine->state_history(session, arena, &history, &n_history, err))
        return false;
    for (size_t i = 0; i < baseline.n_adopted; i++) {
        struct state_migration one = {.name = baseline.adopted[i].name,
                                      .digest = baseline.adopted[i].digest,
                                      .schema = settings->schema,
                                      .state = "adopted",
                                      .finished_at = baseline.made_at};
        ARENA_PUSH(arena, *out, *n, one);
    }
    for (size_t i = 0; i < n_history; i++)
        ARENA_PUSH(arena, *out, *n, history[i]);
    return true;
}

bool run_folder(const struct run_settings *settings, const char *folder, struct arena *arena,
                struct run_folder *out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct folder_file *files;
    struct state_migration *past = NULL;
    size_t n_files, n_past = 0;
    bool installed;
    *out = (struct run_folder){0};
    if (!folder_read(arena, folder, &files, &n_files, err) || !verb_session(settings, &session, err) ||
        !settings->engine->state_installed(session, &installed, err) ||
        (installed && !read_past(settings, session, arena, &past, &n_past, err)))
        return false;
    compare(arena, settings->schema, files, n_files, past, n_past, out);
    return true;
}

static void append_name(struct text *names, const char *name)
{
    text_printf(names, "%s%s", names->length ? ", " : "", name);
}

static bool refuse_edited(const struct run_folder *folder, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < folder->n_entries; i++)
        if (folder->entries[i].edited)
            append_name(&names, folder->entries[i].name);
    error_set(err, ERROR_REFUSED, "%zu file%s changed after it was applied: %s", folder->n_edited,
              folder->n_edited == 1 ? " was" : "s were", text_string(&names));
    return error_hint(
        err, "put the file back as it was and write the change into a new file; --edited takes it as it is");
}

static bool refuse_missing(const struct run_folder *folder, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < folder->n_entries; i++)
        if (!folder->entries[i].path)
            append_name(&names, folder->entries[i].name);
    error_set(err, ERROR_REFUSED, "%zu applied migration%s no file in the folder: %s", folder->n_missing,
              folder->n_missing == 1 ? " has" : "s have", text_string(&names));
    return error_hint(err, "is it the folder of this database? --missing goes on without");
}

static bool refuse_order(const struct run_folder *folder, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    const char *last = "";
    for (size_t i = 0; i < folder->n_entries; i++) {
        if (folder->entries[i].out_of_order)
            append_name(&names, folder->entries[i].name);
        if (folder->entries[i].applied)
            last = folder->entries[i].name;
    }
    error_set(err, ERROR_REFUSED, "%zu pending file%s before %s, which was applied: %s",
              folder->n_out_of_order, folder->n_out_of_order == 1 ? " stands" : "s stand", last,
              text_string(&names));
    return error_hint(err, "give it a later name; --out-of-order starts it all the same");
}

static bool check(const struct run_folder *folder, const struct folder_choice *choice, struct error *err)
{
    if (folder->n_edited && !choice->edited)
        return refuse_edited(folder, err);
    if (folder->n_missing && !choice->missing)
        return refuse_missing(folder, err);
    return !folder->n_out_of_order || choice->out_of_order || refuse_order(folder, err);
}

static bool is_state(const struct folder_entry *entry, enum life_state state)
{
    return entry->applied && strcmp(entry->applied->state, life_row(state)->word) == 0;
}

/* The file whose start was interrupted, else the first pending one. */
static const struct folder_entry *next_entry(const struct run_folder *folder)
{
    const struct folder_entry *next = NULL;
    for (size_t i = 0; i < folder->n_entries; i++) {
        const struct folder_entry *entry = &folder->entries[i];
        bool interrupted =
            entry->path && (is_state(entry, LIFE_EXPANDING) || is_state(entry, LIFE_BACKFILLING) ||
                            is_state(entry, LIFE_VERIFYING));
        if (interrupted)
            return entry;
        if (!entry->applied && !next)
            next = entry;
    }
    return next;
}

/* The one that was started first of those that are live or half completed. By name would not do: it may have been out of order. */
static const struct folder_entry *first_live(const struct run_folder *folder)
{
    const struct folder_entry *first = NULL;
    for (size_t i = 0; i < folder->n_entries; i++) {
        const struct folder_entry *entry = &folder->entries[i];
        bool live = is_state(entry, LIFE_ACTIVE) || is_state(entry, LIFE_COMPLETING);
        if (live && (!first || entry->applied->id < first->applied->id))
            first = entry;
    }
    return first;
}

/* One step towards the end; *done when nothing is left to do. */
static bool advance(const struct run_settings *settings, const struct run_folder *folder,
                    const struct folder_choice *choice, bool *done, struct error *err)
{
    const struct folder_entry *next = next_entry(folder);
    const struct folder_entry *live = choice->all ? first_live(folder) : NULL;
    *done = !next;
    if (!next) {
        verb_message(settings, "nothing is pending");
        return true;
    }
    if (live && !next->applied) {
        struct run_settings named = *settings;
        named.migration = live->name;
        verb_message(settings, "completing %s", live->name);
        return run_complete(&named, err);
    }
    size_t left = folder->n_pending - (next->applied ? 0 : 1);
    *done = !choice->all || left == 0;
    verb_message(settings, "starting %s", next->name);
    if (!run_start(settings, next->path, err))
        return false;
    if (*done && left)
        verb_message(settings, "pending after it: %zu", left);
    return true;
}

bool run_start_folder(const struct run_settings *settings, const char *folder,
                      const struct folder_choice *choice, struct error *err)
{
    for (bool done = false; !done;) {
        SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
        struct run_folder found;
        if (!run_folder(settings, folder, arena, &found, err) || !check(&found, choice, err) ||
            !advance(settings, &found, choice, &done, err))
            return false;
    }
    return true;
}
