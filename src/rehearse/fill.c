/* The copy: the target's schema as pg_dump prints it, and rows between its tables and what rests on them. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "rehearse/rehearse_internal.h"
#include "server/process.h"

bool fill_make_older(const char *file, struct error *err)
{
    static const char line[] = "\nSET transaction_timeout = 0;", comment[] = "--";
    char head[4096];
    FILE *dumped = fopen(file, "r+e");
    if (!dumped)
        return error_set(err, ERROR_RESOURCE, "cannot open %s: %s", file, strerror(errno));
    size_t n = fread(head, 1, sizeof head - 1, dumped);
    head[n] = '\0';
    const char *found = strstr(head, line);
    bool good = !found || (fseek(dumped, found + 1 - head, SEEK_SET) == 0 &&
                           fwrite(comment, 1, sizeof comment - 1, dumped) == sizeof comment - 1);
    good = fclose(dumped) == 0 && good;
    return good || error_set(err, ERROR_RESOURCE, "cannot write %s: %s", file, strerror(errno));
}

/* pg_dump of a part of the schema, as of the moment that the rows are read at. */
static bool dump(struct rehearsal *rehearsal, const char *section, const char *file, struct error *err)
{
    const struct sampling *sample = rehearsal->sample;
    struct arena *arena = rehearsal->arena;
    const char *const *variables;
    const char **argv = NULL;
    size_t n = 0;
    const char *const fixed[] = {
        place_client(rehearsal, "pg_dump"),
        arena_printf(arena, "--section=%s", section),
        arena_printf(arena, "--snapshot=%s", sample->snapshot),
        arena_printf(arena, "--file=%s", file),
        "--lock-wait-timeout=5000",
        "--no-subscriptions",
        "--no-tablespaces",
        "--no-password",
    };
    for (size_t i = 0; i < SEGUE_COUNT(fixed); i++)
        ARENA_PUSH(arena, argv, n, fixed[i]);
    for (size_t i = 0; i < sample->n_own_schemas; i++)
        ARENA_PUSH(arena, argv, n, arena_printf(arena, "--exclude-schema=\"%s\"", sample->own_schemas[i]));
    for (const char *const *option = rehearsal->on ? place_on_dump_options(rehearsal) : NULL;
         option && *option; option++)
        ARENA_PUSH(arena, argv, n, *option);
    ARENA_PUSH(arena, argv, n, (const char *)NULL);
    if (!rehearsal->settings->engine->environment(rehearsal->settings->url, arena, &variables, err))
        return false;
    if (process_run_with(argv, variables, NULL, err))
        return fill_make_older(file, err);
    return error_hint(
        err, "pg_dump must be as new as the target and may read all of its tables; put one into PATH, or "
             "name the folder of a newer server's programs with --pg-bin");
}

bool fill_restore(struct rehearsal *rehearsal, const char *database, const char *file, struct error *err)
{
    return place_psql(rehearsal, database, file, err) ||
           error_hint(err, "the target's schema could not be made again here: an extension may be missing");
}

static void copied(void *context, const char *table, double rows)
{
    const struct rehearsal *rehearsal = context;
    if (rows >= REHEARSE_WHOLE)
        rehearse_say(rehearsal, "%s: %.0f rows", table, rows);
}

struct sample_wish fill_wish(struct rehearsal *rehearsal)
{
    const struct rehearse_settings *settings = rehearsal->settings;
    char salt[40];
    rehearse_salt(salt, sizeof salt);
    return (struct sample_wish){.percent = settings->percent,
                                .whole = REHEARSE_WHOLE,
                                .salt = arena_strdup(rehearsal->arena, salt),
                                .rules = settings->rules,
                                .n_rules = settings->n_rules,
                                .progress = copied,
                                .context = rehearsal};
}

static bool fill_rows(struct rehearsal *rehearsal, struct error *err)
{
    const struct session_settings to = {.url = place_url(rehearsal, rehearsal->copy),
                                        .application_name = "segue rehearse",
                                        .cancel_with_client = true};
    const struct sample_wish wish = fill_wish(rehearsal);
    rehearse_say(rehearsal, "rows are copied");
    return rehearsal->settings->engine->sample_fill(rehearsal->sample, &wish, &to, err);
}

bool fill_settle(struct rehearsal *rehearsal, struct error *err)
{
    static const char *const statements[] = {"VACUUM (ANALYZE)", "CHECKPOINT"};
    bool all = !rehearsal->on || place_on_superuser(rehearsal);
    const struct session_settings here = {.url = place_url(rehearsal, rehearsal->copy),
                                          .application_name = "segue rehearse"};
    return place_run(rehearsal, rehearsal->copy, statements, all ? SEGUE_COUNT(statements) : 1, err) &&
           rehearsal->settings->engine->sample_measure(rehearsal->sample, &here, err);
}

bool fill(struct rehearsal *rehearsal, struct error *err)
{
    struct arena *arena = rehearsal->arena;
    const char *before = arena_printf(arena, "%s/before.sql", rehearsal->folder);
    const char *after = arena_printf(arena, "%s/after.sql", rehearsal->folder);
    const char *empty = rehearsal->empty.database, *rows = rehearsal->copy;
    rehearse_say(rehearsal, "the schema is copied");
    if (!place_create(rehearsal, empty, NULL, err) || !place_create(rehearsal, rows, NULL, err) ||
        !dump(rehearsal, "pre-data", before, err) || !dump(rehearsal, "post-data", after, err) ||
        !fill_restore(rehearsal, empty, before, err) || !fill_restore(rehearsal, empty, after, err))
        return false;
    /* What is refused is refused before rows are moved. */
    if (!way_plan(rehearsal, &rehearsal->empty, err) || !fill_restore(rehearsal, rows, before, err) ||
        !fill_rows(rehearsal, err))
        return false;
    /* From here on the target is left alone. */
    rehearsal->settings->engine->sample_close(rehearsal->sample);
    return fill_restore(rehearsal, rows, after, err) && fill_settle(rehearsal, err);
}
