"""The measured steps as Markdown tables."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.gait.figures import Figures, Interval
from benchmarks.report import UNDEFINED
from benchmarks.tables import grid

import gaitcue


def write(lines: Sequence[Figures]) -> str:
    """The whole report."""
    walking = [one for one in lines if one.data.startswith(one.piece)]
    changed = [one for one in lines if one.piece != "still" and one not in walking]
    changes = list(dict.fromkeys(one.piece for one in changed))
    f1 = {(one.piece, _name(one)): _or(one.f1, "{:.3f}") for one in changed}
    f1_wide = {(one.piece, _name(one)): _or(one.f1_wide, "{:.3f}") for one in changed}
    speed = {
        (one.piece, _name(one)): f"{one.speed[1]:.3f} ({one.speed[2]:+.3f})"
        for one in changed
        if one.speed
    }
    return "\n".join(
        [
            "# Steps as measured",
            "",
            f"gaitcue {gaitcue.__version__}. In brackets: 95 % bootstrap interval over people.",
            "Protocol: ../README.md.",
            *_section(
                "Initial contacts",
                ["data", "people", "contacts", "F1 at 0.25 s", "worst person", "F1 at 0.5 s",
                 "offset, ms", "timing error, ms", "count error", "delay median, ms", "P90", "P99"],
                [[_name(one), *_row(one)] for one in walking],
            ),
            *_section(
                "Speed and stride length, per walking bout",
                ["data", "bouts", "speed: mean absolute error, m/s", "bias, m/s",
                 "bouts", "stride length: mean absolute error, m", "bias, m"],
                [
                    [_name(one), *_agreement(one.speed), *_agreement(one.stride_length)]
                    for one in walking
                    if one.speed or one.stride_length
                ],
            ),
            *_changed("F1 at 0.25 s", changes, f1),
            *_changed("F1 at 0.5 s", changes, f1_wide),
            *_changed("mean absolute error of a bout's speed (bias), m/s", changes, speed),
            *_section(
                "False steps by activity without walking",
                ["data", "activity", "hours", "steps", "per hour"],
                [
                    [_name(one), activity, f"{hours:.2f}", f"{steps:.0f}", f"{steps / hours:.0f}"]
                    for one in lines
                    if one.piece == "still"
                    for activity, (hours, steps) in one.still.items()
                    if hours
                ],
            ),
            *_section(
                "Each person: F1 at 0.25 s",
                ["data", "person", "F1"],
                [
                    [_name(one), person, f"{value:.3f}"]
                    for one in walking
                    for person, value in one.persons.items()
                ],
            ),
            "",
        ]
    )  # fmt: skip


def _section(title: str, head: list[str], rows: list[list[str]]) -> list[str]:
    return ["", f"## {title}", "", *grid(head, rows)] if rows else []


def _changed(what: str, changes: list[str], cells: Mapping[tuple[str, str], str]) -> list[str]:
    """One figure, by set and by what was done to it."""
    return _section(
        f"Robustness and rates: {what}",
        ["data", *changes],
        [
            [name, *(cells.get((change, name), UNDEFINED) for change in changes)]
            for name in dict.fromkeys(name for _, name in cells)
        ],
    )


def _name(one: Figures) -> str:
    return f"{one.data}, {one.placement}"


def _or(value: float | None, form: str) -> str:
    return UNDEFINED if value is None else form.format(value)


def _with(value: float | None, interval: Interval | None) -> str:
    text = _or(value, "{:.3f}")
    return text if interval is None else f"{text} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _agreement(figures: Interval | None) -> list[str]:
    if figures is None:
        return [UNDEFINED] * 3
    return [f"{figures[0]:.0f}", f"{figures[1]:.3f}", f"{figures[2]:+.3f}"]


def _row(one: Figures) -> list[str]:
    form: Callable[[float], str] = "{:.0f}".format
    return [
        str(one.people),
        str(one.contacts),
        _with(one.f1, one.f1_interval),
        _or(min(one.persons.values(), default=None), "{:.3f}"),
        _with(one.f1_wide, one.f1_wide_interval),
        _or(one.offset, "{:+.0f}"),
        _or(one.timing, "{:.0f}"),
        _or(one.count_error, "{:.1%}"),
        *(map(form, one.delay) if one.delay else [UNDEFINED] * 3),
    ]
