#include "move/progress.h"

/* The rate is measured over stretches of this length, each weighed against what was known before: short enough to follow
 * a changed pace within seconds, long enough not to dance with each chunk. */
static const double STRETCH_SECONDS = 0.5;
static const double WEIGHT = 0.3;

void progress_init(struct progress *progress, double rows_done, double rows_total, double now)
{
    *progress = (struct progress){
        .rows_done = rows_done, .rows_total = rows_total, .mark_rows = rows_done, .mark_seconds = now};
}

void progress_update(struct progress *progress, double rows_done, double rows_total, double now)
{
    progress->rows_done = rows_done;
    progress->rows_total = rows_total;
    double seconds = now - progress->mark_seconds;
    if (seconds < STRETCH_SECONDS)
        return;
    double rate = (rows_done - progress->mark_rows) / seconds;
    progress->rate = progress->rate > 0 ? progress->rate + (rate - progress->rate) * WEIGHT : rate;
    progress->mark_rows = rows_done;
    progress->mark_seconds = now;
}

double progress_eta(const struct progress *progress)
{
    if (progress->rate <= 0)
        return -1;
    double left = progress->rows_total - progress->rows_done;
    return left > 0 ? left / progress->rate : 0;
}

double progress_fraction(const struct progress *progress)
{
    if (progress->rows_total <= 0)
        return 0;
    double fraction = progress->rows_done / progress->rows_total;
    return fraction > 1 ? 1 : fraction;
}
