/* The commands of the console, as a table: the parser, SHOW HELP and the manual's page are of one mind. */

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "gateway/console_internal.h"
#include "gateway/reload.h"
#include "gateway/roll.h"

static const struct console_column columns_help[] = {{"command", CONSOLE_TEXT}, {"what", CONSOLE_TEXT}, {0}};

static void show_help(struct caller *caller, const char *argument, struct console_answer *answer);

/* What it does is logged by whoever does it. */
static void do_reload(struct caller *caller, const char *argument, struct console_answer *answer)
{
    struct error err;
    (void)argument;
    answer->tag = "RELOAD";
    if (!reload(caller->console->shared, &err))
        console_fail(answer, "F0000", err.hint[0] ? err.hint : NULL, "%s%s%s", err.where,
                     err.where[0] ? ": " : "", err.message);
}

/* As SIGTERM does it. A second SIGTERM would cut what still runs: not so a second SHUTDOWN. */
static void do_shutdown(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)argument;
    answer->tag = "SHUTDOWN";
    bool begins = !caller->console->ending && !atomic_load(&caller->console->shared->draining);
    caller->console->ending = true;
    if (begins)
        (void)kill(getpid(), SIGTERM);
}

static void do_kill(struct caller *caller, const char *argument, struct console_answer *answer)
{
    char *end;
    unsigned long pid = strtoul(argument, &end, 10);
    answer->tag = "KILL";
    if (!isdigit((unsigned char)*argument) || *end || pid == 0 || pid > UINT32_MAX)
        console_fail(answer, "22023", "SHOW SESSIONS tells it", "KILL takes the pid of a session");
    else if (!roll_end(caller->console->shared, (uint32_t)pid))
        console_fail(answer, "42704", "SHOW SESSIONS tells which there are", "there is no session %lu", pid);
}

/* What drivers send of their own accord. There are no transactions here, but drivers look whether they are believed to be in one. */
static void begin(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)argument;
    caller->status = 'T';
    answer->tag = "BEGIN";
}

static void finish(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)argument;
    answer->tag = caller->status == 'E' ? "ROLLBACK" : "COMMIT";
    caller->status = 'I';
}

static void roll_back(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)argument;
    answer->tag = "ROLLBACK";
    caller->status = 'I';
}

static void do_nothing(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)caller;
    answer->tag = arena_strdup(answer->arena, argument);
}

static const struct console_command commands[] = {
    {"SHOW HELP", NULL, "These commands.", columns_help, show_help},
    {"SHOW VERSION", NULL, "The version of segue.", columns_version, show_version},
    {"SHOW SESSIONS", NULL, "Each session: who it is, where, and why it is not elsewhere.", columns_sessions,
     show_sessions},
    {"SHOW VERSIONS", NULL,
     "Each version of the schema: share, sessions, requests and their times since the gateway began.",
     columns_versions, show_versions},
    {"SHOW STATS", NULL, "Sums over all sessions, and whether they are paused.", columns_stats, show_stats},
    {"SHOW LISTEN", NULL, "Where the gateway listens.", columns_listen, show_listen},
    {"SHOW CONFIG", NULL, "Its settings, and which of them RELOAD may change.", columns_config, show_config},
    {"SHOW RULES", NULL, "The rules that put sessions on versions, and how many sessions each has.",
     columns_rules, show_rules},
    {"PAUSE", "[SECONDS]",
     "Has what begins wait, and returns when no transaction runs any more. It is over at RESUME, and by itself after the time, 10 s.",
     NULL, pause_begin},
    {"RESUME", NULL, "Lets what waits go on.", NULL, pause_end},
    {"RELOAD", NULL, "Reads settings, rules and certificates anew, as SIGHUP does.", NULL, do_reload},
    {"SHUTDOWN", NULL,
     "Ends sessions as soon as they are between two transactions, then the gateway, as SIGTERM does.", NULL,
     do_shutdown},
    {"KILL", "PID", "Ends a session (57P01), and what the server does for it.", NULL, do_kill},
    {"BEGIN", NULL, NULL, NULL, begin},
    {"START", NULL, NULL, NULL, begin},
    {"COMMIT", NULL, NULL, NULL, finish},
    {"END", NULL, NULL, NULL, finish},
    {"ROLLBACK", NULL, NULL, NULL, roll_back},
    {"ABORT", NULL, NULL, NULL, roll_back},
    {"SET", NULL, NULL, NULL, do_nothing},
    {"RESET", NULL, NULL, NULL, do_nothing},
    {"DISCARD", NULL, NULL, NULL, do_nothing},
    {"DEALLOCATE", NULL, NULL, NULL, do_nothing},
    {"CLOSE", NULL, NULL, NULL, do_nothing},
    {"UNLISTEN", NULL, NULL, NULL, do_nothing},
};

static void show_help(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)caller;
    (void)argument;
    for (size_t i = 0; i < SEGUE_COUNT(commands); i++) {
        const struct console_command *command = &commands[i];
        if (!command->help)
            continue;
        console_put(answer, command->argument
                                ? arena_printf(answer->arena, "%s %s", command->words, command->argument)
                                : command->words);
        console_put(answer, command->help);
    }
}

/* --- Reading --- */

static const char *skip_comment(const char *at)
{
    const char *end = at[0] == '-' ? strchr(at, '\n') : strstr(at + 2, "*/");
    if (!end)
        return at + strlen(at);
    return end + (at[0] == '-' ? 1 : 2);
}

static const char *skip_blanks(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n\f\v");
        if (strncmp(at, "--", 2) != 0 && strncmp(at, "/*", 2) != 0)
            return at;
        at = skip_comment(at);
    }
}

static void put_char(struct words *words, char *word, size_t *length, char c)
{
    if (*length + 1 < CALLER_NAME)
        word[(*length)++] = c;
    else
        words->more = true;
}

static const char *word(const char *at, struct words *words)
{
    char ignored[CALLER_NAME];
    char *out = words->n < CALLER_WORDS ? words->items[words->n] : ignored;
    size_t length = 0;
    while (*at && !strchr(" \t\r\n\f\v;", *at) && strncmp(at, "--", 2) != 0 && strncmp(at, "/*", 2) != 0) {
        if (*at != '\'' && *at != '"') {
            put_char(words, out, &length, (char)toupper((unsigned char)*at++));
            continue;
        }
        const char quote = *at++;
        while (*at && *at != quote)
            put_char(words, out, &length, *at++);
        at += *at == quote;
    }
    out[length] = '\0';
    if (words->n < CALLER_WORDS)
        words->n++;
    else
        words->more = true;
    return at;
}

bool words_next(const char **at, struct words *out)
{
    *out = (struct words){0};
    for (*at = skip_blanks(*at); **at && (**at != ';' || out->n == 0); *at = skip_blanks(*at))
        *at = **at == ';' ? *at + 1 : word(*at, out);
    *at += **at == ';';
    return out->n > 0;
}

/* How many words of the statement are the command's; 0: it is another one. */
static unsigned matches(const struct console_command *command, const struct words *words)
{
    const char *at = command->words;
    for (unsigned i = 0;; i++) {
        size_t length = strcspn(at, " ");
        if (i == words->n || strlen(words->items[i]) != length || strncmp(words->items[i], at, length) != 0)
            return 0;
        if (!at[length])
            return i + 1;
        at += length + 1;
    }
}

static const char *guess(struct arena *arena, const char *typed)
{
    const char *names[SEGUE_COUNT(commands)];
    size_t n = 0;
    for (size_t i = 0; i < SEGUE_COUNT(commands); i++)
        if (commands[i].help)
            names[n++] = commands[i].words;
    const char *near = nearest_word(typed, names, n);
    return near ? arena_printf(arena, "did you mean %s?", near) : "SHOW HELP tells what there is";
}

bool console_understand(const struct words *words, struct statement_of_console *out,
                        struct console_answer *answer)
{
    *out = (struct statement_of_console){0};
    unsigned n = 0;
    for (size_t i = 0; i < SEGUE_COUNT(commands) && n == 0; i++) {
        out->command = &commands[i];
        n = matches(&commands[i], words);
    }
    if (n == 0) {
        bool shows = strcmp(words->items[0], "SHOW") == 0 && words->n > 1;
        const char *typed = shows ? arena_printf(answer->arena, "SHOW %s", words->items[1]) : words->items[0];
        out->command = NULL;
        console_fail(answer, "42601", guess(answer->arena, typed), "the console has no command %s", typed);
        return false;
    }
    if (!out->command->help) { /* whatever it says: its first word is its tag */
        (void)snprintf(out->argument, sizeof out->argument, "%s", words->items[0]);
        return true;
    }
    bool optional = !out->command->argument || out->command->argument[0] == '[';
    unsigned most = n + (out->command->argument != NULL);
    if (words->more || words->n > most || (words->n < most && !optional)) {
        console_fail(answer, "42601", "SHOW HELP tells what there is", "%s takes %s", out->command->words,
                     out->command->argument ? out->command->argument : "nothing behind it");
        return false;
    }
    if (words->n > n)
        (void)snprintf(out->argument, sizeof out->argument, "%s", words->items[n]);
    return true;
}

void console_run(struct caller *caller, const struct statement_of_console *statement,
                 struct console_answer *answer)
{
    answer->columns = statement->command->columns;
    statement->command->run(caller, statement->argument, answer);
    if (!answer->tag && answer->columns)
        answer->tag =
            arena_printf(answer->arena, "SHOW %zu", answer->n_cells / console_count_columns(answer->columns));
}
