#include "demo/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *number_count(double value, char buffer[NUMBER_SIZE])
{
    char digits[NUMBER_SIZE];
    int length = snprintf(digits, sizeof digits, "%.0f", fmin(fmax(value, 0), 1e15));
    char *to = buffer;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return buffer;
}

/* Three digits say enough. */
static const char *three_digits(double value, const char *unit, int most, char buffer[NUMBER_SIZE])
{
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(buffer, NUMBER_SIZE, "%.*f %s", decimals < most ? decimals : most, value, unit);
    return buffer;
}

const char *number_ms(double ms, char buffer[NUMBER_SIZE])
{
    return three_digits(ms, "ms", 2, buffer);
}

const char *number_seconds(double seconds, char buffer[NUMBER_SIZE])
{
    return three_digits(seconds, "s", 1, buffer);
}
