#include "move/lag.h"

void lag_init(struct lag *lag, double longest)
{
    *lag = (struct lag){.spacing = 2 * longest / LAG_MARKS};
}

void lag_mark(struct lag *lag, double position, double now)
{
    if (lag->n) {
        size_t last = (lag->first + lag->n - 1) % LAG_MARKS;
        if (position <= lag->position[last] || now - lag->at[last] < lag->spacing)
            return;
    }
    if (lag->n == LAG_MARKS) {
        lag->first = (lag->first + 1) % LAG_MARKS;
        lag->n--;
    }
    size_t next = (lag->first + lag->n++) % LAG_MARKS;
    lag->at[next] = now;
    lag->position[next] = position;
}

double lag_seconds(const struct lag *lag, double replayed, double now)
{
    for (size_t i = 0; i < lag->n; i++) {
        size_t mark = (lag->first + i) % LAG_MARKS;
        if (lag->position[mark] > replayed)
            return now - lag->at[mark];
    }
    return 0;
}
