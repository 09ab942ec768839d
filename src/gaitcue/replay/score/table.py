"""The figures as text for a terminal."""

from collections.abc import Callable, Mapping, Sequence

from gaitcue.replay.score.figures import BoutError, Episodes, Figures

UNDEFINED = "undefined"
FREE = "per hour without freezing"


def render(pooled: Figures, per_subject: Mapping[str, Figures]) -> str:
    """All figures pooled, the activities if there are any, and the main ones for each person."""
    parts = [_pooled(pooled)]
    if pooled.activities:
        parts.append(_activities(pooled))
    parts.append(_people(per_subject))
    return "\n\n".join(parts)


def _pooled(every: Figures) -> str:
    latency, percent, steps = every.latency_s, every.percent_time_frozen, every.steps
    rows = [
        ("recordings", f"{every.recordings} of {every.subjects} people"),
        ("time scored", f"{every.hours:.2f} h"),
        ("time without freezing", _show(every.hours_without_freezing, "{:.2f} h")),
        ("freeze score, window AUC", _show(every.window_auc, "{:.3f}")),
        ("episodes found", _found(every.episodes)),
        ("  cue starting inside", _found_strict(every.episodes)),
        ("episodes of 5 s or more found", _found(every.episodes_5s)),
        ("  cue starting inside", _found_strict(every.episodes_5s)),
        ("false cue starts", _show(every.false_cues_per_hour, f"{{:.1f}} {FREE}")),
        ("needless cueing", _show(every.cued_minutes_per_hour, f"{{:.1f}} min {FREE}")),
        ("cue latency, median", _show(latency.median, "{:.2f} s")),
        ("cue latency, P90", _show(latency.p90, "{:.2f} s")),
        ("percent time frozen, ICC(2,1)", _show(percent.icc, "{:.2f}")),
        (
            "  95 % CI",
            f"{_show(percent.ci_low, '{:.2f}')} to {_show(percent.ci_high, '{:.2f}')}"
            if percent.ci_low is not None or percent.ci_high is not None
            else UNDEFINED,
        ),
        ("  mean absolute error", _show(percent.mae, "{:.1f} percentage points")),
        (
            "steps found",
            f"{steps.matched} of {steps.reference}, and {steps.false} false"
            if steps.reference is not None
            else UNDEFINED,
        ),
        ("  F1", _show(steps.f1, "{:.3f}")),
        ("  timing, median error", _show(steps.timing_ms, "{:.0f} ms")),
        ("false steps", _show(every.false_steps_per_hour, "{:.1f} per hour without walking")),
        ("speed", _bouts(every.speed, "m/s")),
        ("stride length", _bouts(every.stride_length, "m")),
    ]
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label:<{width}}  {value}" for label, value in rows)


def _activities(every: Figures) -> str:
    head = ("activity", "hours", "cues/h", "steps/h")
    return _grid(
        head,
        [
            (
                name or "unnamed",
                f"{one.hours:.3f}",
                _show(one.cues_per_hour, "{:.1f}"),
                _show(one.steps_per_hour, "{:.0f}"),
            )
            for name, one in every.activities.items()
        ],
    )


PERSON_COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("hours", lambda one: f"{one.hours:.2f}"),
    ("AUC", lambda one: _show(one.window_auc, "{:.3f}")),
    ("episodes", lambda one: _show(one.episodes.reference, "{}")),
    ("found", lambda one: _show(one.episodes.found, "{}")),
    ("strict", lambda one: _show(one.episodes.found_strict, "{}")),
    ("false cues/h", lambda one: _show(one.false_cues_per_hour, "{:.1f}")),
    ("latency s", lambda one: _show(one.latency_s.median, "{:.2f}")),
    ("steps F1", lambda one: _show(one.steps.f1, "{:.3f}")),
    ("speed MAE m/s", lambda one: _show(one.speed.mae, "{:.3f}")),
)


def _people(per_subject: Mapping[str, Figures]) -> str:
    """One row a person; a column that is undefined for everybody is left out."""
    cells = [[show(one) for _, show in PERSON_COLUMNS] for one in per_subject.values()]
    told = [c for c in range(len(PERSON_COLUMNS)) if any(row[c] != UNDEFINED for row in cells)]
    head = ("person", *(PERSON_COLUMNS[c][0] for c in told))
    rows = [(name, *(row[c] for c in told)) for name, row in zip(per_subject, cells, strict=True)]
    return _grid(head, rows)


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[c]) for row in (head, *rows)) for c in range(len(head))]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if column == 0 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    )


def _show(value: float | None, form: str) -> str:
    return UNDEFINED if value is None else form.format(value)


def _found(episodes: Episodes) -> str:
    return _share(episodes.found, episodes.reference, episodes.recall)


def _found_strict(episodes: Episodes) -> str:
    return _share(episodes.found_strict, episodes.reference, episodes.recall_strict)


def _share(part: int | None, whole: int | None, ratio: float | None) -> str:
    if whole == 0:
        return f"{UNDEFINED}, there are none in the reference"
    return UNDEFINED if ratio is None else f"{part} of {whole} ({ratio:.0%})"


def _bouts(error: BoutError, unit: str) -> str:
    if error.mae is None or error.bias is None:
        return UNDEFINED
    return (
        f"mean absolute error {error.mae:.3f} {unit}, bias {error.bias:+.3f} {unit}, "
        f"in {error.n} of {error.reference} walking bouts"
    )
