#include "run/side_by_side.h"

#include "run/executor_internal.h"
#include "run/throttling.h"

enum { MOST_SESSIONS = 32 };
static const double LOOK_SECONDS = 0.1;

static void fail(struct side_by_side *side, const struct error *err)
{
    (void)pthread_mutex_lock(&side->lock);
    if (!side->failed)
        side->error = *err;
    side->failed = true;
    (void)pthread_mutex_unlock(&side->lock);
    atomic_store(&side->stop, true);
}

static bool work(struct side_by_side *side, struct session **session, struct error *err)
{
    const struct run_settings *settings = side->executor->settings;
    const struct session_settings wanted = {.url = settings->url,
                                            .application_name = "segue",
                                            .search_path = side->executor->plan->search_path,
                                            .cancel_with_client = true,
                                            .single = side->jobs == 1};
    if (!settings->engine->open(&wanted, session, err))
        return false;
    for (;;) {
        int number = atomic_fetch_add(&side->next, 1);
        if (number > side->n || atomic_load(&side->stop))
            return true;
        if (!side->work(side, *session, number, err))
            return false;
    }
}

static void *worker(void *argument)
{
    struct side_by_side *side = argument;
    struct session *session = NULL;
    struct error err;
    if (!work(side, &session, &err))
        fail(side, &err);
    session_close(session);
    latch_leave(&side->at_work);
    return NULL;
}

static void watch(struct side_by_side *side)
{
    struct error err;
    while (!latch_wait(&side->at_work, LOOK_SECONDS)) {
        if (side->look)
            side->look(side, false);
        throttling_tell(side->executor);
        atomic_store(&side->hold, true);
        if (!atomic_load(&side->stop) &&
            (!executor_checkpoint(side->executor, &err) || !capturing_check(side->executor, &err)))
            fail(side, &err);
        atomic_store(&side->hold, false);
    }
    if (side->look)
        side->look(side, true);
}

bool side_by_side(struct side_by_side *side, struct error *err)
{
    pthread_t threads[MOST_SESSIONS];
    int n = 0;
    atomic_store(&side->next, 1);
    (void)pthread_mutex_init(&side->lock, NULL);
    latch_init(&side->at_work);
    while (n < side->jobs && n < side->n && n < MOST_SESSIONS) {
        latch_enter(&side->at_work);
        if (pthread_create(&threads[n], NULL, worker, side) != 0) {
            latch_leave(&side->at_work);
            break;
        }
        n++;
    }
    watch(side);
    for (int i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    latch_destroy(&side->at_work);
    (void)pthread_mutex_destroy(&side->lock);
    if (!n && side->n)
        return error_set(err, ERROR_RESOURCE, "no thread could be started");
    if (side->failed)
        *err = side->error;
    return !side->failed;
}
