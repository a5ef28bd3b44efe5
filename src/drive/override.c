#include "drive/override.h"

#include <ctype.h>
#include <string.h>

/* The name between double quotes at *text, which moves behind it. */
static size_t take_quoted(const char **text, char *name)
{
    size_t length = 0;
    const char *c = *text + 1;
    for (; *c && (*c != '"' || c[1] == '"'); c++) {
        c += *c == '"';
        name[length++] = *c;
    }
    *text = c + (*c == '"');
    return length;
}

/* The name up to a dot or an equals sign, folded as SQL does. */
static size_t take_plain(const char **text, char *name)
{
    size_t length = strcspn(*text, ".=");
    for (size_t i = 0; i < length; i++)
        name[i] = (char)tolower((unsigned char)(*text)[i]);
    *text += length;
    while (length && name[length - 1] == ' ')
        length--;
    return length;
}

/* A name that `end` follows; *text moves behind that. NULL: there is none. */
static const char *take_name(struct arena *arena, const char **text, char end)
{
    char *name = arena_alloc(arena, strlen(*text) + 1);
    size_t length = **text == '"' ? take_quoted(text, name) : take_plain(text, name);
    name[length] = '\0';
    *text += strspn(*text, " ");
    if (**text != end || !length)
        return NULL;
    (*text)++;
    return name;
}

bool override_split(struct arena *arena, const char *text, int *version, struct shape_override *out,
                    struct error *err)
{
    const char *rest = text;
    *version = -1;
    if (strncmp(rest, "old:", 4) == 0)
        *version = DRIVE_OLD;
    else if (strncmp(rest, "new:", 4) == 0)
        *version = DRIVE_NEW;
    rest += *version >= 0 ? 4 : 0;
    out->table = take_name(arena, &rest, '.');
    out->column = out->table ? take_name(arena, &rest, '=') : NULL;
    out->expression = out->column ? arena_strdup(arena, rest) : NULL;
    out->strict = *version == DRIVE_OLD;
    out->used = arena_alloc(arena, sizeof *out->used);
    if (out->expression && out->expression[strspn(out->expression, " ")])
        return true;
    error_set(err, ERROR_USAGE, "--set: \"%s\" is not table.column=expression", text);
    return error_hint(
        err,
        "write --set \"old:users.email='u' || random() || '@example.org'\"; old: and new: may be left out");
}

bool override_parse(struct drive *drive, struct error *err)
{
    for (size_t i = 0; i < drive->settings.n_overrides; i++) {
        struct shape_override override;
        int only;
        if (!override_split(drive->arena, drive->settings.overrides[i], &only, &override, err))
            return false;
        for (int version = 0; version < DRIVE_VERSIONS; version++)
            if (only < 0 || only == version)
                ARENA_PUSH(drive->arena, drive->overrides[version], drive->n_overrides[version], override);
    }
    return true;
}

void override_note_unused(struct drive *drive)
{
    for (int version = 0; version < DRIVE_VERSIONS; version++)
        for (size_t i = 0; i < drive->n_overrides[version]; i++)
            if (!*drive->overrides[version][i].used)
                drive_note(drive, "--set: no version that ran has a column %s.%s",
                           drive->overrides[version][i].table, drive->overrides[version][i].column);
}
