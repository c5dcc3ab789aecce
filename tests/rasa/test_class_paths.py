"""A class path in YAML that leads nowhere is only a log line to Rasa; here it is a failure."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_class_named_in_yaml_imports() -> None:
    for file in ("config.yml", "endpoints.yml", "credentials.yml"):
        text = (ROOT / file).read_text(encoding="utf-8")
        for path in re.findall(r"\b(bot(?:\.\w+)*\.[A-Z]\w+)", text):
            module, _, name = path.rpartition(".")
            assert hasattr(import_module(module), name), path
