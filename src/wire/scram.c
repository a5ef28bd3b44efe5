#include "wire/scram.h"

#include <string.h>

enum { ITERATIONS_DIGITS = 9 };

/* What stands before the next `end`, or before the end of all where there is none (needed: false); *rest is moved behind it. */
static bool take_until(struct scram_part *rest, char end, bool needed, struct scram_part *out)
{
    const char *found = rest->n ? memchr(rest->data, end, rest->n) : NULL;
    if (!found && needed)
        return false;
    out->data = rest->data;
    out->n = found ? (size_t)(found - rest->data) : rest->n;
    size_t used = out->n + (found != NULL);
    *rest = (struct scram_part){rest->data + used, rest->n - used};
    return true;
}

/* "NAME=VALUE", where VALUE is not empty. */
static bool take_attribute(struct scram_part *rest, char name, struct scram_part *value)
{
    if (!take_until(rest, ',', false, value) || value->n < 3 || value->data[0] != name ||
        value->data[1] != '=')
        return false;
    *value = (struct scram_part){value->data + 2, value->n - 2};
    return true;
}

static bool read_iterations(struct scram_part digits, uint32_t *out)
{
    *out = 0;
    if (digits.n == 0 || digits.n > ITERATIONS_DIGITS)
        return false;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *out = *out * 10 + (uint32_t)(digits.data[i] - '0');
    }
    return *out > 0;
}

static bool is_text(const char *message, size_t n)
{
    return n > 0 && !memchr(message, '\0', n);
}

bool scram_read_first(const char *message, size_t n, struct scram_part *bare)
{
    struct scram_part rest = {message, n};
    struct scram_part flag;
    struct scram_part identity; /* for which the user acts: PostgreSQL takes none */
    if (!is_text(message, n) || !take_until(&rest, ',', true, &flag) ||
        !take_until(&rest, ',', true, &identity) || flag.n == 0 || rest.n == 0)
        return false;
    *bare = rest;
    return flag.data[0] == 'p' || (flag.n == 1 && (flag.data[0] == 'n' || flag.data[0] == 'y'));
}

bool scram_read_challenge(const char *message, size_t n, struct scram_challenge *out)
{
    struct scram_part rest = {message, n};
    struct scram_part digits;
    return is_text(message, n) && take_attribute(&rest, 'r', &out->nonce) &&
           take_attribute(&rest, 's', &out->salt) && take_attribute(&rest, 'i', &digits) &&
           read_iterations(digits, &out->iterations);
}

bool scram_read_final(const char *message, size_t n, struct scram_part *without_proof,
                      struct scram_part *proof)
{
    static const char mark[] = ",p="; /* the proof is the last attribute */
    const size_t n_mark = sizeof mark - 1;
    if (!is_text(message, n))
        return false;
    for (size_t at = n; at-- > 0;) {
        if (n - at <= n_mark || memcmp(message + at, mark, n_mark) != 0)
            continue;
        *without_proof = (struct scram_part){message, at};
        *proof = (struct scram_part){message + at + n_mark, n - at - n_mark};
        return at > 0 && !memchr(proof->data, ',', proof->n);
    }
    return false;
}

bool scram_read_signature(const char *message, size_t n, struct scram_part *signature)
{
    struct scram_part rest = {message, n};
    return is_text(message, n) && take_attribute(&rest, 'v', signature);
}

bool scram_read_verifier(const char *text, size_t n, struct scram_verifier *out)
{
    static const char mechanism[] = "SCRAM-SHA-256";
    struct scram_part rest = {text, n};
    struct scram_part name;
    struct scram_part digits;
    return is_text(text, n) && take_until(&rest, '$', true, &name) &&
           scram_same(name, (struct scram_part){mechanism, sizeof mechanism - 1}) &&
           take_until(&rest, ':', true, &digits) && read_iterations(digits, &out->iterations) &&
           take_until(&rest, '$', true, &out->salt) && take_until(&rest, ':', true, &out->stored_key) &&
           take_until(&rest, ':', false, &out->server_key);
}
