/* CREATE FUNCTION and CREATE PROCEDURE. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"
#include "postgres/sqltree_internal.h"

static bool is_input(const PgQuery__FunctionParameter *parameter)
{
    return parameter->mode != PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT &&
           parameter->mode != PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE;
}

/* The type's own text: up to the comma, the default or the parenthesis behind it. */
static const char *type_text(const struct read_statement *s, const PgQuery__TypeName *type)
{
    struct sql_edits none = {0};
    size_t first = parse_token_at(&s->text, (size_t)type->location);
    /* SETOF stands before the place that the parser tells. */
    size_t i = first;
    while (i < s->text.n && !parse_token_is(&s->text, i, ",") && !parse_token_is(&s->text, i, ")") &&
           !parse_token_is(&s->text, i, "default") && !parse_token_is(&s->text, i, "=") &&
           !parse_token_is(&s->text, i, ":="))
        i = parse_token_is(&s->text, i, "(") || parse_token_is(&s->text, i, "[")
                ? parse_token_closing(&s->text, i) + 1
                : i + 1;
    return sql_edit_print(s->reader->arena, &s->text, first, i, &none);
}

static void add_type(const struct read_statement *s, struct statement_def *def, const PgQuery__TypeName *type)
{
    if (!type || !type->n_names)
        return;
    /* users%ROWTYPE and users.id%TYPE name a table as well. */
    size_t n = type->n_names - (type->pct_type && type->n_names > 1 ? 1 : 0);
    struct name name = {n > 1 ? parse_string(type->names[n - 2]) : NULL, parse_string(type->names[n - 1])};
    ARENA_PUSH(s->reader->arena, def->types, def->n_types, name);
}

static void read_parameters(const struct read_statement *s, const PgQuery__CreateFunctionStmt *create,
                            struct statement_def *def)
{
    SEGUE_CLEANUP(text_free) struct text signature = {0};
    text_append_char(&signature, '(');
    for (size_t i = 0; i < create->n_parameters; i++) {
        const PgQuery__FunctionParameter *parameter = create->parameters[i]->function_parameter;
        add_type(s, def, parameter->arg_type);
        if (!is_input(parameter))
            continue;
        text_append(&signature, def->n_arguments++ ? ", " : "");
        if (parameter->mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC)
            text_append(&signature, "VARIADIC ");
        text_append(&signature, type_text(s, parameter->arg_type));
    }
    text_append_char(&signature, ')');
    def->signature = arena_strdup(s->reader->arena, text_string(&signature));
}

static bool returns_trigger(const PgQuery__CreateFunctionStmt *create)
{
    const PgQuery__TypeName *type = create->return_type;
    const char *name = type && type->n_names ? parse_string(type->names[type->n_names - 1]) : NULL;
    return name && (strcmp(name, "trigger") == 0 || strcmp(name, "event_trigger") == 0);
}

/* SECURITY DEFINER: a copy for one version would run with another owner's rights. */
static bool runs_as_owner(const PgQuery__CreateFunctionStmt *create)
{
    for (size_t i = 0; i < create->n_options; i++) {
        const PgQuery__DefElem *option = create->options[i]->node_case == PG_QUERY__NODE__NODE_DEF_ELEM
                                             ? create->options[i]->def_elem
                                             : NULL;
        if (option && strcmp(option->defname, "security") == 0 && option->arg &&
            option->arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN && option->arg->boolean->boolval)
            return true;
    }
    return false;
}

bool read_function(const struct read_statement *s, struct change *change)
{
    const PgQuery__CreateFunctionStmt *create = s->tree->create_function_stmt;
    struct statement_def *def = change->statement;
    struct statement_mention subject = {0};
    size_t token = 1;
    while (token < s->text.n && !parse_token_is(&s->text, token, "function") &&
           !parse_token_is(&s->text, token, "procedure"))
        token++;
    if (++token < s->text.n) {
        subject.begin = s->text.tokens[token].begin;
        subject.end = read_name_end(s, token);
    }
    if (!read_name(s, create->funcname, create->n_funcname, &subject.name))
        return false;
    ARENA_PUSH(s->reader->arena, def->subjects, def->n_subjects, subject);
    def->verb = create->replace ? VERB_REPLACE : VERB_CREATE;
    def->bound = create->sql_body != NULL;
    def->is_trigger = returns_trigger(create) || runs_as_owner(create);
    read_parameters(s, create, def);
    add_type(s, def, create->return_type);
    return true;
}
