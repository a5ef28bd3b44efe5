/* The latency chart: a panel for each version over the same time, with the phases as bands behind them. */

#include <math.h>
#include <string.h>

#include "demo/numbers.h"
#include "demo/report.h"

enum {
    WIDTH = 1000,
    LEFT = 62,
    RIGHT = 988,
    BANDS_TOP = 8,
    FIRST_TOP = 62,
    PANEL_HEIGHT = 190,
    PANEL_GAP = 44,
    HEIGHT = FIRST_TOP + 2 * PANEL_HEIGHT + PANEL_GAP + 44
};

/* A character of the labels is about this wide. */
static const double LETTER_WIDTH = 6.6;

struct chart {
    const struct demo_report *report;
    struct text *out;
    double seconds;   /* width */
    double low, high; /* milliseconds at the bottom and top */
};

static double x_of(const struct chart *chart, double seconds)
{
    double share = seconds / chart->seconds;
    return LEFT + (RIGHT - LEFT) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static double top_of(enum drive_version version)
{
    return FIRST_TOP + (version == DRIVE_NEW ? PANEL_HEIGHT + PANEL_GAP : 0);
}

static double y_of(const struct chart *chart, enum drive_version version, double ms)
{
    double clamped = ms < chart->low ? chart->low : ms > chart->high ? chart->high : ms;
    double share = log10(clamped / chart->low) / log10(chart->high / chart->low);
    return top_of(version) + PANEL_HEIGHT * (1 - share);
}

static const double tick_steps[] = {1, 2, 5};

/* The tick at or below, or at or above, a number of milliseconds: 1, 2 or 5 times a power of ten. */
static double tick_near(double ms, bool below)
{
    double decade = pow(10, floor(log10(ms)));
    double near = below ? decade : decade * 10;
    for (size_t i = 0; i < SEGUE_COUNT(tick_steps); i++) {
        double tick = decade * tick_steps[below ? i : SEGUE_COUNT(tick_steps) - 1 - i];
        if (below ? tick <= ms * 1.001 : tick >= ms * 0.999)
            near = tick;
    }
    return near;
}

/* Limits at ticks, around all medians and the longest waits. */
static void find_limits(struct chart *chart)
{
    double lowest = INFINITY;
    double highest = 0;
    for (int version = 0; version < DRIVE_VERSIONS; version++) {
        for (size_t i = 0; i < chart->report->traffic->n_windows[version]; i++) {
            const struct drive_window *window = &chart->report->traffic->windows[version][i];
            if (window->requests == 0)
                continue;
            lowest = fmin(lowest, window->p50);
            highest = fmax(highest, window->max);
        }
    }
    if (highest <= 0)
        lowest = highest = 1;
    chart->low = tick_near(fmax(lowest, 0.01), true);
    chart->high = tick_near(fmax(highest, chart->low * 10), false);
    chart->seconds = fmax(chart->report->traffic->seconds, 1);
}

static double phase_at(const struct chart *chart, int64_t us)
{
    return (double)(us - chart->report->traffic_began_us) / 1e6;
}

static void draw_bands(const struct chart *chart)
{
    bool shaded = false;
    for (size_t i = DEMO_BASELINE; i < DEMO_PHASES; i++) {
        const struct demo_phase *phase = &chart->report->figures->phases[i];
        if (phase->began_us == 0 || phase_at(chart, phase->began_us) >= chart->seconds)
            continue;
        double from = x_of(chart, phase_at(chart, phase->began_us));
        double to = x_of(chart, phase_at(chart, phase->ended_us));
        bool fits = (double)strlen(phase->name) * LETTER_WIDTH + 26 < to - from;
        if (shaded)
            text_printf(chart->out,
                        "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n", from,
                        BANDS_TOP, fmax(to - from, 0.5), HEIGHT - 36 - BANDS_TOP);
        shaded = !shaded;
        if (fits)
            text_printf(chart->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%zu %s</text>\n",
                        (from + to) / 2, BANDS_TOP + 16, i + 1, phase->name);
        else if (to - from > 14)
            text_printf(chart->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%zu</text>\n",
                        (from + to) / 2, BANDS_TOP + 16, i + 1);
    }
}

static void draw_axes(const struct chart *chart, enum drive_version version)
{
    double first = pow(10, floor(log10(chart->low * 1.001)));
    for (double decade = first; decade <= chart->high * 1.001; decade *= 10) {
        for (size_t i = 0; i < SEGUE_COUNT(tick_steps); i++) {
            double ms = decade * tick_steps[i];
            if (ms < chart->low * 0.999 || ms > chart->high * 1.001)
                continue;
            double y = y_of(chart, version, ms);
            text_printf(chart->out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                        LEFT, RIGHT, y, y);
            text_printf(chart->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g ms</text>\n", LEFT - 8,
                        y + 4, ms);
        }
    }
}

static void draw_time(const struct chart *chart)
{
    double step = chart->seconds > 300   ? 60
                  : chart->seconds > 120 ? 20
                  : chart->seconds > 40  ? 5
                  : chart->seconds > 15  ? 2
                                         : 1;
    double bottom = top_of(DRIVE_NEW) + PANEL_HEIGHT;
    for (double at = 0; at <= chart->seconds; at += step)
        text_printf(chart->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%g s</text>\n",
                    x_of(chart, at), bottom + 22, at);
}

/* A line through the windows; a window without requests parts it. */
static void draw_line(const struct chart *chart, enum drive_version version, const char *style, bool p95)
{
    const struct drive_report *traffic = chart->report->traffic;
    bool drawing = false;
    text_printf(chart->out, "<path class=\"%s\" d=\"", style);
    for (size_t i = 0; i < traffic->n_windows[version]; i++) {
        const struct drive_window *window = &traffic->windows[version][i];
        if (window->requests > 0)
            text_printf(chart->out, "%c%.1f %.1f", drawing ? 'L' : 'M', x_of(chart, window->at + 0.05),
                        y_of(chart, version, p95 ? window->p95 : window->p50));
        drawing = window->requests > 0;
    }
    text_append(chart->out, "\"/>\n");
}

static void draw_longest(const struct chart *chart, enum drive_version version, const char *name)
{
    const struct drive_report *traffic = chart->report->traffic;
    const struct drive_window *longest = NULL;
    char buffer[NUMBER_SIZE];
    for (size_t i = 0; i < traffic->n_windows[version]; i++) {
        const struct drive_window *window = &traffic->windows[version][i];
        if (window->requests > 0 && (longest == NULL || window->max > longest->max))
            longest = window;
    }
    if (longest == NULL)
        return;
    double x = x_of(chart, longest->at + 0.05);
    double y = y_of(chart, version, longest->max);
    bool right = x < RIGHT - 120;
    text_printf(chart->out, "<circle class=\"stall %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", name, x, y);
    text_printf(chart->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">longest %s</text>\n",
                right ? x + 9 : x - 9, y + 4, right ? "start" : "end", number_ms(longest->max, buffer));
}

/* Invisible until the pointer rests there; the title is what a browser shows then. */
static void draw_hover(const struct chart *chart, enum drive_version version)
{
    const struct drive_report *traffic = chart->report->traffic;
    char p50[NUMBER_SIZE];
    char p95[NUMBER_SIZE];
    char most[NUMBER_SIZE];
    for (size_t i = 0; i < traffic->n_windows[version]; i++) {
        const struct drive_window *window = &traffic->windows[version][i];
        if (window->requests == 0)
            continue;
        double from = x_of(chart, window->at);
        text_printf(chart->out,
                    "<rect class=\"hover\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\"><title>", from,
                    top_of(version), x_of(chart, window->at + 0.1) - from, PANEL_HEIGHT);
        text_printf(chart->out,
                    "%.1f s: p50 %s, p95 %s, longest %s, %llu requests, %llu errors</title></rect>\n",
                    window->at, number_ms(window->p50, p50), number_ms(window->p95, p95),
                    number_ms(window->max, most), (unsigned long long)window->requests,
                    (unsigned long long)window->errors);
    }
}

static void draw_panel(const struct chart *chart, enum drive_version version)
{
    const char *name = version == DRIVE_OLD ? "old" : "new";
    double baseline = chart->report->figures->side[version].baseline_p95;
    draw_axes(chart, version);
    text_printf(chart->out, "<text class=\"name\" x=\"%d\" y=\"%.1f\">%s version</text>\n", LEFT,
                top_of(version) - 9, version == DRIVE_OLD ? "Old" : "New");
    if (baseline > 0) {
        double y = y_of(chart, version, baseline);
        text_printf(chart->out, "<path class=\"quiet-line\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, RIGHT);
    }
    if (chart->report->traffic->n_windows[version] == 0)
        return;
    draw_line(chart, version, version == DRIVE_OLD ? "p50 old" : "p50 new", false);
    draw_line(chart, version, version == DRIVE_OLD ? "p95 old" : "p95 new", true);
    draw_longest(chart, version, name);
    draw_hover(chart, version);
}

void report_chart(const struct demo_report *report, struct text *out)
{
    struct chart chart = {.report = report, .out = out};
    find_limits(&chart);
    text_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"chart-title chart-text\">\n",
                WIDTH, HEIGHT);
    text_append(
        out,
        "<title id=\"chart-title\">Latency of both versions over time</title>\n"
        "<desc id=\"chart-text\">Two panels, the old version above the new one, show the median and the 95th percentile "
        "of each tenth of a second, with the phases of the migration as bands. The tables below hold the figures.</desc>\n");
    draw_bands(&chart);
    draw_panel(&chart, DRIVE_OLD);
    draw_panel(&chart, DRIVE_NEW);
    draw_time(&chart);
    text_append(out, "</svg>");
}
