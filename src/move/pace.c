#include "move/pace.h"

#include <math.h>

static const long FIRST_ROWS = 200;
static const long MIN_ROWS = 1;
static const long MAX_ROWS = 100000;
/* One odd chunk (a checkpoint, a slow page) must not swing the size: growth and fall are bounded, and only part of the way is
 * gone at once near the target. */
static const double GROW_LIMIT = 2.0;
static const double SHRINK_LIMIT = 0.5;
static const double NEAR_LOW = 0.7, NEAR_HIGH = 1.4;
static const double NEAR_STEP = 0.3;
/* So far beyond its target a chunk is given up. A crowded machine alone can make it ten times as long. */
static const double MOST_TIMES = 20, LEAST_MOST_SECONDS = 0.1;

static double within(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

void pace_init(struct pace *pace, double target_seconds)
{
    pace->target_seconds = within(target_seconds, 0.001, 10);
    pace->rows = FIRST_ROWS;
    pace->slow = false;
}

void pace_aim(struct pace *pace, double target_seconds)
{
    double target = within(target_seconds, 0.001, 10);
    if (fabs(target - pace->target_seconds) < 1e-9)
        return;
    double rows = (double)pace->rows * target / pace->target_seconds;
    pace->rows = (long)within(rows, (double)MIN_ROWS, (double)MAX_ROWS);
    pace->target_seconds = target;
}

void pace_done(struct pace *pace, long rows, double seconds)
{
    if (rows < pace->rows / 2)
        return; /* the end of the table, or a sparse stretch of it, says nothing of the next chunk */
    double factor = seconds > 0 ? pace->target_seconds / seconds : GROW_LIMIT;
    if (factor > NEAR_LOW && factor < NEAR_HIGH)
        factor = 1 + (factor - 1) * NEAR_STEP;
    /* On a crowded machine any chunk may have to wait, whatever its rows: only a second slow one in a row says that they were many. */
    bool was_slow = pace->slow;
    pace->slow = factor < 1;
    if (pace->slow && !was_slow)
        return;
    double next = (double)pace->rows * within(factor, SHRINK_LIMIT, GROW_LIMIT);
    pace->rows = (long)within(next, (double)MIN_ROWS, (double)MAX_ROWS);
    if (factor > 1 && pace->rows < MAX_ROWS)
        pace->rows++; /* so that growth gets away from one row */
}

double pace_most(const struct pace *pace)
{
    double most = pace->target_seconds * MOST_TIMES;
    return most > LEAST_MOST_SECONDS ? most : LEAST_MOST_SECONDS;
}

void pace_cut(struct pace *pace, long rows)
{
    if (rows < pace->rows)
        pace->rows = rows > MIN_ROWS ? rows : MIN_ROWS;
    pace->slow = true;
}

void pace_busy(struct pace *pace)
{
    pace->rows = pace->rows > 2 * MIN_ROWS ? pace->rows / 2 : MIN_ROWS;
}
