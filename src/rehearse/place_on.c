/*
 * A server that is there already as the place of the copy. Whatever is made there is marked with the rehearsal's number, which a session
 * holds as an advisory lock: what is marked with a number that nobody holds was left behind, and goes.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/compare.h"
#include "base/interrupt.h"
#include "base/must.h"
#include "base/text.h"
#include "rehearse/rehearse_internal.h"
#include "sql.h"

struct place_on {
    struct session *session; /* holds the number */
    char number[9];          /* eight digits */
    const char *version, *system, *database, *user;
    bool superuser, creates_databases, creates_roles, standby;
    bool without_privileges; /* roles are missing that may not be made */
    char folder[256];        /* "": none */
};

static struct session_settings settings_of(const char *url)
{
    return (struct session_settings){
        .url = url, .application_name = "segue rehearse", .cancel_with_client = true};
}

static bool is_true(const struct rows *rows, size_t column)
{
    const char *value = rows_get(rows, 0, column);
    return value && *value == 't';
}

static bool look(struct rehearsal *rehearsal, struct place_on *on, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char **texts[] = {&on->version, &on->system, &on->database, &on->user};
    if (!session_query(on->session, sql_place_server, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
        *texts[i] = arena_strdup(rehearsal->arena, rows_get(rows, 0, i));
    on->superuser = is_true(rows, 4);
    on->creates_databases = is_true(rows, 5);
    on->creates_roles = is_true(rows, 6);
    on->standby = is_true(rows, 7);
    return true;
}

/* The target's own server costs its load: whoever wants that says so by another database. */
static bool is_fit(struct rehearsal *rehearsal, const struct place_on *on, struct error *err)
{
    const struct sampling *sample = rehearsal->sample;
    bool same_server = same_text(on->system, sample->system);
    if (on->standby)
        return error_set(err, ERROR_REFUSED,
                         "the server of --on is a standby: no database can be made there");
    if (!on->creates_databases) {
        error_set(err, ERROR_REFUSED, "role %s may not make databases on the server of --on", on->user);
        return error_hint(err, "ALTER ROLE %s CREATEDB; more is not needed (docs/privileges.md)", on->user);
    }
    if (same_server && same_text(on->database, sample->database)) {
        error_set(err, ERROR_REFUSED, "--on leads to the target itself, database %s", on->database);
        return error_hint(
            err,
            "if the copy shall be on the target's server, which costs the target its load, its disk and its cache, "
            "name another database of it: --on …/postgres");
    }
    if (same_server) {
        static const char cost[] =
            "the copy is on the target's own server: it costs the target its load, its disk and its cache";
        rehearse_say(rehearsal, "%s", cost);
        rehearse_remark(rehearsal, "Careful: %s.", cost);
    }
    return true;
}

/* Numbers are below 2^31, as an advisory lock takes them. */
static bool hold_number(struct place_on *on, struct error *err)
{
    char salt[40], value[8], decimal[16];
    bool null = false;
    rehearse_salt(salt, sizeof salt);
    salt[8] = '\0';
    unsigned long number = strtoul(salt, NULL, 16) & 0x7fffffffUL;
    (void)snprintf(on->number, sizeof on->number, "%08lx", number);
    (void)snprintf(decimal, sizeof decimal, "%lu", number);
    const char *values[] = {decimal};
    if (!session_value(on->session, sql_place_lock, 1, values, value, sizeof value, &null, err))
        return false;
    return *value == 't' ||
           error_set(err, ERROR_BUSY, "another rehearsal has the number %s on that server: try again",
                     on->number);
}

/* number NULL: what others left behind. One that cannot be dropped is told, and no error. */
static bool clear(struct rehearsal *rehearsal, struct session *session, const char *number, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct error why;
    if (!session_query(session, sql_place_leftovers, 1, &number, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const char *kind = rows_get(rows, i, 0), *name = rows_get(rows, i, 1);
        /* As in place_drop: an autovacuum worker may be ended by the server alone. */
        bool dropped =
            session_run(session, rows_get(rows, i, 2), &why) ||
            (strcmp(why.sqlstate, "42501") == 0 && session_run(session, rows_get(rows, i, 3), &why));
        if (!dropped)
            rehearse_say(rehearsal, "%s %s cannot be dropped: %s; the next rehearsal there tries again", kind,
                         name, why.message);
        else if (!number)
            rehearse_say(rehearsal, "%s %s, which an interrupted rehearsal left behind, is dropped", kind,
                         name);
    }
    return true;
}

/* Those that something is granted to, and those that the migration speaks of; each ends with its line. */
static void needed_roles(const struct rehearsal *rehearsal, const char *content, struct text *out)
{
    for (size_t i = 0; i < rehearsal->sample->n_roles; i++) {
        const struct sample_role *role = &rehearsal->sample->roles[i];
        if (role->needed || strstr(content, role->name))
            text_printf(out, "%s\n", role->name);
    }
}

static void without_roles(struct rehearsal *rehearsal, struct place_on *on, const struct rows *rows)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < rows_count(rows); i++)
        text_printf(&names, "%s%s", i ? ", " : "", rows_get(rows, i, 0));
    on->without_privileges = true;
    rehearse_remark(
        rehearsal,
        "Privileges were not copied: role %s may not make the roles that they are granted to and that are not on that "
        "server (%s). Give it CREATEROLE, or make them there.",
        on->user, text_string(&names));
}

static bool make_roles(struct rehearsal *rehearsal, struct place_on *on, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    struct migration *migration = NULL;
    if (!rehearsal->settings->engine->read_migration(rehearsal->arena, rehearsal->settings->file, &migration,
                                                     err))
        return false;
    needed_roles(rehearsal, migration->content, &names);
    const char *values[] = {text_string(&names), on->number};
    if (!session_query(on->session, sql_place_roles, SEGUE_COUNT(values), values, &rows, err))
        return false;
    if (rows_count(rows) && !on->creates_roles)
        without_roles(rehearsal, on, rows);
    for (size_t i = 0; on->creates_roles && i < rows_count(rows); i++)
        if (!session_run(on->session, rows_get(rows, i, 1), err) ||
            !session_run(on->session, rows_get(rows, i, 2), err))
            return false;
    return true;
}

static bool make_folder(struct rehearsal *rehearsal, struct place_on *on, struct error *err)
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(on->folder, sizeof on->folder, "%s/segue-rehearse-XXXXXX",
                   parent && *parent ? parent : "/tmp");
    if (!mkdtemp(on->folder)) {
        on->folder[0] = '\0';
        return error_set(err, ERROR_RESOURCE, "no folder can be made for files: %s", strerror(errno));
    }
    rehearsal->folder = on->folder;
    return true;
}

bool place_on_open(struct rehearsal *rehearsal, struct error *err)
{
    struct place_on *on = arena_alloc(rehearsal->arena, sizeof *on);
    const struct session_settings settings = settings_of(rehearsal->settings->on);
    if (!rehearsal->settings->engine->open(&settings, &on->session, err))
        return false;
    rehearsal->on = on;
    if (!look(rehearsal, on, err) || !is_fit(rehearsal, on, err) || !hold_number(on, err) ||
        !clear(rehearsal, on->session, NULL, err) || !make_roles(rehearsal, on, err) ||
        !make_folder(rehearsal, on, err))
        return false;
    rehearse_say(rehearsal, "databases %s_* are made on the server of --on, and dropped afterwards",
                 place_on_prefix(rehearsal));
    rehearse_remark(
        rehearsal,
        "The copy is on a server that was given: its settings hold there, not the target's, and all belongs to role %s.",
        on->user);
    return true;
}

static void remove_folder(const struct place_on *on)
{
    static const char *const files[] = {"before.sql", "after.sql", "schema.sql"};
    char path[300];
    if (!*on->folder)
        return;
    for (size_t i = 0; i < SEGUE_COUNT(files); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", on->folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(on->folder);
}

/* Another session: the one that holds the number may be gone, or be asked to stop. */
void place_on_close(struct rehearsal *rehearsal)
{
    struct place_on *on = rehearsal->on;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    const struct session_settings settings = settings_of(rehearsal->settings->on);
    struct error why;
    /* The clean-up is not what was interrupted. */
    interrupt_reset();
    if (*on->number && (!rehearsal->settings->engine->open(&settings, &session, &why) ||
                        !clear(rehearsal, session, on->number, &why)))
        rehearse_say(rehearsal, "databases %s_* are left: %s; the next rehearsal there drops them",
                     place_on_prefix(rehearsal), why.message);
    session_close(on->session);
    remove_folder(on);
    rehearsal->on = NULL;
}

const char *place_on_prefix(const struct rehearsal *rehearsal)
{
    return arena_printf(rehearsal->arena, "segue_rehearsal_%s", rehearsal->on->number);
}

const char *place_on_mark(const struct rehearsal *rehearsal, const char *database)
{
    return arena_printf(rehearsal->arena, "COMMENT ON DATABASE %s IS 'segue rehearsal %s'", database,
                        rehearsal->on->number);
}

const char *place_on_database(const struct rehearsal *rehearsal)
{
    return rehearsal->on->database;
}

bool place_on_superuser(const struct rehearsal *rehearsal)
{
    return rehearsal->on->superuser;
}

const char *const *place_on_dump_options(const struct rehearsal *rehearsal)
{
    static const char *const owners[] = {"--no-owner", NULL}, *const both[] = {"--no-owner",
                                                                               "--no-privileges", NULL};
    return rehearsal->on->without_privileges ? both : owners;
}

const char *place_on_described(const struct rehearsal *rehearsal)
{
    return arena_printf(rehearsal->arena, "PostgreSQL %s, a server that was given, as %s",
                        rehearsal->on->version, rehearsal->on->user);
}
