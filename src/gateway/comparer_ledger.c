/* What comparisons have come to: by version for metrics, by statement for the database, and the log. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/compare.h"
#include "engine/engine.h"
#include "gateway/breaker.h"
#include "gateway/comparer_internal.h"

enum {
    TELL_US = 60000000, /* the log hears of a statement so often */
    HALF_US = 10000000, /* of the window for the breaker */
    DIFFERENCES_MIN = 5 /* fewer are no reason to leave a version */
};

static struct ledger_entry *find(struct comparer *comparer, const struct finding *finding)
{
    const struct known_text *text = finding->text;
    for (size_t i = 0; i < comparer->n_ledger; i++) {
        struct ledger_entry *entry = &comparer->ledger[i];
        if (entry->version == finding->version && strcmp(entry->fingerprint, text->normal.fingerprint) == 0 &&
            strcmp(entry->role, finding->role) == 0)
            return entry;
    }
    if (comparer->n_ledger == LEDGER_MAX || !*text->normal.fingerprint)
        return NULL;
    const struct ledger_entry made = {.fingerprint = arena_strdup(comparer->arena, text->normal.fingerprint),
                                      .text = arena_strdup(comparer->arena, text->normal.text),
                                      .role = arena_strdup(comparer->arena, finding->role),
                                      .version = finding->version};
    ARENA_PUSH(comparer->arena, comparer->ledger, comparer->n_ledger, made);
    return &comparer->ledger[comparer->n_ledger - 1];
}

static void tell(const struct comparer *comparer, const struct finding *finding)
{
    const struct answer_difference *of = finding->difference;
    struct event event;
    char hash[20];
    (void)snprintf(hash, sizeof hash, "%016" PRIx64, of->hash);
    event_begin(&event, &comparer->settings->events, EVENT_WARNING, "difference");
    event_text(&event, "fingerprint", finding->text->normal.fingerprint);
    event_text(&event, "role", finding->role);
    event_text(&event, "version", finding->version->name);
    event_text(&event, "names", finding->named->translation.needs);
    event_text(&event, "kind", answer_kind_name(of->kind));
    event_text(&event, "what", of->what);
    if (of->row)
        event_count(&event, "row", of->row);
    event_text(&event, "columns", of->columns);
    event_text(&event, "hash", of->hash ? hash : NULL);
    event_text(&event, "values", of->values);
    event_end(&event);
}

/* What differs, with the columns; as long as it stays the same, no memory is taken for it. */
static void remember(struct comparer *comparer, struct ledger_entry *entry,
                     const struct answer_difference *of)
{
    SEGUE_CLEANUP(text_free) struct text words = {0};
    text_append(&words, of->what);
    if (of->columns)
        text_printf(&words, ": %s", of->columns);
    entry->kind = answer_kind_name(of->kind);
    if (!same_text(entry->what, text_string(&words)))
        entry->what = arena_strdup(comparer->arena, text_string(&words));
}

/* Whether more differ than may; a single one proves nothing. */
static void trip(struct comparer *comparer, const struct version *version, bool differs)
{
    struct lately *lately = &comparer->lately[version->id];
    double may = comparer->shared->settings->breaker_differences;
    int64_t now = clock_us();
    if (now - lately->turned_us > HALF_US) {
        bool follows = now - lately->turned_us < 2 * HALF_US;
        lately->compared[1] = follows ? lately->compared[0] : 0;
        lately->differed[1] = follows ? lately->differed[0] : 0;
        lately->compared[0] = lately->differed[0] = 0;
        lately->turned_us = now;
    }
    lately->compared[0]++;
    lately->differed[0] += differs;
    unsigned differed = lately->differed[0] + lately->differed[1];
    double share = 100.0 * differed / (lately->compared[0] + lately->compared[1]);
    char reason[JUDGE_REASON];
    if (!differs || may >= 100 || differed < DIFFERENCES_MIN || share <= may)
        return;
    (void)snprintf(reason, sizeof reason, "%.1f %% of its answers that were compared differed", share);
    breaker_open(comparer->shared->breaker, version, reason, false);
    *lately = (struct lately){0};
}

static void count(struct comparer *comparer, const struct finding *finding)
{
    unsigned version = finding->version->id;
    atomic_ullong *count = finding->difference  ? &comparer->versions[version].differ
                           : finding->by_itself ? &comparer->versions[version].by_itself
                                                : &comparer->versions[version].same;
    (void)atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
    if (finding->named->translation.kind == TRANSLATION_DONE)
        (void)atomic_fetch_add_explicit(&comparer->versions[version].translated, 1, memory_order_relaxed);
}

void ledger_note(struct comparer *comparer, const struct finding *finding)
{
    const struct answer_difference *of = finding->difference;
    count(comparer, finding);
    trip(comparer, finding->version, of != NULL);
    struct ledger_entry *entry = find(comparer, finding);
    if (!entry) {
        if (of)
            tell(comparer, finding);
        return;
    }
    entry->changed = true;
    entry->compared++;
    entry->by_itself += finding->by_itself;
    if (!same_text(entry->translated, finding->named->shown))
        entry->translated =
            finding->named->shown ? arena_strdup(comparer->arena, finding->named->shown) : NULL;
    if (!of)
        return;
    entry->differed++;
    int64_t now = clock_us();
    if (entry->told_us && now - entry->told_us < TELL_US)
        return;
    entry->told_us = now;
    remember(comparer, entry, of);
    tell(comparer, finding);
}

/* Counts since the last time that they were written. */
static void take_changed(struct comparer *comparer, struct arena *arena, struct compared_statement **out,
                         size_t *n)
{
    for (size_t i = 0; i < comparer->n_ledger; i++) {
        const struct ledger_entry *entry = &comparer->ledger[i];
        if (!entry->changed)
            continue;
        const struct compared_statement one = {.fingerprint = entry->fingerprint,
                                               .text = entry->text,
                                               .role = entry->role,
                                               .version = entry->version->name,
                                               .kind = entry->kind,
                                               .what = entry->what,
                                               .translated = entry->translated,
                                               .compared = (double)entry->compared,
                                               .differed = (double)entry->differed,
                                               .by_itself = (double)entry->by_itself};
        ARENA_PUSH(arena, *out, *n, one);
    }
}

static void forget_changed(struct comparer *comparer)
{
    for (size_t i = 0; i < comparer->n_ledger; i++) {
        struct ledger_entry *entry = &comparer->ledger[i];
        entry->changed = false;
        entry->compared = entry->differed = entry->by_itself = 0;
    }
}

bool ledger_write(struct comparer *comparer, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct compared_statement *list = NULL;
    size_t n = 0;
    take_changed(comparer, arena, &list, &n);
    if (n == 0 || !comparer->notes)
        return true;
    if (comparer->settings->engine->compare->note(comparer->session, list, n, err)) {
        forget_changed(comparer);
        return true;
    }
    if (err->class == ERROR_LOST)
        return false;
    if (err->class == ERROR_BUSY)
        return true; /* what was not written is with the next */
    struct event event;
    comparer->notes = false;
    event_begin(&event, &comparer->settings->events, EVENT_WARNING, "differences_not_noted");
    event_text(&event, "reason", err->message);
    event_end(&event);
    return true;
}

void comparer_tally(const struct comparer *comparer, const struct version *version, struct compare_tally *out)
{
    *out = (struct compare_tally){0};
    if (!comparer)
        return;
    out->same = atomic_load(&comparer->versions[version->id].same);
    out->differ = atomic_load(&comparer->versions[version->id].differ);
    out->by_itself = atomic_load(&comparer->versions[version->id].by_itself);
    out->translated = atomic_load(&comparer->versions[version->id].translated);
    for (size_t i = 0; i < SKIPS; i++)
        out->skipped += atomic_load(&comparer->skipped[i]);
}

static void metric(struct text *out, const char *name, const char *help)
{
    text_printf(out, "# HELP segue_gateway_%s %s\n# TYPE segue_gateway_%s counter\n", name, help, name);
}

void comparer_metrics(const struct comparer *comparer, struct text *out)
{
    static const char *const reasons[] = {"role", "failed", "long", "route"};
    const struct version *version;
    if (!comparer)
        return;
    metric(out, "compared_total", "Reads whose answers were compared with those of the current version.");
    for (unsigned i = 0; (version = versions_at(comparer->shared->versions, i)); i++) {
        struct compare_tally tally;
        comparer_tally(comparer, version, &tally);
        if (tally.same + tally.differ + tally.by_itself == 0)
            continue;
        text_printf(out,
                    "segue_gateway_compared_total{version=\"%s\",result=\"same\"} %" PRIu64
                    "\nsegue_gateway_compared_total{version=\"%s\",result=\"differs\"} %" PRIu64
                    "\nsegue_gateway_compared_total{version=\"%s\",result=\"by_itself\"} %" PRIu64 "\n",
                    version->name, tally.same, version->name, tally.differ, version->name, tally.by_itself);
    }
    metric(out, "compared_translated_total", "Those of them that the version was asked with its own names.");
    for (unsigned i = 0; (version = versions_at(comparer->shared->versions, i)); i++) {
        struct compare_tally tally;
        comparer_tally(comparer, version, &tally);
        if (tally.translated > 0)
            text_printf(out, "segue_gateway_compared_translated_total{version=\"%s\"} %" PRIu64 "\n",
                        version->name, tally.translated);
    }
    metric(out, "not_compared_total", "Reads that could not be compared, by why.");
    for (size_t i = 0; i < SKIPS; i++)
        text_printf(out, "segue_gateway_not_compared_total{why=\"%s\"} %llu\n", reasons[i],
                    (unsigned long long)atomic_load(&comparer->skipped[i]));
    text_printf(out, "segue_gateway_not_compared_total{why=\"busy\"} %llu\n",
                (unsigned long long)atomic_load(&comparer->dropped));
    metric(out, "kept_calls_total", "Calls of statements that were kept, and that were not.");
    text_printf(out,
                "segue_gateway_kept_calls_total{kept=\"yes\"} %llu\n"
                "segue_gateway_kept_calls_total{kept=\"no\"} %llu\n",
                (unsigned long long)atomic_load(&comparer->kept_calls),
                (unsigned long long)atomic_load(&comparer->unkept));
}
