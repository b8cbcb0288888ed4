"""A process that ends when its parent ends, however the parent ends.

Linux only (PR_SET_PDEATHSIG). Elsewhere these do nothing, and the next `servoloop up` ends what a
killed one left behind.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
# Loaded here, not after fork(), where loading a library could deadlock.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(sent: signal.Signals) -> None:
    """From now on, the kernel sends us `sent` when the thread that forked us is gone."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


def lifeline(sent: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` for subprocess; it runs after the change of user, which clears the signal.

    Call it, and start the child, in a thread that lives as long as the process: the main one.
    """
    parent = os.getpid()

    def hold() -> None:
        end_with_parent(sent)
        if os.getppid() != parent:  # the parent died before prctl() could see it
            os._exit(1)

    return hold
