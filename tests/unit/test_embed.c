/* Embedded files arrive in the program byte by byte. */

#include <string.h>

#include "cmocka_all.h"
#include "web.h"

static void embedded_text_is_the_file(void **state)
{
    (void)state;
    assert_string_equal(SEGUE_VERSION, "0.1.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embedded_text_is_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
