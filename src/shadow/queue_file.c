/* Records as they stand in a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "shadow/crc32c.h"
#include "shadow/queue_internal.h"

_Static_assert(sizeof(struct record_head) == 40, "a record's head has no gaps");
_Static_assert(sizeof(struct segment_head) == 64, "a segment's head has no gaps");

uint32_t queue_head_crc(const struct segment_head *head)
{
    return crc32c(0, head, offsetof(struct segment_head, crc));
}

uint32_t queue_record_crc(const struct record_head *head, const char *data)
{
    uint32_t crc = crc32c(0, &head->length, sizeof head->length);
    crc = crc32c(crc, &head->number, sizeof *head - offsetof(struct record_head, number));
    return crc32c(crc, data, head->length);
}

static bool read_all(int file, void *data, size_t n, uint64_t at)
{
    char *to = data;
    while (n > 0) {
        ssize_t got = pread(file, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

static bool read_head(int file, uint64_t at, uint64_t end, struct record_head *head)
{
    return end - at >= sizeof *head && read_all(file, head, sizeof *head, at) &&
           head->length <= QUEUE_RECORD_MAX && head->length <= end - at - sizeof *head;
}

bool queue_read_at(int file, uint64_t at, uint64_t end, struct record_head *head, char **data)
{
    *data = NULL;
    if (at > end || !read_head(file, at, end, head))
        return false;
    char *block = memory_alloc(head->length + 1U);
    if (!read_all(file, block, head->length, at + sizeof *head) ||
        head->crc != queue_record_crc(head, block)) {
        free(block);
        return false;
    }
    *data = block;
    return true;
}

bool queue_skip_damaged(int file, uint64_t *at, uint64_t end)
{
    struct record_head head;
    char *data;
    if (!read_head(file, *at, end, &head))
        return false;
    uint64_t behind = *at + sizeof head + head.length;
    if (!queue_read_at(file, behind, end, &head, &data))
        return false;
    free(data);
    *at = behind;
    return true;
}

uint64_t queue_count(int file, uint64_t end)
{
    struct record_head head;
    uint64_t records = 0;
    for (uint64_t at = sizeof(struct segment_head); at < end && read_head(file, at, end, &head);
         at += sizeof head + head.length)
        records += head.number > 0;
    return records;
}

bool queue_write_all(int file, const void *data, size_t n, uint64_t at)
{
    const char *from = data;
    while (n > 0) {
        ssize_t put = pwrite(file, from, n, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        from += put;
        at += (uint64_t)put;
        n -= (size_t)put;
    }
    return true;
}

int64_t queue_now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
