/* The reading side of a queue. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "shadow/queue_internal.h"

/* How far may be read now. */
struct horizon {
    uint64_t segment, end, settled;
};

static struct horizon look(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    const struct queue_ticket *first = queue->outstanding.behind;
    struct horizon horizon = {.segment = queue->segment,
                              .end = queue->end,
                              .settled = first == &queue->outstanding ? queue->next : first->number};
    (void)pthread_mutex_unlock(&queue->lock);
    return horizon;
}

static void close_file(struct queue *queue)
{
    if (queue->read_file >= 0)
        (void)close(queue->read_file);
    queue->read_file = -1;
}

static void forget_waitings(struct queue *queue)
{
    while (queue->n_waitings > 0)
        free(queue->waitings[--queue->n_waitings].data);
}

void queue_rewind(struct queue *queue, uint64_t done)
{
    close_file(queue);
    forget_waitings(queue);
    queue->read_segment = queue->first_segment;
    queue->read_at = sizeof(struct segment_head);
    queue->settled = 0;
    queue->done_before = queue->begun_after = done;
    (void)pthread_mutex_lock(&queue->lock);
    queue->done = queue->dropped; /* the others are passed over once more */
    (void)pthread_mutex_unlock(&queue->lock);
}

static void pass_over(struct queue *queue, int64_t at_us)
{
    (void)pthread_mutex_lock(&queue->lock);
    if (queue->done < queue->appended)
        queue->done++;
    queue->oldest_us = at_us;
    (void)pthread_mutex_unlock(&queue->lock);
}

static void count_damaged(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->damaged++;
    (void)pthread_mutex_unlock(&queue->lock);
}

/* Kept in the order of the numbers; most come behind all others. */
static void keep(struct queue *queue, const struct record_head *head, char *data)
{
    if (queue->n_waitings == queue->waitings_size) {
        queue->waitings_size = queue->waitings_size ? queue->waitings_size * 2 : 16;
        queue->waitings = memory_resize(queue->waitings, queue->waitings_size * sizeof *queue->waitings);
    }
    size_t at = queue->n_waitings++;
    for (; at > 0 && queue->waitings[at - 1].head.number > head->number; at--)
        queue->waitings[at] = queue->waitings[at - 1];
    queue->waitings[at] = (struct waiting){.head = *head, .segment = queue->read_segment, .data = data};
}

static bool open_file(struct queue *queue, uint64_t *end, const struct horizon *horizon)
{
    struct stat status;
    if (queue->read_file < 0)
        queue->read_file = queue_open_segment(queue, queue->read_segment, O_RDONLY);
    *end = horizon->end;
    if (queue->read_file < 0 || queue->read_segment == horizon->segment)
        return queue->read_file >= 0;
    if (fstat(queue->read_file, &status) < 0)
        return false;
    *end = (uint64_t)status.st_size;
    return true;
}

static void next_segment(struct queue *queue)
{
    close_file(queue);
    queue->read_segment++;
    queue->read_at = sizeof(struct segment_head);
}

enum step { STEP_NONE, STEP_SOME, STEP_CONTEXT };

/* Reads on by one record. */
static enum step read_on(struct queue *queue, const struct horizon *horizon, struct queue_record *out)
{
    struct record_head head;
    char *data;
    uint64_t end;
    bool last = queue->read_segment == horizon->segment;
    if (!open_file(queue, &end, horizon) || (!last && queue->read_at >= end)) {
        if (last)
            return STEP_NONE;
        next_segment(queue);
        return STEP_SOME;
    }
    if (queue->read_at >= end)
        return STEP_NONE;
    if (!queue_read_at(queue->read_file, queue->read_at, end, &head, &data)) {
        count_damaged(queue);
        if (!queue_skip_damaged(queue->read_file, &queue->read_at, end))
            queue->read_at = end;
        return STEP_SOME;
    }
    queue->read_at += sizeof head + head.length;
    if (head.settled > queue->settled)
        queue->settled = head.settled;
    if (head.number == 0) {
        free(queue->block);
        queue->block = data;
        *out = (struct queue_record){
            .context = head.context, .block = {data, head.length}, .segment = queue->read_segment};
        return STEP_CONTEXT;
    }
    if (head.number > queue->done_before) {
        keep(queue, &head, data);
        return STEP_SOME;
    }
    if (head.number > queue->begun_after) /* one with a higher number is done: this cannot be */
        count_damaged(queue);
    pass_over(queue, head.at_us);
    free(data);
    return STEP_SOME;
}

static void give(struct queue *queue, struct queue_record *out)
{
    struct waiting first = queue->waitings[0];
    memmove(queue->waitings, queue->waitings + 1, --queue->n_waitings * sizeof *queue->waitings);
    free(queue->block);
    queue->block = first.data;
    *out = (struct queue_record){.number = first.head.number,
                                 .context = first.head.context,
                                 .at_us = first.head.at_us,
                                 .block = {first.data, first.head.length},
                                 .segment = first.segment};
}

bool queue_next(struct queue *queue, struct queue_record *out)
{
    struct horizon horizon = look(queue);
    for (;;) {
        if (queue->n_waitings > 0 && queue->waitings[0].head.number < queue->settled) {
            give(queue, out);
            return true;
        }
        enum step step = read_on(queue, &horizon, out);
        if (step == STEP_CONTEXT)
            return true;
        if (step == STEP_NONE && queue->settled >= horizon.settled)
            return false;
        if (step == STEP_NONE)
            queue->settled = horizon.settled;
    }
}

void queue_done(struct queue *queue, uint64_t number, int64_t at_us)
{
    queue->done_before = number;
    pass_over(queue, at_us);
}

/* The first segment that is still wanted: what was read of it waits, or it is being read. */
static uint64_t first_wanted(const struct queue *queue)
{
    uint64_t first = queue->read_segment;
    for (size_t i = 0; i < queue->n_waitings; i++)
        if (queue->waitings[i].segment < first)
            first = queue->waitings[i].segment;
    return first;
}

bool queue_has_done(const struct queue *queue)
{
    return first_wanted(queue) > queue->first_segment;
}

static void drop_first(struct queue *queue)
{
    struct stat status = {0};
    uint64_t records = 0;
    int file = queue_open_segment(queue, queue->first_segment, O_RDONLY);
    if (file >= 0 && fstat(file, &status) == 0)
        records = queue_count(file, (uint64_t)status.st_size);
    if (file >= 0)
        (void)close(file);
    queue_remove_segment(queue, queue->first_segment++);
    (void)pthread_mutex_lock(&queue->lock);
    queue->dropped += records;
    queue->bytes -= (uint64_t)status.st_size;
    (void)pthread_mutex_unlock(&queue->lock);
}

uint64_t queue_drop_done(struct queue *queue)
{
    uint64_t first = first_wanted(queue);
    while (queue->first_segment < first)
        drop_first(queue);
    return first;
}
