/*
 * Verification while both versions write. Both shapes of a row are compared in one statement, so in one snapshot, and by a boolean a
 * row (docs/decisions/0030). Nothing is locked; the sessions may be several. The functions are those of the same name in struct
 * engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_VERIFY_H
#define SEGUE_POSTGRES_VERIFY_H

#include "engine/engine.h"

bool pg_compare_next(struct session *session, const struct plan_table *table, long rows, struct arena *arena,
                     struct walk_progress *at, struct compare_range *out, bool *any,
                     struct error *err) SEGUE_MUST_CHECK;
bool pg_compare_rows(struct session *session, const struct plan_table *table,
                     const struct compare_range *range, enum mend mend, size_t limit, struct arena *arena,
                     struct compare_result *out, struct error *err) SEGUE_MUST_CHECK;
bool pg_pass_begin(struct session *session, int64_t id, const char *kind, int64_t *pass,
                   struct error *err) SEGUE_MUST_CHECK;
bool pg_pass_write(struct session *session, int64_t id, int64_t pass, const struct compare_result *figures,
                   bool ended, bool whole, struct error *err) SEGUE_MUST_CHECK;
bool pg_verification(struct session *session, int64_t id, struct arena *arena, struct verification *out,
                     struct error *err) SEGUE_MUST_CHECK;

#endif
