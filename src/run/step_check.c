/* A question whose count must be zero. */

#include <string.h>

#include "base/clock.h"
#include "run/executor_internal.h"

/* The message with the count in place of its %s. */
static void append_message(struct text *out, const char *message, const char *count)
{
    const char *mark = strstr(message, "%s");
    if (!mark) {
        text_append(out, message);
        return;
    }
    text_append_n(out, message, (size_t)(mark - message));
    text_append(out, count);
    text_append(out, mark + strlen("%s"));
}

static bool refuse(struct executor *executor, const struct check *check, const char *count, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text message = {0};
    SEGUE_CLEANUP(text_free) struct text sample = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (check->sample && !session_query(executor->session, check->sample, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; rows && i < rows_count(rows); i++) {
        const char *key = rows_get(rows, i, 0);
        text_printf(&sample, "%s%s", i ? "\n" : "for example: ", key ? key : "NULL");
    }
    append_message(&message, check->message, count);
    error_set(err, ERROR_REFUSED, "%s", text_string(&message));
    error_detail(err, "%s", text_string(&sample));
    return error_hint(err, "%s", check->hint ? check->hint : "");
}

static bool ask(struct executor *executor, const struct check *check, struct error *err)
{
    char count[32];
    bool null;
    for (size_t i = 0; i < check->n_prepare; i++)
        if (!session_run(executor->session, check->prepare[i], err))
            return false;
    if (!session_value(executor->session, check->count, 0, NULL, count, sizeof count, &null, err))
        return false;
    return null || strcmp(count, "0") == 0 || refuse(executor, check, count, err);
}

/* Where the values that are asked about cannot even be made in some row, the backfill finds that row and names it. */
static bool check_may_fail(struct executor *executor, const struct step *step, const struct error *err)
{
    if (!step->check->may_fail || err->class == ERROR_LOST || !session_failed_at_row(err))
        return false;
    report_message(executor, "%s: cannot be told yet, because an expression fails at a row", step->title);
    return true;
}

/* Count and sample in one transaction, which nothing limits but the table's size. */
static bool ask_once(struct executor *executor, const struct step *step, struct error *err)
{
    if (!executor->engine->begin(executor->session, executor->settings->lock_ceiling_ms, 0, err))
        return false;
    bool good = ask(executor, step->check, err);
    struct error after;
    if (!good && check_may_fail(executor, step, err))
        good = true;
    if (!good && err->class == ERROR_LOST)
        return false;
    bool ended = executor->engine->rollback(executor->session, &after);
    if (good && !ended)
        *err = after;
    return good && ended;
}

bool step_check(struct executor *executor, const struct step *step, struct error *err)
{
    int64_t began = clock_us();
    if (!fault_before(executor, step->id, err) || !executor_checkpoint(executor, err) ||
        !ask_once(executor, step, err))
        return false;
    return step_end(executor, step->id, step->id, JOURNAL_DONE, began, err);
}
