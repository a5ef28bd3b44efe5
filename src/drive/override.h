/* Reads `[old:|new:]table.column=expression`. */
#ifndef SEGUE_DRIVE_OVERRIDE_H
#define SEGUE_DRIVE_OVERRIDE_H

#include "drive/drive_internal.h"

/* Splits one text; *version is -1 for both. The parts live in the arena. Names may be quoted as in SQL. */
bool override_split(struct arena *arena, const char *text, int *version, struct shape_override *out,
                    struct error *err) SEGUE_MUST_CHECK;
/* Those of the settings, by version. */
bool override_parse(struct drive *drive, struct error *err) SEGUE_MUST_CHECK;
/* A note for each that no version had a use for: most likely a misspelt name. */
void override_note_unused(struct drive *drive);

#endif
