#include "base/nearest.h"

#include <string.h>

/* Levenshtein's distance, for words shorter than 32. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    size_t row[LONGEST + 1];
    size_t n = strlen(b);
    if (strlen(a) >= LONGEST || n >= LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

const char *nearest_word(const char *typed, const char *const *words, size_t n)
{
    const char *nearest = NULL;
    size_t best = 2 * (strlen(typed) / 3 + 2); /* further off it is another word */
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(typed, words[i]);
        /* Of two as near, the one that begins alike: a slip is seldom at the first letter. */
        size_t score = 2 * d + (typed[0] != words[i][0]);
        if (score < best && d < strlen(words[i])) {
            best = score;
            nearest = words[i];
        }
    }
    return nearest;
}
