/* Documents as the command line asks for them. */
#ifndef SEGUE_CLI_PRINT_H
#define SEGUE_CLI_PRINT_H

#include "cli/command.h"
#include "document/document.h"

/* Prints it as --format says, or --json. */
void print_document(const struct invocation *call, const struct document *document);

#endif
