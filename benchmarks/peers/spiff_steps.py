"""SpiffWorkflow on SQLite: steps per second of the process in the file named on the command line.

Run by benchmarks/engine.py in the peer's own environment; prints one line of JSON:
{"saved": …, "reloaded": …}. `saved` keeps the workflow in memory and writes it after each step;
`reloaded` also reads it back before each step, as a stateless web process must.
"""

import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

CASES = 25


def main() -> None:
    parser = BpmnParser()
    parser.add_bpmn_file(sys.argv[1])
    spec = parser.get_spec("nine_steps")
    print(json.dumps({"saved": run(spec, reload=False), "reloaded": run(spec, reload=True)}))


def run(spec: object, *, reload: bool) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite3.connect(str(Path(folder) / "workflows.db"), isolation_level=None)
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, document TEXT)")
        serializer = BpmnWorkflowSerializer()
        steps, seconds = 0, 0.0
        for number in range(CASES):
            workflow = BpmnWorkflow(spec)
            workflow.do_engine_steps()
            save(store, serializer, workflow, number)
            begun = time.perf_counter()
            while not workflow.is_completed():
                if reload:
                    workflow = load(store, serializer, number)
                [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
                task.data["n"] = 1
                task.run()
                workflow.do_engine_steps()
                save(store, serializer, workflow, number)
                steps += 1
            seconds += time.perf_counter() - begun
        store.close()
    if steps != CASES * 9:
        raise SystemExit(f"{steps} steps instead of {CASES * 9}: the comparison would be unfair.")
    return steps / seconds


def save(
    store: sqlite3.Connection,
    serializer: BpmnWorkflowSerializer,
    workflow: BpmnWorkflow,
    number: int,
) -> None:
    document = serializer.serialize_json(workflow)
    store.execute("INSERT OR REPLACE INTO workflow VALUES (?, ?)", (number, document))


def load(
    store: sqlite3.Connection, serializer: BpmnWorkflowSerializer, number: int
) -> BpmnWorkflow:
    [document] = store.execute("SELECT document FROM workflow WHERE id = ?", (number,)).fetchone()
    return serializer.deserialize_json(document)


if __name__ == "__main__":
    main()
