/* What the parts of the console share: see console.h. Everything here belongs to the console's thread. */
#ifndef SEGUE_GATEWAY_CONSOLE_INTERNAL_H
#define SEGUE_GATEWAY_CONSOLE_INTERNAL_H

#include <uv.h>

#include "gateway/console.h"
#include "gateway/console_answer.h"
#include "gateway/console_socket.h"
#include "gateway/stream.h"

enum {
    CALLERS_MAX = 16,
    CALLER_PACKET = 65536, /* bytes of a message */
    CALLER_NAMES = 100,    /* prepared statements, and portals, of one caller */
    CALLER_NAME = 64,
    CALLER_WORDS = 8
};

struct caller;
struct console_command;

/* The words of a statement, in capitals but for those in quotes. */
struct words {
    char items[CALLER_WORDS][CALLER_NAME];
    unsigned n;
    bool more; /* there were more, or longer ones */
};

struct statement_of_console {
    const struct console_command *command; /* NULL: it says nothing */
    char argument[CALLER_NAME];
};

/* What the extended protocol gives names to. */
struct names {
    struct prepared {
        char name[CALLER_NAME];
        struct statement_of_console statement;
    } * statements;
    size_t n_statements;
    struct opened {
        char name[CALLER_NAME];
        struct statement_of_console statement;
        bool binary[CONSOLE_COLUMNS];
        struct console_answer *answer; /* NULL: it was not executed */
    } * portals;
    size_t n_portals;
};

/* A PAUSE. */
struct pause {
    bool on;
    int64_t began_us, until_us;
    struct caller *waiter; /* to be told when no transaction runs any more; NULL: nobody, or it was */
    unsigned busy;         /* sessions in transactions when it began, */
    unsigned busy_now;     /* and when it was looked last */
};

struct console {
    struct shared *shared;
    pthread_t thread;
    struct console_socket socket;
    struct listeners listeners; /* the gateway's, as they were: not their descriptors */
    uv_loop_t loop;
    uv_poll_t listener;
    uv_async_t wake;
    uv_timer_t tick; /* once a second, and often while somebody waits */
    struct caller *callers[CALLERS_MAX];
    uint32_t last_pid;
    int64_t began_us;
    struct pause pause;
    atomic_bool leave, stop;
    bool ending;    /* it was told to shut down */
    bool listening; /* the poll of the socket is at work */
};

/* Somebody who is connected. */
struct caller {
    struct stream stream;
    struct console *console;
    enum caller_state { CALLER_GREETING, CALLER_WORKING, CALLER_LEAVING, CALLER_GONE } state;
    int64_t since_us; /* when the state began */
    uint32_t pid;     /* with which it cancels, and the secret */
    char secret[4];
    char status;        /* of the transaction that it believes to be in: nothing here has any */
    struct text packet; /* what has come and is not dealt with */
    bool skipping;      /* up to the next Sync */
    bool waits;         /* for the answer to a statement; nothing else is dealt with */
    struct text script; /* of a simple query, */
    size_t script_at;   /* and how far it is done */
    bool scripted;      /* it is not done yet */
    struct names names; /* what the extended protocol has prepared */
};

/* --- Statements (console_command.c) --- */

/* The next statement of a script; *at moves behind it. False: only blanks and comments are left. */
bool words_next(const char **at, struct words *out);

/* A command, as data: help and the parser read the same table. */
struct console_command {
    const char *words;
    const char *argument; /* its name in the help; NULL: it takes none */
    const char *help;     /* NULL: it is taken for the sake of drivers, and does nothing */
    const struct console_column *columns;
    void (*run)(struct caller *caller, const char *argument, struct console_answer *answer);
};

/* Which command it is; false: none, and the answer says so. */
bool console_understand(const struct words *words, struct statement_of_console *out,
                        struct console_answer *answer);
/* Carries it out. */
void console_run(struct caller *caller, const struct statement_of_console *statement,
                 struct console_answer *answer);

/* --- What SHOW shows (console_show.c) --- */

extern const struct console_column columns_version[], columns_sessions[], columns_versions[], columns_stats[],
    columns_listen[], columns_config[], columns_rules[];
void show_version(struct caller *caller, const char *argument, struct console_answer *answer);
void show_sessions(struct caller *caller, const char *argument, struct console_answer *answer);
void show_versions(struct caller *caller, const char *argument, struct console_answer *answer);
void show_stats(struct caller *caller, const char *argument, struct console_answer *answer);
void show_listen(struct caller *caller, const char *argument, struct console_answer *answer);
void show_config(struct caller *caller, const char *argument, struct console_answer *answer);
void show_rules(struct caller *caller, const char *argument, struct console_answer *answer);

/* --- PAUSE and RESUME (console_pause.c) --- */

void pause_begin(struct caller *caller, const char *argument, struct console_answer *answer);
void pause_end(struct caller *caller, const char *argument, struct console_answer *answer);
/* Whoever waits for it has cancelled, or has gone and is told nothing: it is over. Does nothing where `caller` does not wait. */
void pause_give_up(struct caller *caller, bool tell);
/* Whether its time is over, or what it waits for has come. */
void pause_look(struct console *console);

/* --- The extended protocol (console_extended.c) --- */

/* A message of it. False: it is none of them. What is answered goes to `out`. */
bool extended_take(struct caller *caller, char type, const char *body, size_t n, struct text *out);
/* The portal that is executed has its answer. */
void extended_answered(struct caller *caller, struct console_answer *answer, struct text *out);
/* At the end of a transaction portals go; at the end of everything, statements too. */
void extended_forget(struct names *names, bool all);

/* Looks at the pause often, or seldom (console.c). */
void console_hurry(struct console *console, bool hurries);

/* --- Callers (caller.c) --- */

/* Takes a connection; it is refused, with words, where `why` says so. */
void caller_new(struct console *console, int fd, const char *sqlstate, const char *why);
/* Lets it go at once. */
void caller_drop(struct caller *caller);
/* Time limits. */
void caller_tick(struct caller *caller, int64_t now_us);
/* What it waited for has come. The answer is freed. */
void caller_answered(struct caller *caller, struct console_answer *answer);

#endif
