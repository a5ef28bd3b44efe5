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
enum { LATENCY_WINDOW = 200, LATENCY_LEAST = 20 };

/* What work never goes below, 0.1 %, so that it ends some day; and where it begins: below the 5 % that could decide a p95. */
extern const double LATENCY_LEAST_DUTY, LATENCY_FIRST_DUTY;

struct latency {
    double max_ratio;   /* of p95 to the baseline; used where max_seconds is 0 */
    double max_seconds; /* the limit itself; 0: by ratio */
    double baseline; /* p95 before the work, or as measured anew (see latency_probe); 0: not measured yet */
    double first_baseline;
    double log_duty;
    double samples[LATENCY_WINDOW]; /* the last ones */
    size_t n_samples, next_sample;
    size_t at_least;  /* probes in a row at the least duty */
    size_t since_new; /* probes since the baseline was looked at */
    bool renewed;     /* the baseline is another than the first */
};

void latency_init(struct latency *latency, double max_ratio, double max_seconds);
/* Ends the baseline: what was probed until now is what the server does without the work. False: too few probes for it, and the
 * limit is a ratio. */
bool latency_begin(struct latency *latency);
/*
 * A probe took this long; probes are sent `interval` seconds apart by one session, so that one which took many intervals stands for
 * those that could not be sent meanwhile. duty: what the work really takes now, 0 while it rests.
 *
 * A limit can turn out to be beneath what the server does without the work: traffic has grown, or the baseline was measured in a
 * lucky moment. At the least duty chunks cannot be what decides a p95. So when a whole window of probes was sent at the least duty
 * and its p95 is still beyond the limit, that p95 is the new baseline, up to twice the first one; and it falls again
 * with what is measured later.
 */
void latency_probe(struct latency *latency, double seconds, double interval, double duty);
/* Seconds that 95 % of the probes should keep below. */
double latency_limit(const struct latency *latency);
/* The share of time that work may take as far as these probes tell. */
double latency_duty(const struct latency *latency);
/* Of the last probes; 0: none yet. */
double latency_p95(const struct latency *latency);

#endif
