"""The embedded PostgreSQL of one `var/`: find, make, start, ready for the application's role."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from servoloop.storage.folder import VarFolder, make
from servoloop.storage.server.binaries import find_binaries
from servoloop.storage.server.cluster import DATABASE, ROLE, Cluster, data_major, open_cluster
from servoloop.storage.server.errors import ServerUnavailable
from servoloop.storage.server.identity import identity_for, reachable_binaries, reachable_home
from servoloop.storage.server.process import Server, start, stop


def embedded_cluster(folder: VarFolder, *, durable: bool = True) -> Cluster:
    """The data directory of `folder`, made when there is none. Raises ServerUnavailable."""
    home = reachable_home(make(folder).postgres)
    identity = identity_for(home)
    binaries = find_binaries(os.environ, major=data_major(home))
    return open_cluster(
        home,
        binaries=reachable_binaries(binaries, identity),
        identity=identity,
        passwords_file=folder.passwords,
        durable=durable,
    )


def start_embedded(folder: VarFolder) -> Server:
    """PostgreSQL on the data of `folder`, with our role and database in it.

    The caller holds `folder.lock`. Raises ServerUnavailable.
    """
    server = start(embedded_cluster(folder), log=folder.log / "postgres.log")
    try:
        admit_role(server, may_create_databases=False)
    except BaseException:
        stop(server)
        raise
    return server


@contextmanager
def embedded_server(folder: VarFolder) -> Iterator[Server]:
    """`start_embedded` for the length of a block."""
    server = start_embedded(folder)
    try:
        yield server
    finally:
        stop(server)


def admit_role(server: Server, *, may_create_databases: bool) -> None:
    """Make sure the application's role and database exist, with the password we keep."""
    rights = sql.SQL("LOGIN CREATEDB" if may_create_databases else "LOGIN NOCREATEDB")
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    password = sql.Literal(server.cluster.passwords.role)
    try:
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            verb = "ALTER" if _exists(connection, "pg_roles", "rolname", ROLE) else "CREATE"
            connection.execute(
                sql.SQL("{} ROLE {} {} PASSWORD {}").format(sql.SQL(verb), role, rights, password)
            )
            if not _exists(connection, "pg_database", "datname", DATABASE):
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    except psycopg.OperationalError as error:
        raise ServerUnavailable(f"PostgreSQL refused its own supervisor: {error}") from error


def _exists(
    connection: psycopg.Connection[tuple[object, ...]], table: str, column: str, name: str
) -> bool:
    question = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return connection.execute(question, [name]).fetchone() is not None
