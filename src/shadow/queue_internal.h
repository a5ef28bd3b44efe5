/* What the files of the queue share. */
#ifndef SEGUE_SHADOW_QUEUE_INTERNAL_H
#define SEGUE_SHADOW_QUEUE_INTERNAL_H

#include <pthread.h>
#include <sys/types.h>

#include "shadow/queue.h"

enum { QUEUE_PATH = 4096, QUEUE_RECORD_MAX = 1 << 30 };

/* The beginning of a segment. Numbers are in the order of this machine, which the magic tells. */
struct segment_head {
    uint64_t magic;
    char id[QUEUE_ID];
    uint64_t segment;
    uint64_t next; /* the next number when it was begun */
    uint32_t crc;  /* of what is before it */
    uint32_t unused;
};

struct record_head {
    uint32_t length;  /* of what follows */
    uint32_t crc;     /* of what is behind it */
    uint64_t number;  /* 0: a context */
    uint64_t settled; /* records with lower numbers are this one or in front of it, or never come */
    uint64_t context;
    int64_t at_us;
};

/* A record that was read ahead of its turn. */
struct waiting {
    struct record_head head;
    uint64_t segment;
    char *data;
};

struct queue {
    struct queue_settings settings;
    char id[QUEUE_ID + 1];
    int folder; /* descriptor */
    int lock_file;

    pthread_mutex_t lock; /* over what follows */
    int file;             /* of the segment that is written */
    uint64_t segment;
    uint64_t end; /* of what is written in it */
    uint64_t next;
    uint64_t bytes;                            /* of all segments */
    uint64_t appended, done, dropped, damaged; /* records */
    int64_t oldest_us; /* since when the oldest that is not done with is there, or one just before it */
    struct queue_ticket outstanding; /* a ring in the order of the numbers */
    uint64_t *contexts;              /* that the segment has */
    size_t n_contexts, contexts_size;
    int *unsynced; /* files that are full and not yet durable */
    size_t n_unsynced;
    bool dirty;

    /* The reader's own. */
    uint64_t first_segment;
    int read_file;
    uint64_t read_segment, read_at;
    uint64_t settled; /* records with lower numbers have all been read */

    uint64_t begun_after;     /* the number that was done when the reading began */
    uint64_t done_before;     /* records up to this number are passed over */
    struct waiting *waitings; /* by number */
    size_t n_waitings, waitings_size;
    char *block; /* of the record that was given last */
};

/* queue.c: opens a segment's file, -1 with errno. */
int queue_open_segment(const struct queue *queue, uint64_t segment, int flags);
void queue_remove_segment(const struct queue *queue, uint64_t segment);

/* queue_file.c */
uint32_t queue_head_crc(const struct segment_head *head);
uint32_t queue_record_crc(const struct record_head *head, const char *data);
/* Reads the record at a place of a file that ends at `end`; the data is the caller's to free. False: there is no whole record with the right checksum. */
bool queue_read_at(int file, uint64_t at, uint64_t end, struct record_head *head, char **data);
/* Whether a whole record stands behind the one that is damaged; *at is moved to it. */
bool queue_skip_damaged(int file, uint64_t *at, uint64_t end);
/* How many records there are. */
uint64_t queue_count(int file, uint64_t end);
bool queue_write_all(int file, const void *data, size_t n, uint64_t at);
int64_t queue_now_us(void);

#endif
