"""Numba with its types hidden behind one decorator, and its cache where it can be written."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile on first call; the machine code is kept beside the source or in the user's cache.

    Where neither can be written (a read-only image without a home) it is compiled per process.
    """
    try:
        return cast(Callable[Arguments, Result], numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no place for the cache
        return cast(Callable[Arguments, Result], numba.njit(nogil=True)(function))
