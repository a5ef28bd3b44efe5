"""pg_dump --schema-only, normalised so that two databases can be compared whatever the
order in which their objects and columns came to be.

Order is dropped by sorting statements, and the elements within CREATE TABLE. Everything
else is kept as pg_dump wrote it.
"""

import os
import re
import subprocess

from . import server as server_module

# A session setting that changes what a following statement means is attached to it.
_STICKY_SETTING = re.compile(r"^SET (default_tablespace|default_table_access_method) = (.*)$", re.S)
_AUTHORIZATION = re.compile(r"^(SET|RESET) SESSION AUTHORIZATION ?(.*)$", re.S)
_NOISE = re.compile(r"^(SET |SELECT pg_catalog\.set_config)")
_DOLLAR_TAG = re.compile(r"\$(?:[^\W\d]\w*)?\$")
_DEFAULTS = {"default_tablespace": "''", "default_table_access_method": "heap"}


def program_for(server):
    """The pg_dump that can read this server; None when there is none."""
    own = os.path.join(server.bin_dir, "pg_dump")
    if os.access(own, os.X_OK):
        return own
    debian = os.path.join(server_module.DEBIAN_BIN, "pg_dump")
    return debian if server.major <= 15 and os.access(debian, os.X_OK) else None


def schema_dump(server, database, excluded_schemas=()):
    """The normalised statements of the database's schema, sorted."""
    command = [program_for(server), "--schema-only", "-d", server.conninfo(database)]
    for name in excluded_schemas:
        command += ["-N", '"' + name + '"']
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode != 0:
        raise RuntimeError("pg_dump failed: " + result.stderr.decode(errors="replace"))
    return normalise(result.stdout.decode())


def normalise(text):
    statements = []
    sticky = dict(_DEFAULTS)
    author = ""
    for statement in split_statements(text):
        setting = _STICKY_SETTING.match(statement)
        authorization = _AUTHORIZATION.match(statement)
        if setting:
            sticky[setting.group(1)] = setting.group(2)
        elif authorization:
            author = authorization.group(2) if authorization.group(1) == "SET" else ""
        elif not _NOISE.match(statement):
            statements.append(_with_context(_sort_column_lists(_sort_table_elements(statement)), sticky, author))
    return sorted(statements)


def _with_context(statement, sticky, author):
    if re.match(r"CREATE (UNIQUE )?(TABLE|INDEX|MATERIALIZED)", statement):
        for name, value in sticky.items():
            if value != _DEFAULTS[name]:
                statement += f" /* {name} {value} */"
    return statement + (f" /* granted by {author} */" if author else "")


def split_statements(text):
    """Statements without their semicolons; comments and psql's own commands left out."""
    statements, start_of_line, current, position = [], True, [], 0
    while position < len(text):
        character = text[position]
        if text.startswith("--", position) or (start_of_line and character == "\\"):
            position = _end_of_line(text, position)
            continue
        if character == ";":
            statements.append("".join(current).strip())
            current = []
            position += 1
        else:
            end = token_end(text, position)
            current.append(text[position:end])
            position = end
        start_of_line = text[position - 1] == "\n"
    statements.append("".join(current).strip())
    return [statement for statement in statements if statement]


def _end_of_line(text, position):
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def token_end(text, position):
    """Where the quoted text that begins at position ends; position + 1 for any other character."""
    character = text[position]
    if character == "'":
        escapes = position > 0 and text[position - 1] in "eE" and not text[position - 2].isalnum()
        return _end_of_quoted(text, position, "'", escapes)
    if character == '"':
        return _end_of_quoted(text, position, '"', False)
    if character == "$":
        tag = _DOLLAR_TAG.match(text, position)
        if tag:
            return text.index(tag.group(0), tag.end()) + len(tag.group(0))
    return position + 1


def _end_of_quoted(text, position, quote, escapes):
    position += 1
    while position < len(text):
        if escapes and text[position] == "\\":
            position += 2
        elif text[position] == quote:
            if not text.startswith(quote, position + 1):
                return position + 1
            position += 2
        else:
            position += 1
    return position


def split_top_level(text, separator=","):
    """Splits at separators outside of quotes and parentheses."""
    parts, current, depth, position = [], [], 0, 0
    while position < len(text):
        end = token_end(text, position)
        piece = text[position:end]
        if piece in ("(", "["):
            depth += 1
        elif piece in (")", "]"):
            depth -= 1
        if piece == separator and depth == 0:
            parts.append("".join(current))
            current = []
        else:
            current.append(piece)
        position = end
    parts.append("".join(current))
    return [part.strip() for part in parts if part.strip()]


def _sort_table_elements(statement):
    if not re.match(r"CREATE (UNLOGGED |FOREIGN )?TABLE ", statement):
        return statement
    opening = _find_outside_quotes(statement, "(")
    if opening is None:
        return statement
    closing = _matching_parenthesis(statement, opening)
    elements = sorted(split_top_level(statement[opening + 1:closing]))
    return statement[:opening] + "(\n    " + ",\n    ".join(elements) + "\n" + statement[closing:]


def _sort_column_lists(statement):
    """Lists that the server keeps in the order of the table's columns: of a publication and of a statistics object."""
    if re.match(r"ALTER PUBLICATION .* ADD TABLE ONLY ", statement):
        opening = _find_outside_quotes(statement, "(")
        where = statement.find(" WHERE (")
        if opening is None or (0 <= where < opening):
            return statement
        closing = _matching_parenthesis(statement, opening)
        columns = ", ".join(sorted(split_top_level(statement[opening + 1:closing])))
        return statement[:opening + 1] + columns + statement[closing:]
    found = re.match(r"(CREATE STATISTICS .*? ON )(.*)( FROM .*)$", statement, re.S)
    if found:
        return found.group(1) + ", ".join(sorted(split_top_level(found.group(2)))) + found.group(3)
    return statement


def _find_outside_quotes(text, wanted):
    position = 0
    while position < len(text):
        if text[position] == wanted:
            return position
        position = token_end(text, position)
    return None


def _matching_parenthesis(text, opening):
    depth, position = 0, opening
    while position < len(text):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth == 0:
                return position
        position = token_end(text, position)
    return len(text)
