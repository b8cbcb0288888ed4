"""PM4Py's side of the mining benchmarks; run by `mining_depth.py` in an environment of its own.

PM4Py is AGPL: it is a yardstick here and never a dependency. Prints one JSON object.

    python pm4py_peer.py quality LOG.xes.gz MODEL.bpmn     fitness and precision of our model
    python pm4py_peer.py inductive LOG.xes.gz NOISE        its own model at a noise threshold
    python pm4py_peer.py handover LOG.parquet              time of the handover matrix
    python pm4py_peer.py replay LOG.xes.gz MODEL.bpmn      time of token-based replay
"""

import json
import sys
import time
import warnings

import pm4py

warnings.filterwarnings("ignore")


def main() -> None:
    what, log_path, *rest = sys.argv[1:]
    if what == "handover":
        found = handover(log_path)
    else:
        log = pm4py.read_xes(log_path)
        if what == "inductive":
            found = inductive(log, float(rest[0]))
        elif what == "replay":
            found = replay(log, *net_of(rest[0]))
        else:
            found = quality(log, *net_of(rest[0]))
    print(json.dumps(found))


def net_of(path: str):
    return pm4py.convert_to_petri_net(pm4py.read_bpmn(path))


def quality(log, net, initial, final) -> dict[str, float]:
    began = time.process_time()
    fitness = pm4py.fitness_alignments(log, net, initial, final)
    precision = pm4py.precision_alignments(log, net, initial, final)
    return {
        "fitness": fitness["averageFitness"],
        "precision": precision,
        "seconds": time.process_time() - began,
    }


def inductive(log, noise: float) -> dict[str, float]:
    began = time.process_time()
    tree = pm4py.discover_process_tree_inductive(log, noise_threshold=noise)
    seconds = time.process_time() - began
    bpmn = pm4py.convert_to_bpmn(tree)
    found = quality(log, *pm4py.convert_to_petri_net(tree))
    return found | {"size": len(bpmn.get_nodes()), "discovery_seconds": seconds}


def replay(log, net, initial, final) -> dict[str, float]:
    began = time.process_time()
    fitness = pm4py.fitness_token_based_replay(log, net, initial, final)
    return {"seconds": time.process_time() - began, "fitness": fitness["log_fitness"]}


def handover(path: str) -> dict[str, float]:
    import pandas

    frame = pandas.read_parquet(path)
    began = time.process_time()
    network = pm4py.discover_handover_of_work_network(frame)
    return {"seconds": time.process_time() - began, "edges": len(network.connections)}


if __name__ == "__main__":
    main()
