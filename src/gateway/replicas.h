/*
 * How far replicas are behind, for --breaker-lag: the control session asks at most once a second, and a new version that has sessions while a replica stays too far behind is left.
 */
#ifndef SEGUE_GATEWAY_REPLICAS_H
#define SEGUE_GATEWAY_REPLICAS_H

#include "base/text.h"
#include "gateway/shared.h"

struct replicas;

struct replicas *replicas_new(void);
void replicas_free(struct replicas *replicas);

/* Of the control thread. False: the session is of no use any more. */
bool replicas_look(struct shared *shared, struct session *session, struct error *err) SEGUE_MUST_CHECK;

/* The one that is furthest behind, as of the last look. */
struct replica_report {
    bool known; /* one streams, and it is looked at */
    char name[GATEWAY_REPLICA_NAME];
    double seconds, bytes;
};

/* From any thread. */
void replicas_tell(struct replicas *replicas, struct replica_report *out);
/* Nothing where none is known. */
void replicas_metrics(struct replicas *replicas, struct text *out);

#endif
