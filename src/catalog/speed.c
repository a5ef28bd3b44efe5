#include "catalog/speed.h"

/* Seconds by row, entry or byte: medians of script/lint-durations (docs/lint/durations.md). */
static const double read_byte = 0.5e-9, read_row = 0.1e-6;
static const double build_entry = 0.35e-6, inverted_entry = 5e-6, excluding_entry = 30e-6;
static const double write_byte = 2e-9, write_row = 0.3e-6, apart_byte = 17e-9;
static const double update_row = 4e-6, update_entry = 1e-6, copy_byte = 3e-9;
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

double speed_build_inverted(double rows, double bytes)
{
    return speed_scan(rows, bytes) + rows * inverted_entry;
}

double speed_exclude(double rows, double bytes)
{
    return speed_scan(rows, bytes) + rows * excluding_entry;
}

double speed_rewrite(double rows, double bytes, double apart, double indexes)
{
    return bytes * write_byte + rows * write_row + apart * apart_byte + speed_build(rows, bytes) * indexes;
}

double speed_apart(double apart)
{
    return apart * apart_byte;
}

double speed_copy(double bytes)
{
    return bytes * copy_byte;
}

double speed_write(double rows, double bytes, double indexes)
{
    return speed_scan(rows, bytes) + rows * (update_row + indexes * update_entry);
}
