/*
 * What sessions ask, asked once more of both versions and their answers compared, and the statements themselves kept: off the clients' path, on a thread of its own with
 * sessions of its own. Never for more than a set share of the time; what there is no room for is dropped and counted.
 */
#ifndef SEGUE_GATEWAY_COMPARER_H
#define SEGUE_GATEWAY_COMPARER_H

#include "gateway/request.h"
#include "gateway/shared.h"

struct comparer;

/* Whether there is anything for one to do. */
bool comparer_wanted(const struct gateway_settings *settings);
/* ERROR_REFUSED: its role is one that must not run what clients ask. *out is NULL where none is wanted. */
bool comparer_start(struct shared *shared, struct comparer **out, struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. After the workers. */
void comparer_stop(struct comparer *comparer);

/* By a worker: a session of its is about to execute a statement. */
void comparer_asked(struct comparer *comparer, const struct client *client, const struct request *request);

/* What was compared of a version so far. */
struct compare_tally {
    uint64_t same, differ;
    uint64_t by_itself;  /* the current version's answer differs from itself */
    uint64_t translated; /* of all these: asked with the version's own names */
    uint64_t skipped;    /* not comparable */
};

/* From any thread; comparer may be NULL. */
void comparer_tally(const struct comparer *comparer, const struct version *version,
                    struct compare_tally *out);
/* For Prometheus. comparer may be NULL. */
void comparer_metrics(const struct comparer *comparer, struct text *out);

#endif
