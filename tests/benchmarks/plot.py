"""Plots how cost grows, reproducibly. Needs matplotlib, from the extra `benchmarks`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.cases import COMPILER, JSON
from tests.benchmarks.growth import Growth


def draw(growths: Sequence[Growth], file: Path) -> None:
    """Writes an SVG with one panel per kind of growth; the unit of time is a JSON round trip of the smallest size."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # The salt makes the ids reproducible; text is kept as text, so that no font is embedded.
    with matplotlib.rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(3 * len(growths), 2.6), layout="constrained")
        FigureCanvasSVG(figure)
        for panel, growth in zip(figure.subplots(1, len(growths), squeeze=False)[0], growths, strict=True):
            unit = growth.points[0].json
            sizes = [point.size for point in growth.points]
            panel.loglog(
                sizes, [point.ours / unit for point in growth.points], marker="o", markersize=3, label=COMPILER
            )
            panel.loglog(sizes, [point.json / unit for point in growth.points], marker="s", markersize=3, label=JSON)
            panel.set_title(growth.title)
            panel.set_xlabel(growth.unit)
            panel.minorticks_off()  # they would be most of the file
            panel.grid(visible=True, linewidth=0.3)
        first = figure.axes[0]
        first.set_ylabel("time (JSON at the first size is 1)")
        first.legend(frameon=False)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
