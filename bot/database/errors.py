"""What can be wrong with the database, each with one English sentence that says what to do."""

from __future__ import annotations


class DatabaseProblem(Exception):
    """The database cannot be used as it is; the message is one sentence for the operator."""


class MissingFolder(DatabaseProblem):
    """The folder that should hold the SQLite file does not exist."""


class ReadOnly(DatabaseProblem):
    """The SQLite file or its folder cannot be written."""


class Corrupted(DatabaseProblem):
    """The SQLite file is damaged, or is no database at all."""


class Unreachable(DatabaseProblem):
    """The database server does not answer, or refuses us."""


class SchemaNewer(DatabaseProblem):
    """A newer version of the program has already changed the tables."""


class SchemaOlder(DatabaseProblem):
    """The tables are missing, or older than this version of the program."""
