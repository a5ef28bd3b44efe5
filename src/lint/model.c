#include "lint/model.h"

const char *lint_mode_name(enum lint_mode mode)
{
    static const char *const names[] = {
        [LINT_NO_LOCK] = "none",
        [LINT_ACCESS_SHARE] = "ACCESS SHARE",
        [LINT_ROW_SHARE] = "ROW SHARE",
        [LINT_ROW_EXCLUSIVE] = "ROW EXCLUSIVE",
        [LINT_SHARE_UPDATE_EXCLUSIVE] = "SHARE UPDATE EXCLUSIVE",
        [LINT_SHARE] = "SHARE",
        [LINT_SHARE_ROW_EXCLUSIVE] = "SHARE ROW EXCLUSIVE",
        [LINT_EXCLUSIVE] = "EXCLUSIVE",
        [LINT_ACCESS_EXCLUSIVE] = "ACCESS EXCLUSIVE",
    };
    return names[mode];
}

const char *lint_truth_name(enum lint_truth truth)
{
    static const char *const names[] = {[LINT_NO] = "no", [LINT_PERHAPS] = "perhaps", [LINT_YES] = "yes"};
    return names[truth];
}

bool lint_blocks_writes(enum lint_mode mode)
{
    return mode >= LINT_SHARE;
}

bool lint_blocks_reads(enum lint_mode mode)
{
    return mode == LINT_ACCESS_EXCLUSIVE;
}
