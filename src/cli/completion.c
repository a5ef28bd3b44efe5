/* Completion scripts for bash, zsh and fish, written out in full so that the shell need not start segue. */
#include <stdio.h>
#include <string.h>

#include "cli/manual.h"

/* Text within single quotes of a shell. */
static void quoted(struct text *out, const char *string)
{
    text_append_char(out, '\'');
    for (; *string; string++)
        text_append(out, *string == '\'' ? "'\\''" : (char[]){*string, '\0'});
    text_append_char(out, '\'');
}

static void option_words(struct text *out, const struct command_option *option)
{
    for (; option && option->name; option++)
        text_printf(out, " --%s", option->name);
}

static void bash_values(struct text *out, const char *pattern, enum value_kind kind, const char *words)
{
    if (kind == VALUE_TEXT)
        text_printf(out, "        %s) return ;;\n", pattern);
    else if (kind == VALUE_WORDS)
        text_printf(out, "        %s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", pattern,
                    words);
    else
        text_printf(out,
                    "        %s) compopt -o filenames; COMPREPLY=($(compgen %s -- \"$word\")); return ;;\n",
                    pattern, kind == VALUE_FILE ? "-f" : "-d");
}

static void bash_option_values(struct text *out, const char *command, const struct command_option *option)
{
    for (; option && option->name; option++) {
        char pattern[128];
        (void)snprintf(pattern, sizeof pattern, "%s:--%s", command, option->name);
        if (option->value)
            bash_values(out, pattern, option->kind, option->words);
    }
}

static void bash(struct text *out)
{
    text_append(out,
                "# bash completion of segue\n"
                "_segue()\n{\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= i\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in\n"
                "        --url | --schema) ((i++)) ;;\n"
                "        -*) ;;\n"
                "        *) command=${COMP_WORDS[i]}; break ;;\n"
                "        esac\n"
                "    done\n"
                "    case $command:$before in\n");
    for (size_t i = 0; commands[i]; i++)
        bash_option_values(out, commands[i]->name, commands[i]->options);
    bash_option_values(out, "*", global_options);
    text_append(out, "    esac\n    local options='");
    option_words(out, global_options);
    text_append(out, "' words=\n    case $command in\n    '') words='");
    for (size_t i = 0; commands[i]; i++)
        text_printf(out, "%s%s", i ? " " : "", commands[i]->name);
    text_append(out, "' ;;\n");
    for (size_t i = 0; commands[i]; i++) {
        text_printf(out, "    %s) options+='", commands[i]->name);
        option_words(out, commands[i]->options);
        text_append_char(out, '\'');
        const struct command_argument *argument = commands[i]->arguments;
        if (argument && argument->name && argument->words)
            text_printf(out, " words='%s'", argument->words);
        if (argument && argument->name && argument->kind == VALUE_FILE)
            text_append(
                out,
                "; [[ $word == -* ]] || { compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\")); return; }");
        text_append(out, " ;;\n");
    }
    text_append(out, "    esac\n"
                     "    [[ $word == -* ]] && words=$options\n"
                     "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "}\n"
                     "complete -F _segue segue\n");
}

/* Within an _arguments specification: brackets and colons have a meaning there. */
static void zsh_text(struct text *out, const char *string)
{
    for (; *string; string++) {
        if (strchr("[]:\\", *string))
            text_append_char(out, '\\');
        text_append(out, *string == '\'' ? "'\\''" : (char[]){*string, '\0'});
    }
}

static void zsh_action(struct text *out, enum value_kind kind, const char *words)
{
    switch (kind) {
    case VALUE_FILE: text_append(out, "_files"); return;
    case VALUE_DIRECTORY: text_append(out, "_files -/"); return;
    case VALUE_WORDS: text_printf(out, "(%s)", words); return;
    case VALUE_TEXT: text_append_char(out, ' '); return;
    }
}

static void zsh_options(struct text *out, const struct command_option *option)
{
    for (; option && option->name; option++) {
        text_printf(out, " \\\n            '%s--%s[", option->repeated ? "*" : "", option->name);
        zsh_text(out, option->help);
        text_append_char(out, ']');
        if (option->value) {
            text_append_char(out, ':');
            zsh_text(out, option->value);
            text_append_char(out, ':');
            zsh_action(out, option->kind, option->words);
        }
        text_append_char(out, '\'');
    }
}

static void zsh(struct text *out)
{
    text_append(out, "#compdef segue\n"
                     "_segue()\n{\n"
                     "    local -a names=(\n");
    for (size_t i = 0; commands[i]; i++) {
        text_printf(out, "        '%s:", commands[i]->name);
        zsh_text(out, commands[i]->summary);
        text_append(out, "'\n");
    }
    text_append(out, "    )\n"
                     "    if ((CURRENT == 2)); then\n"
                     "        _describe command names\n"
                     "        return\n"
                     "    fi\n"
                     "    shift words\n"
                     "    ((CURRENT--))\n"
                     "    case $words[1] in\n");
    for (size_t i = 0; commands[i]; i++) {
        text_printf(out, "    %s)\n        _arguments", commands[i]->name);
        zsh_options(out, commands[i]->options);
        zsh_options(out, global_options);
        for (const struct command_argument *argument = commands[i]->arguments; argument && argument->name;
             argument++) {
            text_printf(out, " \\\n            '%s:%s:",
                        argument->repeated   ? "*"
                        : argument->optional ? ":"
                                             : "",
                        argument->name);
            zsh_action(out, argument->kind, argument->words);
            text_append_char(out, '\'');
        }
        text_append(out, "\n        ;;\n");
    }
    text_append(out, "    esac\n"
                     "}\n"
                     "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
                     "    _segue \"$@\"\n"
                     "else\n"
                     "    compdef _segue segue\n"
                     "fi\n");
}

static void fish_options(struct text *out, const char *condition, const struct command_option *option)
{
    for (; option && option->name; option++) {
        text_append(out, "complete -c segue");
        if (condition)
            text_printf(out, " -n '__fish_seen_subcommand_from %s'", condition);
        text_printf(out, " -l %s", option->name);
        if (option->letter)
            text_printf(out, " -s %c", option->letter);
        if (option->value)
            text_append(out, option->kind == VALUE_FILE || option->kind == VALUE_DIRECTORY ? " -rF" : " -x");
        if (option->words)
            text_printf(out, " -a '%s'", option->words);
        text_append(out, " -d ");
        quoted(out, option->help);
        text_append_char(out, '\n');
    }
}

static void fish(struct text *out)
{
    text_append(out, "# fish completion of segue\ncomplete -c segue -f\n");
    for (size_t i = 0; commands[i]; i++) {
        text_printf(out, "complete -c segue -n __fish_use_subcommand -a %s -d ", commands[i]->name);
        quoted(out, commands[i]->summary);
        text_append_char(out, '\n');
    }
    fish_options(out, NULL, global_options);
    for (size_t i = 0; commands[i]; i++) {
        const char *name = commands[i]->name;
        fish_options(out, name, commands[i]->options);
        const struct command_argument *argument = commands[i]->arguments;
        if (argument && argument->name && argument->kind == VALUE_FILE)
            text_printf(out, "complete -c segue -n '__fish_seen_subcommand_from %s' -F\n", name);
        if (argument && argument->name && argument->words)
            text_printf(out, "complete -c segue -n '__fish_seen_subcommand_from %s' -a '%s'\n", name,
                        argument->words);
    }
}

bool manual_completion(const char *shell, struct text *out)
{
    if (strcmp(shell, "bash") == 0)
        bash(out);
    else if (strcmp(shell, "zsh") == 0)
        zsh(out);
    else if (strcmp(shell, "fish") == 0)
        fish(out);
    else
        return false;
    return true;
}
