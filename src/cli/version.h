/* How a user names a version. */
#ifndef SEGUE_CLI_VERSION_H
#define SEGUE_CLI_VERSION_H

#include "cli/command.h"

/* The schema of a version named in full (public_0007_full_name) or by its migration (0007_full_name, base). In the call's arena. */
const char *version_schema(const struct invocation *call, const char *name);

#endif
