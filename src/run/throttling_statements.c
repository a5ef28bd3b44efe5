/* The application's own statements, as far as the server sums them up: read once a second. */

#include <stdio.h>

#include "base/clock.h"
#include "run/throttling_internal.h"

/* The first reading tells of no time yet. */
enum { STATEMENTS_US = 1000000, BASE_READINGS = 5 };

/* Where the limit of the probes is a time, statements of any length have none. */
static const double USUAL_RATIO = 1.1;
/* At that many times of what is allowed, work does the least. */
static const double CEILING = 2;

void throttling_statements_init(struct throttling *throttling)
{
    double ratio = throttling->settings->max_p95_ratio;
    arena_free(throttling->statement_arena);
    throttling->statement_arena = arena_new();
    throttling->figures = (struct statement_figures){0};
    throttling->next_statements_us = 0;
    statements_init(&throttling->statements, throttling->statement_arena, ratio > 0 ? ratio : USUAL_RATIO);
}

bool throttling_statements_read(struct throttling *throttling, struct error *err)
{
    struct statement_figures *figures = &throttling->figures;
    struct statements *statements = &throttling->statements;
    const struct throttle *throttle = &throttling->throttle;
    if (!throttling->probing || throttling->settings->ceilings[SIGNAL_STATEMENTS] < 0 ||
        clock_us() < throttling->next_statements_us)
        return true;
    /* Where work began because nobody else was there, those who come meet it at full pace for a moment. */
    if (throttle->begun && throttle->quiet && !statements->begun)
        return true;
    throttling->next_statements_us = clock_us() + STATEMENTS_US;
    if (!throttling->engine->read_statements(throttling->session, throttling->watched->table,
                                             !statements->begun, throttling->statement_arena, figures, err))
        return false;
    for (size_t i = 0; figures->there && figures->readable && i < figures->n; i++)
        statements_take(statements, figures->list[i].id, figures->list[i].calls, figures->list[i].seconds);
    statements_read(statements, throttle_duty(throttle));
    if (throttle->begun && !statements->begun && statements->n_base >= BASE_READINGS)
        statements_begin(statements);
    return true;
}

void throttling_statements_reading(const struct throttling *throttling, struct throttle_reading *out)
{
    const struct statement_figures *figures = &throttling->figures;
    out->wanted = throttling->probing && figures->there;
    out->readable = figures->readable;
    (void)snprintf(out->why, sizeof out->why, "%s", figures->why);
    out->ceiling = CEILING * throttling->statements.allowed;
    (void)statements_ratio(&throttling->statements, &out->value);
}
