/*
 * How fast a server reads, builds and writes tables: seconds by what script/lint-durations measures on plain hardware (docs/lint/durations.md).
 * Other machines are some times faster or slower, hence a range.
 */
#ifndef SEGUE_CATALOG_SPEED_H
#define SEGUE_CATALOG_SPEED_H

/* Seconds. */
struct range {
    double low, likely, high;
};

struct range range_of(double low, double likely, double high);
struct range range_add(struct range a, struct range b);
struct range range_times(struct range range, double factor);

/* What was measured, as it may be on a machine that was not. */
struct range speed_about(double seconds);
/* A change of the catalog alone. */
struct range speed_instant(void);

/* Seconds at the measured speed. bytes: of the table without its indexes, and without values that are stored apart (TOAST). */
double speed_scan(double rows, double bytes);
/* An index is built: a tree, one of lists (GIN), one that excludes. */
double speed_build(double rows, double bytes);
double speed_build_inverted(double rows, double bytes);
double speed_exclude(double rows, double bytes);
/* The table is written anew with so many indexes. apart: bytes of values that are stored apart. */
double speed_rewrite(double rows, double bytes, double apart, double indexes);
/* Values that are stored apart are fetched, where an expression asks for them. */
double speed_apart(double apart);
/* Its file is copied as it is. */
double speed_copy(double bytes);
/* Every row is changed in place, with so many indexes to enter it into. */
double speed_write(double rows, double bytes, double indexes);

#endif
