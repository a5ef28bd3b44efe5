"""Refusals that docs/limits.md knows, by their words: a file that is refused for one of them is not a failure."""

import re

_KNOWN = tuple(re.compile(text) for text in (
    r"is not something segue can do online yet",
    r"cannot be (?:dropped|changed) online: other objects depend on it",
    r"is free only after complete",
    r"has a foreign key to column .* which this file changes",
    r"has row security, which views keep only from PostgreSQL 15 on",
    r"is on a generated column, which there is only from complete on",
    r"would rest on .*, which the file drops",
    r"reads column .* of table .*, which the file renames below it",
))


def known(message):
    """The limit that the message is, or None."""
    for pattern in _KNOWN:
        found = pattern.search(message)
        if found:
            return found.group(0)
    return None
