/*
 * The statements that a worker's sessions have asked since somebody last took them, counted by who asked and on which version. The worker adds, any thread takes; there
 * is room for so many different ones between two takings, and what comes beyond that is counted alone.
 */
#ifndef SEGUE_GATEWAY_SEEN_H
#define SEGUE_GATEWAY_SEEN_H

#include <pthread.h>

#include "gateway/routes.h"
#include "gateway/statements.h"

enum { SEEN_MAX = 1024, ROLE_MAX = 64 };

struct seen_statement {
    struct statement *statement; /* held */
    const struct version *version;
    char role[ROLE_MAX];
    uint64_t calls;
};

struct seen {
    pthread_mutex_t lock;
    struct seen_statement *items; /* SEEN_MAX, found by their hash */
    uint64_t unnoted;             /* calls of what there was no room for */
};

void seen_init(struct seen *seen);
void seen_free(struct seen *seen);
void seen_add(struct seen *seen, struct statement *statement, const struct version *version,
              const char *role);
/* Calls for each that there is (release the statement when done with it), and forgets them; how many calls are not among them. */
uint64_t seen_take(struct seen *seen, void (*each)(void *context, const struct seen_statement *one),
                   void *context);

#endif
