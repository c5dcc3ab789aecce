"""Ours side by side with stock Rasa on the same examples: JiebaTokenizer, CountVectors (word and char), DIET, TED.

    tools/bench_stock.py --data labelled.jsonl [--epochs 15] [--keep folder]

Trains stock Rasa in a folder of its own (100 epochs take some six hours on two cores) and ours in another, then loads
each model in a fresh process, in turn and several times because the pace of a machine changes, and measures loading,
memory, one reading at a time and strict accuracy; writes the means into docs/benchmarks.md. Dispute types become intents
of their own for stock, because DIET would only see the one intent they share.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- stock: begin -->", "<!-- stock: end -->"
ROWS = (
    ("train_s", "training, whole", "s", 1),
    ("train_cpu_s", "training, processor", "s", 1),
    ("load_s", "loading the model", "s", 1),
    ("memory_mb", "memory, model loaded and used", "MB", 1),
    ("parse_p50_ms", "reading one text, p50", "ms", 1),
    ("parse_p95_ms", "reading one text, p95", "ms", 1),
    ("strict", "right on 160 real utterances", "%", 100),
)
ROUNDS = 3
SEPARATOR = "__"  # report_dispute/damaged -> report_dispute__damaged
CONFIG = """\
recipe: default.v1
language: zh
assistant_id: stock
pipeline:
- name: JiebaTokenizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
policies:
- name: RulePolicy
- name: TEDPolicy
  epochs: {epochs}
"""


def main() -> None:
    """Train, then measure in a fresh process."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, required=True, help="labelled.jsonl to score on")
    options.add_argument("--json", action="store_true", help="print the figures and leave the page alone")
    options.add_argument("--epochs", type=int, default=100, help="of DIET and TED (default 100)")
    options.add_argument("--keep", type=Path, help="train into this folder, or measure what it holds already")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--stock", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.data, stock=given.stock)))
        return
    figures = compare(given.data, given.epochs, given.keep)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + table(figures) + END + rest.partition(END)[2], encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def table(figures: dict[str, dict[str, float]]) -> str:
    """The table of docs/benchmarks.md."""
    ours, stock = figures["ours"], figures["stock"]
    lines = [
        f"\n{stock['examples']:,.0f} examples; stock with {stock['epochs']:.0f} epochs of DIET and TED. Measured "
        f"{date.today().isoformat()}, each model in a process of its own; loading, memory and reading are means of "
        f"{ROUNDS} rounds in turn.\n",
        "| figure | ours | stock | ours / stock |",
        "|---|---|---|---|",
    ]
    for key, name, unit, scale in ROWS:
        one, other = ours[key] * scale, stock[key] * scale
        ratio = f"{one / other:.2f}" if key != "strict" else f"{one - other:+.1f} points"
        lines.append(f"| {name} | {one:.1f} {unit} | {other:.1f} {unit} | {ratio} |")
    return "\n".join(lines) + "\n"


def compare(data: Path, epochs: int, keep: Path | None) -> dict[str, dict[str, float]]:
    """All figures of both; times in s or ms as the name says (`train_cpu_s` is the processor's time, which load spares)."""
    with tempfile.TemporaryDirectory() as scratch:
        project = (keep or Path(scratch)).resolve()
        trained = project / "trained.json"
        if not trained.exists():
            figures = train(project, epochs)
            trained.write_text(json.dumps(figures), encoding="utf-8")
        stock: dict[str, float] = json.loads(trained.read_text(encoding="utf-8"))
        ours = train_ours(Path(scratch) / "ours")
        both = {"stock": project, "ours": Path(scratch) / "ours"}
        commands = {}
        for name, folder in both.items():
            (model,) = (folder / "models").glob("*.tar.gz")
            command = [sys.executable, __file__, "--data", str(data.resolve()), "--measure", str(model)]
            commands[name] = command + (["--stock"] if name == "stock" else [])
        rounds: list[dict[str, dict[str, float]]] = []
        for number in range(ROUNDS):
            print(f"==> measuring, round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
            rounds.append(
                {
                    name: json.loads(run(command, project).splitlines()[-1])
                    for name, command in commands.items()
                }
            )
    return {"ours": ours | means(rounds, "ours"), "stock": stock | means(rounds, "stock")}


def means(rounds: list[dict[str, dict[str, float]]], name: str) -> dict[str, float]:
    """The mean of each figure over the rounds."""
    return {key: statistics.mean(one[name][key] for one in rounds) for key in rounds[0][name]}


def train_ours(folder: Path) -> dict[str, float]:
    """Our whole training, without what Rasa kept of earlier ones."""
    folder.mkdir()
    print("==> training ours", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bot.cli.main", "train", "--force", "--models", str(folder / "models")]
    return timed(command, ROOT, folder / "cache")


def timed(command: list[str], folder: Path, cache: Path) -> dict[str, float]:
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, folder, cache)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return {"train_s": time.perf_counter() - begun, "train_cpu_s": spent}


def train(project: Path, epochs: int) -> dict[str, float]:
    """Write the stock project into the folder and train it there."""
    project.mkdir(parents=True, exist_ok=True)
    examples = write_project(project, epochs)
    print(f"==> training stock Rasa on {examples} examples, {epochs} epochs", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "rasa", "train", "--out", "models"]
    return {"examples": examples, "epochs": epochs} | timed(command, project, project / "cache")


def run(command: list[str], folder: Path, cache: Path | None = None) -> str:
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if cache is not None:
        env["RASA_CACHE_DIRECTORY"] = str(cache)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def write_project(folder: Path, epochs: int) -> int:
    """A stock project over our examples; returns how many there are."""
    (folder / "config.yml").write_text(CONFIG.format(epochs=epochs), encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    blocks: dict[str, list[str]] = {}
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            if "intent" in block:
                name = str(block["intent"]).replace("/", SEPARATOR)
                blocks.setdefault(name, []).append(str(block["examples"]).rstrip() + "\n")
    nlu = [{"intent": name, "examples": "".join(parts)} for name, parts in sorted(blocks.items())]
    write_yaml(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": nlu})
    stories = [
        {"story": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in sorted(blocks)
    ]
    write_yaml(folder / "data" / "stories.yml", {"version": "3.1", "stories": stories})
    responses = {f"utter_{name}": [{"text": name}] for name in sorted(blocks)}
    domain: dict[str, Any] = {"version": "3.1", "intents": sorted(blocks), "responses": responses}
    domain["entities"] = [
        "product",
        "amount",
        "remedy",
        "order_number",
        "courier",
        "platform",
        "shop",
        "date_time",
    ]
    write_yaml(folder / "domain.yml", domain)
    return sum(part.count("\n") for parts in blocks.values() for part in parts)


def write_yaml(file: Path, content: object) -> None:
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def as_ours(parsed: dict[str, Any]) -> dict[str, Any]:
    """A reading with intent and dispute types apart, as ours has them."""
    intent, _, kind = str(parsed["intent"]["name"]).partition(SEPARATOR)
    return {"intent": intent, "dispute_types": [{"type": kind, "confidence": 1.0}] if kind else []}


def measure(model: Path, data: Path, *, stock: bool) -> dict[str, float]:
    """In a fresh process: load the model as its server does, read every row, count what is right."""
    import psutil

    from bot.cli.matrices import prepare_matrices

    if not stock:
        prepare_matrices()  # as `bot serve` does, before numpy is loaded
    from bot.nlu.evaluate import label_of

    read, load_s = stock_reader(model) if stock else our_reader(model)
    figures = {"load_s": load_s}
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    for row in rows[:20]:
        read(row["text"])
    times, right = [], 0
    for row in rows:
        at = time.perf_counter()
        parsed = read(row["text"])
        times.append((time.perf_counter() - at) * 1000)
        right += label_of(parsed) == row["label"]
    figures["memory_mb"] = psutil.Process().memory_info().rss / 1e6
    figures["parse_p50_ms"] = statistics.median(times)
    figures["parse_p95_ms"] = sorted(times)[int(len(times) * 0.95)]
    figures["strict"] = right / len(rows)
    return figures


Reader = Callable[[str], dict[str, Any]]


def stock_reader(model: Path) -> tuple[Reader, float]:
    """Reads one text; and the seconds that loading took, libraries apart."""
    import asyncio

    from rasa.core.agent import Agent

    begun, loop = time.perf_counter(), asyncio.new_event_loop()
    agent = Agent.load(str(model))
    load_s = time.perf_counter() - begun
    return lambda text: as_ours(loop.run_until_complete(agent.parse_message(text))), load_s


def our_reader(model: Path) -> tuple[Reader, float]:
    """As `stock_reader`."""
    from rasa.core.agent import Agent  # noqa: F401  (what loading does not count, as for stock)

    from bot.nlu.parse import Parser
    from bot.rasa.graph_runner import StraightGraphRunner

    begun = time.perf_counter()
    parser = Parser(model, StraightGraphRunner)
    return parser.parse, time.perf_counter() - begun


if __name__ == "__main__":
    main()
