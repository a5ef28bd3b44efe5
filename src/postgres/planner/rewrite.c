#include "postgres/planner/rewrite.h"

/* A rewrite with its indexes goes at 100 MB/s and more on a plain disk: these are rewritten within the 100 ms that are the
 * ceiling for every lock (docs/how-it-works.md). */
enum { SMALL_MEGABYTES = 8 };
static const int64_t small_bytes = (int64_t)SMALL_MEGABYTES << 20;

static bool is_small(const struct model_table *table)
{
    return !table->origin || table->origin->bytes <= small_bytes;
}

static bool accepted(const struct model *model, const struct model_table *table)
{
    return is_small(table) || model_allows(model, REWRITE_RULE);
}

bool rewrite_may_be_long(const struct model *model, const struct model_table *table)
{
    return !is_small(table) && model_allows(model, REWRITE_RULE);
}

bool rewrite_allowed(const struct model *model, const struct model_table *table, struct place place,
                     const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s rewrites table \"%s\" while nobody can read or write it", what,
           table->name);
    error_detail(err, "it has %ld MB; up to %d MB it is done at complete", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES);
    return error_hint(err, "if the application can wait for it, write -- segue: allow " REWRITE_RULE
                           " because \"…\"");
}

bool rewrite_scan_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s reads all of table \"%s\" while nobody can use the tables that change",
           what, table->name);
    error_detail(err, "it has %ld MB; up to %d MB it is done at complete", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES);
    return error_hint(
        err, "create it WITH NO DATA and put REFRESH MATERIALIZED VIEW at the end of the file, or, if the "
             "application can wait for it, write -- segue: allow " REWRITE_RULE " because \"…\"");
}

bool rewrite_read_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s reads all of table \"%s\" while nobody can write it", what, table->name);
    error_detail(err, "it has %ld MB; up to %d MB it is done", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES);
    return error_hint(err, "if the application can wait for it, write -- segue: allow " REWRITE_RULE
                           " because \"…\"");
}

bool rewrite_build_allowed(const struct model *model, const struct model_table *table, struct place place,
                           const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s builds an index of table \"%s\" while nobody can read or write it", what,
           table->name);
    error_detail(err, "it has %ld MB; up to %d MB it is done", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES);
    return error_hint(err, "if the application can wait for it, write -- segue: allow " REWRITE_RULE
                           " because \"…\"");
}
