#include "base/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *const moments[] = {[FAULT_BEFORE] = "before", [FAULT_AFTER] = "after"};

struct fault_spec {
    const char *point;
    size_t point_length;
    const char *moment;
    size_t moment_length;
    const char *action;
    size_t action_length;
};

static bool word_is(const char *word, size_t length, const char *expected)
{
    return strlen(expected) == length && memcmp(word, expected, length) == 0;
}

/* Splits "point:moment:action" at its last two colons; false when there are not two. */
static bool split(const char *start, size_t length, struct fault_spec *spec)
{
    const char *second = memrchr(start, ':', length);
    if (!second)
        return false;
    const char *first = memrchr(start, ':', (size_t)(second - start));
    if (!first)
        return false;
    *spec = (struct fault_spec){
        .point = start,
        .point_length = (size_t)(first - start),
        .moment = first + 1,
        .moment_length = (size_t)(second - first - 1),
        .action = second + 1,
        .action_length = (size_t)(start + length - second - 1),
    };
    return true;
}

static bool known(const struct fault_spec *spec)
{
    bool moment = word_is(spec->moment, spec->moment_length, "before") ||
                  word_is(spec->moment, spec->moment_length, "after");
    bool action = word_is(spec->action, spec->action_length, "kill") ||
                  word_is(spec->action, spec->action_length, "error") ||
                  word_is(spec->action, spec->action_length, "drop-connection");
    return moment && action;
}

bool fault_check(struct error *err)
{
    const char *rest = getenv("SEGUE_FAULT");
    while (rest && *rest) {
        size_t length = strcspn(rest, ",");
        struct fault_spec spec;
        if (!split(rest, length, &spec) || !known(&spec)) {
            error_set(err, ERROR_USAGE, "SEGUE_FAULT: \"%.*s\" is not a fault", (int)length, rest);
            return error_hint(err, "write step-id:before|after:kill|error|drop-connection");
        }
        rest += length + (rest[length] == ',');
    }
    return true;
}

static enum fault_action action_of(const struct fault_spec *spec)
{
    if (word_is(spec->action, spec->action_length, "kill"))
        return FAULT_KILL;
    return word_is(spec->action, spec->action_length, "error") ? FAULT_ERROR : FAULT_DROP_CONNECTION;
}

enum fault_action fault_planned(const char *point, enum fault_moment moment)
{
    const char *rest = getenv("SEGUE_FAULT");
    while (rest && *rest) {
        size_t length = strcspn(rest, ",");
        struct fault_spec spec;
        if (split(rest, length, &spec) && word_is(spec.point, spec.point_length, point) &&
            word_is(spec.moment, spec.moment_length, moments[moment]))
            return action_of(&spec);
        rest += length + (rest[length] == ',');
    }
    return FAULT_NONE;
}

enum fault_action fault_at(const char *point, enum fault_moment moment)
{
    enum fault_action action = fault_planned(point, moment);
    if (action == FAULT_KILL)
        (void)raise(SIGKILL);
    return action;
}
