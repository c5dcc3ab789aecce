"""Rasa's own validation of domain, examples and rules: `bot train` leaves it out for speed, so it is run here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = ("config.yml", "domain.yml", "domain", "data")


def validate(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "rasa", "data", "validate"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_rasa_finds_nothing_wrong_with_the_data() -> None:
    done = validate(ROOT)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_it_would_find_an_action_nobody_knows(tmp_path: Path) -> None:
    for name in READ:
        given = ROOT / name
        (shutil.copytree if given.is_dir() else shutil.copy)(given, tmp_path / name)
    (tmp_path / "data" / "stories" / "wrong.yml").write_text(
        'version: "3.1"\nrules:\n- rule: wrong\n  steps:\n  - intent: greeting\n  - action: action_unknown\n',
        encoding="utf-8",
    )

    assert validate(tmp_path).returncode != 0
