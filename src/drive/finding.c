#include "drive/finding.h"

#include <string.h>

static bool same(const struct drive_finding *a, const struct drive_finding *b)
{
    return a->kind == b->kind && a->version == b->version && strcmp(a->sqlstate, b->sqlstate) == 0 &&
           strcmp(a->statement, b->statement) == 0;
}

void findings_add(struct findings *findings, struct arena *arena, const struct drive_finding *finding)
{
    switch (finding->kind) {
    case DRIVE_ERROR: findings->errors[finding->version]++; break;
    case DRIVE_MISMATCH: findings->mismatches++; break;
    case DRIVE_LOST: findings->lost++; break;
    }
    for (size_t i = 0; i < findings->n; i++) {
        if (same(&findings->list[i], finding)) {
            findings->list[i].count++;
            return;
        }
    }
    if (findings->n == FINDINGS_KEPT)
        return;
    struct drive_finding kept = *finding;
    kept.count = 1;
    kept.sqlstate = arena_strdup(arena, finding->sqlstate);
    kept.message = arena_strdup(arena, finding->message);
    kept.statement = arena_strdup(arena, finding->statement);
    ARENA_PUSH(arena, findings->list, findings->n, kept);
}
