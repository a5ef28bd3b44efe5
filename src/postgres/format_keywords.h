/* The keywords that cannot stand as an identifier without quotes. */
#ifndef SEGUE_POSTGRES_FORMAT_KEYWORDS_H
#define SEGUE_POSTGRES_FORMAT_KEYWORDS_H

#include <stdbool.h>

/* Whether a word in lower case is a keyword of any category but "unreserved" in any of PostgreSQL 14 to 18. */
bool format_is_keyword(const char *word);

#endif
