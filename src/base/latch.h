/* A latch: threads enter and leave, and whoever waits for the last of them wakes when it has left, and not at the next look. */
#ifndef SEGUE_BASE_LATCH_H
#define SEGUE_BASE_LATCH_H

#include <pthread.h>
#include <stdbool.h>

struct latch {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int inside;
};

/* Nobody is inside. To be destroyed with latch_destroy when all have left and nobody waits. */
void latch_init(struct latch *latch);
void latch_destroy(struct latch *latch);
/* By whoever starts a thread, before it: else it might have left before it entered. */
void latch_enter(struct latch *latch);
/* The last that a thread does. */
void latch_leave(struct latch *latch);
/* Waits for at most that long. True: nobody is inside. */
bool latch_wait(struct latch *latch, double seconds);

#endif
