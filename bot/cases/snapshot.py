"""A copy of a case to compare with or to go back to; several times cheaper than `copy.deepcopy`."""

from __future__ import annotations

import pickle

from bot.cases.model import Case


class Snapshot:
    """A case as it was at one moment."""

    def __init__(self, case: Case) -> None:
        self._bytes = pickle.dumps(case, protocol=pickle.HIGHEST_PROTOCOL)

    def restored(self) -> Case:
        """The case as it was, sharing nothing with the one the snapshot was taken of."""
        copy: Case = pickle.loads(self._bytes)  # noqa: S301 (bytes of our own, never from outside)
        return copy
