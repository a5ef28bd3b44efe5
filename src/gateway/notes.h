/*
 * What a session's statements say of things that no server can be asked about afterwards: the names of settings with a dot in them, which pg_settings
 * does not show, and what sequences gave last. Texts are read byte by byte as they pass; words in comments and strings count as well, which
 * errs on the safe side: a session that is thought to hold something is not moved.
 */
#ifndef SEGUE_GATEWAY_NOTES_H
#define SEGUE_GATEWAY_NOTES_H

#include <stdbool.h>

#include "base/text.h"
#include "wire/message.h"

struct notes {
    struct text settings; /* names with a dot, with commas between them: see placeholders.h */
    bool dotted;          /* a setting whose name was not in the text, or of which there are too many */
    bool sequences;       /* currval or lastval */
    bool loads;           /* LOAD */
    bool calls;           /* CALL or DO */
    /* Where the reading of a text stands. */
    unsigned char n_word;
    char word[12];           /* the word that is being read, lower case; longer words are cut */
    unsigned char after_set; /* words since SET */
    bool after_do;           /* the last word was DO, which ON CONFLICT has too */
};

/* A part of a Query or Parse message. */
void notes_read(struct notes *notes, const struct wire_piece *piece);
void notes_free(struct notes *notes);
/* Why a session of which this was seen cannot move, or NULL. */
const char *notes_stay(const struct notes *notes);

/* Whether it may have prepared what ends transactions by itself. */
bool notes_calls(const struct notes *notes);

#endif
