/* What the terminal can do. */
#ifndef SEGUE_CLI_TERMINAL_H
#define SEGUE_CLI_TERMINAL_H

#include <stdbool.h>

/* Whether the file descriptor is a terminal that understands cursor movement. */
bool terminal_is_one(int fd);
/* Whether to print colours there: a terminal, and neither NO_COLOR is set nor `refused`. */
bool terminal_color(int fd, bool refused);
/* Columns of the terminal; COLUMNS or 100 where there is none. Never less than 40. */
int terminal_width(int fd);
/* Whether the locale's encoding is UTF-8, so that bars and ticks can be drawn. */
bool terminal_utf8(void);

#endif
