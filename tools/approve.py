"""Write the approved answers of tests/disputes/approved: one page for each case of approved_cases.yml.

    .venv/bin/python tools/approve.py [--check]

Read the difference (`git diff tests/disputes/approved`) before it is committed: these pages are what buyers are told.
--check writes nothing and fails when a page differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bot.disputes.advise import Advice, advise
from bot.disputes.case_json import view_from_json
from bot.disputes.facts import SHANGHAI, parse_fact
from bot.disputes.model import CaseView, MerchantReply
from bot.disputes.negotiation import draft_message, judge_reply
from bot.disputes.rulebook import Rulebook, load_rulebook
from bot.disputes.statements import (
    appeal,
    complaint_12315,
    intervention_statement,
    pleading_outline,
    rebuttal,
    refund_note,
    report_12315,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "disputes" / "approved"
CASES = ROOT / "tests" / "disputes" / "approved_cases.yml"
# Said the same for every case: to be read in the tables themselves.
STATIC = frozenset({
    "pros_zh", "cons_zh", "how_zh", "pitfalls_zh", "substitute_zh", "venue_zh", "time_limit_zh", "effect_zh", "cost_zh", "when_zh",
    "exceptions_zh",
})  # fmt: skip
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
LETTERS = {
    "给商家的消息": draft_message,
    "退款说明": refund_note,
    "介入说明": intervention_statement,
    "质证意见": rebuttal,
    "申诉": appeal,
    "12315 投诉": complaint_12315,
    "12315 举报": report_12315,
    "起诉提纲": pleading_outline,
}


def main() -> int:
    """Write or check the pages."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    given = options.parse_args()
    made = pages()
    stale = [name for name, text in made.items() if _read(FOLDER / name) != text]
    gone = [file for file in FOLDER.glob("*.md") if file.name not in made]
    if given.check:
        print("\n".join([*stale, *(file.name for file in gone)]) or "every page is as approved")
        return 1 if stale or gone else 0
    for name in stale:
        (FOLDER / name).write_text(made[name], encoding="utf-8")
    for file in gone:
        file.unlink()
    print(f"{len(stale)} written, {len(gone)} removed, {len(made)} in all")
    return 0


def pages() -> dict[str, str]:
    """File name -> text, for every case of the table."""
    book = load_rulebook()
    return {name: page(row, book) for name, row in cases().items()}


def cases() -> dict[str, dict[str, Any]]:
    """File name -> row of the table."""
    rows = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return {f"{row['name']}.md": row for row in rows}


def page(row: dict[str, Any], book: Rulebook) -> str:
    """Everything the rulebook says of one case."""
    now = datetime.fromisoformat(row["at"]).replace(tzinfo=SHANGHAI) if "at" in row else NOW
    view = view_from_json(_plain(row["case"]), now)
    told = [f"# {row['why']}", "", "```yaml", yaml.safe_dump(row["case"], allow_unicode=True).strip(), "```"]
    told += ["", *_lines(advise(view, now, book), 0)]
    for reply in row.get("replies", ()):
        told += ["", f"## 商家答复：{reply['text']}", "", *_lines(_judged(view, reply, now, book), 0)]
    for title, write in LETTERS.items() if row.get("letters") else ():
        told += ["", f"## {title}", "", *_lines(write(view, now, book), 0)]
    return "\n".join(told) + "\n"


def _judged(view: CaseView, reply: dict[str, Any], now: datetime, book: Rulebook) -> object:
    offer = parse_fact("offer_amount", reply["offer"]) if "offer" in reply else None
    assert offer is None or isinstance(offer, Decimal)
    return judge_reply(view, MerchantReply(reply.get("stance"), reply["text"], offer), now, book)


def _lines(value: object, depth: int) -> Iterator[str]:
    """A value and what is in it, one line each, indented; what is empty is left out."""
    assert is_dataclass(value)
    pad = "  " * depth
    for item in fields(value):
        if item.name in STATIC or (item.name == "sources" and isinstance(value, Advice)):
            continue
        held = getattr(value, item.name)
        if held is None or held == () or held == "":
            continue
        if is_dataclass(held):
            yield f"{pad}- {item.name}:"
            yield from _lines(held, depth + 1)
        elif isinstance(held, tuple) and any(is_dataclass(one) for one in held):
            for one in held:
                yield f"{pad}- {item.name}:"
                yield from _lines(one, depth + 1) if is_dataclass(one) else [f"{pad}  - {_text(one)}"]
        else:
            yield f"{pad}- {item.name}: {_text(held)}"


def _text(value: object) -> str:
    if isinstance(value, (tuple, list, frozenset)):
        listed = sorted(map(_text, value)) if isinstance(value, frozenset) else [_text(one) for one in value]
        return ", ".join(listed)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value).replace("\n", " ⏎ ")


def _plain(value: Any) -> Any:
    """YAML reads dates as dates; the case reader wants text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
