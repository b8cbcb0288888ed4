"""A Spark session for as long as a question takes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from servoloop.kernel.errors import ServoloopError

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend

QUIET = Path(__file__).with_name("spark_log4j2.properties")
PARTITIONS_PER_CORE = 2
"""Spark's own 200 partitions make 25 s of work on two cores into 170 s."""


class NoSpark(ServoloopError):
    """A Spark session cannot be had."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Spark does not start: {reason.rstrip('.')}. It needs Java 17 or newer; JAVA_HOME "
            "says where that is."
        )


@contextmanager
def spark_engine() -> "Iterator[SQLBackend]":
    """An Ibis connection to Spark; a session that was running before goes on after.

    The session is the one that the surroundings set up (spark-submit, SPARK_REMOTE), else one on
    the cores of this machine, which listens on the loopback only. Raises NoSpark.
    """
    had_one = SparkSession.getActiveSession() is not None
    try:
        session = _builder().getOrCreate()
    except (PySparkException, OSError) as error:
        raise NoSpark(str(error).strip().splitlines()[0]) from error
    try:
        yield ibis.pyspark.connect(session)
    finally:
        if not had_one:
            session.stop()


def _builder() -> SparkSession.Builder:
    builder = SparkSession.builder.appName("servoloop diagnose")
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if {"SPARK_REMOTE", "MASTER", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR"} & set(os.environ):
        return builder
    cores = os.cpu_count() or 1
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={QUIET.as_uri()}",
        "spark.sql.shuffle.partitions": str(PARTITIONS_PER_CORE * cores),
        "spark.ui.enabled": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.master("local[*]")
