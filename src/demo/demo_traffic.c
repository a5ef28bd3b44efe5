/* The demo's traffic: when it begins and ends, and what is taken from it. */

#include "base/clock.h"
#include "base/interrupt.h"
#include "demo/demo_internal.h"
#include "demo/numbers.h"
#include "demo/shop.h"

/* Enough to keep the rate when one request takes long, few enough not to crowd two cores. */
enum { WORKERS = 4 };

/* The first moments, in which caches fill and plans are made, are no measure. */
static const double WARM_UP_SECONDS = 1;

static const char *const tables[] = {"customers", "orders"};

/* When a phase began and ended, in the traffic's time. */
static struct drive_latency during(const struct demo *demo, enum demo_phase_id id, enum drive_version version)
{
    const struct demo_phase *phase = &demo->figures->phases[id];
    if (phase->began_us == 0)
        return (struct drive_latency){0};
    double from = (double)(phase->began_us - demo->traffic_began_us) / 1e6;
    return drive_between(demo->drive, version, from, from + demo_phase_seconds(phase));
}

static bool start_traffic(struct demo *demo, struct error *err)
{
    const struct drive_settings settings = {
        .engine = demo->options->engine,
        .url = demo->url,
        .workers = {WORKERS, WORKERS},
        .rate = demo->options->rate,
        .tables = tables,
        .n_tables = SEGUE_COUNT(tables),
        .overrides = shop_overrides,
        .n_overrides = shop_n_overrides,
        .null_percent = 10,
    };
    if (!drive_start(&settings, &demo->drive, err))
        return false;
    demo->traffic_began_us = clock_us() - (int64_t)(drive_elapsed(demo->drive) * 1e6);
    view_watch(demo->view, demo->drive);
    return true;
}

bool demo_baseline(struct demo *demo, struct error *err)
{
    char p50[NUMBER_SIZE];
    char p95[NUMBER_SIZE];
    view_begin(demo->view, DEMO_BASELINE);
    if (!start_traffic(demo, err) || !interrupt_sleep(WARM_UP_SECONDS, err))
        return false;
    double from = drive_elapsed(demo->drive);
    if (!interrupt_sleep(demo->options->seconds, err))
        return false;
    const struct drive_latency quiet =
        drive_between(demo->drive, DRIVE_OLD, from, drive_elapsed(demo->drive));
    demo->figures->side[DRIVE_OLD].baseline_p95 = quiet.p95;
    demo->figures->side[DRIVE_NEW].baseline_p95 = quiet.p95;
    view_baseline(demo->view, quiet.p95);
    view_remark(demo->view, DEMO_BASELINE, "p50 %s, p95 %s", number_ms(quiet.p50, p50),
                number_ms(quiet.p95, p95));
    view_end(demo->view, true);
    return true;
}

bool demo_overlap(struct demo *demo, struct error *err)
{
    enum drive_version leaving = demo->options->rollback ? DRIVE_NEW : DRIVE_OLD;
    view_begin(demo->view, DEMO_BOTH);
    if (!drive_wait(demo->drive, DRIVE_NEW, true, err) || !interrupt_sleep(demo->options->seconds, err))
        return false;
    view_begin(demo->view, DEMO_SWEEP);
    drive_end_version(demo->drive, leaving);
    if (!drive_wait(demo->drive, leaving, false, err))
        return false;
    view_end(demo->view, true);
    return true;
}

void demo_end_traffic(struct demo *demo)
{
    if (demo->drive == NULL)
        return;
    struct demo_side *sides = demo->figures->side;
    sides[DRIVE_OLD].p95 = during(demo, DEMO_BACKFILL, DRIVE_OLD).p95;
    sides[DRIVE_NEW].p95 = during(demo, DEMO_BOTH, DRIVE_NEW).p95;
    view_watch(demo->view, NULL);
    drive_finish(demo->drive, demo->arena, &demo->traffic);
    demo->drive = NULL;
    for (int version = 0; version < DRIVE_VERSIONS; version++) {
        const struct drive_latency *total = &demo->traffic.total[version];
        sides[version].requests = total->requests;
        sides[version].errors = total->errors;
        sides[version].longest_stall = total->longest;
    }
    demo->figures->mismatches = demo->traffic.mismatches + demo->traffic.lost_rows;
}

bool demo_aftermath(struct demo *demo, struct error *err)
{
    view_begin(demo->view, DEMO_AFTER);
    if (!interrupt_sleep(demo->options->seconds, err))
        return false;
    demo_end_traffic(demo);
    view_end(demo->view, true);
    return true;
}
