"""Stock Rasa on the same examples, for comparison: JiebaTokenizer, CountVectors (word and char), DIET, TED.

    tools/bench_stock.py --data labelled.jsonl --json stock.json

Trains in a folder of its own (half an hour and more on two cores), then loads the model in a fresh process and
measures loading, memory, one reading at a time and strict accuracy. Dispute types become intents of their own,
because stock DIET would only see the one intent they share.
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
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
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
    options.add_argument("--json", type=Path, help="write the figures there")
    options.add_argument("--epochs", type=int, default=100, help="of DIET and TED (default 100)")
    options.add_argument("--keep", type=Path, help="train into this folder, or measure what it holds already")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.data)))
        return
    figures = compare(given.data, given.epochs, given.keep)
    print(json.dumps(figures, indent=2))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def compare(data: Path, epochs: int, keep: Path | None) -> dict[str, float]:
    """All figures; times in s or ms as the name says (`train_cpu_s` is the processor's time, which load spares)."""
    with tempfile.TemporaryDirectory() as scratch:
        project = (keep or Path(scratch)).resolve()
        trained = project / "trained.json"
        if not trained.exists():
            trained.write_text(json.dumps(train(project, epochs)), encoding="utf-8")
        figures: dict[str, float] = json.loads(trained.read_text(encoding="utf-8"))
        (model,) = (project / "models").glob("*.tar.gz")
        command = [sys.executable, __file__, "--data", str(data.resolve()), "--measure", str(model)]
        print("==> measuring", file=sys.stderr, flush=True)
        return figures | json.loads(run(command, project).splitlines()[-1])


def train(project: Path, epochs: int) -> dict[str, float]:
    """Write the stock project into the folder and train it there."""
    project.mkdir(parents=True, exist_ok=True)
    examples = write_project(project, epochs)
    print(f"==> training stock Rasa on {examples} examples, {epochs} epochs", file=sys.stderr, flush=True)
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run([sys.executable, "-m", "rasa", "train", "--out", "models"], project)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "examples": examples,
        "train_s": time.perf_counter() - begun,
        "train_cpu_s": after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime,
    }


def run(command: list[str], folder: Path) -> str:
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    env["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
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


def measure(model: Path, data: Path) -> dict[str, float]:
    """In a fresh process: load the model, read every row, count what is right."""
    import asyncio

    import psutil
    from rasa.core.agent import Agent

    sys.path.insert(0, str(ROOT))
    from bot.nlu.evaluate import label_of

    begun = time.perf_counter()
    agent = Agent.load(str(model))
    figures = {"load_s": time.perf_counter() - begun}
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]

    async def read() -> list[tuple[str, float]]:
        out = []
        for row in [*rows[:20], *rows]:
            at = time.perf_counter()
            parsed = await agent.parse_message(row["text"])
            out.append((parsed["intent"]["name"], (time.perf_counter() - at) * 1000))
        return out[20:]

    found = asyncio.run(read())
    times = sorted(took for _, took in found)
    right = 0
    for row, (name, _) in zip(rows, found, strict=True):
        intent, _, kind = str(name).partition(SEPARATOR)
        said = label_of(
            {"intent": intent, "dispute_types": [{"type": kind, "confidence": 1.0}] if kind else []}
        )
        right += said == row["label"]
    figures["memory_mb"] = psutil.Process().memory_info().rss / 1e6
    figures["parse_p50_ms"] = statistics.median(times)
    figures["parse_p95_ms"] = times[int(len(times) * 0.95)]
    figures["strict"] = right / len(rows)
    return figures


if __name__ == "__main__":
    main()
