/* cmocka.h with the headers that it asks for before it. */
#ifndef SEGUE_TESTS_CMOCKA_ALL_H
#define SEGUE_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
