"""Every refusal that the source can print is printed by a file of tests/refusal/, and docs/limits.md lists it."""

import os

from . import messages, psql
from .oracle_refusal import FOLDER, names
from .report import require


def tasks(context):
    yield lambda: _compare(context, context.servers[0])


def _compare(context, server):
    printed = _printed(context, server)
    for place, words in messages.in_source():
        with context.report.test(f"a file of tests/refusal/ shows the message: {words}  ({place})"):
            pattern = messages.format_pattern(words)
            require(any(pattern.match(message) for message in printed.values()), "no file does")
    listed = list(messages.in_limits())
    for name, message in printed.items():
        with context.report.test(f"docs/limits.md lists what {name} is refused with: {message}"):
            plain = message.replace('"', "")
            require(any(pattern.search(plain) for pattern in listed), "it does not")


def _printed(context, server):
    database = server.create("messages")
    psql.run_file(server, database, os.path.join(FOLDER, "schema.sql"))
    segue = context.segue.on(server, database)
    segue.must("init")
    return {name: segue.run("start", "--json", os.path.join(FOLDER, name)).json["error"]["message"]
            for name in names()}
