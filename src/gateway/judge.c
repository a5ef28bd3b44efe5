#include "gateway/judge.h"

#include <math.h>
#include <stdio.h>

enum {
    ERRORS_SURE = 5,  /* so many count by their share alone */
    ERRORS_FEW = 3,   /* fewer are none of a version's, however few its answers */
    ANSWERS_SOME = 20 /* that a p95 needs */
};

/* So unlikely must be what is called no chance: of a few errors, of errors in a row (they are looked for all the time), of a few slow answers. */
static const double CHANCE = 1e-4, CHANCE_PROBING = 1e-2, CHANCE_IN_A_ROW = 1e-9, CHANCE_SLOW = 1e-3;

/* Much slower is seen within a second, somewhat slower in ten: the percentile of a second is no better than that. */
static const double MUCH_SLOWER = 2, P95 = 0.95;
/* Of a thousand answers ten are slower than the p99, give or take ten: so many standard deviations on either side are called chance. */
static const double P99 = 0.99, DEVIATIONS = 3;
/* And at least by so much: below it is the noise of a quiet machine, and of few answers what a new backend's empty caches cost. */
static const double MUCH_US = 1000, SOME_US = 200, FEW_US = 50000;
/* Where nothing is answered any more, so long. */
static const double HANGING_US = 400000;
static const int64_t QUIET_US = 300000;

/* How likely k or more of n are at most, if each comes with chance p: C(n, k) p^k. */
static double chance_of(uint64_t k, uint64_t n, double p)
{
    double chance = 1;
    for (uint64_t i = 0; i < k; i++)
        chance *= p * (double)(n - i) / (double)(i + 1);
    return chance;
}

static double share(uint64_t part, uint64_t all)
{
    return all ? (double)part / (double)all : 0;
}

bool judge_errors(const struct judge_errors *seen, char *reason)
{
    double may = seen->allowed + seen->current;
    uint64_t few = seen->probing ? 1 : ERRORS_FEW;
    if (seen->faults < few || may >= 1)
        return false;
    bool many = seen->faults >= ERRORS_SURE && share(seen->faults, seen->answers) > may;
    bool strange = seen->faults < ERRORS_SURE &&
                   chance_of(seen->faults, seen->answers, may) < (seen->probing ? CHANCE_PROBING : CHANCE);
    bool in_a_row = seen->in_a_row >= few && pow(may, seen->in_a_row) < CHANCE_IN_A_ROW;
    if (many || strange)
        (void)snprintf(reason, JUDGE_REASON,
                       "%.1f %% of its answers were errors (%.1f %% of the current version's)",
                       100 * share(seen->faults, seen->answers), 100 * seen->current);
    else if (in_a_row)
        (void)snprintf(reason, JUDGE_REASON,
                       "%u of its answers in a row were errors (%.1f %% of the current version's)",
                       seen->in_a_row, 100 * seen->current);
    return many || strange || in_a_row;
}

/* --- Times --- */

static void drop_slowest(struct metrics_of_version *of, uint64_t n)
{
    for (size_t i = METRICS_FINE; i-- > 0 && n > 0;) {
        uint64_t here = of->counts[i] < n ? of->counts[i] : n;
        of->counts[i] -= here;
        of->answers -= here;
        n -= here;
    }
}

double judge_p95(const struct metrics_of_version *window)
{
    struct metrics_of_version warm = *window;
    drop_slowest(&warm, warm.fresh);
    return warm.answers >= ANSWERS_SOME ? metrics_percentile(&warm, P95) : 0;
}

/* The window, with what is in flight and has taken longer than `us` as if it had been answered now. */
static void add_late(struct metrics_of_version *window, const struct metrics_of_version *waiting, double us)
{
    for (size_t i = metrics_behind(us); i < METRICS_FINE; i++) {
        window->counts[i] += waiting->counts[i];
        window->answers += waiting->counts[i];
    }
}

/* Whether so many that took longer are more than chance explains, by what share of the current version's took as long: ever, and now. */
static bool are_strange(const struct metrics_of_version *new, const struct judge_times *current, double us)
{
    struct metrics_of_version now = current->brief;
    add_late(&now, &current->waiting, us);
    double usual = share(metrics_longer(&current->life, us) + 1, current->life.answers + 1);
    double likewise = share(metrics_longer(&now, us), now.answers);
    return chance_of(metrics_longer(new, us), new->answers, usual > likewise ? usual : likewise) <
           CHANCE_SLOW;
}

static bool few_are_slow(const struct metrics_of_version *new, const struct judge_times *current, double us)
{
    uint64_t slow = metrics_longer(new, us);
    return slow > 1 && share(slow, new->answers) > 1 - P95 && are_strange(new, current, us);
}

/* All that was asked waits, and nothing is answered. */
static bool hangs(const struct judge_times *new, const struct judge_times *current, double much)
{
    struct metrics_of_version late = {0};
    double us = much > HANGING_US ? much : HANGING_US;
    add_late(&late, &new->waiting, us);
    return late.answers > 0 && late.answers == new->waiting.answers &&new->quiet_us >= QUIET_US &&
           current->life.answers >= METRICS_MANY &&are_strange(&late, current, us);
}

static bool say_slow(double us, double current_us, char *reason)
{
    (void)snprintf(reason, JUDGE_REASON, "its requests took %.2f ms (p95 of the current version's: %.2f ms)",
                   us / 1000, current_us / 1000);
    return true;
}

/* The current version's p95 now, or else ever; 0: not known. */
static double usual_p95(const struct judge_times *current)
{
    if (current->p95_us > 0 || current->life.answers < METRICS_MANY)
        return current->p95_us;
    return metrics_percentile(&current->life, P95);
}

bool judge_times(const struct judge_times *new, const struct judge_times *current, double allowed,
                 char *reason)
{
    double usual = usual_p95(current);
    if (usual <= 0)
        return false;
    double may = usual * (1 + allowed);
    double much = may * MUCH_SLOWER > usual + MUCH_US ? may * MUCH_SLOWER : usual + MUCH_US;
    if (hangs(new, current, much)) {
        (void)snprintf(reason, JUDGE_REASON,
                       "its requests wait without an answer (p95 of the current version's: %.2f ms)",
                       usual / 1000);
        return true;
    }
    struct metrics_of_version brief = new->brief;
    add_late(&brief, &new->waiting, much);
    if (judge_p95(&brief) > much)
        return say_slow(judge_p95(&brief), usual, reason);
    struct metrics_of_version few = new->brief;
    add_late(&few, &new->waiting, much + FEW_US);
    if (few_are_slow(&few, current, much + FEW_US))
        return say_slow(metrics_percentile(&few, P95), usual, reason);
    double lengthy = new->lengthy.answers >= METRICS_MANY ? judge_p95(&new->lengthy) : 0;
    return current->p95_us > 0 && lengthy > may && lengthy > usual + SOME_US &&
           say_slow(lengthy, usual, reason);
}

/* --- The slowest hundredth --- */

/* The p99 if that many standard deviations more of the answers were quicker than it. That is what order statistics say of a percentile, whatever the times are
 * distributed like: the number of answers that are quicker is binomial. */
static double p99_off_by(const struct metrics_of_version *window, double deviations)
{
    struct metrics_of_version warm = *window;
    drop_slowest(&warm, warm.fresh);
    if (warm.answers < METRICS_MANY)
        return 0;
    double off = P99 + deviations * sqrt(P99 * (1 - P99) / (double)warm.answers);
    return metrics_percentile(&warm, off < 1 ? off : 1);
}

double judge_p99_at_most(const struct metrics_of_version *window)
{
    return p99_off_by(window, DEVIATIONS);
}

/* at_least: of the new version; at_most: of the current one; either 0: not known. */
static bool is_longer(double at_least, double at_most, double allowed)
{
    return at_most > 0 && at_least > at_most * (1 + allowed) && at_least > at_most + SOME_US;
}

bool judge_p99(const struct judge_times *new, const struct judge_times *current, double allowed, char *reason)
{
    double at_least = p99_off_by(&new->lengthy, -DEVIATIONS);
    if (!is_longer(at_least, current->p99_us, allowed))
        return false;
    (void)snprintf(reason, JUDGE_REASON,
                   "its p99 is %.2f ms at least (the current version's: %.2f ms at most)", at_least / 1000,
                   current->p99_us / 1000);
    return true;
}

/* --- Steps --- */

/* Half of what is allowed, and as exactly as so many answers tell. */
static bool is_quick(const struct judge_step *step, double allowed)
{
    double usual = step->current_p95_us;
    double exactly = usual * (1 + allowed / 2);
    double roughly = usual * (1 + allowed) + MUCH_US / 2;
    if (step->answers < METRICS_MANY)
        return step->p95_us <= roughly;
    return step->p95_us <= exactly || step->p95_us <= usual + SOME_US;
}

struct judge_step judge_step(const struct metrics_of_version *new, const struct metrics_of_version *current,
                             double current_p95_us, const struct judge_limits *allowed)
{
    struct judge_step step = {.answers = new->answers,
                              .errors = share(new->faults, new->answers),
                              .current_errors = share(current->faults, current->answers),
                              .p95_us = judge_p95(new),
                              .current_p95_us = judge_p95(current),
                              .p99_us = p99_off_by(new, -DEVIATIONS),
                              .current_p99_us = judge_p99_at_most(current)};
    if (step.current_p95_us <= 0)
        step.current_p95_us = current_p95_us;
    bool right = new->faults == 0 || step.errors <= step.current_errors + allowed->errors / 2;
    bool quick = step.current_p95_us <= 0 || is_quick(&step, allowed->p95);
    if (allowed->p99 > 0 && is_longer(step.p99_us, step.current_p99_us, allowed->p99 / 2))
        quick = false;
    step.verdict = step.p95_us <= 0 ? JUDGE_FEW : right && quick ? JUDGE_WELL : JUDGE_WORSE;
    return step;
}
