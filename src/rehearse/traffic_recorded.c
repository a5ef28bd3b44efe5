/* The migration's verbs while recorded statements are run, as the old version runs them. It is retired before segue complete. */

#include "rehearse/rehearse_internal.h"

static bool at_work(struct rehearsal *rehearsal, struct replay *replay, struct error *err)
{
    struct way *busy = &rehearsal->busy;
    double seconds = rehearsal->settings->seconds;
    if (!replay_wait(replay, seconds, err))
        return false;
    replay_at(replay, REPLAY_DURING);
    if (!way_start(rehearsal, busy, &busy->start, err))
        return false;
    replay_at(replay, REPLAY_LIVE);
    if (!replay_wait(replay, seconds, err))
        return false;
    replay_at(replay, REPLAY_DURING);
    if (!way_rollback(rehearsal, busy, err))
        return false;
    replay_at(replay, REPLAY_BACK);
    if (!replay_wait(replay, seconds, err))
        return false;
    replay_at(replay, REPLAY_DURING);
    if (!way_start(rehearsal, busy, &busy->again, err))
        return false;
    replay_at(replay, REPLAY_LIVE);
    return replay_wait(replay, seconds, err);
}

bool traffic_recorded(struct rehearsal *rehearsal, struct error *err)
{
    struct replay *replay = NULL;
    const struct replay_settings settings = {.engine = rehearsal->settings->engine,
                                             .url = place_url(rehearsal, rehearsal->busy.database),
                                             .untouched = place_url(rehearsal, rehearsal->copy),
                                             .version = rehearsal->plan->old_version,
                                             .search_path = rehearsal->plan->search_path,
                                             .recorded = &rehearsal->recorded};
    if (!replay_begin(&settings, rehearsal->arena, &replay, err))
        return false;
    rehearsal->replay_rate = replay_rate(replay);
    bool good = at_work(rehearsal, replay, err);
    replay_end(replay, &rehearsal->replayed, &rehearsal->n_replayed);
    return good && way_complete(rehearsal, &rehearsal->busy, err);
}
