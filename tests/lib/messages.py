"""The refusals that the source can print, and those that docs/limits.md lists, as patterns for messages."""

import glob
import os
import re

from . import scenario

_ROOT = os.path.dirname(scenario.TESTS)
# Where a migration file is read, checked and planned.
_SOURCES = ["src/migration/*.c", "src/postgres/read*.c", "src/postgres/check*.c", "src/postgres/planner/*.c"]
_CALL = re.compile(r"\b(refuse|read_fail|read_refuse|annotation_fail|error_set|check_row_message)\(")
_LITERAL = re.compile(r'\s*"((?:[^"\\]|\\.)*)"')
_CONVERSION = re.compile(r"%(?:%|[-+ #0-9.]*(?:l|ll|z)?[a-zA-Z])")
_NOT_ONLINE = " is not something segue can do online yet"


def in_source():
    """Pairs of file:line and message format, of every refusal that has words of its own."""
    for pattern in _SOURCES:
        for path in sorted(glob.glob(os.path.join(_ROOT, pattern))):
            with open(path) as file:
                yield from _in_text(os.path.relpath(path, _ROOT), file.read())


def _in_text(path, text):
    for call in _CALL.finditer(text):
        arguments = _arguments(text, call.end())
        if call[1] == "error_set" and "ERROR_REFUSED" not in arguments:
            continue
        words = _first_literal(arguments)
        if words is None or not re.search(r"[a-z]{3}", _CONVERSION.sub("", words)):
            continue
        if call[1] == "read_refuse":
            words += _NOT_ONLINE
        yield f"{path}:{text.count(chr(10), 0, call.start()) + 1}", words


def _arguments(text, begin):
    depth, at = 1, begin
    quoted = False
    while depth and at < len(text):
        letter = text[at]
        if quoted:
            at += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        else:
            depth += (letter == "(") - (letter == ")")
        at += 1
    return text[begin:at - 1]


def _first_literal(arguments):
    """The first string of a call, its pieces joined."""
    begin = arguments.find('"')
    if begin < 0:
        return None
    words = ""
    while True:
        piece = _LITERAL.match(arguments, begin)
        if not piece:
            return words
        words += piece[1].replace('\\"', '"').replace("\\\\", "\\").replace("\\n", " ")
        begin = piece.end()


def format_pattern(words):
    """What a printed message of this format looks like."""
    parts = _CONVERSION.split(words)
    return re.compile(".*?".join(re.escape(part) for part in parts) + r"\Z", re.S)


def in_limits():
    """Patterns of the messages in the first column of the tables of docs/limits.md; names are written `…`."""
    with open(os.path.join(_ROOT, "docs", "limits.md")) as file:
        rows = [line.split(" | ")[0] for line in file if line.startswith("| ") and not line.startswith("| message")]
    for row in rows:
        for span in re.findall(r"``\s?(.+?)\s?``|`([^`]+)`", row):
            parts = re.split("…", span[0] or span[1])
            yield re.compile(".*?".join(re.escape(part.replace('"', "")) for part in parts), re.S)
