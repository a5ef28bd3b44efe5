#include "gateway/retry.h"

#include <string.h>

#include "engine/gateway.h"
#include "gateway/batch.h"
#include "gateway/client.h"

enum { KEPT_BETWEEN = 1024 }; /* bytes of memory that stay with a session that asks nothing */

void attempt_free(struct attempt *attempt)
{
    text_free(&attempt->asked);
    text_free(&attempt->answer);
}

static void drop(struct attempt *attempt)
{
    attempt->open = attempt->plan = false;
    attempt->sqlstate[0] = '\0';
    text_clear(&attempt->asked);
    if (attempt->asked.capacity > KEPT_BETWEEN)
        text_free(&attempt->asked);
    text_free(&attempt->answer);
}

static void tell(struct client *client)
{
    SEGUE_CLEANUP(text_free) struct text answer = client->attempt.answer;
    client->attempt.answer = (struct text){0};
    drop(&client->attempt);
    relay_tell(client, answer.data, answer.length);
}

void retry_keep(struct client *client, bool begins, const char *data, size_t n)
{
    struct attempt *attempt = &client->attempt;
    if (begins) {
        struct worker *worker = client->worker;
        drop(attempt);
        attempt->open = true;
        attempt->made = 0;
        if (worker->retry_credit < RETRY_CREDIT)
            worker->retry_credit += 0.1;
    }
    if (!attempt->open)
        return;
    if (attempt->asked.length + n <= RETRY_MAX && client->backend->outstanding <= 1)
        text_append_n(&attempt->asked, data, n);
    else if (attempt->answer.length > 0) /* an error, whose ReadyForQuery has not come yet */
        tell(client);
    else
        drop(attempt);
}

void retry_note(struct client *client, const struct wire_piece *piece)
{
    struct attempt *attempt = &client->attempt;
    if (!attempt->open || attempt->sqlstate[0] || piece->offset > 0)
        return;
    const char *sqlstate = wire_error_field(piece->data, piece->n, 'C');
    const char *routine = wire_error_field(piece->data, piece->n, 'R');
    if (!sqlstate || strlen(sqlstate) != WIRE_SQLSTATE)
        return;
    memcpy(attempt->sqlstate, sqlstate, WIRE_SQLSTATE + 1);
    /* The message is in the server's language; the function is not. */
    attempt->plan =
        strcmp(sqlstate, "0A000") == 0 && routine && strcmp(routine, "RevalidateCachedQuery") == 0;
}

/* Deadlock detected, serialization failure: another try may well succeed. */
static bool may_succeed(const struct attempt *attempt)
{
    return strcmp(attempt->sqlstate, "40P01") == 0 || strcmp(attempt->sqlstate, "40001") == 0 ||
           attempt->plan;
}

/*
 * One statement, and none that may have ended a transaction before it failed (CALL, DO). Of a statement that was prepared before only
 * that is known. What a client was told of its columns must be told anew where they may have changed.
 */
static bool may_repeat(struct client *client)
{
    struct batch batch;
    const struct attempt *attempt = &client->attempt;
    if (!batch_read(text_string(&attempt->asked), attempt->asked.length, &batch) || batch.n_executes != 1 ||
        batch.n_parses > 1 || (attempt->plan && !batch.describes))
        return false;
    if (!batch.text)
        return batch.n_parses == 0 && !notes_calls(&client->notes);
    return gateway_kind(client->worker->shared, batch.text) & (unsigned)STATEMENT_ROWS;
}

/* What came with the answer and is not of it: notifications and settings. The server says them once. */
static void tell_asides(struct client *client)
{
    const struct text *answer = &client->attempt.answer;
    struct wire_reader reader = {0};
    struct wire_piece piece;
    const char *at = answer->data;
    size_t left = answer->length;
    while (wire_next(&reader, &at, &left, &piece) == WIRE_PIECE)
        if (piece.type == 'A' || piece.type == 'S')
            stream_write(&client->stream, piece.data - WIRE_HEADER, piece.n + WIRE_HEADER);
}

static void repeat(struct client *client)
{
    struct attempt *attempt = &client->attempt;
    tell_asides(client);
    SEGUE_CLEANUP(text_free) struct text asked = attempt->asked;
    unsigned made = attempt->made + 1;
    attempt->asked = (struct text){0};
    drop(attempt);
    metrics_add(&client->worker->metrics.retries, 1);
    client->worker->retry_credit -= 1;
    relay_again(client, asked.data, asked.length);
    attempt->made = made;
}

static bool may_now(struct client *client)
{
    const struct attempt *attempt = &client->attempt;
    /* Where the client sends no more, the server may know of it already, and takes nothing. */
    return !client->ended && client->backend->status == 'I' &&
           attempt->made < client->worker->shared->settings->retries && client->worker->retry_credit >= 1 &&
           may_repeat(client);
}

/* A read that failed on the other version, and not because somebody wished it to end (class 57). */
static bool may_succeed_elsewhere(const struct client *client)
{
    return client->beside.reading && strncmp(client->attempt.sqlstate, "57", 2) != 0;
}

bool retry_takes(struct client *client, const char *data, size_t n)
{
    struct attempt *attempt = &client->attempt;
    if (!attempt->open)
        return false;
    bool failed = attempt->sqlstate[0];
    bool ended = client->backend->outstanding == 0 && wire_between(&client->backend->reader);
    if (!failed || !(may_succeed(attempt) || may_succeed_elsewhere(client)) ||
        attempt->answer.length + n > RETRY_MAX) {
        if (attempt->answer.length == 0) {
            drop(attempt);
            return false;
        }
        text_append_n(&attempt->answer, data, n);
        tell(client);
        return true;
    }
    text_append_n(&attempt->answer, data, n);
    if (!ended)
        return true;
    if (client->beside.reading) {
        beside_return(client);
        repeat(client);
        relay_held(client);
        return true;
    }
    bool again = may_now(client);
    if (again && attempt->plan)
        attempt->afresh = again = move_afresh(client);
    else if (again)
        repeat(client);
    if (!again)
        tell(client);
    return true;
}

void retry_go_on(struct client *client, bool moved)
{
    if (!client->attempt.afresh)
        return;
    client->attempt.afresh = false;
    if (moved)
        repeat(client);
    else
        tell(client);
}

void retry_end(struct client *client)
{
    SEGUE_CLEANUP(text_free) struct text answer = client->attempt.answer;
    client->attempt.answer = (struct text){0};
    drop(&client->attempt);
    stream_write(&client->stream, answer.data, answer.length);
}
