#include "postgres/planner/rewrite.h"

/* A rewrite with its indexes goes at 100 MB/s and more on a plain disk: these are rewritten within the 100 ms that are the
 * ceiling for every lock (docs/how-it-works.md). */
enum { SMALL_MEGABYTES = 8 };
static const int64_t small_bytes = (int64_t)SMALL_MEGABYTES << 20;

bool rewrite_allowed(const struct model *model, const struct model_table *table, struct place place,
                     const char *what, struct error *err)
{
    if (!table->origin || table->origin->bytes <= small_bytes || model_allows(model, REWRITE_RULE))
        return true;
    refuse(model, place, err, "%s rewrites table \"%s\" while nobody can read or write it", what,
           table->name);
    error_detail(err, "it has %ld MB; up to %d MB it is done at complete", (long)(table->origin->bytes >> 20),
                 SMALL_MEGABYTES);
    return error_hint(err, "if the application can wait for it, write -- segue: allow " REWRITE_RULE
                           " because \"…\"");
}
