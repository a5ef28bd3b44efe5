"""A failing case as a scenario's folder."""

import os
import re


def alike(one, other):
    """Whether two messages tell of the same failure: the same words, whatever the names, numbers and values."""
    return _words(one) == _words(other)


def _words(message):
    text = re.sub(r"'[^']*'|\"[^\"]*\"|\S*[0-9_]\S*", " ", message.split(" | ")[0])
    return re.findall(r"[a-z]+", text)[:8]


def write(root, case, oracle, message):
    """The folder, made."""
    folder = os.path.join(root, f"seed_{case.seed}_{oracle}")
    os.makedirs(folder, exist_ok=True)
    for name, text in (("schema.sql", case.schema_sql()), ("migration.sql", case.migration_sql()),
                       ("README", f"script/torture --seed {case.seed}\nshrunk; as a scenario: cp -r {folder} tests/scenario/NN_name;"
                                  f" tests/run --scenario 'NN_*'\n\n{oracle}: {message}\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return folder
