#include "engine/gateway.h"

#include <string.h>

const char *gateway_path_of(const struct gateway_view *view, const char *role, const char *version)
{
    const char *of_all = NULL;
    for (size_t i = 0; i < view->n_paths; i++) {
        const struct gateway_path *path = &view->paths[i];
        if (strcmp(path->version, version) != 0)
            continue;
        if (strcmp(path->role, role) == 0)
            return path->path;
        if (!*path->role)
            of_all = path->path;
    }
    return of_all;
}
