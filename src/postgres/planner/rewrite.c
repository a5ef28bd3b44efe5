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

/* What follows every refusal. `when` ends the sentence on small tables; `instead` is advice that goes first, or "". */
static bool explain(const struct model_table *table, const char *when, const char *instead, struct error *err)
{
    error_detail(err, "it has %ld MB; up to %d MB it is done%s", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES, when);
    return error_hint(
        err, "%sif the application can wait for it, write -- segue: allow " REWRITE_RULE " because \"…\"",
        instead);
}

bool rewrite_allowed(const struct model *model, const struct model_table *table, struct place place,
                     const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s rewrites table \"%s\" while nobody can read or write it", what,
           table->name);
    return explain(table, " at complete", "", err);
}

bool rewrite_scan_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s reads all of table \"%s\" while nobody can use the tables that change",
           what, table->name);
    return explain(table, " at complete",
                   "create it WITH NO DATA and put REFRESH MATERIALIZED VIEW at the end of the file, or, ",
                   err);
}

bool rewrite_read_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s reads all of table \"%s\" while nobody can write it", what, table->name);
    return explain(table, "", "", err);
}

bool rewrite_build_allowed(const struct model *model, const struct model_table *table, struct place place,
                           const char *what, struct error *err)
{
    if (accepted(model, table))
        return true;
    refuse(model, place, err, "%s builds an index of table \"%s\" while nobody can read or write it", what,
           table->name);
    return explain(table, "", "", err);
}
