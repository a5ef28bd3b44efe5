#include "cli/version.h"

#include <string.h>

const char *version_schema(const struct invocation *call, const char *name)
{
    size_t length = strlen(call->schema);
    if (strncmp(name, call->schema, length) == 0 && name[length] == '_')
        return name;
    return arena_printf(call->arena, "%s_%s", call->schema, name);
}
