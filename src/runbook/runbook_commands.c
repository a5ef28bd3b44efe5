/* The safety switches: commands, each as it can be typed. */
#include <string.h>

#include "runbook/runbook_internal.h"

void runbook_shell_word(struct text *out, const char *string)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,+-@";
    if (*string && *string != '-' && strspn(string, safe) == strlen(string)) {
        text_append(out, string);
        return;
    }
    text_append_char(out, '\'');
    for (const char *c = string; *c; c++) {
        if (*c == '\'')
            text_append(out, "'\\''");
        else
            text_append_char(out, *c);
    }
    text_append_char(out, '\'');
}

/* segue VERB [--schema S] [OPTIONS] OPERAND */
static const char *segue(struct runbook *book, const char *verb, const char *options, const char *operand)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_printf(&out, "segue %s", verb);
    if (strcmp(book->plan->schema, "public") != 0) {
        text_append(&out, " --schema ");
        runbook_shell_word(&out, book->plan->schema);
    }
    if (options && *options)
        text_printf(&out, " %s", options);
    if (operand) {
        text_append(&out, *operand == '-' ? " -- " : " ");
        runbook_shell_word(&out, operand);
    }
    return arena_strdup(book->arena, text_string(&out));
}

void runbook_commands(struct runbook *book)
{
    const struct runbook_request *request = book->request;
    const char *name = book->plan->name;
    if (!request->file)
        return;
    struct section *section = section_add(book->body, "commands", "Safety switches", NULL);
    section_paragraph(
        section, NULL,
        "As they are typed, with the connection in SEGUE_URL or in libpq's environment (its password stands in no "
        "runbook). Each can be repeated.");
    section_command(section, "start", segue(book, "start", request->start_options, request->file),
                    "Begin, or go on after an interruption: returns when both versions are live.");
    section_command(section, "status", segue(book, "status", NULL, name),
                    "Look: the step, rows done, who stands in the way, who uses the old version.");
    section_command(section, "pause", segue(book, "pause", NULL, name),
                    "Pause, between two chunks or steps. Applications notice nothing.");
    section_command(section, "resume", segue(book, "resume", NULL, name),
                    "Resume after a pause or an interruption.");
    section_command(
        section, "pause_without_segue",
        "psql \"$SEGUE_URL\" -c \"UPDATE segue.pause SET paused = true, reason = 'see the incident'\"",
        "Pause every migration of the database from any client, also where segue is not at hand.");
    section_command(section, "resume_without_segue",
                    "psql \"$SEGUE_URL\" -c \"UPDATE segue.pause SET paused = false\"", "Take that back.");
    section_command(section, "rollback", segue(book, "rollback", NULL, name),
                    "Roll back: the schema is as it was before.");
    section_command(section, "verify", segue(book, "verify", NULL, name),
                    "Compare both shapes of every row, while both versions are live.");
    section_command(section, "complete", segue(book, "complete", NULL, name),
                    "Complete, when nobody uses the old version any more. After it there is no way back.");
}
