"""Shows what `bot.nlu.evaluate` measured: tables for the terminal, a picture for everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.nlu.evaluate import WORST, Report

_PAIRS = 20  # confusions shown
# First one found is used; without any the picture has the labels, which are ASCII, and boxes for Chinese.
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)


def tables(report: Report) -> list[Any]:
    """Rich tables: labels, confusions, worst mistakes, and the figures that belong to no label."""
    return [label_table(report), confusion_table(report), mistake_table(report), figure_table(report)]


def label_table(report: Report) -> Any:
    """One line per label, the weakest first."""
    from rich.table import Table

    title = f"{report.rows} rows · strict {report.strict:.3f} · lenient {report.lenient:.3f}"
    out = Table(title=f"{title} · macro F1 {report.macro_f1:.3f} · entities F1 {report.entity_f1:.3f}")
    for column in ("label", "rows", "precision", "recall", "F1", "lenient"):
        out.add_column(column, justify="left" if column == "label" else "right")
    for name, score in sorted(report.labels.items(), key=lambda item: item[1].f1):
        rates = (score.precision, score.recall, score.f1, score.lenient)
        out.add_row(name, str(score.rows), *(f"{rate:.2f}" for rate in rates))
    return out


def confusion_table(report: Report) -> Any:
    """Which label was said instead of which, most frequent first."""
    from rich.table import Table

    out = Table(title="Confusions")
    out.add_column("label")
    out.add_column("said")
    out.add_column("count", justify="right")
    for label, said, count in report.confusions[:_PAIRS]:
        out.add_row(label, said, str(count))
    return out


def mistake_table(report: Report) -> Any:
    """The most confident mistakes: what to look at first."""
    from rich.table import Table
    from rich.text import Text

    out = Table(title=f"The {WORST} worst: most confident and not acceptable")
    for column in ("confidence", "label", "said", "text"):
        out.add_column(column, overflow="fold")
    for mistake in report.mistakes[:WORST]:
        out.add_row(f"{mistake.confidence:.2f}", mistake.label, mistake.said, Text(mistake.text))
    return out


def figure_table(report: Report) -> Any:
    """Entities by kind, calibration, out of scope."""
    from rich.table import Table

    out = Table(title="Other figures")
    out.add_column("figure")
    out.add_column("value", justify="right")
    by_chance = (
        f"{report.calibration_error:.3f} (by chance alone about {report.chance_error:.3f} on so many rows)"
    )
    out.add_row("expected calibration error of the intent (10 bins)", by_chance)
    recall = report.out_of_scope_recall
    out.add_row("out-of-scope recall", "no such row" if recall is None else f"{recall:.2f}")
    out.add_row("out-of-scope false alarms", f"{report.false_alarms:.3f}")
    for kind, f1 in report.entities.items():
        out.add_row(f"entity F1: {kind}", f"{f1:.2f}")
    return out


def plot(report: Report, path: Path) -> None:
    """Draw the confusion matrix beside the reliability diagram; the ending of `path` says the format.

    Raises:
        ImportError: matplotlib is missing.
        OSError, ValueError: the file cannot be written, or its ending is no format of matplotlib.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # no window, no display, no global state
    from matplotlib.figure import Figure

    names = sorted({name for pair in report.pairs for name in pair})
    side = max(6.0, 0.34 * len(names) + 3)
    figure = Figure(figsize=(side + 6, side), constrained_layout=True)
    FigureCanvasAgg(figure)
    matrix, reliability = figure.subplots(1, 2, gridspec_kw={"width_ratios": [side, 5]})
    font = {"family": [*_installed_fonts(), "DejaVu Sans"]}
    _draw_matrix(matrix, report, names, font)
    _draw_reliability(reliability, report)
    figure.suptitle(
        f"{report.rows} rows: strict {report.strict:.3f}, lenient {report.lenient:.3f}, "
        f"macro F1 {report.macro_f1:.3f}"
    )
    figure.savefig(path, dpi=110)


def _installed_fonts() -> list[str]:
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in _CHINESE_FONTS if name in there][:1]


def _draw_matrix(axes: Any, report: Report, names: list[str], font: dict[str, Any]) -> None:
    """Rows are the right labels, columns what was said; the shade is the share of the row, the figure its count."""
    import numpy as np

    place = {name: at for at, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for label, said in report.pairs:
        counts[place[label], place[said]] += 1
    rates = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(rates, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    for at, other in np.argwhere(counts > 0):
        shade = "white" if rates[at, other] > 0.55 else "black"
        axes.text(other, at, f"{counts[at, other]:.0f}", ha="center", va="center", color=shade, fontsize=7)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8, **font)
    axes.set_yticks(range(len(names)), names, fontsize=8, **font)
    axes.set_xlabel("said")
    axes.set_ylabel("label")


def _draw_reliability(axes: Any, report: Report) -> None:
    """Accuracy over confidence; bars show how many messages stand in each bin."""
    width = 1 / max(len(report.bins), 1)
    most = max((one.rows for one in report.bins), default=1) or 1
    middles = [(at + 0.5) * width for at in range(len(report.bins))]
    shares = [0.25 * one.rows / most for one in report.bins]
    axes.bar(middles, shares, width=0.9 * width, color="lightgrey", label="messages (scaled)")
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey", label="as sure as right")
    filled = [one for one in report.bins if one.rows]
    axes.plot(
        [one.confidence for one in filled], [one.accuracy for one in filled], marker="o", label="intent"
    )
    for one in filled:
        axes.annotate(
            str(one.rows), (one.confidence, one.accuracy), (3, -10), textcoords="offset points", fontsize=7
        )
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="accuracy")
    axes.set_title(f"expected calibration error {report.calibration_error:.3f}", fontsize=10)
    axes.set_box_aspect(1)
    axes.legend(loc="upper left", fontsize=8)
