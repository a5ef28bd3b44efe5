#include "postgres/planner/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/beside.h"

static const char digits[] = "0123456789";

static bool is_number(const char *text, size_t length)
{
    return length > 0 && strspn(text, digits) >= length;
}

static bool is_numbers(const char *version)
{
    for (;;) {
        size_t length = strcspn(version, ".");
        if (!is_number(version, length))
            return false;
        if (!version[length])
            return true;
        version += length + 1;
    }
}

static bool is_changeset(const char *version)
{
    const char *second = strstr(version, "::");
    const char *third = second ? strstr(second + 2, "::") : NULL;
    return third && second > version && third > second + 2 && third[2] && !strstr(third + 2, "::");
}

static bool fits_form(enum mark_form form, const char *version)
{
    size_t length = strlen(version);
    const char *dot = strchr(version, '.');
    switch (form) {
    case MARK_ANY: return true;
    case MARK_DIGITS: return is_number(version, length) && length <= 18;
    case MARK_NUMBERS: return is_numbers(version);
    case MARK_APP: return dot && dot > version && dot[1];
    case MARK_CHANGESET: return is_changeset(version);
    case MARK_STAMPED: return length > 13 && is_number(version + length - 13, 13);
    case MARK_SHA1: return length == 40 && strspn(version, "0123456789abcdef") == length;
    }
    return false;
}

/* The name of the tool's own file says V7_1__full_name: *rest is what follows the underscores. */
static bool is_file_of(const struct mark_def *mark, const char **rest)
{
    const char *name = mark->file_name;
    size_t i = 0;
    if (name[0] != 'V')
        return false;
    for (; mark->version[i]; i++) {
        char c = name[i + 1];
        if (c != mark->version[i] && !(c == '_' && mark->version[i] == '.'))
            return false;
    }
    if (strncmp(name + i + 1, "__", 2) != 0)
        return false;
    *rest = name + i + 3;
    return true;
}

static bool refuse_file(const struct model *model, const struct annotation *at, struct error *err)
{
    const struct mark_def *mark = at->mark;
    refuse(model, at->place, err, "%s compares the checksum of its own file, and the mark names none",
           mark->tool);
    return error_hint(err, "write: -- segue: marks %s %s … file \"path\", from the folder of this migration",
                      mark->tool, mark->version);
}

/* Flyway has the description from the file's name, with blanks for the underscores. */
static const char *description_of(struct arena *arena, const char *rest)
{
    size_t length = strlen(rest);
    if (length > 4 && strcmp(rest + length - 4, ".sql") == 0)
        length -= 4;
    char *text = arena_strndup(arena, rest, length);
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return text;
}

static bool bind_file(const struct model *model, struct model_mark *bound, struct error *err)
{
    const struct mark_def *mark = bound->annotation->mark;
    const char *rest = "";
    bool own = is_file_of(mark, &rest);
    bound->description = mark->description;
    if (bound->tool->needs_file && !mark->file && !own)
        return refuse_file(model, bound->annotation, err);
    if (bound->tool->form == MARK_NUMBERS && !own && mark->file_name[0] == 'V' &&
        is_number(mark->file_name + 1, 1)) {
        refuse(model, bound->annotation->place, err, "%s is not the file of version %s", mark->file_name,
               mark->version);
        return error_hint(err, "%s takes the version from the name: V%s__description.sql", mark->tool,
                          mark->version);
    }
    if (!bound->description && bound->tool->form == MARK_NUMBERS && own)
        bound->description = description_of(model->arena, rest);
    return true;
}

static const struct table *find_table(const struct catalog *catalog, const char *schema, const char *name)
{
    if (strcmp(schema, catalog->schema) == 0)
        return catalog_table(catalog, name);
    for (size_t i = 0; i < catalog->n_outside; i++)
        if (strcmp(catalog->outside[i].schema, schema) == 0 && strcmp(catalog->outside[i].name, name) == 0)
            return &catalog->outside[i];
    return NULL;
}

/* Where the tool's nth table is. */
static struct name place_of(const struct mark_tool *tool, const struct mark_def *mark, const char *schema,
                            size_t nth)
{
    const char *own = tool->schema ? tool->schema : schema;
    const char *name = nth == 0 && mark->table.name ? mark->table.name : tool->tables[nth].name;
    return (struct name){.schema = mark->table.schema ? mark->table.schema : own, .name = name};
}

void marks_outside(struct arena *arena, const struct migration *migration, const char *schema,
                   struct name **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < migration->n_annotations; i++) {
        const struct annotation *annotation = &migration->annotations[i];
        size_t at = 0;
        const struct mark_tool *tool =
            annotation->kind == ANNOTATION_MARKS ? mark_tool_next(annotation->mark->tool, &at) : NULL;
        for (size_t k = 0; tool && k < MARK_TABLES && tool->tables[k].name; k++) {
            struct name name = place_of(tool, annotation->mark, schema, k);
            if (strcmp(name.schema, schema) != 0)
                ARENA_PUSH(arena, *out, *n, name);
        }
    }
}

static bool type_fits(const struct column *column, const char *types)
{
    size_t length = strlen(column->type_name);
    for (const char *at = strstr(types, column->type_name); at; at = strstr(at + 1, column->type_name)) {
        bool begins = at == types || at[-1] == ' ';
        if (begins && (at[length] == ' ' || !at[length]) && !column->type_is_array)
            return true;
    }
    return false;
}

/* "version character varying(50), success boolean": what a table has. */
static const char *columns_of(struct arena *arena, const struct table *table)
{
    SEGUE_CLEANUP(text_free) struct text list = {0};
    for (size_t i = 0; i < table->n_columns; i++)
        text_printf(&list, "%s%s %s", i ? ", " : "", table->columns[i].name, table->columns[i].type);
    return arena_strdup(arena, text_string(&list));
}

static bool refuse_layout(const struct model *model, const struct annotation *at, const struct table *table,
                          struct error *err)
{
    error_detail(err, "it has: %s", columns_of(model->arena, table));
    return error_hint(
        err,
        "is it the table of %s? -- segue: marks %s %s … in TABLE names another one; else mark it by "
        "hand when both versions are live",
        at->mark->tool, at->mark->tool, at->mark->version);
}

static const struct mark_column *known_column(const struct mark_table *known, const char *name)
{
    for (size_t i = 0; i < MARK_COLUMNS && known->columns[i].name; i++)
        if (strcmp(known->columns[i].name, name) == 0)
            return &known->columns[i];
    return NULL;
}

/* A column that the tool does not know, which takes no row without a value for it. */
static bool check_others(const struct model *model, const struct annotation *at, const struct table *table,
                         const struct mark_table *known, struct error *err)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *column = &table->columns[i];
        if (!column->not_null || column->default_expr || column->identity || column->generated ||
            known_column(known, column->name))
            continue;
        refuse(model, at->place, err,
               "column %s of table %s needs a value, and it is none of those that %s gives one", column->name,
               table->name, at->mark->tool);
        return refuse_layout(model, at, table, err);
    }
    return true;
}

static bool check_columns(const struct model *model, const struct annotation *at, const struct table *table,
                          const struct mark_table *known, struct error *err)
{
    for (size_t i = 0; i < MARK_COLUMNS && known->columns[i].name; i++) {
        const struct mark_column *wanted = &known->columns[i];
        const struct column *column = table_column(table, wanted->name);
        if (!column) {
            refuse(model, at->place, err, "table %s has no column %s, which %s writes", table->name,
                   wanted->name, at->mark->tool);
            return refuse_layout(model, at, table, err);
        }
        if (!type_fits(column, wanted->types)) {
            refuse(model, at->place, err, "column %s of table %s is of type %s, and %s makes another",
                   wanted->name, table->name, column->type, at->mark->tool);
            return refuse_layout(model, at, table, err);
        }
    }
    return check_others(model, at, table, known, err);
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* varchar(50) takes 50 characters; the type of no bound takes any. */
static bool check_length(const struct model *model, const struct model_mark *mark, const struct table *table,
                         const struct mark_table *known, struct error *err)
{
    for (size_t i = 0; i < MARK_COLUMNS && known->columns[i].name; i++) {
        const struct mark_column *wanted = &known->columns[i];
        const char *bound = strchr(table_column(table, wanted->name)->type, '(');
        const char *value = strcmp(wanted->value, "{version}") == 0       ? mark->annotation->mark->version
                            : strcmp(wanted->value, "{description}") == 0 ? mark->description
                                                                          : NULL;
        if (!bound || !value || characters(value) <= strtoul(bound + 1, NULL, 10))
            continue;
        refuse(model, mark->annotation->place, err, "column %s of table %s takes no more than %lu characters",
               wanted->name, table->name, strtoul(bound + 1, NULL, 10));
        return error_hint(err, "the mark has %zu: %s", characters(value), value);
    }
    return true;
}

/* The file must leave alone what is marked: its own rows would be in two shapes. */
static bool check_untouched(const struct model *model, const struct annotation *at, const struct table *table,
                            struct error *err)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *other = &model->tables[i];
        if (other->origin != table || !other->change)
            continue;
        refuse(model, at->place, err, "table %s is marked and changed by the same file", table->name);
        return error_hint(err, "write the change of %s into a migration of its own", table->name);
    }
    return strcmp(table->schema, model->catalog->schema) != 0 ||
           beside_check_table(model, at->place, table->name, err);
}

static bool bind_table(const struct model *model, struct model_mark *mark, size_t nth, struct error *err)
{
    const struct annotation *at = mark->annotation;
    const struct mark_table *known = &mark->tool->tables[nth];
    struct name name = place_of(mark->tool, at->mark, model->catalog->schema, nth);
    const struct table *table = find_table(model->catalog, name.schema, name.name);
    mark->tables[nth] = pg_format(model->arena, "%Q", name.schema, name.name);
    mark->schema = name.schema;
    if (!table) {
        refuse(model, at->place, err, "%s keeps its history in table %s, which does not exist",
               at->mark->tool, mark->tables[nth]);
        return error_hint(
            err, "let %s make it first; -- segue: marks %s %s … in SCHEMA.TABLE where it lies elsewhere",
            at->mark->tool, at->mark->tool, at->mark->version);
    }
    return check_columns(model, at, table, known, err) && check_length(model, mark, table, known, err) &&
           check_untouched(model, at, table, err);
}

static bool refuse_tool(const struct model *model, const struct annotation *at, struct error *err)
{
    refuse(model, at->place, err, "%s is not a tool that can be marked", at->mark->tool);
    return error_hint(err, "segue knows %s", mark_tool_words(model->arena));
}

static bool check_words(const struct model *model, const struct model_mark *mark, struct error *err)
{
    const struct annotation *at = mark->annotation;
    const struct mark_tool *tool = mark->tool;
    bool follows = tool->replaces && at->mark->after && strcmp(at->mark->after, "none") != 0;
    const char *wrong = !fits_form(tool->form, at->mark->version)            ? at->mark->version
                        : follows && !fits_form(tool->form, at->mark->after) ? at->mark->after
                                                                             : NULL;
    if (wrong) {
        refuse(model, at->place, err, "%s is not a version of %s", wrong, tool->word);
        return error_hint(err, "it is %s", tool->form_said);
    }
    if (tool->replaces && !at->mark->after) {
        refuse(model, at->place, err, "%s knows one version, and the mark does not say which one it follows",
               tool->word);
        return error_hint(err, "write: -- segue: marks %s %s after VERSION (or: after none)", tool->word,
                          at->mark->version);
    }
    if (at->mark->after && !tool->replaces) {
        refuse(model, at->place, err, "%s keeps a row for each version: after means nothing to it",
               tool->word);
        return error_hint(err, "leave it out");
    }
    return true;
}

/* A column takes the description, and there is none. */
static bool check_description(const struct model *model, const struct model_mark *mark, struct error *err)
{
    const struct mark_table *known = &mark->tool->tables[0];
    for (size_t i = 0; i < MARK_COLUMNS && known->columns[i].name; i++) {
        if (mark->description || strcmp(known->columns[i].value, "{description}") != 0)
            continue;
        refuse(model, mark->annotation->place, err, "%s needs a description", mark->tool->word);
        return error_hint(err, "write: -- segue: marks %s %s \"what it calls it\"", mark->tool->word,
                          mark->annotation->mark->version);
    }
    return true;
}

static bool bind_tables(const struct model *model, struct model_mark *mark, struct error *err)
{
    for (size_t i = 0; i < MARK_TABLES && mark->tool->tables[i].name; i++)
        if (!bind_table(model, mark, i, err))
            return false;
    return true;
}

/* Where the word has several rows, the first whose tables are those of the database; if none is, the first one says why. */
static bool bind_one(struct model *model, const struct annotation *annotation, struct error *err)
{
    struct model_mark mark = {.annotation = annotation};
    struct error other;
    size_t at = 0;
    mark.tool = mark_tool_next(annotation->mark->tool, &at);
    if (!mark.tool)
        return refuse_tool(model, annotation, err);
    if (!check_words(model, &mark, err) || !bind_file(model, &mark, err) ||
        !check_description(model, &mark, err))
        return false;
    bool good = bind_tables(model, &mark, err);
    while (!good && (mark.tool = mark_tool_next(annotation->mark->tool, &at)))
        good = bind_tables(model, &mark, &other);
    if (good)
        ARENA_PUSH(model->arena, model->marks, model->n_marks, mark);
    return good;
}

static bool refuse_twice(const struct model *model, const struct annotation *annotation, struct error *err)
{
    for (size_t i = 0; i < model->n_marks; i++) {
        const struct annotation *other = model->marks[i].annotation;
        if (strcmp(other->mark->tool, annotation->mark->tool) != 0 ||
            strcmp(other->mark->version, annotation->mark->version) != 0)
            continue;
        refuse(model, annotation->place, err, "version %s of %s is marked twice; the first time in line %d",
               other->mark->version, other->mark->tool, other->place.line);
        return error_hint(err, "keep one of them");
    }
    return true;
}

bool marks_bind(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        if (annotation->kind == ANNOTATION_MARKS &&
            (!refuse_twice(model, annotation, err) || !bind_one(model, annotation, err)))
            return false;
    }
    return true;
}
