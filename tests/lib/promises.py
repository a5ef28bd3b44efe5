"""What an oracle holds segue to, as functions: the first lines of each say what is promised."""

import os


def promise_all(context, server, promises, *ground, way=""):
    """A test for each promise, on what it is given to stand on. way: how it is kept here, where there are several ways."""
    for promise in promises:
        with context.report.test(f"[{server.major}] {' '.join(promise.__doc__.split())}{way}"):
            promise(*ground)


def promise_tasks(context, promises, ground, slow=False):
    """For each server a task that holds segue to all of them, on a ground of that class."""
    for server in context.servers:
        own = context.further(server, promises, 3, slow)
        yield lambda server=server, own=own: promise_all(context, server, own, ground(context, server))


class Ground:
    """What promises stand on: databases of a server, and files beside them."""

    def __init__(self, context, server):
        self.context = context
        self.server = server

    def made(self, name, *statements):
        """A database with these statements run, and segue at home on it."""
        database = self.server.create(name)
        self.run(database, *statements)
        segue = self.context.segue.on(self.server, database)
        segue.must("init")
        return database, segue

    def file(self, name, sql):
        path = os.path.join(self.server.folder, name + ".sql")
        with open(path, "w") as file:
            file.write(sql)
        return path

    def run(self, database, *statements, path="public"):
        with self.server.connect(database, options=f"-csearch_path={path}") as connection:
            for statement in statements:
                connection.execute(statement)

    def value(self, database, sql, path="public"):
        with self.server.connect(database, options=f"-csearch_path={path}") as connection:
            return connection.value(sql)
