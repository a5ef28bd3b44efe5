/* Automatic names, by the rules of PostgreSQL's makeObjectName and ChooseRelationName (indexcmds.c). */
#include <stdio.h>
#include <string.h>

#include "migration/digest.h"
#include "postgres/format.h"

enum { NAME_BYTES = 63 }; /* NAMEDATALEN - 1 */

/* The longest length up to limit that does not end inside a UTF-8 character. */
static size_t clip(const char *string, size_t limit)
{
    size_t length = strlen(string);
    if (length <= limit)
        return length;
    while (limit > 0 && ((unsigned char)string[limit] & 0xC0) == 0x80)
        limit--;
    return limit;
}

char *pg_object_name(struct arena *arena, const char *name1, const char *name2, const char *label)
{
    size_t overhead = (name2 ? 1 : 0) + (label ? strlen(label) + 1 : 0);
    size_t room = overhead < NAME_BYTES ? NAME_BYTES - overhead : 0;
    size_t length1 = strlen(name1);
    size_t length2 = name2 ? strlen(name2) : 0;
    while (length1 + length2 > room) {
        if (length1 > length2)
            length1--;
        else
            length2--;
    }
    length1 = clip(name1, length1);
    length2 = name2 ? clip(name2, length2) : 0;
    return arena_printf(arena, "%.*s%s%.*s%s%s", (int)length1, name1, name2 ? "_" : "", (int)length2,
                        name2 ? name2 : "", label ? "_" : "", label ? label : "");
}

char *pg_interim_name(struct arena *arena, const char *prefix, const char *name)
{
    size_t length = strlen(name);
    if (strlen(prefix) + 1 + length <= NAME_BYTES)
        return pg_object_name(arena, prefix, name, NULL);
    const char *digest = digest_sha256(arena, name, length);
    return pg_object_name(arena, prefix, name, arena_strndup(arena, digest, 8));
}

char *pg_choose_name(struct arena *arena, const char *name1, const char *name2, const char *label,
                     bool (*taken)(const char *name, const void *context), const void *context)
{
    char *name = pg_object_name(arena, name1, name2, label);
    for (int pass = 1; taken(name, context); pass++) {
        const char *numbered = arena_printf(arena, "%s%d", label ? label : "", pass);
        name = pg_object_name(arena, name1, name2, numbered);
    }
    return name;
}
