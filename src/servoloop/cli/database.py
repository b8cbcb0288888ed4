"""The database of a command: the one that is named, the one that runs, or one for its length."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from servoloop.storage.folder import FolderBusy, VarFolder, locked, running_database_url


@contextmanager
def database_at_hand(folder: VarFolder) -> Iterator[None]:
    """Make sure that DATABASE_URL names a running server for the length of the block.

    It does already, or a `servoloop up` of this folder runs one, or the embedded server is started
    and stopped again. Raises ServerUnavailable, FolderBusy.
    """
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            try:
                stack.enter_context(locked(folder))
            except FolderBusy:
                url = running_database_url(folder)
                if url is None:
                    raise
            else:
                url = stack.enter_context(_server_for_one_command(folder))
            os.environ["DATABASE_URL"] = url
            stack.callback(os.environ.pop, "DATABASE_URL")
        yield


@contextmanager
def _server_for_one_command(folder: VarFolder) -> Iterator[str]:
    from servoloop.storage.server.embedded import embedded_server  # psycopg takes 50 ms to load

    folder.running.unlink(missing_ok=True)  # of an `up` that was killed
    with embedded_server(folder) as server:
        yield server.url
