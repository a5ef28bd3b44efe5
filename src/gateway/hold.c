#include "gateway/hold.h"

void hold_until(struct shared *shared, enum hold_of who, int64_t until_us)
{
    int64_t latest = 0;
    (void)pthread_mutex_lock(&shared->lock);
    shared->holds[who] = until_us;
    for (unsigned i = 0; i < HOLDS; i++)
        if (shared->holds[i] > latest)
            latest = shared->holds[i];
    atomic_store(&shared->hold_until_us, latest);
    (void)pthread_mutex_unlock(&shared->lock);
    shared_look(shared);
}
