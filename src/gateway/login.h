/*
 * The gateway proves a session's password once more, for a further backend of the same session: see password.h. The server is made to prove
 * that it knows the verifier, where the session's first backend did so.
 */
#ifndef SEGUE_GATEWAY_LOGIN_H
#define SEGUE_GATEWAY_LOGIN_H

#include <stddef.h>

#include "base/must.h"

struct backend;
struct login; /* an exchange under way */

/* Answers an Authentication message (its body) of a backend that is not the session's first. Not NULL: why that is impossible, in words that
 * live as long as the program; the backend is then of no use. */
const char *login_answer(struct backend *backend, const char *body, size_t n) SEGUE_MUST_CHECK;
/* Why the server refuses such a backend, as its ErrorResponse (the body) tells. */
const char *login_refused(struct backend *backend, const char *body, size_t n);
/* NULL is allowed. */
void login_free(struct login *login);

#endif
