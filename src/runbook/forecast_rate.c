/* How fast earlier backfills went here, and whether others are at work. */
#include "runbook/forecast.h"

#include <stdlib.h>

#include "base/must.h"

enum { MOST_WALKS = 16 };

static const double busy_a_second = 20; /* reads and writes of the tables: fewer are hardly work */
static const double least_spread = 1.5; /* one measurement says little of the next */

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static struct measured measure(const struct facts *facts, bool copied)
{
    double rates[MOST_WALKS];
    size_t n = 0;
    for (size_t i = 0; facts && i < facts->n_walks && n < MOST_WALKS; i++)
        if (facts->walks[i].copied == copied && facts->walks[i].seconds > 0)
            rates[n++] = facts->walks[i].rows / facts->walks[i].seconds;
    if (!n)
        return (struct measured){0};
    qsort(rates, n, sizeof *rates, by_value);
    double median = rates[n / 2];
    double low = rates[0], high = rates[n - 1];
    return (struct measured){
        .n = n,
        .rows_per_second = {.low = low < median / least_spread ? low : median / least_spread,
                            .likely = median,
                            .high = high > median * least_spread ? high : median * least_spread}};
}

static double traffic(const struct table_rates *rates)
{
    return rates->known ? rates->scans + rates->inserts + rates->updates + rates->deletes : 0;
}

static bool others_work(const struct facts *facts)
{
    double most = 0;
    if (!facts || !facts->server.known || facts->server.hidden)
        return true;
    for (size_t i = 0; i < facts->n_tables; i++) {
        double now = traffic(&facts->tables[i].now), since = traffic(&facts->tables[i].since);
        most += now > since ? now : since;
    }
    return facts->server.at_work > 1 || most > busy_a_second;
}

struct forecast forecast_new(const struct plan *plan, const struct facts *facts)
{
    bool busy = others_work(facts);
    return (struct forecast){.plan = plan,
                             .facts = facts,
                             .busy = busy,
                             .share = busy ? range_of(0.01, 0.1, 0.5) : range_of(0.1, 1, 1),
                             .in_place = measure(facts, false),
                             .copied = measure(facts, true)};
}
