/* What a run function asks of its command line. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/parse.h"

static const struct command_option *option_named(const struct command_option *list, const char *name)
{
    for (; list && list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

static const struct given_option *last_given(const struct invocation *call, const char *name)
{
    for (size_t i = call->n_given; i-- > 0;)
        if (strcmp(call->given[i].option->name, name) == 0)
            return &call->given[i];
    return NULL;
}

bool given(const struct invocation *call, const char *option)
{
    return last_given(call, option) != NULL;
}

const char *given_value(const struct invocation *call, const char *option)
{
    const struct given_option *found = last_given(call, option);
    if (found)
        return found->value;
    const struct command_option *known = call->command ? option_named(call->command->options, option) : NULL;
    if (!known)
        known = option_named(global_options, option);
    return known ? known->fallback : NULL;
}

const char **given_values(const struct invocation *call, const char *option, size_t *n)
{
    const char **values = NULL;
    *n = 0;
    for (size_t i = 0; i < call->n_given; i++)
        if (strcmp(call->given[i].option->name, option) == 0)
            ARENA_PUSH(call->arena, values, *n, call->given[i].value);
    return values;
}

bool given_long(const struct invocation *call, const char *option, long min, long max, long *out,
                struct error *err)
{
    const char *value = given_value(call, option);
    if (!value)
        return true;
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < min || number > max)
        return error_set(err, ERROR_USAGE, "--%s is a whole number from %ld to %ld, not \"%s\"", option, min,
                         max, value);
    *out = number;
    return true;
}

bool given_double(const struct invocation *call, const char *option, double min, double max, double *out,
                  struct error *err)
{
    const char *value = given_value(call, option);
    if (!value)
        return true;
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !isfinite(number) || number < min || number > max)
        return error_set(err, ERROR_USAGE, "--%s is a number from %g to %g, not \"%s\"", option, min, max,
                         value);
    *out = number;
    return true;
}

bool parse_duration_ms(const char *string, double *out_ms)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
    char *end;
    size_t digits = strspn(string, "0123456789.");
    double number = strtod(string, &end);
    if (digits == 0 || end != string + digits) /* neither sign nor exponent nor 0x */
        return false;
    for (size_t i = 0; i < SEGUE_COUNT(units); i++) {
        if (strcmp(end, units[i].name) == 0) {
            *out_ms = number * units[i].ms;
            return true;
        }
    }
    return false;
}

bool given_duration_ms(const struct invocation *call, const char *option, double min_ms, double max_ms,
                       double *out_ms, struct error *err)
{
    const char *value = given_value(call, option);
    if (!value)
        return true;
    double ms;
    if (!parse_duration_ms(value, &ms))
        return error_set(err, ERROR_USAGE, "--%s is a duration such as 100ms, 5s or 2m, not \"%s\"", option,
                         value);
    if (ms < min_ms || ms > max_ms)
        return error_set(err, ERROR_USAGE, "--%s lies between %gms and %gs, not %s", option, min_ms,
                         max_ms / 1000, value);
    *out_ms = ms;
    return true;
}

const char *argument_at(const struct invocation *call, size_t index)
{
    return index < call->n_arguments ? call->arguments[index] : NULL;
}
