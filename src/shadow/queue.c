#include "shadow/queue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "shadow/queue_internal.h"

/* A context that is not among the newest is written once more: to look through all would take longer, where each transaction has one of its own. */
enum { CONTEXTS_LOOKED_AT = 256 };

enum { SEGMENT_MOST = 16 * 1024 * 1024, SEGMENT_LEAST = 65536, SEGMENTS = 8, NAME = 32 };

static const uint64_t MAGIC = 0x0a31517765756753; /* "SguewQ1\n" where the lowest byte is first */
static const char SUFFIX[] = ".queue";

static void name_of(uint64_t segment, char *name)
{
    (void)snprintf(name, NAME, "%016" PRIx64 "%s", segment, SUFFIX);
}

int queue_open_segment(const struct queue *queue, uint64_t segment, int flags)
{
    char name[NAME];
    name_of(segment, name);
    return openat(queue->folder, name, flags | O_CLOEXEC, 0600);
}

void queue_remove_segment(const struct queue *queue, uint64_t segment)
{
    char name[NAME];
    name_of(segment, name);
    (void)unlinkat(queue->folder, name, 0);
}

/* --- Opening --- */

static bool cannot(const struct queue *queue, const char *what, struct error *err)
{
    return error_set(err, ERROR_RESOURCE, "the queue in %s cannot be %s: %s", queue->settings.folder, what,
                     strerror(errno));
}

static bool open_folder(struct queue *queue, struct error *err)
{
    if (mkdir(queue->settings.folder, 0700) < 0 && errno != EEXIST)
        return cannot(queue, "made", err);
    queue->folder = open(queue->settings.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (queue->folder < 0)
        return cannot(queue, "opened", err);
    queue->lock_file = openat(queue->folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (queue->lock_file < 0)
        return cannot(queue, "locked", err);
    if (flock(queue->lock_file, LOCK_EX | LOCK_NB) == 0)
        return true;
    error_set(err, ERROR_REFUSED, "the queue in %s is used by another process", queue->settings.folder);
    return error_hint(err, "each gateway needs a folder of its own");
}

/* The numbers of the first and the last segment; false: there are none. */
static bool find_segments(const struct queue *queue, uint64_t *first, uint64_t *last)
{
    int copy = dup(queue->folder);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    bool any = false;
    const struct dirent *entry;
    if (!folder)
        return false;
    rewinddir(folder);
    while ((entry = readdir(folder))) {
        char *end;
        uint64_t segment = strtoull(entry->d_name, &end, 16);
        if (end != entry->d_name + 16 || strcmp(end, SUFFIX) != 0)
            continue;
        *first = !any || segment < *first ? segment : *first;
        *last = !any || segment > *last ? segment : *last;
        any = true;
    }
    (void)closedir(folder);
    return any;
}

static bool begin_segment(struct queue *queue, uint64_t segment)
{
    struct segment_head head = {.magic = MAGIC, .segment = segment, .next = queue->next};
    int file = queue_open_segment(queue, segment, O_RDWR | O_CREAT | O_TRUNC);
    if (file < 0)
        return false;
    memcpy(head.id, queue->id, sizeof head.id);
    head.crc = queue_head_crc(&head);
    if (!queue_write_all(file, &head, sizeof head, 0)) {
        int why = errno;
        (void)close(file);
        queue_remove_segment(queue, segment);
        errno = why;
        return false;
    }
    if (queue->file >= 0 && queue->settings.durable) {
        queue->unsynced = memory_resize(queue->unsynced, (queue->n_unsynced + 1) * sizeof *queue->unsynced);
        queue->unsynced[queue->n_unsynced++] = queue->file;
    } else if (queue->file >= 0) {
        (void)close(queue->file);
    }
    queue->file = file;
    queue->segment = segment;
    queue->end = sizeof head;
    queue->bytes += sizeof head;
    queue->n_contexts = 0;
    queue->dirty = true;
    return true;
}

static bool read_segment_head(const struct queue *queue, int file, struct segment_head *head)
{
    return pread(file, head, sizeof *head, 0) == sizeof *head && head->magic == MAGIC &&
           head->crc == queue_head_crc(head) &&
           (!queue->id[0] || memcmp(head->id, queue->id, sizeof head->id) == 0);
}

static void note_context(struct queue *queue, uint64_t context)
{
    if (queue->n_contexts == queue->contexts_size) {
        queue->contexts_size = queue->contexts_size ? queue->contexts_size * 2 : 16;
        queue->contexts = memory_resize(queue->contexts, queue->contexts_size * sizeof *queue->contexts);
    }
    queue->contexts[queue->n_contexts++] = context;
}

/* Counts what is in a segment; where its good records end is told in queue->end. */
static void look_through(struct queue *queue, int file, uint64_t size)
{
    struct record_head head;
    char *data;
    uint64_t at = sizeof(struct segment_head);
    queue->n_contexts = 0;
    while (at < size) {
        if (!queue_read_at(file, at, size, &head, &data)) {
            if (!queue_skip_damaged(file, &at, size))
                break;
            continue;
        }
        free(data);
        at += sizeof head + head.length;
        if (head.number == 0) {
            note_context(queue, head.context);
            continue;
        }
        if (queue->appended++ == 0)
            queue->oldest_us = head.at_us;
        if (head.number >= queue->next)
            queue->next = head.number + 1;
    }
    queue->end = at;
}

/* The last segment may have been begun in the instant of a crash: then it is made anew. */
static bool take_segment(struct queue *queue, uint64_t segment, bool last, struct error *err)
{
    struct segment_head head;
    struct stat status;
    int file = queue_open_segment(queue, segment, O_RDWR);
    if (file < 0 && errno == ENOENT)
        return true;
    if (file < 0 || fstat(file, &status) < 0)
        return cannot(queue, "read", err);
    if (!read_segment_head(queue, file, &head)) {
        (void)close(file);
        if (last && status.st_size < (off_t)sizeof head)
            return begin_segment(queue, segment) || cannot(queue, "written", err);
        error_set(err, ERROR_REFUSED, "%s holds what is no queue, or a damaged one", queue->settings.folder);
        return error_hint(err, "give a folder of its own; segment %016" PRIx64 "%s is not of this queue",
                          segment, SUFFIX);
    }
    memcpy(queue->id, head.id, sizeof head.id);
    if (head.next > queue->next)
        queue->next = head.next;
    look_through(queue, file, (uint64_t)status.st_size);
    if (last && queue->end < (uint64_t)status.st_size && ftruncate(file, (off_t)queue->end) < 0) {
        (void)close(file);
        return cannot(queue, "mended", err);
    }
    queue->bytes += last ? queue->end : (uint64_t)status.st_size;
    if (last) {
        queue->file = file;
        queue->segment = segment;
    } else {
        (void)close(file);
    }
    return true;
}

static bool draw_id(struct queue *queue, struct error *err)
{
    unsigned char random[QUEUE_ID / 2];
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return cannot(queue, "named", err);
    for (size_t i = 0; i < sizeof random; i++)
        (void)snprintf(queue->id + 2 * i, 3, "%02x", random[i]);
    return true;
}

static bool open_segments(struct queue *queue, struct error *err)
{
    uint64_t last = 0;
    if (!find_segments(queue, &queue->first_segment, &last)) {
        queue->first_segment = 1;
        return draw_id(queue, err) && (begin_segment(queue, 1) || cannot(queue, "written", err));
    }
    for (uint64_t segment = queue->first_segment; segment <= last; segment++)
        if (!take_segment(queue, segment, segment == last, err))
            return false;
    return true;
}

bool queue_open(const struct queue_settings *settings, struct queue **out, struct error *err)
{
    struct queue *queue = memory_alloc(sizeof *queue);
    uint64_t segment_bytes = settings->bytes_max / SEGMENTS;
    *out = NULL;
    queue->settings = *settings;
    queue->settings.folder = strdup(settings->folder);
    if (settings->segment_bytes)
        segment_bytes = settings->segment_bytes;
    else if (segment_bytes > SEGMENT_MOST || segment_bytes < SEGMENT_LEAST)
        segment_bytes = segment_bytes > SEGMENT_MOST ? SEGMENT_MOST : SEGMENT_LEAST;
    queue->settings.segment_bytes = segment_bytes;
    queue->folder = queue->lock_file = queue->file = queue->read_file = -1;
    queue->next = 1;
    queue->outstanding.before = queue->outstanding.behind = &queue->outstanding;
    (void)pthread_mutex_init(&queue->lock, NULL);
    if (!open_folder(queue, err) || !open_segments(queue, err)) {
        queue_close(queue);
        return false;
    }
    queue_rewind(queue, 0);
    *out = queue;
    return true;
}

void queue_close(struct queue *queue)
{
    if (!queue)
        return;
    int files[] = {queue->file, queue->read_file, queue->lock_file, queue->folder};
    for (size_t i = 0; i < SEGUE_COUNT(files); i++)
        if (files[i] >= 0)
            (void)close(files[i]);
    while (queue->n_unsynced > 0)
        (void)close(queue->unsynced[--queue->n_unsynced]);
    while (queue->n_waitings > 0)
        free(queue->waitings[--queue->n_waitings].data);
    free(queue->waitings);
    free(queue->block);
    free(queue->unsynced);
    free(queue->contexts);
    free((char *)queue->settings.folder);
    (void)pthread_mutex_destroy(&queue->lock);
    free(queue);
}

const char *queue_id(const struct queue *queue)
{
    return queue->id;
}

/* --- Appending --- */

static void unlink_ticket(struct queue_ticket *ticket)
{
    ticket->before->behind = ticket->behind;
    ticket->behind->before = ticket->before;
    *ticket = (struct queue_ticket){0};
}

void queue_take(struct queue *queue, struct queue_ticket *ticket)
{
    (void)pthread_mutex_lock(&queue->lock);
    struct queue_ticket *last = queue->outstanding.before;
    *ticket = (struct queue_ticket){queue->next++, last, &queue->outstanding};
    last->behind = queue->outstanding.before = ticket;
    (void)pthread_mutex_unlock(&queue->lock);
}

void queue_void(struct queue *queue, struct queue_ticket *ticket)
{
    (void)pthread_mutex_lock(&queue->lock);
    unlink_ticket(ticket);
    (void)pthread_mutex_unlock(&queue->lock);
}

static bool has_context(const struct queue *queue, uint64_t context)
{
    size_t last = queue->n_contexts > CONTEXTS_LOOKED_AT ? queue->n_contexts - CONTEXTS_LOOKED_AT : 0;
    for (size_t i = queue->n_contexts; i-- > last;)
        if (queue->contexts[i] == context)
            return true;
    return false;
}

static void put(struct text *out, struct record_head head, struct queue_block block)
{
    head.length = (uint32_t)block.n;
    head.crc = queue_record_crc(&head, block.data);
    text_append_n(out, (const char *)&head, sizeof head);
    text_append_n(out, block.data, block.n);
}

static enum queue_result write_out(struct queue *queue, struct record_head head, struct queue_block context,
                                   struct queue_block record)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    uint64_t most = queue->bytes + record.n + context.n + 2 * sizeof head + sizeof(struct segment_head);
    if (record.n > QUEUE_RECORD_MAX || context.n > QUEUE_RECORD_MAX || most > queue->settings.bytes_max)
        return QUEUE_FULL;
    if (queue->end > queue->settings.segment_bytes && !begin_segment(queue, queue->segment + 1))
        return QUEUE_FAILED;
    bool fresh = !has_context(queue, head.context);
    if (fresh) {
        struct record_head of_context = head;
        of_context.number = of_context.settled = 0; /* the record itself is still to come */
        put(&out, of_context, context);
    }
    put(&out, head, record);
    if (!queue_write_all(queue->file, out.data, out.length, queue->end)) {
        int why = errno;
        /* What was written in part is written over by the next one, or cut off at the next start. */
        if (ftruncate(queue->file, (off_t)queue->end) < 0)
            errno = why;
        errno = why;
        return QUEUE_FAILED;
    }
    if (fresh)
        note_context(queue, head.context);
    queue->end += out.length;
    queue->bytes += out.length;
    if (queue->appended == queue->done)
        queue->oldest_us = head.at_us;
    queue->appended++;
    queue->dirty = true;
    return QUEUE_KEPT;
}

enum queue_result queue_append(struct queue *queue, struct queue_ticket *ticket, uint64_t context_id,
                               struct queue_block context, struct queue_block record)
{
    struct record_head head = {.context = context_id, .at_us = queue_now_us()};
    (void)pthread_mutex_lock(&queue->lock);
    head.number = ticket ? ticket->number : queue->next++;
    const struct queue_ticket *first = queue->outstanding.behind;
    if (ticket && first == ticket)
        first = first->behind;
    head.settled = first == &queue->outstanding ? queue->next : first->number;
    enum queue_result result = write_out(queue, head, context, record);
    if (ticket)
        unlink_ticket(ticket);
    (void)pthread_mutex_unlock(&queue->lock);
    return result;
}

/* --- Being durable, and being measured --- */

bool queue_sync(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    int *files = queue->unsynced;
    size_t n = queue->n_unsynced;
    int last = queue->dirty ? dup(queue->file) : -1;
    queue->unsynced = NULL;
    queue->n_unsynced = 0;
    queue->dirty = false;
    (void)pthread_mutex_unlock(&queue->lock);
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        good = fdatasync(files[i]) == 0 && good;
        (void)close(files[i]);
    }
    free(files);
    if (last >= 0) {
        good = fdatasync(last) == 0 && good;
        (void)close(last);
    }
    return good;
}

void queue_size(struct queue *queue, struct queue_size *out)
{
    (void)pthread_mutex_lock(&queue->lock);
    *out = (struct queue_size){
        .records = queue->appended - queue->done, .bytes = queue->bytes, .damaged = queue->damaged};
    if (out->records > 0)
        out->oldest_us = queue->oldest_us;
    (void)pthread_mutex_unlock(&queue->lock);
}
