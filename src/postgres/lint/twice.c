#include "postgres/lint/twice.h"

#include <string.h>

/* More columns than a table or a query can have. */
enum { NAMES_LIMIT = 2000 };

struct names {
    const char **all;
    size_t n;
    const char *twice;
};

static void add(struct arena *arena, struct names *names, const char *name)
{
    if (!name || names->twice || names->n == NAMES_LIMIT)
        return;
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->all[i], name) == 0) {
            names->twice = name;
            return;
        }
    }
    ARENA_PUSH(arena, names->all, names->n, name);
}

/* The name of a whole column, up to what may stand behind it. */
static void add_whole(struct sql *sql, struct names *names)
{
    const char *name = sql_identifier(sql);
    if (!sql_is(sql, "[") && !sql_is(sql, "."))
        add(sql->arena, names, name);
}

static void add_list(struct sql *sql, struct names *names)
{
    struct sql inside, part;
    if (!sql_inside(sql, &inside))
        return;
    while (sql_part(&inside, &part))
        add_whole(&part, names);
}

const char *twice_in_list(const struct sql *sql)
{
    struct sql at = *sql;
    struct names names = {0};
    if (sql_ahead(&at, 1, "select") || sql_ahead(&at, 1, "with") || sql_ahead(&at, 1, "values"))
        return NULL;
    add_list(&at, &names);
    return names.twice;
}

const char *twice_in_set(const struct sql *sql)
{
    struct sql at = *sql, part;
    struct names names = {0};
    while (!names.twice && sql_find(&at, "set") && sql_take(&at, "set")) {
        struct sql list = at;
        (void)sql_find(&at, "from where returning when set");
        list.last = at.at;
        names = (struct names){0};
        while (sql_part(&list, &part)) {
            if (sql_is(&part, "("))
                add_list(&part, &names);
            else
                add_whole(&part, &names);
        }
    }
    return names.twice;
}

/* a, t.a and … AS a; what else a target may be has a name that the server makes up, or none. */
static const char *target_name(struct sql *part)
{
    size_t n = part->last - part->at;
    bool given = n > 2 && lex_is(part->text, &part->tokens[part->last - 2], "as");
    bool column = n % 2 == 1;
    for (size_t i = 1; column && i < n; i += 2)
        column = sql_ahead(part, i, ".");
    if (!given && !column)
        return NULL;
    part->at = part->last - 1;
    return sql_identifier(part);
}

const char *twice_in_targets(const struct sql *sql)
{
    struct sql at = *sql, part;
    struct names names = {0};
    if (!sql_find(&at, "select") || !sql_take(&at, "select") || sql_is(&at, "distinct"))
        return NULL;
    struct sql list = at;
    (void)sql_find(&at, "from where group union intersect except order limit window having with");
    list.last = at.at;
    while (sql_part(&list, &part))
        add(sql->arena, &names, target_name(&part));
    return names.twice;
}

const char *twice_in_table(const struct lint_statement *statement)
{
    for (size_t i = 0; i < statement->n_actions && statement->n_actions < NAMES_LIMIT; i++) {
        const struct lint_action *one = &statement->actions[i];
        for (size_t k = i + 1; one->act == LINT_ADD_COLUMN && one->column && k < statement->n_actions; k++) {
            const struct lint_action *other = &statement->actions[k];
            if (other->act == LINT_ADD_COLUMN && other->column && strcmp(one->column, other->column) == 0)
                return one->column;
        }
    }
    return NULL;
}
