#include "drive/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "drive/supply.h"

enum { VALUE_SIZE = 96, YEAR_SECONDS = 31536000 };

static const char *const words[] = {
    "amber",  "birch",   "cobalt",  "dahlia",  "ember",  "fennel", "garnet", "hazel",
    "indigo", "juniper", "kestrel", "laurel",  "maple",  "nettle", "ochre",  "pepper",
    "quartz", "russet",  "saffron", "thistle", "umber",  "violet", "willow", "yarrow",
    "zinnia", "O'Neil",  "d'Arc",   "basil",   "clover", "dune",   "elm",    "fjord",
};

uint64_t maker_random(struct maker *maker, uint64_t below)
{
    /* xorshift64*: fast, no state shared between threads. */
    uint64_t x = maker->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    maker->state = x;
    x *= UINT64_C(2685821657736338717);
    return below ? (x >> 16) % below : 0;
}

static uint64_t next_unique(struct maker *maker)
{
    return atomic_fetch_add(maker->counter, 1);
}

static uint64_t draw(struct maker *maker, uint64_t low, uint64_t high)
{
    return low + maker_random(maker, high >= low ? high - low + 1 : 1);
}

/* Digits of base 36, least significant first: the order does not matter for a unique word, and the last ones vary most. */
static size_t put_base36(char *out, uint64_t number)
{
    size_t length = 0;
    do {
        out[length++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number);
    return length;
}

/* Below 2^31 for the next hundred million, and out of the way of sequences; a run begins above where others of the last two
 * days ended at 5,000 a second. */
static uint64_t unique_integer(struct maker *maker)
{
    return UINT64_C(1000000000) + maker->run % 200000 * 5000 + next_unique(maker);
}

static void put_integer(struct maker *maker, const struct shape_column *column, char *out)
{
    uint64_t value;
    if (column->unique)
        value = unique_integer(maker);
    else
        value = draw(maker, column->has_low ? (uint64_t)column->low : 1,
                     column->has_high ? (uint64_t)column->high
                                      : (column->has_low ? (uint64_t)column->low : 0) + 1000);
    (void)snprintf(out, VALUE_SIZE, "%" PRIu64, value);
}

/* Of at most 18 digits. */
static uint64_t power_of_ten(int digits)
{
    uint64_t power = 1;
    for (int digit = 0; digit < digits && digit < 18; digit++)
        power *= 10;
    return power;
}

static void put_numeric(struct maker *maker, const struct shape_column *column, char *out)
{
    if (column->unique) {
        (void)snprintf(out, VALUE_SIZE, "%" PRIu64, unique_integer(maker));
        return;
    }
    uint64_t low = column->has_low ? (uint64_t)column->low : 0;
    uint64_t high = column->has_high ? (uint64_t)column->high : low + 9999;
    uint64_t most = power_of_ten(column->width) - 1; /* what fits before the point */
    uint64_t whole = draw(maker, low < most ? low : most, high < most ? high : most);
    if (column->scale <= 0 || column->has_high)
        (void)snprintf(out, VALUE_SIZE, "%" PRIu64, whole);
    else
        (void)snprintf(out, VALUE_SIZE, "%" PRIu64 ".%0*d", whole, column->scale < 2 ? 1 : 2,
                       (int)maker_random(maker, column->scale < 2 ? 10 : 100));
}

static void put_unique_text(struct maker *maker, char *out)
{
    size_t length = 0;
    out[length++] = 'w';
    length += put_base36(out + length, next_unique(maker));
    out[length++] = 'z';
    length += put_base36(out + length, maker->run);
    out[length] = '\0';
}

/* A short one keeps the digits of the run out. */
static void put_short_unique_text(struct maker *maker, char *out)
{
    size_t length = put_base36(out, unique_integer(maker));
    out[length] = '\0';
}

static void put_words(struct maker *maker, char *out)
{
    static const int lengths[] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 3};
    int count = lengths[maker_random(maker, SEGUE_COUNT(lengths))];
    size_t length = 0;
    for (int i = 0; i < count; i++) {
        const char *word = words[maker_random(maker, SEGUE_COUNT(words))];
        length += (size_t)snprintf(out + length, VALUE_SIZE - length, "%s%s", i ? " " : "", word);
    }
}

static void put_text(struct maker *maker, const struct shape_column *column, char *out)
{
    bool mail = strstr(column->name, "mail") != NULL;
    size_t limit = column->width > 0 ? (size_t)column->width : VALUE_SIZE - 1;
    if (column->has_high && column->high > 0 && (size_t)column->high < limit)
        limit = (size_t)column->high;
    if (column->unique && limit < 24)
        put_short_unique_text(maker, out);
    else if (column->unique)
        put_unique_text(maker, out);
    else
        put_words(maker, out);
    if (mail && strlen(out) + strlen("@example.org") <= limit) {
        for (char *c = out; *c; c++)
            *c = *c == ' ' || *c == '\'' ? '.' : *c;
        size_t length = strlen(out);
        (void)snprintf(out + length, VALUE_SIZE - length, "@example.org");
    }
    if (strlen(out) > limit)
        out[limit] = '\0';
    /* A value that ends in a blank compares equal without it in character(n), but is not the same text. */
    for (size_t length = strlen(out); length > 1 && out[length - 1] == ' '; length--)
        out[length - 1] = '\0';
}

static void put_timestamp(struct maker *maker, const struct shape_column *column, char *out)
{
    uint64_t second = maker_random(maker, YEAR_SECONDS);
    uint64_t micro = maker_random(maker, 1000000);
    if (column->unique) {
        uint64_t number = maker->run % 1000 * 1000000000 + next_unique(maker);
        second = number / 1000000;
        micro = number % 1000000;
    }
    /* Any year will do; months of 28 days keep every date valid. */
    uint64_t day = second / 86400;
    (void)snprintf(out, VALUE_SIZE, "%04d-%02d-%02d %02d:%02d:%02d.%06d+00", (int)(2001 + day / 336 % 200),
                   (int)(day / 28 % 12 + 1), (int)(day % 28 + 1), (int)(second / 3600 % 24),
                   (int)(second / 60 % 60), (int)(second % 60), (int)micro);
    if (strstr(column->type, "without"))
        *strchr(out, '+') = '\0';
}

static void put_uuid(struct maker *maker, char *out)
{
    uint64_t high = maker_random(maker, UINT64_MAX),
             low = maker_random(maker, UINT64_MAX) ^ next_unique(maker);
    (void)snprintf(out, VALUE_SIZE, "%08x-%04x-4%03x-8%03x-%012" PRIx64, (unsigned)(high >> 32),
                   (unsigned)(high & 0xffff), (unsigned)(high >> 16 & 0xfff), (unsigned)(low >> 48 & 0xfff),
                   low & UINT64_C(0xffffffffffff));
}

static void put_bits(struct maker *maker, const struct shape_column *column, char *out)
{
    int width = column->width < VALUE_SIZE - 1 ? column->width : VALUE_SIZE - 1;
    for (int i = 0; i < width; i++)
        out[i] = (char)('0' + maker_random(maker, 2));
    out[width] = '\0';
}

static void put_small(struct maker *maker, const struct shape_column *column, char *out)
{
    int a = (int)maker_random(maker, 12), b = (int)maker_random(maker, 28), c = (int)maker_random(maker, 60);
    switch (column->family) {
    case FAMILY_FLOAT: (void)snprintf(out, VALUE_SIZE, "%d.%d", b + 1, a % 4 * 25); break;
    case FAMILY_BOOLEAN: (void)snprintf(out, VALUE_SIZE, "%s", c % 2 ? "true" : "false"); break;
    case FAMILY_DATE: (void)snprintf(out, VALUE_SIZE, "2024-%02d-%02d", a + 1, b + 1); break;
    case FAMILY_TIME: (void)snprintf(out, VALUE_SIZE, "%02d:%02d:%02d", a, c, b); break;
    case FAMILY_INTERVAL: (void)snprintf(out, VALUE_SIZE, "%d days %d seconds", a, c); break;
    case FAMILY_JSON:
        (void)snprintf(out, VALUE_SIZE, "{\"size\": %d, \"tags\": [\"%s\"]}", c, words[b]);
        break;
    case FAMILY_ADDRESS: (void)snprintf(out, VALUE_SIZE, "10.%d.%d.%d", a, b, c); break;
    default:
        (void)snprintf(out, VALUE_SIZE, "\\x%02x%02x%08" PRIx64, a, b, next_unique(maker) & UINT32_MAX);
        break;
    }
}

char *maker_value(struct maker *maker, const struct shape_column *column)
{
    char out[VALUE_SIZE] = "";
    bool may_be_null = !column->not_null && !column->key && !column->grouped;
    if (column->family == FAMILY_UNKNOWN)
        return NULL;
    if (may_be_null && maker_random(maker, 100) < (uint64_t)maker->null_percent)
        return NULL;
    switch (column->family) {
    case FAMILY_INTEGER: put_integer(maker, column, out); break;
    case FAMILY_NUMERIC: put_numeric(maker, column, out); break;
    case FAMILY_TEXT: put_text(maker, column, out); break;
    case FAMILY_TIMESTAMP: put_timestamp(maker, column, out); break;
    case FAMILY_UUID: put_uuid(maker, out); break;
    case FAMILY_BITS: put_bits(maker, column, out); break;
    case FAMILY_CHOICE:
    case FAMILY_FIXED: return value_copy(column->choices[maker_random(maker, column->n_choices)]);
    default: put_small(maker, column, out); break;
    }
    return value_copy(out);
}

/* A row that refers to itself is rarely meant. */
static bool is_itself(const struct shape *shape, const struct shape_foreign *foreign, const char **candidate,
                      const struct row *row)
{
    if (!shape->base || strcmp(foreign->ref_table, shape->base) != 0 || foreign->n_columns != shape->n_key)
        return false;
    for (size_t i = 0; i < shape->n_key; i++) {
        const char *key = row->values[shape->key[i]];
        if (!key || strcmp(key, candidate[i]) != 0)
            return false;
    }
    return true;
}

/* Whether a row of the pool has the values that columns shared with another foreign key got already. */
static bool fits(const struct shape_foreign *foreign, const char **candidate, const bool *fixed,
                 const struct row *row)
{
    for (size_t i = 0; i < foreign->n_columns; i++) {
        size_t column = (size_t)foreign->columns[i];
        if (fixed[column] && (!row->values[column] || strcmp(row->values[column], candidate[i]) != 0))
            return false;
    }
    return true;
}

static void take_from_pool(struct maker *maker, const struct shape *shape,
                           const struct shape_foreign *foreign, bool *fixed, struct row *row)
{
    size_t start = maker_random(maker, foreign->n_pool);
    bool null = !foreign->n_pool;
    for (size_t i = 0; i < foreign->n_columns; i++) {
        const struct shape_column *column = &shape->columns[foreign->columns[i]];
        if (!column->not_null && foreign->n_columns == 1 &&
            maker_random(maker, 100) < (uint64_t)maker->null_percent)
            null = true;
    }
    for (size_t i = 0; i < foreign->n_pool && !null; i++) {
        const char **candidate = foreign->pool[(start + i) % foreign->n_pool];
        if (!fits(foreign, candidate, fixed, row) || is_itself(shape, foreign, candidate, row))
            continue;
        for (size_t c = 0; c < foreign->n_columns; c++) {
            size_t column = (size_t)foreign->columns[c];
            row_set(row, column, value_copy(candidate[c]));
            fixed[column] = true;
        }
        return;
    }
    for (size_t i = 0; i < foreign->n_columns; i++) {
        size_t column = (size_t)foreign->columns[i];
        if (!fixed[column])
            row_set(row, column, NULL);
        fixed[column] = true;
    }
}

bool maker_fill(struct maker *maker, const struct shape *shape, const int *columns, size_t n, struct row *row,
                struct error *err)
{
    bool good = true;
    bool *fixed = memory_alloc(shape->n_columns * sizeof *fixed);
    for (size_t i = 0; i < n && good; i++) {
        const struct shape_column *column = &shape->columns[columns[i]];
        if (!column->supply)
            continue;
        char *value = NULL;
        good = supply_take(column->supply, maker->session, &value, err);
        row_set(row, (size_t)columns[i], value);
        fixed[columns[i]] = true;
    }
    for (size_t i = 0; i < n; i++) {
        const struct shape_column *column = &shape->columns[columns[i]];
        if (!fixed[columns[i]] && column->foreign >= 0)
            take_from_pool(maker, shape, &shape->foreign[column->foreign], fixed, row);
    }
    for (size_t i = 0; i < n; i++)
        if (!fixed[columns[i]])
            row_set(row, (size_t)columns[i], maker_value(maker, &shape->columns[columns[i]]));
    free(fixed);
    return good;
}
