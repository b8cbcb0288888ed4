"""PM4Py on the files of `benchmarks.mining`: run by it in an environment of its own.

Usage: python pm4py_mining.py XES CSV PARQUET RUNS; prints CPU seconds by name as JSON.
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
    """Time each step; those of the pass at their best of some runs."""
    xes, csv, parquet = sys.argv[1:4]
    timed = partial(timed_at_best, runs=int(sys.argv[4]))
    seconds = {}
    if xes != "-":
        _, seconds["read_xes"] = timed(lambda: pm4py.read_xes(xes, show_progress_bar=False), runs=1)

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
    _, seconds["handover"] = timed(lambda: pm4py.discover_handover_of_work_network(frame), runs=1)
    print(json.dumps({"seconds": seconds, "variants": len(variants), "version": pm4py.__version__}))


def timed_at_best(action, *, runs):
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        result = action()
        best = min(best, time.process_time() - began)
    return result, best


if __name__ == "__main__":
    main()
