/* The extended protocol at the console: what is prepared, opened and executed. There are no parameters; columns may be asked for as text or in binary. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/console_internal.h"

/* A message that is being read. Once it is broken nothing more is taken from it. */
struct body {
    const char *at;
    size_t n;
    bool broken;
};

static const char *take_name(struct body *body)
{
    const char *name = body->broken ? NULL : wire_take_string(&body->at, &body->n);
    if (!name || strlen(name) >= CALLER_NAME)
        body->broken = true;
    return body->broken ? "" : name;
}

static uint16_t take_u16(struct body *body)
{
    if (body->n < 2)
        body->broken = true;
    if (body->broken)
        return 0;
    uint16_t value = wire_u16(body->at);
    body->at += 2;
    body->n -= 2;
    return value;
}

static char take_char(struct body *body)
{
    if (body->n < 1)
        body->broken = true;
    if (body->broken)
        return 0;
    body->n--;
    return *body->at++;
}

static void put_empty(struct text *out, char type)
{
    wire_end(out, wire_begin(out, type));
}

/* The rest up to the next Sync is skipped. */
static void fail(struct caller *caller, const char *sqlstate, const char *message, struct text *out)
{
    wire_put_error(out, "ERROR", sqlstate, message, NULL);
    caller->skipping = true;
    if (caller->status == 'T')
        caller->status = 'E';
}

static struct prepared *find_statement(struct caller *caller, const char *name)
{
    for (size_t i = 0; i < caller->names.n_statements; i++)
        if (strcmp(caller->names.statements[i].name, name) == 0)
            return &caller->names.statements[i];
    return NULL;
}

static struct opened *find_portal(struct caller *caller, const char *name)
{
    for (size_t i = 0; i < caller->names.n_portals; i++)
        if (strcmp(caller->names.portals[i].name, name) == 0)
            return &caller->names.portals[i];
    return NULL;
}

static void close_statement(struct caller *caller, const char *name)
{
    struct prepared *found = find_statement(caller, name);
    if (found)
        *found = caller->names.statements[--caller->names.n_statements];
}

static void close_portal(struct caller *caller, const char *name)
{
    struct opened *found = find_portal(caller, name);
    if (!found)
        return;
    console_answer_free(found->answer);
    *found = caller->names.portals[--caller->names.n_portals];
}

void extended_forget(struct names *names, bool all)
{
    for (size_t i = 0; i < names->n_portals; i++)
        console_answer_free(names->portals[i].answer);
    names->n_portals = 0;
    if (!all)
        return;
    free(names->portals);
    free(names->statements);
    *names = (struct names){0};
}

static void prepare(struct caller *caller, struct body *body, struct text *out)
{
    struct names *names = &caller->names;
    struct words words, further;
    struct prepared made = {0};
    const char *name = take_name(body);
    const char *script = body->broken ? NULL : wire_take_string(&body->at, &body->n);
    if (!script) {
        fail(caller, "08P01", "the message cannot be read, or a name in it is too long", out);
        return;
    }
    if (*name && find_statement(caller, name)) {
        fail(caller, "42P05", "there is a prepared statement of that name already", out);
        return;
    }
    if (names->n_statements >= CALLER_NAMES) {
        fail(caller, "53400", "there are too many prepared statements", out);
        return;
    }
    if (words_next(&script, &words)) {
        struct console_answer *answer = console_answer_new();
        bool good = console_understand(&words, &made.statement, answer);
        if (good && words_next(&script, &further)) {
            console_fail(answer, "42601", NULL, "there may be only one command in a prepared statement");
            good = false;
        }
        if (!good) {
            console_write_end(answer, out);
            caller->skipping = true;
        }
        console_answer_free(answer);
        if (!good)
            return;
    }
    (void)snprintf(made.name, sizeof made.name, "%s", name);
    close_statement(caller, name);
    names->statements =
        memory_resize(names->statements, (names->n_statements + 1) * sizeof *names->statements);
    names->statements[names->n_statements++] = made;
    put_empty(out, '1');
}

/* None: all as text; one: it holds for all. */
static bool take_formats(struct body *body, size_t columns, bool *binary)
{
    uint16_t n = take_u16(body);
    bool good = !body->broken && (n <= 1 || n == columns);
    for (size_t i = 0; good && i < n; i++) {
        uint16_t format = take_u16(body);
        good = !body->broken && format <= 1;
        for (size_t j = i; j < (n == 1 ? columns : i + 1) && j < CONSOLE_COLUMNS; j++)
            binary[j] = format == 1;
    }
    return good;
}

static void open_portal(struct caller *caller, struct body *body, struct text *out)
{
    struct names *names = &caller->names;
    struct opened made = {0};
    (void)snprintf(made.name, sizeof made.name, "%s", take_name(body));
    const struct prepared *of = find_statement(caller, take_name(body));
    for (uint16_t n = take_u16(body); n > 0 && !body->broken; n--)
        (void)take_u16(body); /* formats of parameters */
    uint16_t parameters = take_u16(body);
    if (body->broken) {
        fail(caller, "08P01", "the message cannot be read, or a name in it is too long", out);
        return;
    }
    if (!of) {
        fail(caller, "26000", "there is no prepared statement of that name", out);
        return;
    }
    if (parameters > 0) {
        fail(caller, "08P01", "the console's commands take no parameters", out);
        return;
    }
    made.statement = of->statement;
    size_t columns = of->statement.command ? console_count_columns(of->statement.command->columns) : 0;
    if (!take_formats(body, columns, made.binary)) {
        fail(caller, "08P01", "the formats are not those of the columns", out);
        return;
    }
    if (made.name[0] && find_portal(caller, made.name)) {
        fail(caller, "42P03", "there is a portal of that name already", out);
        return;
    }
    if (names->n_portals >= CALLER_NAMES) {
        fail(caller, "53400", "there are too many portals", out);
        return;
    }
    close_portal(caller, made.name);
    names->portals = memory_resize(names->portals, (names->n_portals + 1) * sizeof *names->portals);
    names->portals[names->n_portals++] = made;
    put_empty(out, '2');
}

static const struct console_column *columns_of(const struct statement_of_console *statement)
{
    return statement->command ? statement->command->columns : NULL;
}

static void describe(struct caller *caller, struct body *body, struct text *out)
{
    char kind = take_char(body);
    const char *name = take_name(body);
    const struct prepared *statement = kind == 'S' ? find_statement(caller, name) : NULL;
    const struct opened *portal = kind == 'P' ? find_portal(caller, name) : NULL;
    if (statement) {
        size_t begun = wire_begin(out, 't');
        wire_put_u16(out, 0);
        wire_end(out, begun);
        console_describe(columns_of(&statement->statement), NULL, out);
    } else if (portal) {
        console_describe(columns_of(&portal->statement), portal->binary, out);
    } else {
        fail(caller, kind == 'P' ? "34000" : "26000", "there is none of that name to be described", out);
    }
}

static void close_name(struct caller *caller, struct body *body, struct text *out)
{
    char kind = take_char(body);
    const char *name = take_name(body);
    if (kind == 'S')
        close_statement(caller, name);
    else
        close_portal(caller, name);
    put_empty(out, '3');
}

/* As many rows as are wanted; behind the last one what the command has to say. */
static void give(struct caller *caller, struct opened *portal, uint32_t most, struct text *out)
{
    struct console_answer *answer = portal->answer;
    if (!console_write_rows(answer, portal->binary, most, out)) {
        put_empty(out, 's'); /* PortalSuspended */
        return;
    }
    console_write_end(answer, out);
    if (!answer->message)
        return;
    caller->skipping = true;
    if (caller->status == 'T')
        caller->status = 'E';
}

static void execute(struct caller *caller, struct body *body, struct text *out)
{
    struct opened *portal = find_portal(caller, take_name(body));
    uint32_t most = body->n >= 4 ? wire_u32(body->at) : 0;
    if (!portal) {
        fail(caller, "34000", "there is no portal of that name", out);
        return;
    }
    if (!portal->statement.command) {
        put_empty(out, 'I'); /* EmptyQueryResponse */
        return;
    }
    if (!portal->answer) {
        portal->answer = console_answer_new();
        console_run(caller, &portal->statement, portal->answer);
        caller->waits = portal->answer->waits;
    }
    if (!caller->waits) {
        give(caller, portal, most, out);
    } else { /* the answer that comes is another one */
        console_answer_free(portal->answer);
        portal->answer = NULL;
    }
}

void extended_answered(struct caller *caller, struct console_answer *answer, struct text *out)
{
    console_write_end(answer, out);
    if (answer->message)
        caller->skipping = true;
    if (answer->message && caller->status == 'T')
        caller->status = 'E';
    console_answer_free(answer);
}

bool extended_take(struct caller *caller, char type, const char *data, size_t n, struct text *out)
{
    struct body body = {.at = data, .n = n};
    switch (type) {
    case 'P': prepare(caller, &body, out); return true;
    case 'B': open_portal(caller, &body, out); return true;
    case 'D': describe(caller, &body, out); return true;
    case 'E': execute(caller, &body, out); return true;
    case 'C': close_name(caller, &body, out); return true;
    default: return false;
    }
}
