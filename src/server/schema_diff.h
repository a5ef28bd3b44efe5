/*
 * Schemas compared as pg_dump prints them. The order of objects and of columns does not count, and segue's own schemas are
 * left aside; everything else does.
 */
#ifndef SEGUE_SERVER_SCHEMA_DIFF_H
#define SEGUE_SERVER_SCHEMA_DIFF_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Appends the dump of a database: of the URL, or where it is NULL of the one to which libpq's variables lead (process_run_with).
 * schema: whose versions are left aside. pg_dump: its path or name. Errors as process_run. */
bool schema_dump(const char *pg_dump, const char *url, const char *const *variables, const char *schema,
                 struct text *out, struct error *err) SEGUE_MUST_CHECK;

/* The number of lines that only one of the two dumps has. Each is appended to *differences with "- " (only in `wanted`)
 * or "+ " (only in `found`) before it. */
size_t schema_diff(const char *wanted, const char *found, struct text *differences);

#endif
