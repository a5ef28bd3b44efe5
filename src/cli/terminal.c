#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, DEFAULT_WIDTH = 100 };

bool terminal_is_one(int fd)
{
    const char *term = getenv("TERM");
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool terminal_color(int fd, bool refused)
{
    const char *no_color = getenv("NO_COLOR");
    return !refused && !(no_color && *no_color) && terminal_is_one(fd);
}

int terminal_width(int fd)
{
    struct winsize size;
    int width = 0;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    const char *columns = getenv("COLUMNS");
    if (width <= 0 && columns)
        width = (int)strtol(columns, NULL, 10);
    if (width <= 0)
        width = DEFAULT_WIDTH;
    return width < NARROWEST ? NARROWEST : width;
}

bool terminal_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *locale = getenv(variables[i]);
        if (locale && *locale)
            return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
    }
    return false;
}
