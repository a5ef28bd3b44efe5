#include "catalog/speed.h"

/* Seconds. */
static const double build_entry = 1e-6, read_byte = 2e-9, read_row = 0.2e-6;
static const double write_byte = 10e-9;
static const double other_machine = 3; /* this much faster or slower than the one that was measured */

struct range range_of(double low, double likely, double high)
{
    return (struct range){low, likely, high};
}

struct range range_add(struct range a, struct range b)
{
    return range_of(a.low + b.low, a.likely + b.likely, a.high + b.high);
}

struct range range_times(struct range range, double factor)
{
    return range_of(range.low * factor, range.likely * factor, range.high * factor);
}

struct range speed_about(double seconds)
{
    const double least = 0.001;
    seconds = seconds < least ? least : seconds;
    return range_of(seconds / other_machine, seconds, seconds * other_machine);
}

struct range speed_instant(void)
{
    return range_of(0.001, 0.005, 0.05);
}

double speed_scan(double rows, double bytes)
{
    return bytes * read_byte + rows * read_row;
}

double speed_build(double rows, double bytes)
{
    return speed_scan(rows, bytes) + rows * build_entry;
}

double speed_rewrite(double rows, double bytes, double indexes)
{
    return bytes * write_byte + speed_build(rows, bytes) * indexes;
}
