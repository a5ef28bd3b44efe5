/* Findings weighed by what a database at hand tells of the tables. */
#ifndef SEGUE_LINT_WEIGH_H
#define SEGUE_LINT_WEIGH_H

#include "lint/rules_internal.h"

/* Sets what the finding says of the table here, for how long others wait, and its level: a hazard on an empty table is a note, one that
 * is over before anybody notices a warning. Touches nothing without a source. */
void lint_weigh(const struct lint_view *view, const struct lint_rule_entry *entry,
                struct lint_finding *finding);

#endif
