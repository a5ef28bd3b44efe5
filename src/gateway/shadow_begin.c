/* How a mirrored session begins: the settings of its startup packet, which its writes need there as well. */

#include <string.h>

#include "gateway/shadow_session.h"
#include "wire/startup.h"

static bool is_setting(const char *name)
{
    static const char *const others[] = {"user", "database", "replication", "options", "application_name"};
    for (size_t i = 0; i < SEGUE_COUNT(others); i++)
        if (strcmp(others[i], name) == 0)
            return false;
    return strncmp(name, "_pq_.", 5) != 0;
}

static void give_option(struct gather *gather, char *option)
{
    char *value = strchr(option, '=');
    if (!value)
        return;
    *value++ = '\0';
    for (char *c = option; *c; c++)
        *c = *c == '-' ? '_' : *c;
    gather_given(gather, option, value);
}

/* "-c name=value", "-cname=value" and "--name=value", with a backslash before what would end a word. */
static void read_options(struct gather *gather, const char *options)
{
    SEGUE_CLEANUP(text_free) struct text word = {0};
    bool wants_value = false;
    for (const char *c = options;; c++) {
        if (*c == '\\' && c[1]) {
            text_append_char(&word, *++c);
        } else if (*c && !strchr(" \t\n", *c)) {
            text_append_char(&word, *c);
        } else if (word.length > 0) {
            char *text = word.data;
            if (wants_value)
                give_option(gather, text);
            else if (strncmp(text, "--", 2) == 0)
                give_option(gather, text + 2);
            else if (strncmp(text, "-c", 2) == 0 && text[2])
                give_option(gather, text + 2);
            wants_value = !wants_value && strcmp(text, "-c") == 0;
            text_clear(&word);
        }
        if (!*c)
            return;
    }
}

void shadow_session_begin(struct client *client, struct shadow_session *session)
{
    const struct shared *shared = client->worker->shared;
    struct wire_startup startup;
    size_t length;
    const char *name, *value;
    session->off = true;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return;
    const char *user = wire_startup_value(&startup, "user");
    const char *database = wire_startup_value(&startup, "database");
    if (!user || wire_startup_value(&startup, "replication") ||
        strcmp(database && *database ? database : user, shared->settings->server.database) != 0)
        return;
    session->off = false;
    session->status = 'I';
    gather_begin(&session->gather, shared->shadow, user);
    for (size_t at = 0; wire_startup_next(&startup, &at, &name, &value);)
        if (is_setting(name))
            gather_given(&session->gather, name, value);
    const char *options = wire_startup_value(&startup, "options");
    if (options)
        read_options(&session->gather, options);
}
