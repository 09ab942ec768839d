"""The little SVG that reports need.

Drawings are as wide as the page: bars and lines take percentages, and curves live in a nested
drawing of `WIDTH` by `HEIGHT` units that is stretched, so that text and strokes never are.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from markupsafe import Markup, escape

from gaitcue.imu import FloatArray

WIDTH, HEIGHT = 1000, 200
"""Units of a stretched drawing: finer than the pixels it is shown in, coarse enough to stay small
as text."""


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """One SVG element; text and attributes are escaped, an attribute of None is left out.

    An underscore in an attribute's name stands for a hyphen, one at its end for nothing.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            shown = f"{value:.6g}" if isinstance(value, float) else str(value)
            parts.append(f'{key.rstrip("_").replace("_", "-")}="{text(shown)}"')
    inside = Markup("").join(text(child) for child in children)
    return Markup(f"<{' '.join(parts)}>{inside}</{name}>")  # noqa: S704 - all parts are escaped


def text(value: str) -> Markup:
    """Escaped text without the characters that XML forbids."""
    return value if isinstance(value, Markup) else escape(printable(value))


def printable(value: str) -> str:
    """The same text with each character that XML and HTML forbid replaced."""
    return "".join(c if _allowed(ord(c)) else "\N{REPLACEMENT CHARACTER}" for c in value)


def drawing(title: str, height: int, *children: str, class_: str = "") -> Markup:
    """A drawing of the page's width and `height` px, with a title that is read out."""
    return element(
        "svg",
        element("title", title),
        *children,
        role="img",
        width="100%",
        height=height,
        class_=f"drawing {class_}".rstrip(),
    )


def stretched(*children: str, y: float = 0.0, height: float | None = None) -> Markup:
    """A part `WIDTH` by `HEIGHT` units that fills the width from `y` px on, `height` px high."""
    return element(
        "svg",
        *children,
        x=0,
        y=y,
        width="100%",
        height="100%" if height is None else height,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
    )


def lines(runs: Iterable[FloatArray], class_: str) -> Markup:
    """Each run of (n, 2) points, in units, as a line; a run of one point is a dot."""
    commands = [_commands(run) for run in runs if len(run) > 0]
    return element("path", d="".join(commands), class_=class_) if commands else Markup("")


def areas(runs: Iterable[FloatArray], class_: str) -> Markup:
    """Each run of (n, 2) points, in units, as a filled area."""
    commands = [f"{_commands(run)}z" for run in runs if len(run) > 2]
    return element("path", d="".join(commands), class_=class_) if commands else Markup("")


def _commands(run: FloatArray) -> str:
    """The path through a run of points, each as its step from the last: the shortest text."""
    points = np.rint(run).astype(np.int64).tolist()
    start = f"M{points[0][0]} {points[0][1]}"
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points)]
    return f"{start}l{' '.join(steps or ['0 0'])}"


def _allowed(code: int) -> bool:
    """Whether XML 1.0 allows the character."""
    return code in {0x9, 0xA, 0xD} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or (
        0x10000 <= code <= 0x10FFFF
    )  # fmt: skip
