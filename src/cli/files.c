/* Files that a command line names. */
#include "cli/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool read_file(const char *path, struct text *out, struct error *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    char buffer[8192];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(out, buffer, n);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    return !failed || error_set(err, ERROR_USAGE, "cannot read %s", path);
}
