#include "cli/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"

void print_document(const struct invocation *call, const struct document *document)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const char *format = call->json ? "json" : given_value(call, "format");
    if (strcmp(format, "json") == 0) {
        document_to_json(document, 0, &out);
        text_append(&out, "\n");
    } else if (strcmp(format, "markdown") == 0) {
        document_to_markdown(document, &out);
    } else if (strcmp(format, "html") == 0) {
        document_to_html(document, &out);
    } else {
        document_to_text(document, call->color, terminal_width(STDOUT_FILENO), &out);
    }
    (void)fputs(text_string(&out), stdout);
}
