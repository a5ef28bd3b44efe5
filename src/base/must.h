/* Attributes that let the compiler hold us to the house rules. */
#ifndef SEGUE_BASE_MUST_H
#define SEGUE_BASE_MUST_H

/* A result that must be looked at: ignoring it is a compile error under -Werror. */
#define SEGUE_MUST_CHECK __attribute__((warn_unused_result))

/* Calls fn(&variable) when the variable leaves its scope, so that every early return is right. */
#define SEGUE_CLEANUP(fn) __attribute__((cleanup(fn)))

/* printf-like function: format is argument f, the first value argument a (1-based). */
#define SEGUE_PRINTF(f, a) __attribute__((format(printf, f, a)))

#define SEGUE_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
