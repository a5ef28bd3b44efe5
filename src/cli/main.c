/* The program's entry: parse, find the command, run it, print its error, and end with the status that the error's class means. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/open.h"
#include "cli/parse.h"
#include "cli/report.h"
#include "cli/terminal.h"

static int print_error(const struct invocation *call, const struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (call->json) {
        report_json(err, call->url, &out);
        (void)fputs(text_string(&out), stdout);
    } else {
        report_text(err, call->url, terminal_color(STDERR_FILENO, given(call, "no-color")), &out);
        (void)fputs(text_string(&out), stderr);
    }
    return report_status(err->class);
}

static int print_help(const struct invocation *call, int status)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    manual_help(call->command, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), status ? stderr : stdout);
    return status;
}

static int run(struct invocation *call)
{
    struct error err = {0};
    if (given(call, "help"))
        return print_help(call, 0);
    if (given(call, "version")) {
        printf("segue %s\n", SEGUE_VERSION);
        return 0;
    }
    if (!call->command)
        return print_help(call, 2);
    interrupt_install();
    if (!fault_check(&err) || !call->command->run(call, &err))
        return print_error(call, &err);
    return call->status;
}

/* Parsing stops at the first mistake; a program that asked for JSON behind it still gets its error as JSON. */
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

static int start(int argc, char **argv, struct arena *arena)
{
    struct error err = {0};
    struct invocation call = {.arena = arena};
    if (!parse_command_line(argc, argv, &call, &err)) {
        call.json = call.json || asks_for_json(argc, argv);
        return print_error(&call, &err);
    }
    const char *url = getenv("SEGUE_URL");
    if (!call.url && url && *url)
        call.url = url;
    call.color = terminal_color(STDOUT_FILENO, given(&call, "no-color"));
    if (!engine_for_url(call.url, &call.engine, &err))
        return print_error(&call, &err);
    return run(&call);
}

int main(int argc, char **argv)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    int status = start(argc, argv, arena);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("segue: cannot write the output");
        return status ? status : 3;
    }
    return status;
}
