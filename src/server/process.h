/* Runs another program to its end, without a shell. */
#ifndef SEGUE_SERVER_PROCESS_H
#define SEGUE_SERVER_PROCESS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Runs argv[0] (a path, or a name searched in PATH) with the arguments up to a NULL, standard input empty, and waits.
 * Its standard output is appended to *out (thrown away when out is NULL). libpq's environment variables are kept from
 * it: a program is told everything in its arguments. ERROR_RESOURCE when it cannot be run or exits other than 0, with
 * what it wrote to standard error as detail. Safe with threads. */
bool process_run(const char *const *argv, struct text *out, struct error *err) SEGUE_MUST_CHECK;
/* The same with these variables ("PGHOST=…", up to a NULL) added to its environment, where a password may stand: arguments are for
 * everyone to see. */
bool process_run_with(const char *const *argv, const char *const *variables, struct text *out,
                      struct error *err) SEGUE_MUST_CHECK;

#endif
