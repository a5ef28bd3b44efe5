/* A picture of the demo as text for a terminal; no I/O. */

#include <string.h>

#include "demo/numbers.h"
#include "demo/view_internal.h"

enum { TITLE_COLUMNS = 42, BAR_COLUMNS = 24, LABEL_COLUMNS = 15, FIGURES_COLUMNS = 28 };

enum tint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED };

struct canvas {
    struct text *out;
    size_t width, column, lines;
    bool color;
};

static void tint(struct canvas *canvas, enum tint wanted)
{
    static const char *const codes[] = {
        [PLAIN] = "\033[0m",  [BOLD] = "\033[1m",    [DIM] = "\033[2m",
        [GREEN] = "\033[32m", [YELLOW] = "\033[33m", [RED] = "\033[31m",
    };
    if (canvas->color)
        text_append(canvas->out, codes[wanted]);
}

/* Writes as much as the line still takes. A character of UTF-8 is one column: nothing wider is ever shown here. */
static void put(struct canvas *canvas, const char *string)
{
    for (; *string != '\0'; string++) {
        bool begins_character = ((unsigned char)*string & 0xC0) != 0x80;
        if (begins_character && canvas->column >= canvas->width)
            return;
        canvas->column += begins_character;
        text_append_char(canvas->out, *string);
    }
}

static void put_tinted(struct canvas *canvas, enum tint wanted, const char *string)
{
    tint(canvas, wanted);
    put(canvas, string);
    tint(canvas, PLAIN);
}

static void pad_to(struct canvas *canvas, size_t column)
{
    while (canvas->column < column && canvas->column < canvas->width)
        put(canvas, " ");
}

static void end_line(struct canvas *canvas)
{
    text_append_char(canvas->out, '\n');
    canvas->column = 0;
    canvas->lines++;
}

void view_progress_words(const struct view_model *model, struct text *out)
{
    char done[NUMBER_SIZE];
    char total[NUMBER_SIZE];
    char rate[NUMBER_SIZE];
    char left[NUMBER_SIZE];
    if (model->total <= 0)
        return;
    double share = model->done < model->total ? model->done / model->total : 1;
    text_printf(out, "%3.0f%%  %s of %s %s", share * 100, number_count(model->done, done),
                number_count(model->total, total), model->unit);
    if (model->per_second <= 0)
        return;
    text_printf(out, " · %s a second", number_count(model->per_second, rate));
    if (model->done < model->total)
        text_printf(out, " · %s left",
                    number_seconds((model->total - model->done) / model->per_second, left));
}

static void put_bar(struct canvas *canvas, double share)
{
    size_t full = share <= 0 ? 0 : share >= 1 ? BAR_COLUMNS : (size_t)(share * BAR_COLUMNS + 0.5);
    tint(canvas, GREEN);
    for (size_t i = 0; i < BAR_COLUMNS; i++)
        put(canvas, i < full ? "█" : "░");
    tint(canvas, PLAIN);
}

static void put_phase(struct canvas *canvas, const struct view_model *model, size_t number)
{
    static const char *const signs[] = {"○", "●", "✓", "✗"};
    static const enum tint tints[] = {DIM, BOLD, GREEN, RED};
    const struct demo_phase *phase = &model->figures->phases[number];
    char seconds[NUMBER_SIZE];
    put(canvas, "  ");
    put_tinted(canvas, tints[phase->state], signs[phase->state]);
    put(canvas, " ");
    put_tinted(canvas, phase->state == DEMO_DONE ? PLAIN : tints[phase->state], phase->title);
    if (phase->state != DEMO_WAITING) {
        number_seconds(demo_phase_seconds(phase), seconds);
        pad_to(canvas, TITLE_COLUMNS + 10 - strlen(seconds));
        put_tinted(canvas, DIM, seconds);
        put(canvas, "   ");
        put_tinted(canvas, DIM, phase->state == DEMO_RUNNING ? model->doing : model->remarks[number]);
    }
    end_line(canvas);
    if (phase->state == DEMO_RUNNING && model->total > 0) {
        SEGUE_CLEANUP(text_free) struct text words = {0};
        view_progress_words(model, &words);
        put(canvas, "    ");
        put_bar(canvas, model->done / model->total);
        put(canvas, " ");
        put(canvas, text_string(&words));
        end_line(canvas);
    }
}

/* The height of a cell says how many times the baseline it is, so that pictures of different machines compare. */
static size_t cell_level(double p95, double baseline)
{
    static const double limits[] = {1.1, 1.25, 1.5, 2, 3, 5, 10};
    size_t level = 0;
    while (level < SEGUE_COUNT(limits) && p95 > limits[level] * baseline)
        level++;
    return level;
}

static double strip_cell(const struct strip *strip, size_t number)
{
    return strip->cells[number % STRIP_CELLS];
}

/* What is quiet, or, while that is still being measured, the mean so far. */
static double reference(const struct view_model *model)
{
    const struct strip *strip = &model->side[DRIVE_OLD].strip;
    double sum = 0;
    if (model->baseline_p95 > 0)
        return model->baseline_p95;
    for (size_t i = 0; i < strip->count && i < STRIP_CELLS; i++)
        sum += strip->cells[i];
    return strip->count > 0 ? sum / (double)strip->count : 1;
}

static void put_strip(struct canvas *canvas, const struct strip *strip, double baseline, size_t cells)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const enum tint tints[] = {GREEN, GREEN, GREEN, YELLOW, YELLOW, RED, RED, RED};
    size_t most = cells < STRIP_CELLS ? cells : STRIP_CELLS;
    size_t first = strip->count > most ? strip->count - most : 0;
    for (size_t i = first; i < strip->count; i++) {
        double p95 = strip_cell(strip, i);
        size_t level = cell_level(p95, baseline);
        if (p95 > 0)
            put_tinted(canvas, tints[level], bars[level]);
        else
            put(canvas, " ");
    }
}

static void put_side(struct canvas *canvas, const struct view_model *model, enum drive_version version,
                     const char *label)
{
    const struct view_side *side = &model->side[version];
    size_t cells =
        canvas->width > LABEL_COLUMNS + FIGURES_COLUMNS ? canvas->width - LABEL_COLUMNS - FIGURES_COLUMNS : 8;
    char p95[NUMBER_SIZE];
    char requests[NUMBER_SIZE];
    char longest[NUMBER_SIZE];
    SEGUE_CLEANUP(text_free) struct text words = {0};
    put(canvas, "  ");
    put_tinted(canvas, BOLD, label);
    pad_to(canvas, LABEL_COLUMNS);
    if (!side->begun) {
        put_tinted(canvas, DIM, "not running yet");
        end_line(canvas);
        end_line(canvas);
        return;
    }
    put_strip(canvas, &side->strip, reference(model), cells);
    pad_to(canvas, LABEL_COLUMNS + cells + 2);
    if (side->running && side->p95 > 0) {
        text_printf(&words, "p95 %s", number_ms(side->p95, p95));
        if (model->baseline_p95 > 0)
            text_printf(&words, " · %.1f × quiet", side->p95 / model->baseline_p95);
    } else {
        text_append(&words, "ended");
    }
    put(canvas, text_string(&words));
    end_line(canvas);
    text_clear(&words);
    text_printf(&words, "%s requests · longest %s · ", number_count((double)side->total.requests, requests),
                number_ms(side->total.longest, longest));
    pad_to(canvas, LABEL_COLUMNS);
    put_tinted(canvas, DIM, text_string(&words));
    text_clear(&words);
    text_printf(&words, "%llu errors", (unsigned long long)side->total.errors);
    put_tinted(canvas, side->total.errors > 0 ? RED : DIM, text_string(&words));
    end_line(canvas);
}

size_t view_draw(const struct view_model *model, size_t width, bool color, struct text *out)
{
    struct canvas canvas = {.out = out, .width = width, .color = color};
    put_tinted(&canvas, BOLD, model->title);
    end_line(&canvas);
    end_line(&canvas);
    for (size_t i = 0; i < DEMO_PHASES; i++)
        put_phase(&canvas, model, i);
    end_line(&canvas);
    if (!model->has_traffic)
        return canvas.lines;
    put_side(&canvas, model, DRIVE_OLD, "old version");
    put_side(&canvas, model, DRIVE_NEW, "new version");
    pad_to(&canvas, LABEL_COLUMNS);
    put_tinted(&canvas, DIM,
               "▁ at most 1.1 × the quiet p95   ▄ 2 ×   █ above 10 ×   a cell is half a second");
    end_line(&canvas);
    return canvas.lines;
}
