/*
 * How long steps of a plan may take. Where earlier backfills of this database were measured, a backfill is judged by them; everything
 * else follows from what was measured on another machine (docs/performance.md), hence the width of the ranges.
 */
#ifndef SEGUE_RUNBOOK_FORECAST_H
#define SEGUE_RUNBOOK_FORECAST_H

#include "catalog/speed.h"
#include "engine/facts.h"
#include "plan/plan.h"
#include "runbook/rehearsed.h"

/* Rows a second of earlier backfills of one kind; n = 0: none. */
struct measured {
    size_t n;
    struct range rows_per_second; /* low is the slowest */
};

struct forecast {
    const struct plan *plan;
    const struct facts *facts; /* or NULL */
    bool busy;                 /* others are at work, or nobody knows */
    struct range share;        /* of the time that paced work may go on; low is the least */
    struct measured in_place, copied;
    const struct rehearsed *rehearsed; /* or NULL; then its figures count before all others */
};

/* What a step works on. */
struct ground {
    double rows, bytes, index_bytes; /* bytes without indexes */
    double apart;                    /* of the bytes: values that are stored apart (TOAST) */
    double indexes;
    bool counted; /* by the server now; else they are those of the plan, and indexes a guess */
};

struct forecast forecast_new(const struct plan *plan, const struct facts *facts);

/* Seconds from the step's begin to its end, waits for locks left out. */
struct range forecast_step(const struct forecast *forecast, const struct step *step);
/* Seconds for which the step holds its strongest lock, at one time. */
struct range forecast_held(const struct forecast *forecast, const struct step *step);
/* Seconds that taking the step back takes; zero when there is nothing to take back. */
struct range forecast_undo(const struct forecast *forecast, const struct step *step);
struct ground forecast_ground(const struct forecast *forecast, const struct step *step);
/* Whether the step's forecast rests on backfills that were measured here. */
const struct measured *forecast_rests_on(const struct forecast *forecast, const struct step *step);

/* Facts of the relation (quoted, qualified), or NULL. */
const struct table_facts *facts_of(const struct facts *facts, const char *relation);

#endif
