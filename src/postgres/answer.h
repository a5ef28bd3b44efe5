/* Statements asked once more, and what came of them. See engine/compare.h. */
#ifndef SEGUE_POSTGRES_ANSWER_H
#define SEGUE_POSTGRES_ANSWER_H

#include "engine/compare.h"

bool pg_answer_order(const char *text, struct arena *arena, struct answer_order *out);
bool pg_answer_is_mighty(struct session *session, bool *mighty, struct error *err);
bool pg_answer_enter(struct session *session, const struct asking *asking, char *snapshot, struct error *err);
bool pg_answer_ask(struct session *session, const struct asked *asked, const struct asking *asking,
                   struct arena *arena, struct answer *out, struct error *err);
bool pg_answer_leave(struct session *session, struct error *err);

#endif
