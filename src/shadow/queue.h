/*
 * A durable queue of numbered records in a folder: appended to by many threads, read by one, in the order of their numbers. It is made of segment files; one that
 * has been read and is no longer wanted is removed whole.
 *
 * A number may be taken before its record is there, and come to nothing: the reader is given no record while one with a lower number may still come. Numbers grow
 * for as long as the folder lasts.
 *
 * A record refers to a context, a block that many records share; each segment has the contexts of its records before them.
 *
 * What was appended survives the end of the program at any instant, and with queue_sync that of the machine. A record that is torn or damaged is found by its checksum;
 * at the end of the queue it is cut off.
 */
#ifndef SEGUE_SHADOW_QUEUE_H
#define SEGUE_SHADOW_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { QUEUE_ID = 32 }; /* characters of a queue's name */

struct queue;

struct queue_settings {
    const char *folder;     /* made where it is not there */
    uint64_t bytes_max;     /* that its files may have */
    bool durable;           /* queue_sync will be called */
    uint64_t segment_bytes; /* after which a file is full; 0: what is right for bytes_max */
};

/* A number that was taken; memory of whoever takes it, until it ends. */
struct queue_ticket {
    uint64_t number;
    struct queue_ticket *before, *behind;
};

struct queue_block {
    const char *data;
    size_t n;
};

enum queue_result {
    QUEUE_KEPT,
    QUEUE_FULL,  /* there is as much as may be */
    QUEUE_FAILED /* it could not be written: errno tells why */
};

/* Opens the queue, and cuts what is torn at its end. ERROR_RESOURCE: the folder cannot be used. ERROR_REFUSED: another process uses it, or it holds
 * what is no queue. */
bool queue_open(const struct queue_settings *settings, struct queue **out,
                struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void queue_close(struct queue *queue);
/* Its name, QUEUE_ID characters, drawn when it was made. */
const char *queue_id(const struct queue *queue);

/* Takes the next number. From any thread, as are the next two. */
void queue_take(struct queue *queue, struct queue_ticket *ticket);
/* The ticket comes to nothing. */
void queue_void(struct queue *queue, struct queue_ticket *ticket);
/* Appends a record: with the ticket's number, which ends with it, or with the next one when it is NULL. The context is written when the segment does not have it. */
enum queue_result queue_append(struct queue *queue, struct queue_ticket *ticket, uint64_t context_id,
                               struct queue_block context, struct queue_block record) SEGUE_MUST_CHECK;

/* Makes durable what was appended. From the reader's thread. */
bool queue_sync(struct queue *queue) SEGUE_MUST_CHECK;

/* How much there is. From any thread. */
struct queue_size {
    uint64_t records; /* that nobody has said to be done with */
    uint64_t bytes;   /* of files */
    uint64_t damaged; /* records that were found damaged, and left out */
    int64_t
        oldest_us; /* since when the oldest of them, or one just before it, is there, by the calendar (microseconds since 1970); 0: there is none */
};
void queue_size(struct queue *queue, struct queue_size *out);

/* --- Reading: one thread --- */

/* A record, or a context: number 0. Valid until the next call. */
struct queue_record {
    uint64_t number;
    uint64_t context;
    int64_t at_us; /* when it was appended, by the calendar */
    struct queue_block block;
    uint64_t segment; /* in which it is */
};

/* The next record by number, or a context that records behind it have; false: there is none yet. */
bool queue_next(struct queue *queue, struct queue_record *out) SEGUE_MUST_CHECK;
/* Reads from the beginning again, records from this number on: those up to it are done with. */
void queue_rewind(struct queue *queue, uint64_t done);
/* The record that was given last is done with. */
void queue_done(struct queue *queue, uint64_t number, int64_t at_us);
/* Whether there are whole segments that are done with. */
bool queue_has_done(const struct queue *queue);
/* Removes those; the number of the first segment that is left. Contexts that were read in earlier ones are not needed any more. */
uint64_t queue_drop_done(struct queue *queue);

#endif
