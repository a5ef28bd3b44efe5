"""docs/changes/: the SQL and the locks in each page are what segue does and the server takes now; `script/pages` writes them."""

import difflib

from . import pages, scenario
from .report import require


def tasks(context):
    server = context.servers[0]
    for name in pages.names():
        yield lambda name=name: _compare(context, server, name)


def _compare(context, server, name):
    with context.report.test(f"[{server.major}] docs/changes/{name} says what segue does"):
        wanted = pages.wanted(name, lambda scene: context.stage(server, _scenario(scene)))
        lines = difflib.unified_diff(pages.read(name).splitlines(), wanted.splitlines(), "page", "segue", n=0, lineterm="")
        difference = "\n".join(lines)
        require(not difference, f"script/pages brings it up to date:\n{difference}")


def _scenario(name):
    found = scenario.load(name)
    require(len(found) == 1, f"{len(found)} scenarios of name {name}")
    return found[0]
