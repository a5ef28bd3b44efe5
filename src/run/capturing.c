/* Capture by logical decoding lasts over several steps: it begins with the first that wants it and ends with the first that does not. */

#include <string.h>

#include "run/executor_internal.h"

void capturing_end(struct executor *executor)
{
    if (executor->capturer)
        executor->engine->capture_end(executor->capturer);
    executor->capturer = NULL;
    executor->slot = NULL;
}

bool capturing_check(const struct executor *executor, struct error *err)
{
    return !executor->capturer || executor->engine->capture_check(executor->capturer, err);
}

bool capturing_for(struct executor *executor, const struct step *step, struct error *err)
{
    const struct capture *capture = step ? step->capture : NULL;
    /* A swap that turned out to be done has taken the journal away. */
    if (step && executor_journal(executor, step) == JOURNAL_DONE)
        return true;
    if (!capture || (executor->slot && strcmp(executor->slot, capture->slot) != 0))
        capturing_end(executor);
    if (!capture)
        return true;
    if (executor->capturer)
        return capturing_check(executor, err);
    const struct session_settings settings = {.url = executor->settings->url,
                                              .application_name = "segue",
                                              .search_path = executor->plan->search_path,
                                              .cancel_with_client = true};
    executor->slot = capture->slot;
    return executor->engine->capture_begin(&settings, capture, &executor->capturer, err);
}
