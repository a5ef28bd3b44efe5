/* What the console answers to one statement, and as which messages. */
#ifndef SEGUE_GATEWAY_CONSOLE_ANSWER_H
#define SEGUE_GATEWAY_CONSOLE_ANSWER_H

#include "base/arena.h"
#include "wire/message.h"

/* Types of columns by their numbers in the server's catalog. */
enum console_type { CONSOLE_TEXT = 25, CONSOLE_COUNT = 20 /* int8 */, CONSOLE_NUMBER = 701 /* float8 */ };

struct console_column {
    const char *name; /* NULL: behind the last one */
    enum console_type type;
};

enum { CONSOLE_COLUMNS = 16 }; /* at most */

struct console_answer {
    struct arena *arena;
    const struct console_column *columns; /* NULL: it has no rows */
    const char **cells;                   /* row by row, as text; NULL: SQL's NULL */
    size_t n_cells;
    size_t n_sent; /* cells that have gone out */
    const char *tag;
    const char *notice; /* or NULL */
    const char *sqlstate, *message,
        *hint;  /* of an error, in which case there is nothing else; message NULL: there is none */
    bool waits; /* it comes later */
};

struct console_answer *console_answer_new(void);
void console_answer_free(struct console_answer *answer);
size_t console_count_columns(const struct console_column *columns);

/* The next cell. */
void console_put(struct console_answer *answer, const char *value);
void console_put_count(struct console_answer *answer, uint64_t value);
void console_put_number(struct console_answer *answer, double value);
/* Fails; everything is copied. hint may be NULL. */
void console_fail(struct console_answer *answer, const char *sqlstate, const char *hint, const char *format,
                  ...) SEGUE_PRINTF(4, 5);
void console_note(struct console_answer *answer, const char *format, ...) SEGUE_PRINTF(2, 3);

/* RowDescription, or NoData where there are no columns. `binary`: of each column, whether it is asked for so; NULL: none. */
void console_describe(const struct console_column *columns, const bool *binary, struct text *out);
/* The rows that have not gone out, at most so many (0: all). False: there are more. */
bool console_write_rows(struct console_answer *answer, const bool *binary, size_t most, struct text *out);
/* What comes behind the rows: the notice and CommandComplete, or the error. */
void console_write_end(const struct console_answer *answer, struct text *out);

#endif
