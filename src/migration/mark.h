/*
 * A mark: another tool's migration that counts as applied from the moment when the new version goes live. Which tools there are, and
 * what their tables look like, is the engine's to know (postgres/planner/marks.h).
 */
#ifndef SEGUE_MIGRATION_MARK_H
#define SEGUE_MIGRATION_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "migration/statement.h"

struct migration;

struct mark_def {
    const char *tool;        /* as written: flyway */
    const char *version;     /* as the tool calls it */
    const char *description; /* or NULL */
    const char *after;       /* the version that it follows, or NULL */
    struct name table;       /* where the tool's table is not where it puts it by itself; else name NULL */
    const char *file;        /* the tool's own file as written; NULL: the migration itself */
    /* Set by mark_read_files, of that file: its last part's name, and what tools know a file by. */
    const char *file_name;
    int32_t line_checksum; /* CRC-32 of its lines without their ends, as a signed number */
    const char *sha256;    /* of its bytes, hexadecimal */
};

/* Reads the files that marks name, relative to the migration's own folder. */
bool mark_read_files(struct arena *arena, struct migration *migration, struct error *err) SEGUE_MUST_CHECK;
/* CRC-32 (ISO 3309) of the lines of a text, without their ends (LF, CR LF or CR) and without a byte order mark. */
int32_t mark_line_checksum(const char *content);

#endif
