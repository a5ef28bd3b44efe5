#include "postgres/translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "postgres/translate_internal.h"

void translator_unsure(struct translator *translator, const char *format, ...)
{
    char why[256];
    va_list arguments;
    if (translator->why_not)
        return;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    translator->why_not = arena_strdup(translator->arena, why);
}

void translator_edit(struct translator *translator, size_t token, const char *text)
{
    sql_edit_add(translator->arena, &translator->edits, token, token + 1, text);
}

void translator_need(struct translator *translator, const char *from, const char *to)
{
    sql_add_distinct(translator->arena, &translator->needs, &translator->n_needs,
                     arena_printf(translator->arena, "%s for %s", to, from));
}

static const char *listed(struct translator *translator)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < translator->n_needs; i++)
        text_printf(&out, "%s%s", i ? ", " : "", translator->needs[i]);
    return arena_strdup(translator->arena, text_string(&out));
}

/* The text that was edited says what the tree says that was changed. */
static void prove(struct translator *translator, const PgQuery__Node *changed, struct translation *out)
{
    PgQuery__Node *read;
    struct parse_fault fault;
    out->text =
        sql_edit_print(translator->arena, &translator->text, 0, translator->text.n, &translator->edits);
    if (!parse_statement(translator->arena, out->text, &read, &fault) ||
        !parse_same(&changed->base, &read->base))
        translator_unsure(translator, "what came out does not read as what was meant");
}

void pg_translate(const struct name_map *map, const char *statement, struct arena *arena,
                  struct translation *out)
{
    struct translator translator = {.arena = arena, .map = map};
    PgQuery__Node *tree;
    struct parse_fault fault;
    *out = (struct translation){.text = statement};
    if (map->n_relations == 0 || !parse_statement(arena, statement, &tree, &fault) ||
        !parse_tokens(arena, statement, &translator.text, &fault))
        return;
    translate_query(&translator, tree, NULL, OUTPUT_RESULT);
    if (!translator.touched)
        return;
    if (!translator.why_not && translator.edits.n > 0)
        prove(&translator, tree, out);
    if (translator.why_not) {
        *out = (struct translation){
            .kind = TRANSLATION_UNSURE, .text = statement, .why_not = translator.why_not};
        return;
    }
    if (translator.n_needs == 0)
        return;
    out->kind = TRANSLATION_DONE;
    out->needs = listed(&translator);
    out->outputs = translator.outputs;
    out->n_outputs = translator.n_outputs;
}
