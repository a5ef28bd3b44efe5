#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(char *field, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void fill(char *field, size_t size, const char *format, va_list args)
{
    /* A message longer than its field is cut: an error report must never fail itself. */
    (void)vsnprintf(field, size, format, args);
}

void error_clear(struct error *err)
{
    *err = (struct error){0};
}

bool error_set(struct error *err, enum error_class class, const char *format, ...)
{
    va_list args;
    error_clear(err);
    err->class = class;
    va_start(args, format);
    fill(err->message, sizeof err->message, format, args);
    va_end(args);
    return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return false;
}

bool error_detail(struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err->detail, sizeof err->detail, format, args);
    va_end(args);
    return false;
}

bool error_where(struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err->where, sizeof err->where, format, args);
    va_end(args);
    return false;
}

const char *error_class_name(enum error_class class)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",         [ERROR_REFUSED] = "refused",   [ERROR_USAGE] = "usage",
        [ERROR_BUSY] = "busy",         [ERROR_LOST] = "lost",         [ERROR_ROW] = "row",
        [ERROR_RESOURCE] = "resource", [ERROR_DATABASE] = "database", [ERROR_INTERRUPTED] = "interrupted",
        [ERROR_BUG] = "bug",
    };
    return names[class];
}
