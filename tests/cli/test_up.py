"""What `servoloop up` says when it cannot start."""

from servoloop.cli.up import reason_in

OUTPUT = """\
Traceback (most recent call last):
  File "prepare.py", line 12, in <module>
psycopg.OperationalError: the first cause
The above exception was the direct cause of the following exception:
django.db.utils.OperationalError: connection to server at "127.0.0.1" failed: Connection refused
\tIs the server running on that host and accepting TCP/IP connections?
"""


def test_the_reason_is_the_sentence_of_the_last_exception_without_its_class() -> None:
    assert reason_in(OUTPUT) == 'connection to server at "127.0.0.1" failed: Connection refused'


def test_without_an_exception_the_last_line_is_the_reason() -> None:
    assert reason_in("starting\nout of memory\n") == "out of memory"
