"""The causes that waiting is split into; their order is that of `decompose`."""

from enum import StrEnum


class Cause(StrEnum):
    BATCHING = "batching"
    CONTENTION = "contention"
    PRIORITISATION = "prioritisation"
    UNAVAILABILITY = "unavailability"
    EXTRANEOUS = "extraneous"
    CUSTOMER = "customer"
    UNATTRIBUTED = "unattributed"


CAUSES = tuple(Cause)
