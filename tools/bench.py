"""Measure what an operator and a buyer feel: training, start, memory, one reading, one turn.

Writes docs/benchmarks.md between its markers. Every time is also given as a multiple of a fixed piece of
pure-Python work timed in the same run, because machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
BOT = [sys.executable, "-m", "bot.cli.main"]
REACH = {"ready_s": 25.0, "memory_mb": 1000.0, "parse_p50_ms": 10.0, "turn_p50_ms": 40.0}
SCRIPT = (
    "你好",
    "天猫买的运动鞋收到就开胶了，商家不给退",
    "订单号 2512345678901234567",
    "实付299元",
    "11月18号签收的，还没确认收货",
    "没穿过",
    "要退货退款",
    "要什么证据？",
    "先往下走",
    "什么时候截止？",
    "商家说这是正常现象不给退",
    "就这样提交",
    "确认提交",
)


def main() -> None:
    """Run every measurement and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5, help="conversations to time (default 5)")
    options.add_argument("--no-train", action="store_true", help="leave the training time out")
    options.add_argument("--json", action="store_true", help="print the figures and leave the page alone")
    given = options.parse_args()
    figures = measure(given.rounds, train=not given.no_train)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    write_page(figures)
    print(f"written: {PAGE.relative_to(ROOT)}")


def measure(rounds: int, *, train: bool) -> dict[str, float]:
    """All figures by name; times in ms or s as the name says."""
    figures: dict[str, float] = {"baseline_ms": baseline_ms()}
    if train:
        say("training")
        figures["train_s"] = timed(train_from_nothing)
    say("start to ready, memory")
    figures |= start_and_memory()
    say("reading and turns")
    figures |= asyncio.run(latencies(rounds))
    return figures


def say(what: str) -> None:
    print(f"==> {what}", file=sys.stderr, flush=True)


def baseline_ms() -> float:
    """The fixed work: the median time to sort and sum 200,000 numbers in pure Python."""
    numbers = [(one * 7919) % 200_003 for one in range(200_000)]
    return statistics.median(timed(lambda: sum(sorted(numbers))) for _ in range(9)) * 1000


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def train_from_nothing() -> None:
    """A whole training: into an empty folder, without what Rasa kept of earlier ones."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "RASA_CACHE_DIRECTORY": f"{folder}/cache"}
        command = [*BOT, "train", "--force", "--models", f"{folder}/models"]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)


def start_and_memory() -> dict[str, float]:
    """Seconds from the command to a server that answers /readyz, and the memory of its processes (MB)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        begun = time.perf_counter()
        command = [*BOT, "serve", "--port", str(port), "--no-train"]
        env = {**os.environ, "BOT_DATA_DIR": data}
        server = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            wait_ready(server, f"http://127.0.0.1:{port}/readyz")
            ready = time.perf_counter() - begun
            tree = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
            memory = sum(one.memory_info().rss for one in tree) / 1e6
        finally:
            server.terminate()
            server.wait(30)
    return {"ready_s": ready, "memory_mb": memory}


def wait_ready(server: subprocess.Popen[bytes], url: str, longest: float = 180.0) -> None:
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the server ended: {server.stderr.read().decode() if server.stderr else ''}")
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("the server did not become ready")


async def latencies(rounds: int) -> dict[str, float]:
    """Reading one text, and a whole turn from the stored message to the stored reply."""
    from bot.cli.terminal import Terminal
    from bot.nlu.parse import Parser
    from bot.rasa.archive import newest_model
    from bot.rasa.graph_runner import StraightGraphRunner
    from bot.settings import load_settings

    parser = Parser(newest_model(load_settings().models_dir), StraightGraphRunner)
    texts = sample_texts(300)
    for text in texts[:20]:
        parser.parse(text)
    parses = [timed(lambda text=text: parser.parse(text)) * 1000 for text in texts]
    with tempfile.TemporaryDirectory() as data:
        os.environ["BOT_DATA_DIR"] = data
        turns: list[float] = []
        waits: list[float] = []
        for _ in range(rounds):
            async with Terminal.open(datetime.fromisoformat("2026-11-21T10:00:00+08:00")) as terminal:
                for text in SCRIPT:
                    begun = time.perf_counter()
                    await terminal.turn({"text": text})
                    waits.append((time.perf_counter() - begun) * 1000)
                turns += [one * 1000 for one in terminal.turn_seconds()]
    return {
        "parse_p50_ms": percentile(parses, 50),
        "parse_p95_ms": percentile(parses, 95),
        "turn_p50_ms": percentile(turns, 50),
        "turn_p95_ms": percentile(turns, 95),
        "answer_p50_ms": percentile(waits, 50),
        "answer_p95_ms": percentile(waits, 95),
    }


def sample_texts(count: int) -> list[str]:
    """Every n-th training example: the lengths and manner of real messages."""
    lines: list[str] = []
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            lines += [
                line[2:] for line in str(block.get("examples", "")).splitlines() if line.startswith("- ")
            ]
    return lines[:: max(1, len(lines) // count)][:count]


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


_NAMES = {
    "train_s": ("training, whole", "s"),
    "ready_s": ("start to ready (trained model)", "s"),
    "memory_mb": ("memory of the server", "MB"),
    "parse_p50_ms": ("reading one text, p50", "ms"),
    "parse_p95_ms": ("reading one text, p95", "ms"),
    "turn_p50_ms": ("one turn, message stored to reply stored, p50", "ms"),
    "turn_p95_ms": ("one turn, p95", "ms"),
    "answer_p50_ms": ("message handed in to answer read back, p50", "ms"),
    "answer_p95_ms": ("message handed in to answer read back, p95", "ms"),
}


def write_page(figures: dict[str, float]) -> None:
    """Replace what stands between the markers."""
    base = figures["baseline_ms"]
    rows = ["| figure | measured | × baseline | reach |", "|---|---|---|---|"]
    for key, (name, unit) in _NAMES.items():
        if key not in figures:
            continue
        value = figures[key]
        ratio = f"{value * (1000 if unit == 's' else 1) / base:.2f}" if unit != "MB" else ""
        reach = f"≤ {REACH[key]:g} {unit}" if key in REACH else ""
        rows.append(f"| {name} | {value:.1f} {unit} | {ratio} | {reach} |")
    about = (
        f"Measured {datetime.now():%Y-%m-%d} with `make bench` on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}. Baseline: sorting and summing 200,000 numbers in pure Python took {base:.1f} ms."
    )
    block = "\n".join([BEGIN, about, "", *rows, END])
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    PAGE.write_text(before + block + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
