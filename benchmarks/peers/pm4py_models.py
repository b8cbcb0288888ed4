"""PM4Py's side of `benchmarks.mining_depth`, run by it in an environment of its own.

Usage, each printing one JSON object; CPU seconds throughout:
    python pm4py_models.py quality LOG.xes.gz MODEL.bpmn   fitness and precision of our model
    python pm4py_models.py inductive LOG.xes.gz NOISE      its own model at a noise threshold
    python pm4py_models.py replay LOG.xes.gz MODEL.bpmn    token-based replay on our model
"""

import contextlib
import io
import json
import sys
import time
import warnings

warnings.simplefilter("ignore")
with contextlib.redirect_stdout(io.StringIO()):
    import pm4py


def main() -> None:
    """Do what was asked."""
    what, log_path, rest = sys.argv[1:4]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        log = pm4py.read_xes(log_path, show_progress_bar=False)
        if what == "inductive":
            found = inductive(log, float(rest))
        elif what == "replay":
            found = replay(log, *net_of(rest))
        else:
            found = quality(log, *net_of(rest))
    print(json.dumps(found))


def net_of(path):
    """The Petri net of a BPMN file."""
    return pm4py.convert_to_petri_net(pm4py.read_bpmn(path))


def quality(log, net, initial, final):
    """Mean alignment fitness and escaping-edges precision."""
    began = time.process_time()
    fitness = pm4py.fitness_alignments(log, net, initial, final)
    aligned = time.process_time()
    precision = pm4py.precision_alignments(log, net, initial, final)
    return {
        "fitness": fitness["averageFitness"],
        "precision": precision,
        "fitness_seconds": aligned - began,
        "precision_seconds": time.process_time() - aligned,
    }


def inductive(log, noise):
    """The infrequent miner's model and its quality; the size is that of its BPMN."""
    tree = pm4py.discover_process_tree_inductive(log, noise_threshold=noise)
    found = quality(log, *pm4py.convert_to_petri_net(tree))
    return found | {"size": len(pm4py.convert_to_bpmn(tree).get_nodes())}


def replay(log, net, initial, final):
    """Token-based replay of the whole log."""
    began = time.process_time()
    fitness = pm4py.fitness_token_based_replay(log, net, initial, final)
    return {"seconds": time.process_time() - began, "fitness": fitness["log_fitness"]}


if __name__ == "__main__":
    main()
