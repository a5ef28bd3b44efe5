/* Errors and JSON as the commands print them. */
#ifndef SEGUE_CLI_REPORT_H
#define SEGUE_CLI_REPORT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* The exit status that an error of this class ends with. */
int report_status(enum error_class class);
/*
 * The error for a person: `segue: refused: message`, then the place with the line of the file that it names, detail and
 * hint. `secret` (a URL, or NULL) and the password in it are replaced by asterisks wherever they stand.
 */
void report_text(const struct error *err, const char *secret, bool color, struct text *out);
/* The error for a program: {"error": {"class", "sqlstate", "message", "detail", "hint", "where"}}. */
void report_json(const struct error *err, const char *secret, struct text *out);

/* Whether a URL (or keyword string) says a password. */
bool report_has_password(const char *url);

/* A JSON string; null for NULL. Bytes that are no UTF-8 (a message cut in the middle of a character) become "?". */
json_t *json_text(const char *string);
/* Prints the document and a newline to stdout and releases it. */
void json_print(json_t *document);

#endif
