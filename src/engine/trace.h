/*
 * A session that writes each statement to a stream: when, which backend, how long, how it ended, and the text. Values of
 * parameters are not written, since they are the application's data.
 */
#ifndef SEGUE_ENGINE_TRACE_H
#define SEGUE_ENGINE_TRACE_H

#include <stdio.h>

#include "engine/session.h"

/* Takes over `inner`, which is closed with the result. The stream stays the caller's and must outlive the session; several
 * sessions may share it. A line has five fields between tabs: UTC time, "pid 123", "0.532 ms", "3 rows" or "error 55P03",
 * and the statement with its white space folded. */
struct session *session_trace(struct session *inner, FILE *stream);

#endif
