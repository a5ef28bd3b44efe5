/* Which schemas the versions are, and which tables each of them drives. */
#ifndef SEGUE_DRIVE_VERSION_H
#define SEGUE_DRIVE_VERSION_H

#include "drive/drive_internal.h"

/* The search path of a version's application, in the arena. */
const char *version_path(struct arena *arena, const struct drive *drive, const char *version);
/* Reads what follows a version's schema on the path, and finds the old version: that of the migration under way, else the one
 * that runs now. In the drive's arena. */
bool version_find_old(struct drive *drive, const char **version, struct error *err) SEGUE_MUST_CHECK;
/* The tables of the old version, by name: those asked for, else those of the plan, else all of the schema. */
bool version_old_names(struct drive *drive, const char ***names, size_t *n,
                       struct error *err) SEGUE_MUST_CHECK;
/* The same tables as the new version names them, and those that it brings. */
void version_names(struct drive *drive, const char ***names, size_t *n);

#endif
