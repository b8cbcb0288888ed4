"""Which cases follow the same path, compiled: the variants without the rest of a sweep."""

import numpy as np

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.swept import Counts, Ids


@compiled
def same_paths(codes: Ids, offsets: Counts) -> tuple[Ids, Counts]:
    """The path of each case, numbered by first occurrence, and the first case of each path.

    A hash table that compares the sequences themselves: a hash alone could merge two.
    """
    cases = len(offsets) - 1
    path_of = np.zeros(cases, np.int32)
    first_case = np.zeros(cases, np.int64)
    hashes = np.zeros(cases, np.uint64)
    paths = 0
    slots = 1024
    while slots < 2 * cases:
        slots *= 2
    table = np.full(slots, -1, np.int32)
    for case in range(cases):
        begin, length = offsets[case], offsets[case + 1] - offsets[case]
        hashed = np.uint64(1469598103934665603)
        for row in range(begin, begin + length):
            hashed = (hashed ^ np.uint64(codes[row] + 1)) * np.uint64(1099511628211)
            hashed ^= hashed >> np.uint64(29)
        slot = np.int64(hashed & np.uint64(slots - 1))
        while table[slot] >= 0:
            path = table[slot]
            other = offsets[first_case[path]]
            same = hashes[path] == hashed
            same = same and offsets[first_case[path] + 1] - other == length
            step = 0
            while same and step < length:
                same = codes[begin + step] == codes[other + step]
                step += 1
            if same:
                break
            slot = (slot + 1) & (slots - 1)
        if table[slot] < 0:
            table[slot] = paths
            hashes[paths] = hashed
            first_case[paths] = case
            paths += 1
        path_of[case] = table[slot]
    return path_of, first_case[:paths].copy()
