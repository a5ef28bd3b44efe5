/* The stream of changes: what its bytes mean, and that no bytes are read that are not there. */
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#include "postgres/pgoutput.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* In memory of just that length, so that a sanitizer sees a read beyond it. */
static bool read_bytes(const char *bytes, size_t length, struct pgoutput_message *out)
{
    struct error err;
    char *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    bool good = pgoutput_read(copy, length, out, &err);
    if (!good)
        assert_int_equal(err.class, ERROR_BUG);
    free(copy);
    return good;
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct pgoutput_message));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static const char relation[] = "R\0\0\x40\x01public\0orders\0d\0\2\1id\0\0\0\0\x14\xff\xff\xff\xff"
                               "\0note\0\0\0\0\x19\xff\xff\xff\xff";
static const char insert[] = "I\0\0\x40\x01N\0\2t\0\0\0\2"
                             "42n";
static const char update[] = "U\0\0\x40\x01K\0\2t\0\0\0\1"
                             "7nN\0\2t\0\0\0\1"
                             "8u";
static const char update_in_place[] = "U\0\0\x40\x01N\0\2t\0\0\0\1"
                                      "8t\0\0\0\0";
static const char delete[] = "D\0\0\x40\x01O\0\2t\0\0\0\1"
                             "9n";
static const char truncate_two[] = "T\0\0\0\2\1\0\0\x40\x01\0\0\x40\x02";
static const char message[] = "M\1\0\0\0\0\1\2\3\4segue\0\0\0\0\3abc";
static const char begin[] = "B\0\0\0\1\2\3\4\5\0\0\0\0\0\0\0\1\xfe\xdc\xba\x98";
static const char commit[] = "C\0\0\0\0\1\2\3\4\5\0\0\0\1\2\3\4\6\0\0\0\0\0\0\0\1";

static void a_transaction_has_its_number_and_its_place_in_the_log(void **state)
{
    struct pgoutput_message *out = *state;
    assert_true(read_bytes(BYTES(begin), out));
    assert_int_equal(out->kind, PGOUTPUT_BEGIN);
    assert_true(out->xid == 0xfedcba98);
    assert_true(out->commit == 0x102030405);
    assert_true(read_bytes(BYTES(commit), out));
    assert_int_equal(out->kind, PGOUTPUT_COMMIT);
    assert_true(out->commit == 0x102030405 && out->end == 0x102030406);
}

static void a_table_tells_its_columns_and_which_of_them_are_its_identity(void **state)
{
    struct pgoutput_message *out = *state;
    struct error err;
    assert_true(pgoutput_read(BYTES(relation), out, &err));
    assert_int_equal(out->kind, PGOUTPUT_RELATION);
    assert_int_equal(out->relation, 0x4001);
    assert_string_equal(out->schema, "public");
    assert_string_equal(out->table, "orders");
    assert_int_equal(out->identity, 'd');
    assert_int_equal(out->n_columns, 2);
    assert_string_equal(out->columns[0].name, "id");
    assert_true(out->columns[0].is_key);
    assert_string_equal(out->columns[1].name, "note");
    assert_false(out->columns[1].is_key);
}

static void rows_have_values_nulls_and_what_was_left_as_it_was(void **state)
{
    struct pgoutput_message *out = *state;
    struct error err;
    assert_true(pgoutput_read(BYTES(insert), out, &err));
    assert_int_equal(out->kind, PGOUTPUT_INSERT);
    assert_int_equal(out->after.n, 2);
    assert_int_equal(out->after.values[0].length, 2);
    assert_memory_equal(out->after.values[0].data, "42", 2);
    assert_int_equal(out->after.values[1].kind, 'n');
    assert_true(pgoutput_read(BYTES(update), out, &err));
    assert_true(out->has_old);
    assert_memory_equal(out->before.values[0].data, "7", 1);
    assert_memory_equal(out->after.values[0].data, "8", 1);
    assert_int_equal(out->after.values[1].kind, 'u');
    assert_true(pgoutput_read(BYTES(update_in_place), out, &err));
    assert_false(out->has_old);
    assert_int_equal(out->after.values[1].length, 0);
    assert_true(pgoutput_read(BYTES(delete), out, &err));
    assert_int_equal(out->kind, PGOUTPUT_DELETE);
    assert_true(out->has_old);
    assert_memory_equal(out->before.values[0].data, "9", 1);
}

static void a_truncate_tells_its_tables_and_a_message_its_words(void **state)
{
    struct pgoutput_message *out = *state;
    struct error err;
    assert_true(pgoutput_read(BYTES(truncate_two), out, &err));
    assert_int_equal(out->n_relations, 2);
    assert_int_equal(out->relations[1], 0x4002);
    assert_true(pgoutput_read(BYTES(message), out, &err));
    assert_string_equal(out->prefix, "segue");
    assert_int_equal(out->content_length, 3);
    assert_memory_equal(out->content, "abc", 3);
    assert_true(pgoutput_read(BYTES("O\1\2\3"), out, &err));
    assert_int_equal(out->kind, PGOUTPUT_OTHER);
}

static void a_message_that_is_cut_anywhere_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } messages[] = {{BYTES(relation)},        {BYTES(insert)}, {BYTES(update)},
                    {BYTES(update_in_place)}, {BYTES(delete)}, {BYTES(message)},
                    {BYTES(truncate_two)},    {BYTES(begin)},  {BYTES(commit)}};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        assert_true(read_bytes(messages[i].bytes, messages[i].length, *state));
        for (size_t length = 0; length < messages[i].length; length++)
            assert_false(read_bytes(messages[i].bytes, length, *state));
    }
}

static void a_message_that_says_what_cannot_be_is_refused(void **state)
{
    assert_false(read_bytes(BYTES("Z"), *state));
    assert_false(read_bytes(BYTES("I\0\0\x40\x01N\0\1b\0\0\0\1x"), *state)); /* a binary value */
    assert_false(read_bytes(BYTES("I\0\0\x40\x01K\0\0"), *state));           /* an insert of an old row */
    assert_false(read_bytes(BYTES("D\0\0\x40\x01N\0\0"), *state));           /* a delete of a new one */
    assert_false(read_bytes(BYTES("I\0\0\x40\x01N\0\1t\xff\xff\xff\xffx"), *state)); /* 4 GB */
    assert_false(read_bytes(BYTES("I\0\0\x40\x01N\xff\xffn"), *state));              /* 65,535 columns */
    assert_false(read_bytes(BYTES("T\xff\xff\xff\xff\0"), *state));
    assert_false(read_bytes(BYTES("R\0\0\x40\x01pub"), *state)); /* a name without an end */
    assert_false(read_bytes(BYTES("B\0\0\0\1\2\3\4\5\0\0\0\0\0\0\0\1\xfe\xdc\xba\x98more"), *state));
}

static void any_byte_may_be_another_one(void **state)
{
    char bytes[sizeof relation];
    (void)*state;
    for (size_t at = 0; at < sizeof relation - 1; at++) {
        for (int value = 0; value < 256; value += 5) {
            memcpy(bytes, relation, sizeof relation);
            bytes[at] = (char)value;
            (void)read_bytes(bytes, sizeof relation - 1, *state);
            memcpy(bytes, update, sizeof update);
            if (at < sizeof update - 1) {
                bytes[at] = (char)value;
                (void)read_bytes(bytes, sizeof update - 1, *state);
            }
        }
    }
}

static void the_stream_has_data_and_signs_of_life(void **state)
{
    static const char data[] = "w\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3Bx";
    static const char alive[] = "k\0\0\0\0\0\0\1\2\0\0\0\0\0\0\0\3\1";
    struct wal_piece piece;
    struct error err;
    (void)state;
    assert_true(wal_piece_read(BYTES(data), &piece, &err));
    assert_int_equal(piece.kind, WAL_DATA);
    assert_int_equal(piece.length, 2);
    assert_memory_equal(piece.data, "Bx", 2);
    assert_true(wal_piece_read(BYTES(alive), &piece, &err));
    assert_int_equal(piece.kind, WAL_KEEPALIVE);
    assert_true(piece.end == 0x102 && piece.reply);
    for (size_t length = 0; length < sizeof alive - 1; length++)
        assert_false(wal_piece_read(alive, length, &piece, &err));
    for (size_t length = 0; length < 25; length++)
        assert_false(wal_piece_read(data, length, &piece, &err));
    assert_false(wal_piece_read(BYTES("x\0\0"), &piece, &err));
}

static void what_is_safe_is_told_in_the_servers_time(void **state)
{
    unsigned char status[WAL_STATUS_LENGTH];
    static const char expected[] = "r\0\0\0\0\0\0\1\2\0\0\0\0\0\0\1\1\0\0\0\0\0\0\1\1\0\0\0\0\0\0\0\5\0";
    (void)state;
    wal_status_write(status, 0x102, 0x101, INT64_C(946684800000005));
    assert_memory_equal(status, expected, sizeof status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_transaction_has_its_number_and_its_place_in_the_log, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_table_tells_its_columns_and_which_of_them_are_its_identity, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(rows_have_values_nulls_and_what_was_left_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(a_truncate_tells_its_tables_and_a_message_its_words, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_that_is_cut_anywhere_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_that_says_what_cannot_be_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(any_byte_may_be_another_one, setup, teardown),
        cmocka_unit_test(the_stream_has_data_and_signs_of_life),
        cmocka_unit_test(what_is_safe_is_told_in_the_servers_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
