#include "gateway/metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "gateway/comparer.h"
#include "gateway/replicas.h"
#include "gateway/shadow.h"
#include "gateway/worker.h"

enum {
    FIRST_US = 64,
    FIRST_FINE = 32,
    SUB = 8
}; /* FIRST_FINE fine buckets are up to FIRST_US, then SUB for each doubling */

static unsigned index_of(const struct version *version)
{
    return version ? version->id : VERSIONS_MAX;
}

/* Buckets hold their upper bound: 1 µs, 2, … 8, 9, … 16, 18, 20, … */
static unsigned bucket_of(int64_t us)
{
    uint64_t below = us > 0 ? (uint64_t)us - 1 : 0;
    if (below < SUB)
        return (unsigned)below;
    unsigned octave = 63 - (unsigned)__builtin_clzll(below);
    unsigned bucket = (octave - 2) * SUB + (unsigned)(below >> (octave - 3) & (SUB - 1));
    return bucket < METRICS_FINE ? bucket : METRICS_FINE - 1;
}

static double upper_bound(unsigned bucket)
{
    if (bucket < SUB)
        return bucket + 1;
    return (double)((uint64_t)(SUB + bucket % SUB + 1) << (bucket / SUB - 1));
}

void metrics_answered(struct metrics *metrics, const struct version *version, int64_t us, bool fresh)
{
    struct histogram *histogram = &metrics->latency[index_of(version)];
    metrics_add(&histogram->counts[bucket_of(us)], 1);
    metrics_add(&histogram->answers, 1);
    if (fresh)
        metrics_add(&histogram->fresh, 1);
    metrics_add(&histogram->sum_us, (uint64_t)us);
}

/* What a schema version can cause: names and types that are not there (42), constraints (23), values that do not fit, and "cached plan must not change
 * result type". */
static bool is_fault(const char *sqlstate)
{
    static const char *const values[] = {"22001", "22003", "22007", "22008", "22P02", "0A000"};
    if (strncmp(sqlstate, "42", 2) == 0 || strncmp(sqlstate, "23", 2) == 0)
        return true;
    for (size_t i = 0; i < SEGUE_COUNT(values); i++)
        if (strcmp(sqlstate, values[i]) == 0)
            return true;
    return false;
}

/* The error comes before the ReadyForQuery that is counted as its answer. */
static unsigned count_fault(struct metrics *metrics, unsigned index)
{
    uint64_t answers = atomic_load_explicit(&metrics->latency[index].answers, memory_order_relaxed);
    bool goes_on = answers <= metrics->in_a_row[index].answers + 1;
    metrics_add(&metrics->faults[index], 1);
    metrics->in_a_row[index].answers = answers;
    metrics->in_a_row[index].n = goes_on ? metrics->in_a_row[index].n + 1 : 1;
    return metrics->in_a_row[index].n;
}

static void count_class(struct metrics *metrics, const char *sqlstate)
{
    unsigned n = atomic_load_explicit(&metrics->n_classes, memory_order_relaxed);
    unsigned i = 0;
    while (i < n && memcmp(metrics->classes[i].name, sqlstate, sizeof metrics->classes[i].name) != 0)
        i++;
    if (i == METRICS_CLASSES)
        return;
    metrics_add(&metrics->classes[i].n, 1);
    if (i < n)
        return;
    memcpy(metrics->classes[i].name, sqlstate, sizeof metrics->classes[i].name);
    atomic_store_explicit(&metrics->n_classes, n + 1, memory_order_release);
}

unsigned metrics_error(struct metrics *metrics, const struct version *version, const char *sqlstate)
{
    count_class(metrics, sqlstate);
    return is_fault(sqlstate) ? count_fault(metrics, index_of(version)) : 0;
}

void metrics_forget_waiting(struct metrics *metrics)
{
    for (unsigned i = 0; i <= VERSIONS_MAX; i++)
        for (unsigned j = 0; j < METRICS_FINE; j++)
            atomic_store_explicit(&metrics->waiting[i].counts[j], 0, memory_order_relaxed);
}

void metrics_waits(struct metrics *metrics, const struct version *version, int64_t us)
{
    (void)atomic_fetch_add_explicit(&metrics->waiting[index_of(version)].counts[bucket_of(us)], 1,
                                    memory_order_relaxed);
}

/* --- Sums --- */

static void head(struct text *out, const char *name, const char *type, const char *help)
{
    text_printf(out, "# HELP segue_gateway_%s %s\n# TYPE segue_gateway_%s %s\n", name, help, name, type);
}

static uint64_t sum(const struct shared *shared, size_t offset)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < shared->n_workers; i++) {
        const char *metrics = (const char *)&shared->workers[i].metrics;
        total += atomic_load_explicit((const atomic_ullong *)(const void *)(metrics + offset),
                                      memory_order_relaxed);
    }
    return total;
}

static uint64_t sum_of(const struct shared *shared, const struct version *version, size_t member)
{
    return sum(shared,
               offsetof(struct metrics, latency) + index_of(version) * sizeof(struct histogram) + member);
}

void metrics_tally(const struct shared *shared, const struct version *version, struct metrics_of_version *out)
{
    *out = (struct metrics_of_version){
        .answers = sum_of(shared, version, offsetof(struct histogram, answers)),
        .faults = sum(shared, offsetof(struct metrics, faults) + index_of(version) * sizeof(atomic_ullong)),
        .fresh = sum_of(shared, version, offsetof(struct histogram, fresh))};
}

void metrics_sum(const struct shared *shared, const struct version *version, struct metrics_of_version *out)
{
    metrics_tally(shared, version, out);
    out->answers = 0; /* as of the buckets, which may be further by now */
    for (unsigned i = 0; i < METRICS_FINE; i++) {
        out->counts[i] =
            sum_of(shared, version, offsetof(struct histogram, counts) + i * sizeof(atomic_ullong));
        out->answers += out->counts[i];
    }
}

void metrics_sum_waiting(const struct shared *shared, const struct version *version,
                         struct metrics_of_version *out)
{
    *out = (struct metrics_of_version){0};
    for (unsigned i = 0; i < METRICS_FINE; i++) {
        for (unsigned j = 0; j < shared->n_workers; j++)
            out->counts[i] += atomic_load_explicit(
                &shared->workers[j].metrics.waiting[index_of(version)].counts[i], memory_order_relaxed);
        out->answers += out->counts[i];
    }
}

size_t metrics_behind(double us)
{
    return bucket_of((int64_t)us) + 1;
}

uint64_t metrics_longer(const struct metrics_of_version *of, double us)
{
    uint64_t n = 0;
    for (size_t i = metrics_behind(us); i < METRICS_FINE; i++)
        n += of->counts[i];
    return n;
}

double metrics_percentile(const struct metrics_of_version *of, double share)
{
    double wanted = share * (double)of->answers;
    double below = 0;
    for (unsigned i = 0; i < METRICS_FINE; i++) {
        double here = (double)of->counts[i];
        if (here > 0 && below + here >= wanted) {
            double low = i ? upper_bound(i - 1) : 0;
            return low + (upper_bound(i) - low) * (wanted - below) / here;
        }
        below += here;
    }
    return 0;
}

void metrics_sum_all(const struct shared *shared, struct metrics_of_all *out)
{
    *out = (struct metrics_of_all){.begun = sum(shared, offsetof(struct metrics, begun)),
                                   .bytes_in = sum(shared, offsetof(struct metrics, bytes_in)),
                                   .bytes_out = sum(shared, offsetof(struct metrics, bytes_out))};
    for (unsigned i = 0; i < shared->n_workers; i++) {
        const struct metrics *metrics = &shared->workers[i].metrics;
        for (unsigned state = 0; state < METRICS_STATES; state++)
            out->sessions[state] += atomic_load_explicit(&metrics->states[state], memory_order_relaxed);
        unsigned n = atomic_load_explicit(&metrics->n_classes, memory_order_acquire);
        for (unsigned j = 0; j < n; j++)
            out->errors += atomic_load_explicit(&metrics->classes[j].n, memory_order_relaxed);
    }
}

static void write_states(const struct shared *shared, struct text *out)
{
    static const char *const names[METRICS_STATES] = {"starting", "idle", "active", "in_transaction",
                                                      "leaving"};
    struct metrics_of_all all;
    metrics_sum_all(shared, &all);
    head(out, "sessions", "gauge", "Clients by what they do, as of the last second.");
    for (unsigned state = 0; state < METRICS_STATES; state++)
        text_printf(out, "segue_gateway_sessions{state=\"%s\"} %" PRIu64 "\n", names[state],
                    all.sessions[state]);
}

static void write_count(const struct shared *shared, struct text *out, const char *name, const char *help,
                        size_t offset)
{
    head(out, name, "counter", help);
    text_printf(out, "segue_gateway_%s %" PRIu64 "\n", name, sum(shared, offset));
}

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* A class may be known to several workers. */
static void write_errors(const struct shared *shared, struct text *out)
{
    struct metrics total = {0};
    for (unsigned i = 0; i < shared->n_workers; i++) {
        const struct metrics *metrics = &shared->workers[i].metrics;
        unsigned n = atomic_load_explicit(&metrics->n_classes, memory_order_acquire);
        for (unsigned j = 0; j < n; j++) {
            unsigned known = 0;
            while (known < total.n_classes &&
                   memcmp(total.classes[known].name, metrics->classes[j].name, 2) != 0)
                known++;
            if (known == METRICS_CLASSES)
                continue;
            if (known == total.n_classes)
                total.n_classes++;
            memcpy(total.classes[known].name, metrics->classes[j].name, 2);
            metrics_add(&total.classes[known].n,
                        atomic_load_explicit(&metrics->classes[j].n, memory_order_relaxed));
        }
    }
    head(out, "errors_total", "counter", "Errors that the server told clients, by class of SQLSTATE.");
    for (unsigned i = 0; i < total.n_classes; i++)
        if (is_letter(total.classes[i].name[0]) && is_letter(total.classes[i].name[1]))
            text_printf(out, "segue_gateway_errors_total{class=\"%.2s\"} %llu\n", total.classes[i].name,
                        (unsigned long long)total.classes[i].n);
}

static void write_label(struct text *out, const char *value)
{
    for (; *value; value++)
        if (*value == '"' || *value == '\\')
            text_printf(out, "\\%c", *value);
        else if (*value == '\n')
            text_append(out, "\\n");
        else
            text_append_char(out, *value);
}

static void write_histogram(const struct shared *shared, struct text *out, const char *version, unsigned id)
{
    size_t at = offsetof(struct metrics, latency) + id * sizeof(struct histogram);
    uint64_t counts[METRICS_BUCKETS + 1] = {0};
    uint64_t total = 0;
    for (unsigned i = 0; i < METRICS_FINE; i++) {
        uint64_t n = sum(shared, at + offsetof(struct histogram, counts) + i * sizeof(atomic_ullong));
        counts[i < FIRST_FINE ? 0 : (i - FIRST_FINE) / SUB + 1] += n;
        total += n;
    }
    if (total == 0)
        return;
    SEGUE_CLEANUP(text_free) struct text label = {0};
    write_label(&label, version);
    uint64_t below = 0;
    double most = FIRST_US / 1e6;
    for (unsigned i = 0; i < METRICS_BUCKETS; i++, most *= 2)
        text_printf(out, "segue_gateway_request_seconds_bucket{version=\"%s\",le=\"%g\"} %" PRIu64 "\n",
                    text_string(&label), most, below += counts[i]);
    text_printf(out,
                "segue_gateway_request_seconds_bucket{version=\"%s\",le=\"+Inf\"} %" PRIu64
                "\nsegue_gateway_request_seconds_sum{version=\"%s\"} %.6f\n"
                "segue_gateway_request_seconds_count{version=\"%s\"} %" PRIu64 "\n",
                text_string(&label), total, text_string(&label),
                (double)sum(shared, at + offsetof(struct histogram, sum_us)) / 1e6, text_string(&label),
                total);
}

/* Of each version: how its breaker stands, how often it has opened, and the errors that it judges by. */
static void write_breakers(const struct shared *shared, struct text *out)
{
    static const struct {
        const char *name, *type, *help;
    } of[] = {{"breaker_state", "gauge", "0: closed, 1: open, 2: half-open."},
              {"breaker_trips_total", "counter", "How often all sessions were taken from the version."},
              {"version_errors_total", "counter", "Errors that a version of the schema can cause."}};
    const struct version *version;
    for (unsigned i = 0; i < SEGUE_COUNT(of); i++) {
        head(out, of[i].name, of[i].type, of[i].help);
        for (unsigned id = 0; (version = versions_at(shared->versions, id)); id++) {
            const uint64_t values[] = {
                (uint64_t)atomic_load_explicit(&version->breaker, memory_order_relaxed),
                atomic_load_explicit(&version->trips, memory_order_relaxed),
                sum(shared, offsetof(struct metrics, faults) + id * sizeof(atomic_ullong))};
            text_printf(out, "segue_gateway_%s{version=\"", of[i].name);
            write_label(out, version->name);
            text_printf(out, "\"} %" PRIu64 "\n", values[i]);
        }
    }
}

void metrics_write(const struct shared *shared, struct text *out)
{
    write_states(shared, out);
    write_count(shared, out, "retries_total", "Requests that were made again, unseen by their clients.",
                offsetof(struct metrics, retries));
    write_count(shared, out, "begun_total", "Sessions that there have been.",
                offsetof(struct metrics, begun));
    write_count(shared, out, "bytes_in_total", "Bytes from clients.", offsetof(struct metrics, bytes_in));
    write_count(shared, out, "bytes_out_total", "Bytes to clients.", offsetof(struct metrics, bytes_out));
    write_errors(shared, out);
    write_breakers(shared, out);
    head(out, "request_seconds", "histogram", "From a request to ReadyForQuery, by version of the schema.");
    for (unsigned id = 0; id < VERSIONS_MAX; id++) {
        const struct version *version = versions_at(shared->versions, id);
        if (version)
            write_histogram(shared, out, version->name, id);
    }
    write_histogram(shared, out, "", VERSIONS_MAX);
    replicas_metrics(shared->replicas, out);
    shadow_metrics(shared->shadow, out);
    comparer_metrics(shared->comparer, out);
}
