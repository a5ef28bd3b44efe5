#include "move/statements.h"

#include <math.h>

#include "move/latency.h"

/* What is read a second ago counts so much now: about five seconds are seen. */
static const double FADE = 0.8;
/* A mean of fewer calls says little. */
static const double LEAST_BASE_CALLS = 5, LEAST_CALLS = 20;
static const size_t LEAST_READINGS = 60;
static const double MOST_RENEWED = 2;

void statements_init(struct statements *statements, struct arena *arena, double max_ratio)
{
    *statements = (struct statements){
        .arena = arena, .max_ratio = max_ratio, .first_allowed = max_ratio, .allowed = max_ratio};
}

static struct statement_sums *find(struct statements *statements, int64_t id)
{
    for (size_t i = 0; i < statements->n; i++)
        if (statements->list[i].id == id)
            return &statements->list[i];
    return NULL;
}

void statements_take(struct statements *statements, int64_t id, double calls, double seconds)
{
    struct statement_sums *sums = find(statements, id);
    if (!sums) {
        const struct statement_sums first = {.id = id, .calls = calls, .seconds = seconds};
        if (!statements->begun)
            ARENA_PUSH(statements->arena, statements->list, statements->n, first);
        return;
    }
    /* Fewer than before: somebody has reset the sums. */
    sums->fresh = calls > sums->calls && seconds >= sums->seconds;
    sums->new_calls = sums->fresh ? calls - sums->calls : 0;
    sums->new_seconds = sums->fresh ? seconds - sums->seconds : 0;
    sums->calls = calls;
    sums->seconds = seconds;
}

/* The mean of one statement before the work; 0: it was not called often enough. */
static double base_mean(const struct statement_sums *sums)
{
    return sums->all_calls >= LEAST_BASE_CALLS ? sums->all_seconds / sums->all_calls : 0;
}

static void keep_base(struct statements *statements)
{
    size_t at = statements->n_base % STATEMENTS_BASE_READINGS;
    for (size_t i = 0; i < statements->n; i++) {
        struct statement_sums *sums = &statements->list[i];
        sums->base_calls[at] = sums->fresh ? sums->new_calls : 0;
        sums->base_seconds[at] = sums->fresh ? sums->new_seconds : 0;
        sums->all_calls += sums->base_calls[at];
        sums->all_seconds += sums->base_seconds[at];
        sums->fresh = false;
    }
    statements->n_base++;
}

static void renew(struct statements *statements, double duty)
{
    double ratio;
    statements->at_least = duty <= 2 * LATENCY_LEAST_DUTY ? statements->at_least + 1 : 0;
    if (statements->at_least < LEAST_READINGS || !statements_ratio(statements, &ratio))
        return;
    statements->at_least = 0;
    statements->allowed = fmax(statements->allowed, fmin(ratio, MOST_RENEWED * statements->first_allowed));
}

void statements_read(struct statements *statements, double duty)
{
    if (!statements->begun) {
        keep_base(statements);
        return;
    }
    statements->calls *= FADE;
    statements->expected *= FADE;
    statements->taken *= FADE;
    for (size_t i = 0; i < statements->n; i++) {
        struct statement_sums *sums = &statements->list[i];
        double mean = base_mean(sums);
        if (sums->fresh && mean > 0) {
            statements->calls += sums->new_calls;
            statements->expected += sums->new_calls * mean;
            statements->taken += sums->new_seconds;
        }
        sums->fresh = false;
    }
    renew(statements, duty);
}

/* How much longer they took in one reading before the work than in all of it. */
static double base_ratio(const struct statements *statements, size_t reading)
{
    double calls = 0, expected = 0, taken = 0;
    for (size_t i = 0; i < statements->n; i++) {
        const struct statement_sums *sums = &statements->list[i];
        double mean = base_mean(sums);
        if (mean <= 0)
            continue;
        calls += sums->base_calls[reading];
        expected += sums->base_calls[reading] * mean;
        taken += sums->base_seconds[reading];
    }
    return calls >= LEAST_CALLS && expected > 0 ? taken / expected : 1;
}

void statements_begin(struct statements *statements)
{
    double highest = statements->max_ratio;
    for (size_t i = 0; i < statements->n_base && i < STATEMENTS_BASE_READINGS; i++)
        highest = fmax(highest, base_ratio(statements, i));
    statements->allowed = statements->first_allowed = fmin(highest, MOST_RENEWED * statements->max_ratio);
    statements->begun = true;
}

bool statements_ratio(const struct statements *statements, double *ratio)
{
    bool enough = statements->calls >= LEAST_CALLS && statements->expected > 0;
    *ratio = enough ? statements->taken / statements->expected : 0;
    return enough;
}
