/* What the parts of the text renderer share. */
#ifndef SEGUE_DOCUMENT_TEXT_INTERNAL_H
#define SEGUE_DOCUMENT_TEXT_INTERNAL_H

#include "document/document.h"

struct page {
    struct text *out;
    const char *bold, *dim, *warn, *plain; /* escapes, or "" */
    int width;
};

/* A table in columns as wide as they need; where the page is too narrow, the widest are wrapped. */
void document_text_table(const struct page *page, const struct block *block, int indent);

#endif
