/* One statement asked of both versions, in transactions that see the same. */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/bind.h"
#include "gateway/comparer_internal.h"

enum { TIMEOUT_MS = 2000, ROWS_MAX = 10000, BYTES_MAX = 4 * 1024 * 1024, PLANS = 3 };

/* What a sum of floating-point numbers may change by when it is taken in another order. */
static const double TOLERANCE = 1e-9;

struct trial {
    struct comparer *comparer;
    const struct sample *sample;
    const struct known_text *text;
    const struct version *version; /* the new one */
    struct pair *pair;
    const struct named_text *named;
    struct arena *arena;
    struct asked asked;
    struct asking asking;
    char snapshot[64];
    struct answer current, new;
    struct answer_rules rules;
};

static void skip(struct comparer *comparer, enum skip why)
{
    (void)atomic_fetch_add_explicit(&comparer->skipped[why], 1, memory_order_relaxed);
}

/* --- Sessions --- */

static void close_pair(struct pair *pair)
{
    session_close(pair->current);
    session_close(pair->new);
    session_close(pair->again);
    names_free(&pair->names);
    free(pair->path);
    free(pair->new_path);
    *pair = (struct pair){0};
}

void comparer_close_pairs(struct comparer *comparer)
{
    for (size_t i = 0; i < PAIRS_MAX; i++)
        close_pair(&comparer->pairs[i]);
}

static char *copy(const char *string)
{
    size_t n = strlen(string) + 1;
    return memcpy(memory_alloc(n), string, n);
}

bool comparer_open(const struct comparer *comparer, const char *path, struct session **out, struct error *err)
{
    const struct session_settings how = {.url = comparer->settings->url,
                                         .application_name = "segue gateway comparing",
                                         .user = comparer->settings->compare_role,
                                         .search_path = path};
    return comparer->settings->engine->open(&how, out, err);
}

/* That of these paths; else the one that was not used for longest makes room. */
static bool get_pair(struct comparer *comparer, const char *path, const char *new_path, struct pair **out,
                     struct error *err)
{
    struct pair *pair = NULL, *oldest = &comparer->pairs[0];
    for (size_t i = 0; i < PAIRS_MAX && !pair; i++) {
        struct pair *one = &comparer->pairs[i];
        if (one->path && strcmp(one->path, path) == 0 && strcmp(one->new_path, new_path) == 0)
            pair = one;
        if (one->used < oldest->used)
            oldest = one;
    }
    if (!pair) {
        pair = oldest;
        close_pair(pair);
        pair->path = copy(path);
        pair->new_path = copy(new_path);
        if (!comparer_open(comparer, path, &pair->current, err) ||
            !comparer_open(comparer, new_path, &pair->new, err)) {
            close_pair(pair);
            return false;
        }
    }
    pair->used = ++comparer->turn;
    *out = pair;
    return true;
}

/* The statement as the new version is asked it. */
static bool name(struct trial *trial, const struct version *current, struct error *err)
{
    const struct compare_engine *engine = trial->comparer->settings->engine->compare;
    struct pair *pair = trial->pair;
    const struct compared_versions versions = {pair->current, pair->new, current->name, trial->version->name};
    if (!names_read(&pair->names, engine, &versions, err))
        return false;
    trial->named = names_of(&pair->names, engine, trial->sample->statement, trial->text->normal.text);
    return true;
}

/* The newest version, and sessions with both paths of the client's role. *found: there are such. */
static bool prepare(struct trial *trial, bool *found, struct error *err)
{
    struct comparer *comparer = trial->comparer;
    struct routes *routes = shared_routes(comparer->shared);
    const struct version *current = routes_at(routes, 0), *version;
    for (size_t i = 1; (version = routes_at(routes, i)); i++)
        trial->version = version;
    const char *path = current ? routes_path(routes, trial->sample->role, current) : NULL;
    const char *new_path = trial->version ? routes_path(routes, trial->sample->role, trial->version) : NULL;
    *found = path && new_path;
    bool good =
        !*found || (get_pair(comparer, path, new_path, &trial->pair, err) && name(trial, current, err));
    routes_release(routes);
    return good;
}

/* --- Asking --- */

/* Errors that tell of the moment, not of the statement. */
static bool is_of_the_moment(const char *sqlstate)
{
    static const char *const prefixes[] = {"08", "40", "53", "55P03", "57", "25", "58", "XX"};
    if (!*sqlstate)
        return true;
    for (size_t i = 0; i < SEGUE_COUNT(prefixes); i++)
        if (strncmp(sqlstate, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* Whether the answer counts; counts it where it does not. */
static bool counts(struct comparer *comparer, const struct answer *answer)
{
    if (!answer->too_long && (!answer->sqlstate || !is_of_the_moment(answer->sqlstate)))
        return true;
    skip(comparer, answer->too_long ? SKIP_LONG : SKIP_FAILED);
    return false;
}

static bool ask_both(struct trial *trial, bool *comparable, struct error *err)
{
    struct comparer *comparer = trial->comparer;
    const struct compare_engine *engine = comparer->settings->engine->compare;
    struct asked translated = trial->asked;
    if (trial->named->translation.text)
        translated.text = trial->named->translation.text;
    *comparable = false;
    if (!engine->enter(trial->pair->current, &trial->asking, trial->snapshot, err))
        return false;
    trial->asking.snapshot = trial->snapshot;
    if (!engine->enter(trial->pair->new, &trial->asking, NULL, err) ||
        !engine->ask(trial->pair->current, &trial->asked, &trial->asking, trial->arena, &trial->current,
                     err) ||
        !engine->ask(trial->pair->new, &translated, &trial->asking, trial->arena, &trial->new, err))
        return false;
    names_rename(trial->named, &trial->new);
    *comparable = counts(comparer, &trial->current) && counts(comparer, &trial->new);
    return true;
}

/*
 * Asks the current version once more: as before, which shows what changes from one moment to the next, and by other plans, which show what depends on the plan.
 * *differs: it does not agree with itself. *sure: all plans were tried.
 */
static bool ask_again(struct trial *trial, bool *differs, bool *sure, struct error *err)
{
    struct comparer *comparer = trial->comparer;
    const struct compare_engine *engine = comparer->settings->engine->compare;
    /* A transaction that has failed shares its snapshot no longer. */
    if (trial->current.sqlstate)
        trial->asking.snapshot = NULL;
    if (!trial->pair->again && !comparer_open(comparer, trial->pair->path, &trial->pair->again, err))
        return false;
    *differs = false;
    *sure = true;
    for (unsigned plan = 0; plan < PLANS && !*differs; plan++) {
        struct answer again;
        struct answer_difference difference;
        trial->asking.plan = plan;
        if (!engine->enter(trial->pair->again, &trial->asking, NULL, err) ||
            !engine->ask(trial->pair->again, &trial->asked, &trial->asking, trial->arena, &again, err) ||
            !engine->leave(trial->pair->again, err))
            return false;
        if (again.too_long || (again.sqlstate && is_of_the_moment(again.sqlstate))) {
            *sure = false;
            *differs = plan == 0; /* nothing is known then */
            continue;
        }
        answer_compare(&trial->current, &again, &trial->rules, trial->arena, &difference);
        *differs = difference.kind != ANSWER_SAME;
    }
    return true;
}

/* Where names are in the way, that they were left as they are. */
static void explain(const struct trial *trial, struct answer_difference *difference)
{
    const char *why = trial->named->translation.why_not;
    if (why && (difference->kind == ANSWER_ERROR || difference->kind == ANSWER_COLUMNS))
        difference->what =
            arena_printf(trial->arena, "%s (names are not translated: %s)", difference->what, why);
}

static bool judge(struct trial *trial, struct error *err)
{
    struct comparer *comparer = trial->comparer;
    struct answer_difference difference;
    bool differs = false, sure = true;
    answer_compare(&trial->current, &trial->new, &trial->rules, trial->arena, &difference);
    bool same = difference.kind == ANSWER_SAME;
    if (!same && !ask_again(trial, &differs, &sure, err))
        return false;
    bool by_itself = differs || (difference.any_rows && !sure);
    explain(trial, &difference);
    const struct finding finding = {.text = trial->text,
                                    .role = trial->sample->role,
                                    .version = trial->version,
                                    .difference = same || by_itself ? NULL : &difference,
                                    .by_itself = by_itself,
                                    .named = trial->named};
    ledger_note(comparer, &finding);
    return true;
}

/* Both sessions leave their transactions whatever came of it. */
static bool leave(struct trial *trial, bool good, struct error *err)
{
    const struct compare_engine *engine = trial->comparer->settings->engine->compare;
    struct error own = {0};
    bool left = engine->leave(trial->pair->new, &own);
    left = engine->leave(trial->pair->current, &own) && left;
    if (trial->pair->again)
        left = engine->leave(trial->pair->again, &own) && left;
    if (good && !left)
        *err = own;
    return good && left;
}

static bool run_trial(struct trial *trial, struct error *err)
{
    bool comparable = false;
    bool good = ask_both(trial, &comparable, err) && (!comparable || judge(trial, err));
    bool refused = !good && err->class == ERROR_REFUSED;
    bool momentary = !good && !refused && err->class != ERROR_LOST;
    if (refused || momentary)
        skip(trial->comparer, refused ? SKIP_ROLE : SKIP_FAILED);
    return leave(trial, good || refused || momentary, err);
}

bool comparer_compare(struct comparer *comparer, const struct sample *sample, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct trial trial = {.comparer = comparer, .sample = sample, .arena = arena};
    bool found;
    trial.text = texts_get(&comparer->texts, comparer->shared, sample->statement);
    if (!(trial.text->kind & STATEMENT_READS) ||
        !bind_read(sample->statement, sample->simple ? NULL : sample->bind, sample->n_bind, arena,
                   &trial.asked))
        return true;
    trial.rules = (struct answer_rules){.order = &trial.text->order,
                                        .ignored = comparer->ignored,
                                        .n_ignored = comparer->n_ignored,
                                        .tolerance = TOLERANCE,
                                        .salt = comparer->salt,
                                        .values = comparer->settings->compare_values};
    trial.asking = (struct asking){
        .role = sample->role, .timeout_ms = TIMEOUT_MS, .rows_max = ROWS_MAX, .bytes_max = BYTES_MAX};
    if (!prepare(&trial, &found, err))
        return false;
    if (found)
        return run_trial(&trial, err);
    skip(comparer, SKIP_ROUTE);
    return true;
}
