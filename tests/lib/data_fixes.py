"""UPDATE, DELETE and INSERT in a migration: what rows are after it.

After complete they are what psql makes of the file on the same rows. After rollback they are what the
statements of phase expand made of them, save those that the file takes back (`-- segue: undo`)."""

import re

_CHANGES_ROWS = re.compile(r"^(UPDATE|DELETE|INSERT|MERGE)\b", re.I | re.M)


def that_stay(sql):
    """The statements that a rollback leaves in effect."""
    found, comments, lines = [], [], []
    for line in sql.splitlines():
        if not lines and line.startswith("--"):
            comments.append(line)
            continue
        lines.append(line)
        if not line.rstrip().endswith(";"):
            continue
        statement, about = "\n".join(lines), "\n".join(comments)
        comments, lines = [], []
        taken_back = re.search(r"segue: undo (?!none)", about)
        if _CHANGES_ROWS.match(statement) and "segue: phase expand" in about and not taken_back:
            found.append(statement)
    return found
