/* segue completion: the completion script of a shell. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/manual.h"

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!manual_completion(argument_at(call, 0), &out))
        return error_set(err, ERROR_USAGE, "there is no completion for %s", argument_at(call, 0));
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const struct command_argument arguments[] = {
    {.name = "SHELL", .help = "bash, zsh or fish.", .kind = VALUE_WORDS, .words = "bash zsh fish"},
    {0},
};

static const char *const description[] = {
    "Prints a script that makes the shell complete segue's commands, options and file names. Packages install it; otherwise "
    "the examples show where it goes.",
    NULL,
};

static const struct command_example examples[] = {
    {"source <(segue completion bash)", "Completes in this bash."},
    {"segue completion fish > ~/.config/fish/completions/segue.fish", "Completes in every fish from now on."},
    {0},
};

const struct command command_completion = {
    .name = "completion",
    .summary = "print a shell's completion script",
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
