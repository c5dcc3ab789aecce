"""From wordings and their labels to what reads new ones."""

from __future__ import annotations

from bot.nlu.features import FeatureMaker
from bot.nlu.linear_model import LinearModel


def learn(maker: FeatureMaker, texts: list[str], labels: list[str]) -> LinearModel:
    """Fit the features and the judges, and leave both with what reading needs. Needs at least three labels."""
    model = LinearModel.fit(maker.fit(texts), labels)
    return model.only(maker.forget_rare())
