"""Draws a timeline: one row for each thing that happened, over a common axis of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from gaitcue.imu import FloatArray
from gaitcue.recording.model import Kind, Recording
from gaitcue.review.svg import HEIGHT, WIDTH, areas, drawing, element, lines, stretched
from gaitcue.review.timeline import Bin, Curve, Span, SpanFold, Timeline
from gaitcue.review.words import clock

BAR_HEIGHT, CURVE_HEIGHT = 30, 74
"""px."""

TICK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""s between two ticks of the time axis."""

MOST_TICKS = 9

PAUSE = 4.0
"""s without a value that break a curve: longer than the pause that ends a walking bout."""

REFERENCES = {
    Kind.FREEZE: "Freezes",
    Kind.WALKING_BOUT: "Walking bouts",
    Kind.TURN: "Turns",
    Kind.EXCLUDED: "Left out of the study",
}
"""Reference labels that have a row of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: what it is, a few words about it, its drawing, and the ends of its scale."""

    label: str
    note: str
    drawing: Markup
    top: str = ""
    bottom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole timeline.

    `ticks` are percent from the left and the time there; `definitions` are what the rows share.
    """

    rows: tuple[Row, ...]
    references: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    definitions: Markup


def chart(
    timeline: Timeline, recording: Recording, *, judged: bool, turns_seen: bool, posture_known: bool
) -> Chart:
    """Draw `timeline`, and the reference labels of `recording` apart from it.

    `judged` says whether freezing was looked for at all, `turns_seen` the same for turns;
    `posture_known` whether posture was told.
    """
    axis = _Axis(timeline.start, max(timeline.end - timeline.start, 1e-9))
    ticks = _ticks(axis.length)
    grid = [axis.line(timeline.start + tick) for tick in ticks]
    pen = _Pen(axis, Markup("").join(grid))
    rows = [
        pen.bars("Freezes", "by the detector", "freeze", timeline.freezes, judged=judged),
        pen.bars("Cues", "beat heard", "cue", timeline.cues),
        pen.curve("Freeze score", "0 to 1, highest", "score", _tops(timeline.score), (0.0, 1.0)),
        pen.curve("Cadence", "steps/min", "cadence", timeline.cadence, None),
        pen.curve("Gait speed", "m/s, ± 1 SD", "speed", timeline.speed, None, timeline.speed_sd),
        pen.bars("Turns", "45° or more", "turn", timeline.turns, judged=turns_seen),
        pen.bars("Walking bouts", "", "bout", timeline.bouts),
        pen.bars("Sitting or lying", "", "rest", timeline.rests, judged=posture_known),
    ]
    return Chart(
        rows=tuple(rows),
        references=tuple(
            pen.bars(REFERENCES[kind], "", "reference", _annotated(recording, kind))
            for kind in REFERENCES
            if kind in recording.annotated or recording.of_kind(kind)
        ),
        ticks=tuple((axis.at(timeline.start + tick), clock(tick, decimals=0)) for tick in ticks),
        definitions=_definitions(axis, timeline),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    start: float
    length: float

    def at(self, time: float) -> float:
        """Percent from the left."""
        return min(max(100 * (time - self.start) / self.length, 0.0), 100.0)

    def line(self, time: float) -> Markup:
        x = f"{self.at(time):.3f}%"
        return element("line", x1=x, x2=x, y1=0, y2="100%", class_="grid")

    def bar(self, span: Span, class_: str, title: str, height: str = "100%") -> Markup:
        left, right = self.at(span.start), self.at(span.end)
        return element(
            "rect",
            element("title", title),
            x=f"{left:.3f}%",
            y=0 if height == "100%" else "18%",
            width=f"{max(right - left, 0.0):.3f}%",
            height=height,
            class_=class_,
        )


@dataclass(frozen=True, slots=True)
class _Pen:
    axis: _Axis
    grid: Markup

    def bars(
        self, label: str, note: str, class_: str, spans: Sequence[Span], *, judged: bool = True
    ) -> Row:
        drawn = [self.axis.bar(s, class_, self._title(label, s), "64%") for s in spans]
        count = str(sum(span.count for span in spans)) if judged else "not measured"
        if not spans:
            words = "none" if judged else "not measured"
            drawn = [element("text", words, x="50%", y="65%", class_="none")]
        return Row(
            label=label,
            note=note,
            drawing=drawing(
                f"{label}: {count}", BAR_HEIGHT, self.grid, *drawn, _gaps(), class_="bars"
            ),
        )

    def curve(
        self,
        label: str,
        note: str,
        class_: str,
        curve: Curve,
        limits: tuple[float, float] | None,
        error: Curve | None = None,
    ) -> Row:
        if not curve.bins:
            nothing = element("text", "not measured", x="50%", y="65%", class_="none")
            return Row(
                label=label,
                note=note,
                drawing=drawing(f"{label}: not measured", BAR_HEIGHT, self.grid, _gaps(), nothing),
            )
        low, high = limits or _limits(curve.bins)
        runs = [self._points(run, low, high) for run in _runs(curve)]
        parts = [lines(runs, f"curve {class_}")]
        band = {e.time: e.mean for e in error.bins} if error is not None else {}
        if all(b.time in band for b in curve.bins):
            parts.insert(0, areas((self._band(r, band, low, high) for r in _runs(curve)), "band"))
        digits = 1 if high - low < 5 else 0
        shown = f"{label} from {low:.{digits}f} to {high:.{digits}f}"
        frozen = element("use", href="#freezes", width="100%", height="100%")
        return Row(
            label=label,
            note=note,
            drawing=drawing(
                shown, CURVE_HEIGHT, self.grid, frozen, _gaps(), stretched(*parts), class_="curves"
            ),
            top=f"{high:.{digits}f}",
            bottom=f"{low:.{digits}f}",
        )

    def _points(
        self, run: Sequence[Bin], low: float, high: float, shift: FloatArray | float = 0.0
    ) -> FloatArray:
        x = np.array([self.axis.at(b.time) for b in run]) * WIDTH / 100
        y = (np.array([b.mean for b in run]) + shift - low) / (high - low)
        return np.column_stack([x, HEIGHT * (1 - np.clip(y, 0, 1))])

    def _band(
        self, run: Sequence[Bin], error: dict[float, float], low: float, high: float
    ) -> FloatArray:
        size = np.array([error[b.time] for b in run])
        upper = self._points(run, low, high, size)
        return np.concatenate([upper, self._points(run, low, high, -size)[::-1]])

    def _title(self, label: str, span: Span) -> str:
        at = clock(span.start - self.axis.start)
        if span.count == 1:
            return f"{label} at {at} for {span.end - span.start:.1f} s"
        return f"{label}: {span.count} from {at} to {clock(span.end - self.axis.start)}"


def _tops(curve: Curve) -> Curve:
    """The curve of the highest values."""
    return Curve(width=curve.width, bins=tuple(Bin(b.time, b.top, b.top) for b in curve.bins))


def _runs(curve: Curve) -> Iterable[list[Bin]]:
    """The bins without a pause between them."""
    run: list[Bin] = []
    for one in curve.bins:
        if run and one.time - run[-1].time > max(PAUSE, 1.5 * curve.width):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _limits(bins: Sequence[Bin]) -> tuple[float, float]:
    """Round numbers below and above all values."""
    low, high = min(b.mean for b in bins), max(b.mean for b in bins)
    step = 0.5 if high < 5 else 20.0
    bottom = 0.0 if high < 5 else step * np.floor(low / step)
    return float(bottom), float(max(step * np.ceil(high / step), bottom + step))


def _ticks(length: float) -> list[float]:
    """Times since the start, s, at round steps."""
    step = next((s for s in TICK_STEPS if length / s < MOST_TICKS), None)
    if step is None:
        step = TICK_STEPS[-1] * int(np.ceil(length / TICK_STEPS[-1] / MOST_TICKS))
    return [float(tick) for tick in np.arange(0, length, step)]


def _annotated(recording: Recording, kind: Kind) -> tuple[Span, ...]:
    spans = SpanFold()
    for annotation in recording.of_kind(kind):
        spans.add(annotation.onset, annotation.end)
    return spans.result()


def _definitions(axis: _Axis, timeline: Timeline) -> Markup:
    """Gaps and freezes, drawn once and used in many rows."""
    stripes = element(
        "pattern",
        element("rect", width=8, height=8, class_="ground"),
        element("path", d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4", class_="stripe"),
        id="stripes",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
    )
    gaps = [axis.bar(gap, "gap", _gap_title(gap, axis.start)) for gap in timeline.gaps]
    freezes = [axis.bar(freeze, "frozen", "Freeze") for freeze in timeline.freezes]
    symbols = element("symbol", *gaps, id="gaps"), element("symbol", *freezes, id="freezes")
    return element("svg", stripes, *symbols, width=0, height=0, class_="definitions")


def _gap_title(gap: Span, start: float) -> str:
    return f"Missing data at {clock(gap.start - start)} for {gap.end - gap.start:.1f} s"


def _gaps() -> Markup:
    return element("use", href="#gaps", width="100%", height="100%")
