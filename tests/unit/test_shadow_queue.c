/* The queue gives what was appended, once, in the order of its numbers, whatever happens to its files. */
#include "cmocka_all.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "shadow/crc32c.h"
#include "shadow/queue.h"
#include "shadow/record.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/segue-queue-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[128];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command); /* NOLINT(cert-env33-c) */
}

static void path_of(unsigned segment, char path[128])
{
    (void)snprintf(path, 128, "%s/%016x.queue", folder, segment);
}

static struct queue *open_queue(uint64_t bytes_max, uint64_t segment_bytes)
{
    const struct queue_settings settings = {
        .folder = folder, .bytes_max = bytes_max, .segment_bytes = segment_bytes, .durable = true};
    struct queue *queue;
    struct error err = {0};
    if (!queue_open(&settings, &queue, &err))
        fail_msg("%s", err.message);
    return queue;
}

static enum queue_result append(struct queue *queue, struct queue_ticket *ticket, const char *what)
{
    return queue_append(queue, ticket, 7, (struct queue_block){"context", 7},
                        (struct queue_block){what, strlen(what)});
}

/* What can be read now, each done with, separated by spaces. */
static void drain(struct queue *queue, struct text *out)
{
    struct queue_record record;
    uint64_t before = 0;
    while (queue_next(queue, &record)) {
        if (record.number == 0) {
            assert_int_equal(record.context, 7);
            assert_memory_equal(record.block.data, "context", 7);
            continue;
        }
        assert_true(record.number > before);
        before = record.number;
        text_printf(out, "%s%.*s", out->length ? " " : "", (int)record.block.n, record.block.data);
        queue_done(queue, record.number, record.at_us);
    }
}

static void expect(struct queue *queue, const char *wanted)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    drain(queue, &out);
    assert_string_equal(text_string(&out), wanted);
}

static void the_checksum_is_that_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
    assert_int_equal(crc32c(crc32c(0, "1234", 4), "56789", 5), 0xe3069283);
}

static void records_come_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    struct queue *queue = open_queue(1 << 20, 0);
    struct queue_ticket a, b, c;
    queue_take(queue, &a);
    queue_take(queue, &b);
    queue_take(queue, &c);
    assert_int_equal(append(queue, &c, "c"), QUEUE_KEPT);
    assert_int_equal(append(queue, NULL, "d"), QUEUE_KEPT);
    expect(queue, "");
    assert_int_equal(append(queue, &a, "a"), QUEUE_KEPT);
    expect(queue, "a");
    queue_void(queue, &b);
    expect(queue, "c d");
    queue_close(queue);
}

static void what_is_not_done_with_is_there_after_a_restart_and_tickets_are_not(void **state)
{
    (void)state;
    struct queue *queue = open_queue(1 << 20, 0);
    struct queue_ticket lost, late;
    struct queue_record record;
    char id[QUEUE_ID + 1];
    (void)snprintf(id, sizeof id, "%s", queue_id(queue));
    assert_int_equal(append(queue, NULL, "one"), QUEUE_KEPT);
    queue_take(queue, &lost);
    queue_take(queue, &late);
    assert_int_equal(append(queue, NULL, "four"), QUEUE_KEPT);
    assert_int_equal(append(queue, &late, "three"), QUEUE_KEPT);
    expect(queue, "one");
    queue_close(queue);
    queue = open_queue(1 << 20, 0);
    assert_string_equal(queue_id(queue), id);
    queue_rewind(queue, 1);
    assert_true(queue_next(queue, &record));
    assert_int_equal(record.number, 0);
    expect(queue, "three four");
    assert_int_equal(append(queue, NULL, "five"), QUEUE_KEPT);
    struct queue_size size;
    queue_size(queue, &size);
    assert_int_equal(size.records, 1);
    assert_true(size.oldest_us > 0);
    expect(queue, "five");
    queue_size(queue, &size);
    assert_int_equal(size.records, 0);
    queue_close(queue);
}

static void another_process_is_kept_out(void **state)
{
    (void)state;
    struct queue *queue = open_queue(1 << 20, 0), *other;
    const struct queue_settings settings = {.folder = folder, .bytes_max = 1 << 20};
    struct error err = {0};
    assert_false(queue_open(&settings, &other, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    queue_close(queue);
}

static off_t size_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static void a_queue_cut_anywhere_gives_its_whole_records_and_goes_on(void **state)
{
    (void)state;
    char path[128];
    static const char *const wanted[] = {"new", "first new", "first second new", "first second third new"};
    struct queue *queue = open_queue(1 << 20, 0);
    assert_int_equal(append(queue, NULL, "first"), QUEUE_KEPT);
    assert_int_equal(append(queue, NULL, "second"), QUEUE_KEPT);
    assert_int_equal(append(queue, NULL, "third"), QUEUE_KEPT);
    queue_close(queue);
    path_of(1, path);
    off_t whole = size_of(path);
    SEGUE_CLEANUP(text_free) struct text content = {0};
    int file = open(path, O_RDONLY);
    char byte;
    while (read(file, &byte, 1) == 1)
        text_append_char(&content, byte);
    close(file);
    size_t n_before = 0;
    for (off_t cut = 0; cut <= whole; cut++) {
        file = open(path, O_WRONLY | O_TRUNC);
        assert_int_equal(write(file, content.data, (size_t)cut), cut);
        close(file);
        queue = open_queue(1 << 20, 0);
        assert_int_equal(append(queue, NULL, "new"), QUEUE_KEPT);
        SEGUE_CLEANUP(text_free) struct text out = {0};
        drain(queue, &out);
        queue_close(queue);
        size_t n = n_before;
        while (n < SEGUE_COUNT(wanted) && strcmp(text_string(&out), wanted[n]) != 0)
            n++;
        assert_true(n <= n_before + 1 && n < SEGUE_COUNT(wanted));
        n_before = n;
    }
    assert_int_equal(n_before, 3);
}

static void a_flipped_bit_is_never_read_as_a_record(void **state)
{
    (void)state;
    char path[128];
    struct queue *queue = open_queue(1 << 20, 0);
    assert_int_equal(append(queue, NULL, "first"), QUEUE_KEPT);
    assert_int_equal(append(queue, NULL, "second"), QUEUE_KEPT);
    assert_int_equal(append(queue, NULL, "third"), QUEUE_KEPT);
    queue_close(queue);
    path_of(1, path);
    off_t whole = size_of(path);
    int file = open(path, O_RDWR);
    unsigned survivors = 0;
    for (off_t at = 64; at < whole; at++) {
        char byte, flipped;
        assert_int_equal(pread(file, &byte, 1, at), 1);
        flipped = (char)(byte ^ (1 << at % 8));
        assert_int_equal(pwrite(file, &flipped, 1, at), 1);
        queue = open_queue(1 << 20, 0);
        SEGUE_CLEANUP(text_free) struct text out = {0};
        drain(queue, &out);
        queue_close(queue);
        static const char *const possible[] = {
            "", "first", "first second", "first third", "second third", "first second third"};
        size_t i = 0;
        while (i < SEGUE_COUNT(possible) && strcmp(possible[i], text_string(&out)) != 0)
            i++;
        if (i == SEGUE_COUNT(possible))
            fail_msg("byte %ld: %s", (long)at, text_string(&out));
        survivors += strstr(text_string(&out), "third") != NULL;
        assert_int_equal(pwrite(file, &byte, 1, at), 1);
        if (size_of(path) < whole) { /* it was cut: put back what was there */
            close(file);
            queue = NULL;
            unlink(path);
            queue = open_queue(1 << 20, 0);
            assert_int_equal(append(queue, NULL, "first"), QUEUE_KEPT);
            assert_int_equal(append(queue, NULL, "second"), QUEUE_KEPT);
            assert_int_equal(append(queue, NULL, "third"), QUEUE_KEPT);
            queue_close(queue);
            file = open(path, O_RDWR);
        }
    }
    close(file);
    assert_true(survivors > 30);
}

static void a_full_disk_loses_what_is_new_and_nothing_else(void **state)
{
    (void)state;
    struct queue *queue = open_queue(1 << 20, 0);
    struct rlimit before, limit;
    char path[128];
    assert_int_equal(append(queue, NULL, "first"), QUEUE_KEPT);
    path_of(1, path);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)size_of(path) + 20; /* half a record */
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    enum queue_result result = append(queue, NULL, "lost");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result, QUEUE_FAILED);
    assert_int_equal(append(queue, NULL, "second"), QUEUE_KEPT);
    expect(queue, "first second");
    queue_close(queue);
}

static void there_is_no_more_than_may_be_and_room_again_when_segments_go(void **state)
{
    (void)state;
    struct queue *queue = open_queue(4096, 512);
    struct queue_size size;
    unsigned kept = 0;
    while (append(queue, NULL, "some words that take room") == QUEUE_KEPT)
        kept++;
    queue_size(queue, &size);
    assert_true(kept > 20 && size.bytes <= 4096);
    assert_int_equal(size.records, kept);
    assert_int_equal(append(queue, NULL, "more"), QUEUE_FULL);
    assert_false(queue_has_done(queue));
    SEGUE_CLEANUP(text_free) struct text out = {0};
    drain(queue, &out);
    assert_true(queue_sync(queue));
    assert_true(queue_has_done(queue));
    queue_drop_done(queue);
    queue_size(queue, &size);
    assert_true(size.bytes < 1024);
    assert_int_equal(size.records, 0);
    assert_int_equal(append(queue, NULL, "more"), QUEUE_KEPT);
    queue_close(queue);
    queue = open_queue(4096, 512);
    queue_rewind(queue, kept);
    text_clear(&out);
    drain(queue, &out);
    assert_string_equal(text_string(&out), "more");
    queue_close(queue);
}

/* As threads may come to it: numbers are taken in order, and records come in another; each segment has the context anew. */
static void a_backlog_of_segments_is_read_in_the_order_of_the_numbers(void **state)
{
    (void)state;
    enum { AT_ONCE = 5, ROUNDS = 200 };
    struct queue *queue = open_queue(8 << 20, 512);
    struct queue_ticket tickets[AT_ONCE];
    SEGUE_CLEANUP(text_free) struct text wanted = {0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        char words[AT_ONCE][32];
        for (unsigned j = 0; j < AT_ONCE; j++) {
            queue_take(queue, &tickets[j]);
            (void)snprintf(words[j], sizeof words[j], "%u%.*s", i * AT_ONCE + j, (int)(i % 13),
                           "............");
            text_printf(&wanted, "%s%s", wanted.length ? " " : "", words[j]);
        }
        for (unsigned j = AT_ONCE; j-- > 0;)
            assert_int_equal(append(queue, &tickets[j], words[j]), QUEUE_KEPT);
    }
    expect(queue, text_string(&wanted));
    queue_rewind(queue, 0);
    expect(queue, text_string(&wanted));
    struct queue_size size;
    queue_size(queue, &size);
    assert_int_equal(size.records, 0);
    assert_int_equal(size.damaged, 0);
    queue_close(queue);
}

enum { THREADS = 4, EACH = 2000 };

static void *append_many(void *argument)
{
    struct queue *queue = argument;
    for (int i = 0; i < EACH; i++) {
        struct queue_ticket ticket;
        if (i % 3 == 0) {
            assert_int_equal(append(queue, NULL, "x"), QUEUE_KEPT);
            continue;
        }
        queue_take(queue, &ticket);
        if (i % 3 == 1)
            assert_int_equal(append(queue, &ticket, "y"), QUEUE_KEPT);
        else
            queue_void(queue, &ticket);
    }
    return NULL;
}

static void many_threads_append_and_each_record_is_read_once(void **state)
{
    (void)state;
    struct queue *queue = open_queue(8 << 20, 4096);
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, append_many, queue), 0);
    const unsigned wanted = THREADS * (EACH - EACH / 3);
    unsigned seen = 0;
    uint64_t before = 0;
    struct queue_record record;
    while (seen < wanted) {
        if (!queue_next(queue, &record))
            continue;
        if (record.number == 0)
            continue;
        assert_true(record.number > before);
        before = record.number;
        seen++;
        queue_done(queue, record.number, record.at_us);
        if (seen % 500 == 0)
            queue_drop_done(queue);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_false(queue_next(queue, &record));
    queue_close(queue);
}

static void a_transaction_reads_as_it_was_written_and_not_in_part(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const uint32_t types[] = {23, 25};
    const struct shadow_statement statement = {.text = "UPDATE t SET v = $1 WHERE k = $2",
                                               .types = types,
                                               .n_types = 2,
                                               .bound = true,
                                               .bind = "\0\1",
                                               .n_bind = 2,
                                               .tag = "UPDATE 1"};
    const struct shadow_statement copy = {
        .text = "COPY t FROM STDIN", .copies = true, .copy = "1\tx\n", .n_copy = 4, .tag = "COPY 1"};
    struct shadow_transaction read;
    shadow_put_number(&out, 4711);
    shadow_put_number(&out, 2);
    shadow_put_statement(&out, &statement);
    shadow_put_statement(&out, &copy);
    assert_true(shadow_read_transaction(arena, out.data, out.length, &read));
    assert_int_equal(read.pid, 4711);
    assert_int_equal(read.n, 2);
    assert_string_equal(read.statements[0].text, statement.text);
    assert_int_equal(read.statements[0].types[1], 25);
    assert_memory_equal(read.statements[0].bind, "\0\1", 2);
    assert_true(read.statements[0].bound && !read.statements[0].copies);
    assert_string_equal(read.statements[1].copy, "1\tx\n");
    assert_string_equal(read.statements[1].tag, "COPY 1");
    for (size_t n = 0; n < out.length; n++)
        assert_false(shadow_read_transaction(arena, out.data, n, &read));
    arena_free(arena);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_is_that_of_the_standard),
        CASE(records_come_in_the_order_of_their_numbers),
        CASE(what_is_not_done_with_is_there_after_a_restart_and_tickets_are_not),
        CASE(another_process_is_kept_out),
        CASE(a_queue_cut_anywhere_gives_its_whole_records_and_goes_on),
        CASE(a_flipped_bit_is_never_read_as_a_record),
        CASE(a_full_disk_loses_what_is_new_and_nothing_else),
        CASE(there_is_no_more_than_may_be_and_room_again_when_segments_go),
        CASE(a_backlog_of_segments_is_read_in_the_order_of_the_numbers),
        CASE(many_threads_append_and_each_record_is_read_once),
        cmocka_unit_test(a_transaction_reads_as_it_was_written_and_not_in_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
