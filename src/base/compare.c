#include "base/compare.h"

#include <string.h>

bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool name_is_among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

bool number_is_among(const int *numbers, size_t n, int number)
{
    for (size_t i = 0; i < n; i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}
