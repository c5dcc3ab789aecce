"""What understanding loses to typos, pinyin, emoji and other habits of typing. Prints a markdown table.

    .venv/bin/python tools/perturb.py --data labelled.jsonl [--seed 0] [--seeds 1] [--copies FOLDER]

The rows are those of `bot evaluate`. With several seeds the scores are averages.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bot.nlu.parse import Parser
from bot.nlu.perturb import average, lost, markdown, spoiled
from bot.rasa.archive import newest_model
from bot.settings import load_settings


def main() -> None:
    """Spoil, parse, score."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="JSON lines: text, label, alt_labels")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--seeds", type=int, default=1, help="how many seeds, from --seed on")
    options.add_argument("--copies", type=Path, help="also write each spoiled copy into this folder")
    given = options.parse_args()
    rows = [json.loads(line) for line in given.data.read_text(encoding="utf-8").split("\n") if line.strip()]
    if given.copies:
        write_copies(rows, given.seed, given.copies)
    parser = Parser(newest_model(load_settings().models_dir))

    def parse_many(wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [parser.parse(row["text"], context=row.get("context")) for row in wanted]

    seeds = range(given.seed, given.seed + given.seeds)
    print(markdown(average([lost(rows, parse_many, seed) for seed in seeds])))


def write_copies(rows: list[dict[str, Any]], seed: int, folder: Path) -> None:
    """One JSON-lines file per kind of spoiling."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, copy in spoiled(rows, seed).items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in copy)
        (folder / f"{kind.replace(' ', '-')}.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
