/*
 * Holds the 95th percentile of one kind of probe below a limit by deciding the share of time (duty) that work may take.
 * Arithmetic only.
 *
 * "p95 is below L" means that at most 5 % of the probes take longer than L. So what is controlled is the rate of probes beyond the
 * limit, not a percentile over a window, of which 200 probes tell no more than that it lies between the 92nd and the 98th. Each
 * probe moves the logarithm of the duty: up by g·0.05 where it kept the limit, down by g·0.95 where it did not. That is the
 * stochastic approximation of Robbins and Monro (A stochastic approximation method, 1951) for a quantile, in the form that
 * Gibbs and Candès (Adaptive conformal inference under distribution shift, 2021) analysed. The sum of all moves is the way
 * that the duty has gone, so after n probes, whatever the server did,
 *
 *     beyond / n  <=  0.05 + (ln(first duty / least duty) + g) / (g n)        while the duty is above its least.
 *
 * No assumption about the server enters, hence none can be wrong; and the closer to the limit, the smaller the mean move: it
 * settles, and what is left is noise (standard deviation of ln duty: sqrt(g·0.05·0.95 / 2h) with h the share of beyond-limit probes
 * that chunks cause).
 *
 * Where chunks slow every request that meets them, this ends at a duty of a few percent at most, because above 5 % the
 * chunks decide the p95. Where they slow none, it ends at 100 %.
 */
#ifndef SEGUE_MOVE_LATENCY_H
#define SEGUE_MOVE_LATENCY_H

#include <stdbool.h>
#include <stddef.h>

/* Fewer probes than LATENCY_LEAST are no baseline. */
enum { LATENCY_WINDOW = 200, LATENCY_CONTROL = 1000, LATENCY_LEAST = 20 };

/* What work never goes below, 0.1 %, so that it ends some day; and where it begins: below the 5 % that could decide a p95. */
extern const double LATENCY_LEAST_DUTY, LATENCY_FIRST_DUTY;

/* The last LATENCY_CONTROL probes. */
struct latency_ring {
    double seconds[LATENCY_CONTROL];
    size_t n, next;
};

struct latency {
    double max_ratio;   /* of p95 to the baseline; used where max_seconds is 0 */
    double max_seconds; /* the limit itself; 0: by ratio */
    double baseline; /* p95 before the work, or as measured anew (see latency_probe); 0: not measured yet */
    double first_baseline;
    double log_duty;
    double samples[LATENCY_WINDOW]; /* the last ones */
    size_t n_samples, next_sample;
    struct latency_ring control; /* of those that met no work */
    size_t n_since,
        n_control_since; /* probes since the baseline was looked at, and those of them that met no work */
    bool wants_rest;
    bool renewed; /* the baseline is well above the first */
};

void latency_init(struct latency *latency, double max_ratio, double max_seconds);
/* Ends the baseline: what was probed until now is what the server does without the work. False: too few probes for it, and the
 * limit is a ratio. */
bool latency_begin(struct latency *latency);
/*
 * A probe took this long; probes are sent `interval` seconds apart by one session, so that one which took many intervals stands for
 * those that could not be sent meanwhile. duty: what the work really takes now, 0 while it rests.
 *
 * met: work was under way when it was sent, right before, or until it came back.
 *
 * What a server does by itself is not the same all the time: on a quiet virtual machine the p95 of ten seconds was seen to vary by a
 * quarter, traffic grows, and 200 probes of a p95 tell little. A limit beneath what the server does without the work would
 * bring that down to its least for nothing, one above it would not protect. So the baseline is that of the last 1,000 probes
 * that met no work, at most twice the first one: what work leaves behind for longer than a moment must not become the measure of it.
 */
void latency_probe(struct latency *latency, double seconds, double interval, double duty, bool met);
/* Hardly any probes meet no work: it should rest until this says no, a second or so. */
bool latency_wants_rest(const struct latency *latency);
/* Seconds that 95 % of the probes should keep below. */
double latency_limit(const struct latency *latency);
/* The share of time that work may take as far as these probes tell. */
double latency_duty(const struct latency *latency);
/* Of the last probes; 0: none yet. */
double latency_p95(const struct latency *latency);

#endif
