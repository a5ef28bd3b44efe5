"""Every refusal that the source can print is printed by a file of tests/refusal/, and docs/limits.md lists it."""

import re

from . import messages, program
from .oracle_refusal import names, prepare, run
from .report import require

# Guards: what would show that segue contradicts itself. No file brings them about, or this list is wrong.
_GUARDS = [
    "the commands of this ALTER TABLE cannot be told apart",
    "this expression cannot be taken apart from its statement",
    "this type's modifiers cannot be read",
    "a column's type is written by its name",
    "the file holds no statement",
    "cannot read %s: %s",
    'USING of column "%s": %s',
    'table "%s": %s',
]

# Two files of one folder, or none: the oracle `order` has the folders that show these.
_OF_FOLDERS = ["folder %s holds no migration", "%s and %s are of one name"]

# A disk that is full: tests/unit/test_planner.c.
_OF_UNIT_TESTS = ['there is no room for a second copy of the rows of table "%s"']


def tasks(context):
    yield lambda: _compare(context, context.servers[0])


def _compare(context, server):
    printed = _printed(context, server)
    for place, words in messages.in_source():
        if words in _GUARDS + _OF_FOLDERS + _OF_UNIT_TESTS or _only_elsewhere(words):
            continue
        with context.report.test(f"a file of tests/refusal/ shows the message: {words}  ({place})"):
            pattern = messages.format_pattern(words)
            require(any(pattern.match(message) for message in printed.values()), "no file does")
    listed = list(messages.in_limits())
    for name, message in printed.items():
        with context.report.test(f"docs/limits.md lists what {name} is refused with: {message}"):
            plain = message.replace('"', "")
            require(any(pattern.search(plain) for pattern in listed), "it does not")


def _only_elsewhere(words):
    """Shown by a file for another server, which the oracle `refusal` tries there, or beside another migration, as in the
    oracle `order`."""
    return re.search(r"from PostgreSQL \d+ on|which is under way", words)


def _printed(context, server):
    """What each file is refused with. A file that is not refused has changed its database, so the next one gets another."""
    ground = server.create("messages")
    prepare(context, server, ground)
    printed, database = {}, None
    for name in names(server):
        database = database or server.create("messages", template=ground)
        with context.report.test(f"refused, with a message: {name}"):
            result = run(context, server, database, name, "--json")
            if result.code != program.REFUSED:
                server.drop(database)
                database = None
            require(database, f"exit {result.code} instead of 1\n{result}")
            printed[name] = result.json["error"]["message"]
    return printed
