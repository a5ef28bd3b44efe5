#include "cli/run_view.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/layout.h"
#include "cli/terminal.h"

enum { PLAIN_LINE_US = 2000000, REDRAW_US = 100000, NAME_WIDTH = 13 };

/* Of the time; below it, on a terminal, the reason is worth its room. */
static const double SLOW = 0.1;

static void name_of(const struct run_view *view, struct text *out)
{
    text_printf(out, "%s%s", view->back ? "undo " : "", plan_phase_name(view->phase));
}

void run_view_end(struct run_view *view)
{
    for (int i = 1; i < view->drawn; i++)
        (void)fputs("\r\033[K\033[A", view->stream);
    if (view->drawn)
        (void)fputs("\r\033[K", view->stream);
    view->drawn = 0;
    (void)fflush(view->stream);
}

/* A line that stays. */
static void line(struct run_view *view, const char *text)
{
    if (view->silent)
        return;
    run_view_end(view);
    (void)fprintf(view->stream, "%s\n", text);
    (void)fflush(view->stream);
}

/* A line about now: in place on a terminal, now and then elsewhere. */
static void live(struct run_view *view, const char *text)
{
    if (view->silent)
        return;
    view->last_line_us = clock_us();
    if (!view->terminal) {
        line(view, text);
        return;
    }
    run_view_end(view);
    (void)fputs(text, view->stream);
    (void)fflush(view->stream);
    view->drawn = strchr(text, '\n') ? 2 : 1;
}

/* Whether enough time has passed since the last live line, for what is told many times a second. */
static bool due(const struct run_view *view)
{
    return !view->last_line_us ||
           clock_us() - view->last_line_us >= (view->terminal ? REDRAW_US : PLAIN_LINE_US);
}

/* Appends a part when its line still has room for it. */
static void part(const struct run_view *view, struct text *out, const char *text)
{
    const char *newline = strrchr(text_string(out), '\n');
    const char *present = newline ? newline + 1 : text_string(out);
    const char *gap = strspn(present, " ") == strlen(present) ? "" : "  ";
    if (!view->terminal || layout_columns(present) + (int)strlen(gap) + layout_columns(text) < view->width)
        text_printf(out, "%s%s", gap, text);
}

static void bar(const struct run_view *view, double share, struct text *out)
{
    int width = view->width / 5;
    int full = (int)(share * width + 0.5);
    for (int i = 0; i < width; i++)
        text_append(out, i < full ? (view->utf8 ? "█" : "#") : (view->utf8 ? "░" : "-"));
}

/* The phase's name, with what separates it from what follows. */
static void prefix(const struct run_view *view, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text name = {0};
    name_of(view, &name);
    if (!view->terminal) {
        text_printf(out, "%s: ", text_string(&name));
        return;
    }
    text_append(out, "  ");
    layout_pad(out, text_string(&name), NAME_WIDTH + 2);
}

static void share_of_time(struct text *out, double duty)
{
    if (duty <= 0)
        text_append(out, "rests");
    else
        text_printf(out, duty < 0.0995 ? "%.1f %% of the time" : "%.0f %% of the time", duty * 100);
}

static void counts(const struct run_view *view, const struct run_walk *walk, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    layout_count(&text, walk->rows_done);
    text_append(&text, " of ");
    layout_count(&text, walk->rows_total > walk->rows_done ? walk->rows_total : walk->rows_done);
    text_append(&text, " rows");
    part(view, out, text_string(&text));
    if (walk->rows_per_s > 0) {
        text_clear(&text);
        layout_count(&text, walk->rows_per_s);
        text_append(&text, " rows/s");
        part(view, out, text_string(&text));
    }
    if (walk->eta_seconds >= 0 && !walk->finished) {
        text_clear(&text);
        text_append(&text, "ETA ");
        layout_seconds(&text, walk->eta_seconds);
        part(view, out, text_string(&text));
    }
    if (walk->waiting_for) {
        text_clear(&text);
        text_printf(&text, "waits for %s", walk->waiting_for);
        part(view, out, text_string(&text));
    }
    if (walk->throttled) {
        text_clear(&text);
        share_of_time(&text, walk->duty);
        part(view, out, text_string(&text));
    }
    text_clear(&text);
    text_append(&text, "chunk ");
    layout_count(&text, (double)walk->chunk_rows);
    part(view, out, text_string(&text));
    if (walk->slow_because && (walk->duty < SLOW || !view->terminal)) {
        text_clear(&text);
        text_printf(&text, "(%s)", walk->slow_because);
        part(view, out, text_string(&text));
    }
}

static void bar_line(const struct run_view *view, const struct run_walk *walk, double share, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    bar(view, share, out);
    text_printf(&text, "%3d %%", (int)(share * 100));
    part(view, out, text_string(&text));
    text_clear(&text);
    layout_fold(&text, walk->step->title, view->width - layout_columns(text_string(out)) - 3);
    part(view, out, text_string(&text));
    text_append(out, "\n    ");
}

void run_view_walk_line(const struct run_view *view, const struct run_walk *walk, struct text *out)
{
    double share = walk->finished ? 1 : walk->rows_total > 0 ? walk->rows_done / walk->rows_total : 0;
    share = share > 1 ? 1 : share;
    prefix(view, out);
    if (view->terminal)
        bar_line(view, walk, share, out);
    else
        text_printf(out, "%s  %d %%", walk->step->title, (int)(share * 100));
    counts(view, walk, out);
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

void run_view_blocked_line(const struct run_view *view, const struct step *step,
                           const struct blocker *blockers, size_t n, double waited_seconds, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text whole = {0};
    prefix(view, &whole);
    text_append(&whole, "waits ");
    layout_seconds(&whole, waited_seconds);
    if (step->n_locks)
        text_printf(&whole, " for %s on %s", step->locks[0].mode, step->locks[0].relation);
    for (size_t i = 0; i < n; i++) {
        text_append(&whole, i ? "; " : ", held by ");
        one_blocker(&blockers[i], &whole);
    }
    /* The prefix is indented: only what is too wide is cut. */
    if (view->terminal && layout_columns(text_string(&whole)) >= view->width) {
        text_append(out, "  ");
        layout_fold(out, text_string(&whole), view->width - 3);
    } else {
        text_append(out, text_string(&whole));
    }
}

static void on_phase_begin(void *context, enum plan_phase phase, bool back)
{
    struct run_view *view = context;
    view->phase = phase;
    view->back = back;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    prefix(view, &out);
    if (view->terminal)
        live(view, text_string(&out));
}

static void remember(struct run_view *view, enum plan_phase phase, bool back, double seconds)
{
    if (view->n_phases < SEGUE_COUNT(view->phases))
        view->phases[view->n_phases++] = (struct run_view_phase){phase, back, seconds};
}

static void on_phase_end(void *context, enum plan_phase phase, bool back, double seconds)
{
    struct run_view *view = context;
    view->phase = phase;
    view->back = back;
    remember(view, phase, back, seconds);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(text_free) struct text name = {0};
    name_of(view, &name);
    if (view->terminal) {
        const char *tick = view->utf8 ? "✓" : "*";
        text_printf(&out, "%s%s%s ", view->color ? "\033[32m" : "", tick, view->color ? "\033[0m" : "");
        layout_pad(&out, text_string(&name), NAME_WIDTH + 2);
    } else {
        text_printf(&out, "%s: done in ", text_string(&name));
    }
    layout_seconds(&out, seconds);
    line(view, text_string(&out));
}

static void on_step_begin(void *context, const struct step *step, bool back)
{
    struct run_view *view = context;
    view->phase = step->phase;
    view->back = back;
    if (!view->terminal && !due(view))
        return;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(text_free) struct text title = {0};
    prefix(view, &out);
    layout_fold(&title, step->title,
                view->terminal ? view->width - layout_columns(text_string(&out)) - 1 : 500);
    text_append(&out, text_string(&title));
    live(view, text_string(&out));
}

static void on_walk(void *context, const struct run_walk *walk)
{
    struct run_view *view = context;
    if (view->silent || (!due(view) && !(view->terminal && walk->finished)))
        return;
    if (view->terminal && view->stream == stdout)
        view->width = terminal_width(STDOUT_FILENO); /* the window may have been resized */
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_walk_line(view, walk, &out);
    live(view, text_string(&out));
}

static void on_blocked(void *context, const struct step *step, const struct blocker *blockers, size_t n,
                       double waited_seconds)
{
    struct run_view *view = context;
    if (view->silent || !due(view))
        return;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_blocked_line(view, step, blockers, n, waited_seconds, &out);
    live(view, text_string(&out));
}

static void on_message(void *context, const char *text)
{
    line(context, text);
}

void run_view_init(struct run_view *view, bool silent, bool no_color)
{
    *view = (struct run_view){
        .observer = {.context = view,
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
