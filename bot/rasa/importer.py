"""Reads the domain from domain.yml plus every file under domain/ (one topic, one file)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.rasa.example import Example


class DomainNotFound(Exception):
    """The domain path given to a command points at nothing. Stock Rasa trains an empty bot then."""


class TopicImporter(RasaFileImporter):
    """RasaFileImporter whose domain is `<name>.yml` merged with every `<name>/**/*.yml` beside it.

    Files are merged in the order of their names, so that a training run is repeatable.
    """

    @cached_method  # type: ignore[misc]
    def get_domain(self) -> Domain:
        """The merged domain. Raises DomainNotFound for a path without any domain file."""
        if not self._domain_path:
            return Domain.empty()
        files = domain_files(Path(self._domain_path))
        if not files:
            raise DomainNotFound(f"no domain file at {Path(self._domain_path).resolve()}")
        combined: dict[str, Any] = {}
        for file in files:
            Domain.from_file(str(file))  # validates, and names the file in the error
            content = rasa.shared.utils.io.read_yaml(rasa.shared.utils.io.read_file(str(file)))
            combined = Domain.merge_domain_dicts(content, combined)
        return Domain.from_dict(combined)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples. Rasa asks three times in a training, under two languages that YAML files know nothing of."""
        return self._examples()

    @cached_method  # type: ignore[misc]
    def _examples(self) -> TrainingData:
        sets = [load_data(path) for path in self._nlu_files]
        for one in sets:
            one.training_examples = [Example.of(message) for message in one.training_examples]
        return TrainingData().merge(*sets)


def domain_files(path: Path) -> list[Path]:
    """Every domain file that belongs to `path`, which may be domain.yml or the folder domain/."""
    main, folder = (path, path.with_suffix("")) if path.suffix else (path.with_suffix(".yml"), path)
    topics = sorted(folder.rglob("*.yml")) if folder.is_dir() else []
    return ([main] if main.is_file() else []) + topics
