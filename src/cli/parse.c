#include "cli/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

struct line {
    int argc, next;
    char **argv;
    struct invocation *call;
};

static const struct command_option *in_list(const struct command_option *list, const char *name,
                                            size_t length, char letter)
{
    for (const struct command_option *option = list; option && option->name; option++) {
        if (letter ? option->letter == letter
                   : strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static const struct command_option *find_option(const struct invocation *call, const char *name,
                                                size_t length, char letter)
{
    const struct command_option *own =
        call->command ? in_list(call->command->options, name, length, letter) : NULL;
    return own ? own : in_list(global_options, name, length, letter);
}

static bool usage_hint(const struct invocation *call, struct error *err)
{
    if (call->command)
        return error_hint(err, "see: segue %s --help", call->command->name);
    return error_hint(err, "see: segue --help");
}

/* Names of the options that this command takes, for a guess at what was meant. */
static bool unknown_option(const struct invocation *call, const char *typed, struct error *err)
{
    const char **names = NULL;
    size_t n = 0;
    const struct command_option *lists[] = {call->command ? call->command->options : NULL, global_options};
    for (size_t i = 0; i < SEGUE_COUNT(lists); i++)
        for (const struct command_option *option = lists[i]; option && option->name; option++)
            ARENA_PUSH(call->arena, names, n, option->name);
    size_t length = strcspn(typed, "=");
    const char *word = arena_strndup(call->arena, typed, length);
    error_set(err, ERROR_USAGE, "%s%sno option %s", call->command ? call->command->name : "segue",
              call->command ? " has " : " itself has ", word);
    const char *guess = nearest_word(word + strspn(word, "-"), names, n);
    return guess ? error_hint(err, "did you mean --%s?", guess) : usage_hint(call, err);
}

bool parse_word_allowed(const char *words, const char *value)
{
    size_t length = strlen(value);
    for (const char *word = words; *word; word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");
        if (n == length && strncmp(word, value, n) == 0)
            return true;
        word += n;
    }
    return false;
}

static void remember(struct invocation *call, const struct command_option *option, const char *value)
{
    const struct given_option found = {.option = option, .value = value};
    ARENA_PUSH(call->arena, call->given, call->n_given, found);
    if (strcmp(option->name, "json") == 0)
        call->json = true;
}

/* Copies a value; one that may hold a password disappears from the process list. */
static const char *take_value(struct invocation *call, const struct command_option *option, char *value)
{
    const char *copy = arena_strdup(call->arena, value);
    if (strcmp(option->name, "url") == 0 || strcmp(option->name, "on") == 0 ||
        strcmp(option->name, "shadow") == 0)
        memset(value, '*', strlen(value));
    return copy;
}

static bool option_value(struct line *line, const struct command_option *option, char *attached,
                         struct error *err)
{
    struct invocation *call = line->call;
    if (!option->value) {
        if (attached) {
            error_set(err, ERROR_USAGE, "--%s takes no value", option->name);
            return usage_hint(call, err);
        }
        remember(call, option, NULL);
        return true;
    }
    if (!attached && line->next >= line->argc) {
        error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", option->name, option->name, option->value);
        return usage_hint(call, err);
    }
    const char *value = take_value(call, option, attached ? attached : line->argv[line->next++]);
    if (option->words && !parse_word_allowed(option->words, value)) {
        error_set(err, ERROR_USAGE, "--%s is one of: %s", option->name, option->words);
        return usage_hint(call, err);
    }
    remember(call, option, value);
    return true;
}

static bool long_option(struct line *line, char *typed, struct error *err)
{
    char *name = typed + 2;
    char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct command_option *option = find_option(line->call, name, length, 0);
    if (!option)
        return unknown_option(line->call, typed, err);
    return option_value(line, option, equals ? equals + 1 : NULL, err);
}

static bool short_options(struct line *line, char *typed, struct error *err)
{
    for (char *letter = typed + 1; *letter; letter++) {
        const struct command_option *option = find_option(line->call, NULL, 0, *letter);
        if (!option)
            return unknown_option(line->call, typed, err);
        bool attached = option->value && letter[1];
        if (!option_value(line, option, attached ? letter + 1 : NULL, err))
            return false;
        if (option->value)
            return true;
    }
    return true;
}

static bool name_command(struct invocation *call, const char *name, struct error *err)
{
    call->command = command_find(name);
    if (call->command)
        return true;
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; commands[i]; i++)
        ARENA_PUSH(call->arena, names, n, commands[i]->name);
    error_set(err, ERROR_USAGE, "there is no command %s", name);
    const char *guess = nearest_word(name, names, n);
    return guess ? error_hint(err, "did you mean segue %s?", guess) : usage_hint(call, err);
}

static bool plain_word(struct invocation *call, const char *word, struct error *err)
{
    if (!call->command)
        return name_command(call, word, err);
    const char *copy = arena_strdup(call->arena, word);
    ARENA_PUSH(call->arena, call->arguments, call->n_arguments, copy);
    return true;
}

static bool count_arguments(const struct invocation *call, struct error *err)
{
    size_t most = 0;
    bool repeated = false;
    for (const struct command_argument *argument = call->command->arguments; argument && argument->name;
         argument++) {
        if (most >= call->n_arguments && !argument->optional) {
            error_set(err, ERROR_USAGE, "%s needs %s: %s", call->command->name, argument->name,
                      argument->help);
            return usage_hint(call, err);
        }
        if (most < call->n_arguments && argument->words &&
            !parse_word_allowed(argument->words, call->arguments[most])) {
            error_set(err, ERROR_USAGE, "%s is one of: %s", argument->name, argument->words);
            return usage_hint(call, err);
        }
        repeated = argument->repeated;
        most++;
    }
    if (call->n_arguments > most && !repeated) {
        error_set(err, ERROR_USAGE, "%s does not know what to do with \"%s\"", call->command->name,
                  call->arguments[most]);
        return usage_hint(call, err);
    }
    return true;
}

bool parse_command_line(int argc, char **argv, struct invocation *call, struct error *err)
{
    struct line line = {.argc = argc, .next = 1, .argv = argv, .call = call};
    bool options_end = false;
    while (line.next < argc) {
        char *word = argv[line.next++];
        bool fine;
        if (options_end || word[0] != '-' || word[1] == '\0')
            fine = plain_word(call, word, err);
        else if (strcmp(word, "--") == 0)
            fine = options_end = true;
        else if (word[1] == '-')
            fine = long_option(&line, word, err);
        else
            fine = short_options(&line, word, err);
        if (!fine)
            return false;
    }
    call->schema = given_value(call, "schema");
    call->url = given_value(call, "url");
    return !call->command || given(call, "help") || count_arguments(call, err);
}
