"""The tests. Whoever imports them is spared work of the machine that shows nothing: it is a fifth of all there is."""

from __future__ import annotations

import ctypes
import os
import sys

LARGE, KEPT = 32 << 20, 1 << 30
"""Bytes of an array that is fetched from the kernel by itself, and free bytes that a process may keep."""


def keep_memory() -> None:
    """Have arrays reuse what earlier ones left: the kernel would clear each of their pages anew."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        for setting, size in ((-3, LARGE), (-1, KEPT)):  # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of the C library
            libc.mallopt(setting, size)


os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy would start a thread for each processor
keep_memory()
