#ifndef SEGUE_POSTGRES_SAMPLE_SAMPLE_INTERNAL_H
#define SEGUE_POSTGRES_SAMPLE_SAMPLE_INTERNAL_H

#include "postgres/sample/sample.h"

struct sample_source {
    struct session *session; /* in its transaction */
    struct arena *arena;
};

/* A COPY out of one session into another. */
struct pump {
    struct session *from, *to; /* as pg_open gives them */
};

/* How busy the source is, looked at first and last. */
bool sample_activity(struct sampling *sample, bool first, struct error *err) SEGUE_MUST_CHECK;

/* Runs both COPY statements; *rows is how many were copied. */
bool pump_copy(const struct pump *pump, const char *out, const char *in, double *rows,
               struct error *err) SEGUE_MUST_CHECK;

/* What is read of a table: "a, b, upper(c) AS c", with the expressions of the rules; in: "a, b, c". In the arena. */
void sample_lists(struct arena *arena, const struct sample_table *table, const struct sample_wish *wish,
                  const char **read, const char **in);
/* ERROR_USAGE for a rule that names nothing, or a column that must keep its values. */
bool sample_check_rules(const struct sampling *sample, const struct sample_wish *wish,
                        struct error *err) SEGUE_MUST_CHECK;

/* The rows that others point to and that were not taken. */
bool sample_follow(struct sampling *sample, const struct sample_wish *wish, const struct pump *pump,
                   struct error *err) SEGUE_MUST_CHECK;

#endif
