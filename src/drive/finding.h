/* What must not happen, counted by kind, version, SQLSTATE and statement, with the first message of each. */
#ifndef SEGUE_DRIVE_FINDING_H
#define SEGUE_DRIVE_FINDING_H

#include "base/arena.h"
#include "drive/drive.h"

enum { FINDINGS_KEPT = 40 };

/* The caller guards it. */
struct findings {
    struct drive_finding *list;
    size_t n;
    uint64_t errors[DRIVE_VERSIONS];
    uint64_t mismatches, lost;
};

void findings_add(struct findings *findings, struct arena *arena, const struct drive_finding *finding);

#endif
