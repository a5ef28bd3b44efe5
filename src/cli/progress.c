#include "cli/progress.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/layout.h"
#include "cli/terminal.h"

enum { PLAIN_LINE_US = 2000000, NAME_WIDTH = 10 };

static void name_of(const struct progress *progress, struct text *out)
{
    text_printf(out, "%s%s", progress->back ? "undo " : "", plan_phase_name(progress->phase));
}

void progress_end(struct progress *progress)
{
    if (progress->drawn)
        (void)fputs("\r\033[K", progress->stream);
    progress->drawn = false;
    (void)fflush(progress->stream);
}

/* A line that stays. */
static void line(struct progress *progress, const char *text)
{
    if (progress->silent)
        return;
    progress_end(progress);
    (void)fprintf(progress->stream, "%s\n", text);
    (void)fflush(progress->stream);
}

/* A line about now: in place on a terminal, now and then elsewhere. */
static void live(struct progress *progress, const char *text)
{
    if (progress->silent)
        return;
    if (progress->terminal) {
        (void)fprintf(progress->stream, "\r\033[K%s", text);
        (void)fflush(progress->stream);
        progress->drawn = true;
        return;
    }
    int64_t now = clock_us();
    if (progress->last_line_us && now - progress->last_line_us < PLAIN_LINE_US)
        return;
    progress->last_line_us = now;
    line(progress, text);
}

/* Appends a part when the line still has room for it. */
static void part(const struct progress *progress, struct text *out, const char *text)
{
    const char *gap = out->length ? "  " : "";
    if (!progress->terminal ||
        layout_columns(text_string(out)) + (int)strlen(gap) + layout_columns(text) < progress->width)
        text_printf(out, "%s%s", gap, text);
}

static void bar(const struct progress *progress, double share, struct text *out)
{
    int width = progress->width / 5;
    int full = (int)(share * width + 0.5);
    for (int i = 0; i < width; i++)
        text_append(out, i < full ? (progress->utf8 ? "█" : "#") : (progress->utf8 ? "░" : "-"));
}

static void prefix(const struct progress *progress, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text name = {0};
    name_of(progress, &name);
    text_append(out, progress->terminal ? "  " : "");
    layout_pad(out, text_string(&name), progress->terminal ? NAME_WIDTH : 0);
}

static void counts(const struct progress *progress, const struct run_walk *walk, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    layout_count(&text, walk->rows_done);
    text_append(&text, " of ");
    layout_count(&text, walk->rows_total > walk->rows_done ? walk->rows_total : walk->rows_done);
    text_append(&text, " rows");
    part(progress, out, text_string(&text));
    text_clear(&text);
    layout_count(&text, walk->rows_per_s);
    text_append(&text, " rows/s");
    part(progress, out, text_string(&text));
    if (walk->eta_seconds >= 0 && !walk->finished) {
        text_clear(&text);
        text_append(&text, "ETA ");
        layout_seconds(&text, walk->eta_seconds);
        part(progress, out, text_string(&text));
    }
    if (walk->waiting_for) {
        text_clear(&text);
        text_printf(&text, "waits for %s", walk->waiting_for);
        part(progress, out, text_string(&text));
    }
    text_clear(&text);
    text_append(&text, "chunk ");
    layout_count(&text, (double)walk->chunk_rows);
    part(progress, out, text_string(&text));
}

void progress_walk_line(const struct progress *progress, const struct run_walk *walk, struct text *out)
{
    double share = walk->finished ? 1 : walk->rows_total > 0 ? walk->rows_done / walk->rows_total : 0;
    share = share > 1 ? 1 : share;
    SEGUE_CLEANUP(text_free) struct text text = {0};
    prefix(progress, out);
    if (progress->terminal)
        bar(progress, share, &text);
    else
        text_append(&text, walk->step->title);
    part(progress, out, text_string(&text));
    text_clear(&text);
    text_printf(&text, "%3d %%", (int)(share * 100));
    part(progress, out, text_string(&text) + (progress->terminal ? 0 : strspn(text_string(&text), " ")));
    counts(progress, walk, out);
}

static void one_blocker(const struct blocker *blocker, struct text *out)
{
    text_printf(out, "pid %d", blocker->pid);
    if (blocker->application && *blocker->application)
        text_printf(out, " %s", blocker->application);
    if (blocker->user)
        text_printf(out, " (%s)", blocker->user);
    text_append(out, ", in transaction for ");
    layout_seconds(out, blocker->transaction_seconds);
    if (blocker->query && *blocker->query)
        text_printf(out, ": %s", blocker->query);
}

void progress_blocked_line(const struct progress *progress, const struct step *step,
                           const struct blocker *blockers, size_t n, double waited_seconds, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text whole = {0};
    prefix(progress, &whole);
    text_append(&whole, "  waits ");
    layout_seconds(&whole, waited_seconds);
    if (step->n_locks)
        text_printf(&whole, " for %s on %s", step->locks[0].mode, step->locks[0].relation);
    for (size_t i = 0; i < n; i++) {
        text_append(&whole, i ? "; " : ", held by ");
        one_blocker(&blockers[i], &whole);
    }
    /* The prefix is indented: only what is too wide is cut. */
    if (progress->terminal && layout_columns(text_string(&whole)) >= progress->width) {
        text_append(out, "  ");
        layout_fold(out, text_string(&whole), progress->width - 3);
    } else {
        text_append(out, text_string(&whole));
    }
}

static void on_phase_begin(void *context, enum plan_phase phase, bool back)
{
    struct progress *progress = context;
    progress->phase = phase;
    progress->back = back;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    prefix(progress, &out);
    if (progress->terminal)
        live(progress, text_string(&out));
}

static void remember(struct progress *progress, enum plan_phase phase, bool back, double seconds)
{
    if (progress->n_phases < SEGUE_COUNT(progress->phases))
        progress->phases[progress->n_phases++] = (struct progress_phase){phase, back, seconds};
}

static void on_phase_end(void *context, enum plan_phase phase, bool back, double seconds)
{
    struct progress *progress = context;
    progress->phase = phase;
    progress->back = back;
    remember(progress, phase, back, seconds);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(text_free) struct text name = {0};
    name_of(progress, &name);
    if (progress->terminal) {
        const char *tick = progress->utf8 ? "✓" : "*";
        text_printf(&out, "%s%s%s ", progress->color ? "\033[32m" : "", tick,
                    progress->color ? "\033[0m" : "");
        layout_pad(&out, text_string(&name), NAME_WIDTH + 2);
    } else {
        text_printf(&out, "%s: done in ", text_string(&name));
    }
    layout_seconds(&out, seconds);
    line(progress, text_string(&out));
}

static void on_step_begin(void *context, const struct step *step, bool back)
{
    struct progress *progress = context;
    progress->phase = step->phase;
    progress->back = back;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(text_free) struct text title = {0};
    prefix(progress, &out);
    text_append(&out, "  ");
    layout_fold(&title, step->title,
                progress->terminal ? progress->width - layout_columns(text_string(&out)) - 1 : 500);
    text_append(&out, text_string(&title));
    live(progress, text_string(&out));
}

static void on_walk(void *context, const struct run_walk *walk)
{
    struct progress *progress = context;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    progress_walk_line(progress, walk, &out);
    live(progress, text_string(&out));
}

static void on_blocked(void *context, const struct step *step, const struct blocker *blockers, size_t n,
                       double waited_seconds)
{
    struct progress *progress = context;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    progress_blocked_line(progress, step, blockers, n, waited_seconds, &out);
    live(progress, text_string(&out));
}

static void on_message(void *context, const char *text)
{
    line(context, text);
}

void progress_init(struct progress *progress, bool silent, bool no_color)
{
    *progress = (struct progress){
        .observer = {.context = progress,
                     .phase_begin = on_phase_begin,
                     .phase_end = on_phase_end,
                     .step_begin = on_step_begin,
                     .walk = on_walk,
                     .blocked = on_blocked,
                     .message = on_message},
        .stream = stdout,
        .silent = silent,
        .terminal = terminal_is_one(STDOUT_FILENO),
        .color = terminal_color(STDOUT_FILENO, no_color),
        .utf8 = terminal_utf8(),
        .width = terminal_width(STDOUT_FILENO),
    };
}
