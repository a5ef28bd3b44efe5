#include "cli/lint_fix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One rewrite makes room for another, but not without an end. */
enum { ROUNDS = 32 };

struct round {
    struct arena *arena;
    struct lint_edits edits, last;
    size_t fixed, fixed_last;
};

static void collect(void *context, const struct lint_finding *finding)
{
    struct round *round = context;
    if (!finding->fix)
        return;
    if (finding->fix->last)
        round->fixed_last += lint_edits_add(&round->last, round->arena, finding->fix);
    else
        round->fixed += lint_edits_add(&round->edits, round->arena, finding->fix);
}

/* Whether lines end with a carriage return and a line feed: the first one tells. */
static bool has_returns(const char *content)
{
    const char *feed = strchr(content, '\n');
    return feed && feed > content && feed[-1] == '\r';
}

static const char *with_returns(struct arena *arena, const char *lines)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (const char *c = lines; *c; c++) {
        if (*c == '\n' && (c == lines || c[-1] != '\r'))
            text_append_char(&out, '\r');
        text_append_char(&out, *c);
    }
    return arena_strdup(arena, text_string(&out));
}

bool lint_fix_text(const char *content, lint_fix_look *look, void *context, struct text *out, size_t *fixed,
                   struct error *err)
{
    text_append(out, content);
    *fixed = 0;
    for (int i = 0; i < ROUNDS; i++) {
        /* A rewrite that calls for itself again would be a fault of ours: then the file stays as it is. */
        if (i == ROUNDS - 1) {
            text_clear(out);
            text_append(out, content);
            *fixed = 0;
            break;
        }
        SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
        struct round round = {.arena = arena};
        const char *now = text_string(out);
        if (!look(context, now, collect, &round, err))
            return false;
        if (round.edits.n == 0) {
            round.edits = round.last;
            round.fixed = round.fixed_last;
        }
        if (round.edits.n == 0)
            break;
        for (size_t k = 0; k < round.edits.n && has_returns(content); k++)
            round.edits.list[k].text = with_returns(arena, round.edits.list[k].text);
        struct text next = {0};
        lint_fix_apply(now, (struct lint_slice){0, strlen(now)}, round.edits.list, round.edits.n, &next);
        text_free(out);
        *out = next;
        *fixed += round.fixed;
    }
    return true;
}

static bool fail(const char *path, struct error *err)
{
    return error_set(err, ERROR_USAGE, "cannot write %s: %s", path, strerror(errno));
}

static bool fill(int file, const char *path, const char *content, const struct stat *old, struct error *err)
{
    size_t length = strlen(content);
    for (size_t at = 0; at < length;) {
        ssize_t n = write(file, content + at, length - at);
        if (n < 0 && errno != EINTR)
            return fail(path, err);
        at += n > 0 ? (size_t)n : 0;
    }
    if (fchmod(file, old->st_mode & 07777) != 0)
        return fail(path, err);
    /* Only root may give a file away; who owned it before stays where that is not possible. */
    if ((old->st_uid != geteuid() || old->st_gid != getegid()) && fchown(file, old->st_uid, old->st_gid) != 0)
        return fail(path, err);
    return fsync(file) == 0 || fail(path, err);
}

static bool replace(const char *real, const char *content, struct error *err)
{
    struct stat old;
    char beside[4096 + 16];
    if (stat(real, &old) != 0)
        return fail(real, err);
    if (!S_ISREG(old.st_mode))
        return error_set(err, ERROR_USAGE, "%s is no regular file and is not written", real);
    if (access(real, W_OK) != 0)
        return fail(real, err);
    (void)snprintf(beside, sizeof beside, "%s.XXXXXX", real);
    int file = mkostemp(beside, O_CLOEXEC);
    if (file < 0)
        return fail(beside, err);
    bool good = fill(file, beside, content, &old, err);
    good = (close(file) == 0 || fail(beside, err)) && good;
    if (good && rename(beside, real) == 0)
        return true;
    if (good)
        (void)fail(real, err);
    (void)unlink(beside);
    return false;
}

bool lint_fix_write(const char *path, const char *content, struct error *err)
{
    char *real = realpath(path, NULL);
    if (!real)
        return fail(path, err);
    bool good = replace(real, content, err);
    free(real);
    return good;
}
