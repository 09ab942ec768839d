"""The learning curve as a small drawing for the documentation."""

from collections.abc import Mapping, Sequence
from typing import Any

from gaitcue.review.svg import element

WIDTH, HEIGHT = 480, 260
LEFT, RIGHT, TOP, BOTTOM = 50, 150, 15, 45
LOWEST, HIGHEST = 0.6, 1.0
"""Of the area."""

COLOURS = ("#0b5fa5", "#b34700")
INK = "#777777"
"""Read on white and on black."""


def draw(report: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The mean area of people over how many people were learned from, one line a set."""
    most = max(point["people"] for curve in report.values() for point in curve)

    def x(people: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * people / most

    def y(area: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (area - LOWEST) / (HIGHEST - LOWEST)

    parts = [element("title", "Mean area under the ROC curve over people learned from")]
    for tenths in range(round(10 * LOWEST), round(10 * HIGHEST) + 1):
        at = y(tenths / 10)
        parts += [
            element("line", x1=x(0), x2=x(most), y1=at, y2=at, stroke=INK, stroke_opacity=0.4),
            _label(f"{tenths / 10:.1f}", LEFT - 6, at + 4, "end"),
        ]
    for point in next(iter(report.values())):
        parts.append(_label(str(point["people"]), x(point["people"]), HEIGHT - BOTTOM + 18))
    parts.append(_label("people learned from", x(most / 2), HEIGHT - 8))
    for (data, curve), colour in zip(report.items(), COLOURS, strict=False):
        dots = " ".join(f"{x(p['people']):.1f},{y(p['mean area']):.1f}" for p in curve)
        parts.append(element("polyline", points=dots, fill="none", stroke=colour, stroke_width=2))
        for point in curve:
            low, high = point["interval"]
            at = x(point["people"])
            parts += [
                element("line", x1=at, x2=at, y1=y(low), y2=y(high), stroke=colour),
                element("circle", cx=at, cy=y(point["mean area"]), r=3, fill=colour),
            ]
        last = curve[-1]
        parts.append(_label(data, x(last["people"]) + 8, y(last["mean area"]) + 4, "start", colour))
    return str(
        element(
            "svg",
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            width=WIDTH,
            height=HEIGHT,
            font_family="sans-serif",
            font_size=12,
            role="img",
        )
    )


def _label(text: str, x: float, y: float, anchor: str = "middle", colour: str = INK) -> str:
    return element("text", text, x=x, y=y, text_anchor=anchor, fill=colour)
