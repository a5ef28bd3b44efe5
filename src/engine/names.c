#include "engine/names.h"

#include <string.h>

const char *translation_output(const struct translation *translation, const char *name)
{
    for (size_t i = 0; i < translation->n_outputs; i++)
        if (strcmp(translation->outputs[i].to, name) == 0)
            return translation->outputs[i].from;
    return name;
}
