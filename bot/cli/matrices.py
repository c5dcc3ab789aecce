"""How numpy's library for matrices (OpenBLAS) is to work. It looks when it is loaded, so this comes before numpy."""

from __future__ import annotations

import os
from itertools import takewhile
from pathlib import Path

_CPU = Path("/proc/cpuinfo")
_KERNEL = "SkylakeX"  # OpenBLAS's name for its kernels with 512-bit registers
_NEEDS = frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})


def prepare_matrices() -> None:
    """One thread, and the kernels that this processor is able to run. What the operator has set stays as it is.

    Our products are so small that sharing them out costs a fifth of a reading. OpenBLAS 0.3.20, which numpy 1.23
    brings, is older than AMD's processors with 512-bit registers and takes them for the kind without: sentence
    vectors took half as long again.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if wide_amd(_CPU):
        os.environ.setdefault("OPENBLAS_CORETYPE", _KERNEL)


def wide_amd(cpu: Path) -> bool:
    """Whether Linux's description of the processor names an AMD one with every instruction set of the kernels."""
    try:
        # a block of lines for each core, a blank line between
        with cpu.open(encoding="utf-8", errors="replace") as lines:
            first = dict(_pair(line) for line in takewhile(str.strip, lines))
    except OSError:
        return False  # not Linux
    return first.get("vendor_id") == "AuthenticAMD" and set(first.get("flags", "").split()) >= _NEEDS


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()
