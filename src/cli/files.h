/* Files that a command line names. */
#ifndef SEGUE_CLI_FILES_H
#define SEGUE_CLI_FILES_H

#include "base/error.h"
#include "base/text.h"

/* Appends the whole content. ERROR_USAGE when it cannot be read. */
bool read_file(const char *path, struct text *out, struct error *err) SEGUE_MUST_CHECK;

#endif
