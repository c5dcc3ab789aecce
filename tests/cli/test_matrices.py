"""Which kernels the matrix library is told to use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.cli import matrices

WIDE = "fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl"
CPU = "processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n\nprocessor\t: 1\nvendor_id\t: other\nflags\t\t: fpu\n"


@pytest.mark.parametrize(
    ("vendor", "flags", "wide"),
    [
        ("AuthenticAMD", WIDE, True),
        ("AuthenticAMD", WIDE.replace(" avx512vl", ""), False),  # a kernel would end the process
        ("AuthenticAMD", "fpu avx2", False),
        ("GenuineIntel", WIDE, False),  # OpenBLAS knows these itself
    ],
)
def test_a_processor_is_known_by_its_first_core(tmp_path: Path, vendor: str, flags: str, wide: bool) -> None:
    described = tmp_path / "cpuinfo"
    described.write_text(CPU.format(vendor=vendor, flags=flags), encoding="utf-8")
    assert matrices.wide_amd(described) is wide


def test_without_a_description_nothing_is_assumed(tmp_path: Path) -> None:
    assert matrices.wide_amd(tmp_path / "none") is False


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "wide_amd", lambda cpu: True)
    for name in ("OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE"):
        monkeypatch.setenv(name, "x")  # so that what is set below goes again
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("wide")
def test_one_thread_and_wide_kernels() -> None:
    matrices.prepare_matrices()
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["OPENBLAS_CORETYPE"]) == ("1", "SkylakeX")


@pytest.mark.usefixtures("wide")
def test_what_the_operator_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    matrices.prepare_matrices()
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["OPENBLAS_CORETYPE"]) == ("2", "Haswell")
