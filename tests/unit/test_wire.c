/* Messages of the protocol: cut anywhere they read the same; what is made is read back. */
#include "cmocka_all.h"
#include "wire/message.h"
#include "wire/startup.h"

#include <stdio.h>
#include <string.h>

/* What a reader saw of a stream: types, bodies, and how often a message began. */
struct seen {
    struct text types, bodies;
    int begun;
};

static void seen_free(struct seen *seen)
{
    text_free(&seen->types);
    text_free(&seen->bodies);
}

static void look(struct wire_reader *reader, const char *data, size_t n, struct seen *seen)
{
    struct wire_piece piece;
    enum wire_result result;
    while ((result = wire_next(reader, &data, &n, &piece)) == WIRE_PIECE) {
        assert_true(piece.offset + piece.n <= piece.length);
        if (piece.offset == 0) {
            seen->begun++;
            text_append_char(&seen->types, piece.type);
        }
        text_append_n(&seen->bodies, piece.data, piece.n);
        if (wire_is_last(&piece))
            text_append_char(&seen->bodies, '|');
    }
    assert_int_equal(result, WIRE_USED_UP);
    assert_int_equal(n, 0);
}

static void make_stream(struct text *out)
{
    wire_put_message(out, 'Q', "SELECT 1");
    wire_end(out, wire_begin(out, 'S'));
    wire_put_ready(out, 'I');
    wire_put_error(out, "ERROR", "42P01", "no such table", NULL);
    wire_end(out, wire_begin(out, 'X'));
}

static void a_stream_reads_the_same_wherever_it_is_cut(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text stream = {0};
    make_stream(&stream);
    SEGUE_CLEANUP(seen_free) struct seen whole = {0};
    struct wire_reader reader = {0};
    look(&reader, stream.data, stream.length, &whole);
    assert_string_equal(text_string(&whole.types), "QSZEX");
    for (size_t first = 0; first <= stream.length; first++)
        for (size_t second = first; second <= stream.length; second++) {
            SEGUE_CLEANUP(seen_free) struct seen cut = {0};
            reader = (struct wire_reader){0};
            look(&reader, stream.data, first, &cut);
            look(&reader, stream.data + first, second - first, &cut);
            look(&reader, stream.data + second, stream.length - second, &cut);
            assert_true(wire_between(&reader));
            assert_int_equal(cut.begun, whole.begun);
            assert_string_equal(text_string(&cut.types), "QSZEX");
            assert_int_equal(cut.bodies.length, whole.bodies.length);
            assert_memory_equal(cut.bodies.data, whole.bodies.data, whole.bodies.length);
        }
}

static void a_length_below_its_own_four_bytes_is_broken(void **state)
{
    (void)state;
    static const char stream[] = {'Q', 0, 0, 0, 3, 0};
    struct wire_reader reader = {0};
    struct wire_piece piece;
    const char *data = stream;
    size_t n = sizeof stream;
    assert_int_equal(wire_next(&reader, &data, &n, &piece), WIRE_BROKEN);
}

static void fields_of_an_error_are_found_and_missing_ones_are_not(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_error(&out, "FATAL", "53300", "too many", "wait");
    const char *body = out.data + WIRE_HEADER;
    size_t n = out.length - WIRE_HEADER;
    assert_string_equal(wire_error_field(body, n, 'C'), "53300");
    assert_string_equal(wire_error_field(body, n, 'H'), "wait");
    assert_null(wire_error_field(body, n, 'D'));
    assert_null(wire_error_field(body, 3, 'C'));
}

static void a_startup_packet_is_read_back(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t begun = wire_startup_begin(&out, WIRE_VERSION_3_2);
    wire_put_string(&out, "user");
    wire_put_string(&out, "ann");
    wire_put_string(&out, "options");
    wire_put_string(&out, "");
    wire_startup_end(&out, begun);
    struct wire_startup startup;
    size_t length;
    for (size_t n = 0; n < out.length; n++)
        assert_int_equal(wire_startup_read(out.data, n, &startup, &length), WIRE_USED_UP);
    assert_int_equal(wire_startup_read(out.data, out.length, &startup, &length), WIRE_PIECE);
    assert_int_equal(length, out.length);
    assert_int_equal(startup.code, WIRE_VERSION_3_2);
    assert_string_equal(wire_startup_value(&startup, "user"), "ann");
    assert_string_equal(wire_startup_value(&startup, "options"), "");
    assert_null(wire_startup_value(&startup, "ann"));
}

static void a_startup_packet_with_half_a_parameter_is_broken(void **state)
{
    (void)state;
    static const char no_value[] =
        "\0\0\0\x0e\0\3\0\0user\0"; /* the literal ends with the packet's last zero */
    static const char no_end[] = "\0\0\0\x0b\0\3\0\0use";
    struct wire_startup startup;
    size_t length;
    assert_int_equal(wire_startup_read(no_value, sizeof no_value, &startup, &length), WIRE_BROKEN);
    assert_int_equal(wire_startup_read(no_end, sizeof no_end - 1, &startup, &length), WIRE_BROKEN);
}

static void a_cancel_request_carries_a_key_of_any_length(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_cancel(&out, 4711, "a secret of thirty-two characters", 32);
    struct wire_startup startup;
    size_t length;
    assert_int_equal(wire_startup_read(out.data, out.length, &startup, &length), WIRE_PIECE);
    assert_int_equal(startup.code, WIRE_CANCEL);
    assert_int_equal(startup.pid, 4711);
    assert_int_equal(startup.n_secret, 32);
    assert_memory_equal(startup.secret, "a secret of thirty-two characters", 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_reads_the_same_wherever_it_is_cut),
        cmocka_unit_test(a_length_below_its_own_four_bytes_is_broken),
        cmocka_unit_test(fields_of_an_error_are_found_and_missing_ones_are_not),
        cmocka_unit_test(a_startup_packet_is_read_back),
        cmocka_unit_test(a_startup_packet_with_half_a_parameter_is_broken),
        cmocka_unit_test(a_cancel_request_carries_a_key_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
