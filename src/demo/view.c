#include "demo/view.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "demo/view_internal.h"

enum { FRAME_MS = 200, NO_PHASE = -1 };

/* A cell of a strip; its windows are complete a little after its end. */
static const double CELL_SECONDS = 0.5;
static const double SETTLE_SECONDS = 0.3;
static const double RECENT_SECONDS = 2;
/* Between two lines about the same phase where there is no terminal. */
static const int64_t LINE_EVERY_US = 2000000;

struct view {
    FILE *out;
    bool live, color;
    struct demo_figures *figures;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t ended;
    pthread_t thread;
    bool has_thread, closing;
    int running;
    struct drive *drive;
    struct view_model model;
    size_t lines_drawn;
    int64_t last_line_us;
};

/* --- what is shown --- */

static void sample_side(struct view *view, enum drive_version version, double now)
{
    struct view_side *side = &view->model.side[version];
    side->running = drive_is_running(view->drive, version);
    side->begun = side->begun || side->running;
    if (!side->begun)
        return;
    while (((double)side->strip.count + 1) * CELL_SECONDS + SETTLE_SECONDS < now) {
        double from = (double)side->strip.count * CELL_SECONDS;
        const struct drive_latency cell = drive_between(view->drive, version, from, from + CELL_SECONDS);
        side->strip.cells[side->strip.count++ % STRIP_CELLS] = cell.p95;
    }
    side->p95 = drive_between(view->drive, version, now > RECENT_SECONDS ? now - RECENT_SECONDS : 0, now).p95;
    side->total = drive_between(view->drive, version, 0, now);
    side->total.errors = drive_errors(view->drive, version);
}

static void sample(struct view *view)
{
    if (view->drive == NULL)
        return;
    double now = drive_elapsed(view->drive);
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        sample_side(view, (enum drive_version)version, now);
}

static size_t columns(const struct view *view)
{
    struct winsize size = {0};
    if (ioctl(fileno(view->out), TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
        return 80;
    /* The last column is left free: some terminals wrap when it is written. */
    return (size_t)size.ws_col - 1;
}

/* The new picture over the old one, written at once so that it does not flicker. */
static void redraw(struct view *view)
{
    SEGUE_CLEANUP(text_free) struct text picture = {0};
    SEGUE_CLEANUP(text_free) struct text frame = {0};
    size_t lines = view_draw(&view->model, columns(view), view->color, &picture);
    if (view->lines_drawn > 0)
        text_printf(&frame, "\033[%zuA", view->lines_drawn);
    for (const char *line = text_string(&picture); *line != '\0'; line++) {
        if (*line == '\n')
            text_append(&frame, "\033[K"); /* clears what the old line had beyond */
        text_append_char(&frame, *line);
    }
    text_append(&frame, "\033[J");
    (void)fwrite(frame.data, 1, frame.length, view->out);
    (void)fflush(view->out);
    view->lines_drawn = lines;
}

static void line_about_progress(struct view *view)
{
    SEGUE_CLEANUP(text_free) struct text words = {0};
    if (view->model.total <= 0 || clock_us() - view->last_line_us < LINE_EVERY_US)
        return;
    view_progress_words(&view->model, &words);
    (void)fprintf(view->out, "  %s\n", text_string(&words));
    (void)fflush(view->out);
    view->last_line_us = clock_us();
}

static void *show(void *argument)
{
    struct view *view = argument;
    pthread_mutex_lock(&view->lock);
    while (!view->closing) {
        struct timespec until;
        sample(view);
        redraw(view);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)FRAME_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&view->ended, &view->lock, &until);
    }
    pthread_mutex_unlock(&view->lock);
    return NULL;
}

/* --- what changes --- */

struct view *view_open(const struct view_options *options, struct demo_figures *figures)
{
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL)
        abort();
    *view = (struct view){.out = options->out,
                          .live = options->live,
                          .color = options->color,
                          .figures = figures,
                          .running = NO_PHASE};
    view->model.figures = figures;
    pthread_mutex_init(&view->lock, NULL);
    pthread_cond_init(&view->ended, NULL);
    return view;
}

void view_animate(struct view *view)
{
    sigset_t all;
    sigset_t before;
    if (!view->live || view->has_thread)
        return;
    /* Signals are for the thread that works: they end its waiting. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    view->has_thread = pthread_create(&view->thread, NULL, show, view) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Called with the lock. */
static void end_running(struct view *view, enum demo_phase_state state)
{
    if (view->running == NO_PHASE)
        return;
    struct demo_phase *phase = &view->figures->phases[view->running];
    phase->state = state;
    phase->ended_us = clock_us();
    if (!view->live) {
        const char *remark = view->model.remarks[view->running];
        (void)fprintf(view->out, "  %s after %.1f s%s%s\n", state == DEMO_DONE ? "done" : "ended",
                      demo_phase_seconds(phase), *remark != '\0' ? ": " : "", remark);
        (void)fflush(view->out);
    }
    view->running = NO_PHASE;
    view->model.total = 0;
    view->model.doing[0] = '\0';
}

void view_begin(struct view *view, enum demo_phase_id number)
{
    pthread_mutex_lock(&view->lock);
    struct demo_phase *phase = &view->figures->phases[number];
    end_running(view, DEMO_DONE);
    view->running = (int)number;
    phase->state = DEMO_RUNNING;
    phase->began_us = clock_us();
    if (view->drive != NULL)
        drive_mark(view->drive, phase->name);
    if (!view->live) {
        (void)fprintf(view->out, "%s\n", phase->title);
        (void)fflush(view->out);
        view->last_line_us = clock_us();
    } else if (!view->has_thread) {
        redraw(view);
    }
    pthread_mutex_unlock(&view->lock);
}

void view_end(struct view *view, bool done)
{
    pthread_mutex_lock(&view->lock);
    end_running(view, done ? DEMO_DONE : DEMO_FAILED);
    pthread_mutex_unlock(&view->lock);
}

void view_progress(struct view *view, double done, double total, double per_second, const char *unit)
{
    pthread_mutex_lock(&view->lock);
    view->model.done = done;
    view->model.total = total;
    view->model.per_second = per_second;
    view->model.unit = unit;
    if (!view->live)
        line_about_progress(view);
    pthread_mutex_unlock(&view->lock);
}

void view_doing(struct view *view, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&view->lock);
    vsnprintf(view->model.doing, sizeof view->model.doing, format, args);
    pthread_mutex_unlock(&view->lock);
    va_end(args);
}

void view_remark(struct view *view, enum demo_phase_id phase, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&view->lock);
    vsnprintf(view->model.remarks[phase], REMARK_SIZE, format, args);
    pthread_mutex_unlock(&view->lock);
    va_end(args);
}

void view_title(struct view *view, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&view->lock);
    vsnprintf(view->model.title, sizeof view->model.title, format, args);
    if (!view->live) {
        (void)fprintf(view->out, "%s\n", view->model.title);
        (void)fflush(view->out);
    }
    pthread_mutex_unlock(&view->lock);
    va_end(args);
}

void view_watch(struct view *view, struct drive *drive)
{
    pthread_mutex_lock(&view->lock);
    sample(view);
    view->drive = drive;
    view->model.has_traffic = view->model.has_traffic || drive != NULL;
    for (int version = 0; drive == NULL && version < DRIVE_VERSIONS; version++)
        view->model.side[version].running = false;
    pthread_mutex_unlock(&view->lock);
}

void view_baseline(struct view *view, double p95)
{
    pthread_mutex_lock(&view->lock);
    view->model.baseline_p95 = p95;
    pthread_mutex_unlock(&view->lock);
}

void view_close(struct view *view)
{
    if (view == NULL)
        return;
    pthread_mutex_lock(&view->lock);
    end_running(view, DEMO_FAILED);
    view->closing = true;
    pthread_cond_signal(&view->ended);
    pthread_mutex_unlock(&view->lock);
    if (view->has_thread)
        pthread_join(view->thread, NULL);
    if (view->live)
        redraw(view);
    pthread_cond_destroy(&view->ended);
    pthread_mutex_destroy(&view->lock);
    free(view);
}

void view_cleanup(struct view **view)
{
    view_close(*view);
    *view = NULL;
}
