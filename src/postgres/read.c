#include "postgres/read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/utf8.h"
#include "migration/annotation.h"
#include "migration/digest.h"
#include "migration/place.h"
#include "postgres/read_statement.h"

/* Far above any migration written by hand; a dump of data is no migration. */
enum { FILE_LIMIT = 4 << 20 };

/* The file's stem: the last part of its path without ".sql". */
static const char *stem(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    if (length > 4 && strcasecmp(name + length - 4, ".sql") == 0)
        length -= 4;
    return arena_strndup(arena, name, length);
}

static bool check_utf8(const char *path, const char *content, struct error *err)
{
    for (size_t i = 0; content[i];) {
        size_t length = utf8_length((const unsigned char *)content + i);
        if (!length) {
            error_set(err, ERROR_REFUSED, "the file is not UTF-8");
            error_hint(err, "save it as UTF-8");
            return place_error(err, path, place_at(content, i));
        }
        i += length;
    }
    return true;
}

static bool read_tree(const struct read_statement *s)
{
    switch (s->tree->node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return read_alter_table(s);
    case PG_QUERY__NODE__NODE_CREATE_STMT: return read_create_table(s);
    case PG_QUERY__NODE__NODE_INDEX_STMT: return read_create_index(s);
    case PG_QUERY__NODE__NODE_RENAME_STMT: return read_rename(s);
    case PG_QUERY__NODE__NODE_DROP_STMT: return read_drop(s);
    case PG_QUERY__NODE__NODE_COMMENT_STMT: return read_comment(s);
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT: return read_create_enum(s);
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT: return read_alter_enum(s);
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT: return read_create_type(s);
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT: return read_alter_domain(s);
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
        return true; /* as BEGIN and COMMIT: what a framework prints */
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return read_create_sequence(s);
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT: return read_alter_sequence(s);
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT: return read_ignored(s);
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT: return read_data_fix(s);
    default: return read_as_statement(s);
    }
}

static bool read_statement(struct reader *r, const char *source, struct parse_slice slice, struct place place)
{
    struct parse_fault fault;
    PgQuery__Node *tree;
    struct read_statement s = {.reader = r, .base = slice.begin, .place = place};
    const char *text = arena_strndup(r->arena, source + slice.begin, slice.end - slice.begin);
    s.text.text = text;
    if (!parse_tokens(r->arena, text, &s.text, &fault) || !parse_statement(r->arena, text, &tree, &fault))
        return read_syntax_error(&s, &fault);
    s.tree = tree;
    return read_tree(&s);
}

static bool read_statements(struct reader *r, const char *source, struct read_start **starts, size_t *n)
{
    struct parse_slice *slices;
    size_t n_slices;
    struct parse_fault fault;
    *starts = NULL;
    *n = 0;
    if (!parse_split(r->arena, source, &slices, &n_slices, &fault)) {
        struct read_statement whole = {.place = {1, 1}, .reader = r, .text = {.text = source}};
        return read_syntax_error(&whole, &fault);
    }
    struct place place = {1, 1};
    for (size_t i = 0; i < n_slices; i++) {
        place = place_after(source, place, i ? slices[i - 1].begin : 0, slices[i].begin);
        struct read_start start = {.base = slices[i].begin, .change = r->migration->n_changes};
        ARENA_PUSH(r->arena, *starts, *n, start);
        if (!read_statement(r, source, slices[i], place))
            return false;
    }
    struct read_start end = {.base = strlen(source), .change = r->migration->n_changes};
    ARENA_PUSH(r->arena, *starts, *n, end);
    return true;
}

/* The content as the parser shall see it: a byte order mark is no SQL. */
static const char *without_mark(struct arena *arena, const char *content)
{
    char *source = arena_strdup(arena, content);
    if (strncmp(source, "\xEF\xBB\xBF", 3) == 0)
        memset(source, ' ', 3);
    return source;
}

static bool read_content(struct arena *arena, const char *path, const char *content,
                         struct migration *migration, struct error *err)
{
    struct reader r = {.arena = arena, .migration = migration, .err = err};
    struct read_start *starts;
    size_t n_starts;
    const char *source = without_mark(arena, content);
    return check_utf8(path, content, err) &&
           annotation_read(arena, path, source, &migration->annotations, &migration->n_annotations, err) &&
           read_statements(&r, source, &starts, &n_starts) && read_annotations(&r, starts, n_starts) &&
           mark_read_files(arena, migration, err);
}

bool pg_read_migration_text(struct arena *arena, const char *path, const char *content,
                            struct migration **out, struct error *err)
{
    struct migration *migration = arena_alloc(arena, sizeof *migration);
    *migration = (struct migration){
        .path = arena_strdup(arena, path),
        .name = stem(arena, path),
        .content = arena_strdup(arena, content),
        .digest = digest_migration(arena, content),
    };
    if (!read_content(arena, path, content, migration, err))
        return false;
    if (migration->n_changes == 0) {
        error_set(err, ERROR_REFUSED, "the file changes nothing");
        error_where(err, "%s:1:1", path);
        return error_hint(
            err, "write the change as SQL, for example: ALTER TABLE users ADD COLUMN nickname text;");
    }
    *out = migration;
    return true;
}

static void close_file(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

static bool fail_file(struct error *err, const char *path, const char *why)
{
    error_set(err, ERROR_REFUSED, "cannot read %s: %s", path, why);
    return error_where(err, "%s", path);
}

static bool read_file(const char *path, struct text *content, struct error *err)
{
    SEGUE_CLEANUP(close_file) FILE *file = fopen(path, "rb");
    if (!file)
        return fail_file(err, path, strerror(errno));
    char buffer[8192];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_append_n(content, buffer, n);
        if (content->length > FILE_LIMIT)
            return fail_file(err, path, "it is larger than 4 MB, too large for a migration");
    }
    if (ferror(file))
        return fail_file(err, path, strerror(errno));
    if (content->data && strlen(content->data) != content->length)
        return fail_file(err, path, "it holds a zero byte and is no SQL text");
    return true;
}

bool pg_read_migration(struct arena *arena, const char *path, struct migration **out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text content = {0};
    return read_file(path, &content, err) &&
           pg_read_migration_text(arena, path, text_string(&content), out, err);
}
