"""PM4Py on the files of `benchmarks.mining`: run by it in an environment of its own.

Usage: python pm4py_mining.py XES CSV PARQUET SECONDS; prints CPU seconds by name as JSON.
Each product of the mining pass is asked for as a user of PM4Py would ask for it.
"""

import contextlib
import io
import json
import sys
import time
import warnings
from functools import partial

warnings.simplefilter("ignore")
with contextlib.redirect_stdout(io.StringIO()):
    import pandas
    import pm4py

CASE, ACTIVITY, MOMENT = "case:concept:name", "concept:name", "time:timestamp"


def main() -> None:
    """Time each step at its best run of so many seconds of them."""
    xes, csv, parquet = sys.argv[1:4]
    timed = partial(timed_at_best, seconds=float(sys.argv[4]))
    seconds = {}
    if xes != "-":
        _, seconds["read_xes"] = timed(lambda: pm4py.read_xes(xes, show_progress_bar=False))

    def read_csv():
        frame = pandas.read_csv(csv)
        frame[MOMENT] = pandas.to_datetime(frame[MOMENT], utc=True, format="ISO8601")
        return pm4py.format_dataframe(frame, CASE, ACTIVITY, MOMENT)

    _, seconds["read_csv"] = timed(read_csv)

    def read_parquet():
        frame = pandas.read_parquet(parquet)
        for column in (CASE, ACTIVITY):
            frame[column] = frame[column].astype("string")
        return pm4py.format_dataframe(frame, CASE, ACTIVITY, MOMENT)

    frame, seconds["read_parquet"] = timed(read_parquet)
    _, seconds["frequency_map"] = timed(lambda: pm4py.discover_dfg(frame))
    _, seconds["performance_map"] = timed(lambda: pm4py.discover_performance_dfg(frame))
    variants, seconds["variants"] = timed(lambda: pm4py.get_variants(frame))
    _, seconds["rework"] = timed(lambda: pm4py.get_rework_cases_per_activity(frame))
    _, seconds["durations"] = timed(lambda: pm4py.get_all_case_durations(frame))
    _, seconds["handover"] = timed(lambda: pm4py.discover_handover_of_work_network(frame))
    print(json.dumps({"seconds": seconds, "variants": len(variants), "version": pm4py.__version__}))


def timed_at_best(action, *, seconds):
    best, spent = float("inf"), 0.0
    while spent < seconds:
        began = time.process_time()
        result = action()
        took = time.process_time() - began
        best, spent = min(best, took), spent + took
    return result, best


if __name__ == "__main__":
    main()
