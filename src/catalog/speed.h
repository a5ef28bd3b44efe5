/*
 * How fast a server reads, builds and writes tables: seconds by what script/bench measures on plain hardware (docs/performance.md).
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

/* Seconds at the measured speed. bytes: of the table without its indexes. */
double speed_scan(double rows, double bytes);
/* An index is built. */
double speed_build(double rows, double bytes);
/* The table is written anew with so many indexes. */
double speed_rewrite(double rows, double bytes, double indexes);

#endif
