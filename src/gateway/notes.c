#include "gateway/notes.h"

#include <string.h>

#include "gateway/placeholders.h"

enum { WORDS_OF_SET = 3 }; /* SET SESSION name */

static bool is_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_' || (unsigned char)(c - '0') < 10 || c >= 0x80;
}

static bool word_is(const struct notes *notes, const char *word)
{
    size_t n = strlen(word);
    return notes->n_word == n && memcmp(notes->word, word, n) == 0;
}

/* A word has ended, with `at` behind it. begun: where it began, or NULL: in an earlier part. end: of this part. */
static void end_word(struct notes *notes, const char *begun, const char *at, const char *end)
{
    if (notes->after_do && !word_is(notes, "update") && !word_is(notes, "nothing"))
        notes->calls = true;
    notes->after_do = word_is(notes, "do");
    if (word_is(notes, "set")) {
        notes->after_set = 1;
    } else if (word_is(notes, "set_config")) {
        /* The name may come as a parameter. */
        if (!placeholders_of_call(&notes->settings, at, end))
            notes->dotted = true;
    } else if (word_is(notes, "currval") || word_is(notes, "lastval")) {
        notes->sequences = true;
    } else if (word_is(notes, "call")) {
        notes->calls = true;
    } else if (word_is(notes, "load")) {
        notes->loads = true;
    } else if (word_is(notes, "local")) {
        notes->after_set = 0; /* it ends with its transaction */
    } else if (notes->after_set > 0) {
        notes->after_set = notes->after_set < WORDS_OF_SET ? notes->after_set + 1 : 0;
    }
    if (notes->after_set > 1 && *at == '.') {
        if (!begun || !strchr(" \t\r\n", begun[-1]) || !placeholders_of_set(&notes->settings, begun, end))
            notes->dotted = true;
        notes->after_set = 0;
    }
    notes->n_word = 0;
}

void notes_read(struct notes *notes, const struct wire_piece *piece)
{
    if (piece->offset == 0)
        notes->n_word = notes->after_set = notes->after_do = 0;
    const char *begun = NULL;
    const char *end = piece->data + piece->n;
    for (const char *at = piece->data; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if (is_letter(c)) {
            if (notes->n_word == 0)
                begun = at > piece->data ? at : NULL; /* what stands before it is looked at */
            if (notes->n_word < sizeof notes->word)
                notes->word[notes->n_word++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        } else {
            if (notes->n_word > 0)
                end_word(notes, begun, at, end);
            if (notes->after_set > 1 && c == '.') /* behind blanks or a quoted part of a name */
                notes->dotted = true;
            if (notes->after_do && (c == '\'' || c == '$'))
                notes->calls = true;
            if (c == '=' || c == ',' || c == ';' || c == '(') /* a name that is set stands before these */
                notes->after_set = 0;
        }
    }
}

void notes_free(struct notes *notes)
{
    text_free(&notes->settings);
}

bool notes_calls(const struct notes *notes)
{
    return notes->calls;
}

const char *notes_stay(const struct notes *notes)
{
    if (notes->sequences)
        return "currval or lastval";
    if (notes->loads)
        return "a loaded library";
    if (notes->dotted)
        return "settings of its own";
    return NULL;
}
