"""The figures as text for a terminal."""

from collections.abc import Callable, Mapping, Sequence

from gaitcue.replay.score.bootstrap import Interval
from gaitcue.replay.score.figures import BoutError, Figures
from gaitcue.replay.score.freezing_figures import Episodes, WalkAgreement
from gaitcue.replay.score.run import Score

UNDEFINED = "undefined"
FREE = "per hour without freezing"
INTERVALS = "in brackets: 95 % intervals; over people, those of the ICC over walks"


def render(score: Score) -> str:
    """All figures pooled, the activities if there are any, and the main ones for each person."""
    pooled = score.pooled
    parts = (
        [_pooled(score, pooled), INTERVALS] if len(score.tallies) > 1 else [_pooled(score, pooled)]
    )
    if pooled.episodes.reference:
        parts.append(_tolerances(pooled))
        parts.append(_chance(pooled))
    if pooled.activities:
        parts.append(_activities(pooled))
    parts.append(_people(score.per_subject))
    return "\n\n".join(parts)


def _pooled(score: Score, every: Figures) -> str:
    interval = score.intervals
    latency, delay, steps, stops = (
        every.latency_s,
        every.cue_stop_delay_s,
        every.steps,
        every.voluntary_stops,
    )

    def show(value: float | None, form: str, name: str, unit: str = "") -> str:
        return _show(value, form, interval.get(name)) + (unit if value is not None else "")

    rows = [
        ("recordings", f"{every.recordings} of {every.subjects} people"),
        ("time scored", f"{every.hours:.2f} h"),
        ("time without freezing", _show(every.hours_without_freezing, "{:.2f} h")),
        ("freeze score, window AUC", show(every.window_auc, "{:.3f}", "window_auc")),
        ("  mean of people", show(score.mean_window_auc, "{:.3f}", "mean_window_auc")),
        ("episodes found", _found(every.episodes, interval["recall"])),
        ("  cue starting inside", _found_strict(every.episodes, interval["recall_strict"])),
        ("episodes of 5 s or more found", _found(every.episodes_5s, interval["recall_5s"])),
        ("  cue starting inside", _found_strict(every.episodes_5s, interval["recall_5s_strict"])),
        (
            "false cue starts",
            show(every.false_cues_per_hour, "{:.1f}", "false_cues_per_hour", f" {FREE}"),
        ),
        (
            "unnecessary cueing",
            show(every.cued_minutes_per_hour, "{:.1f}", "cued_minutes_per_hour", f" min {FREE}"),
        ),
        (
            "cues at voluntary stops",
            f"{stops.cued} at {stops.n}, "
            + show(stops.cued_per_100, "{:.1f}", "cued_per_100_stops", " per 100")
            if stops.n
            else UNDEFINED,
        ),
        ("cue latency, median", show(latency.median, "{:.2f}", "latency_median", " s")),
        ("cue latency, P90", show(latency.p90, "{:.2f}", "latency_p90", " s")),
        ("cue stop delay, median", show(delay.median, "{:.2f}", "cue_stop_delay_median", " s")),
        ("cue stop delay, P90", show(delay.p90, "{:.2f}", "cue_stop_delay_p90", " s")),
        *_walks("percent time frozen", every.percent_time_frozen, "percentage points"),
        *_walks("episodes per walk", every.episode_count, "episodes"),
        (
            "agreement, frozen",
            show(every.agreement.positive, "{:.2f}", "positive_agreement"),
        ),
        (
            "agreement, not frozen",
            show(every.agreement.negative, "{:.2f}", "negative_agreement"),
        ),
        (
            "steps found",
            f"{steps.matched} of {steps.reference}, and {steps.false} false"
            if steps.reference is not None
            else UNDEFINED,
        ),
        ("  F1", show(steps.f1, "{:.3f}", "steps_f1")),
        ("  timing, median error", show(steps.timing_ms, "{:.0f}", "steps_timing_ms", " ms")),
        (
            "false steps",
            show(
                every.false_steps_per_hour,
                "{:.1f}",
                "false_steps_per_hour",
                " per hour without walking",
            ),
        ),
        ("speed", _bouts(every.speed, "m/s")),
        ("stride length", _bouts(every.stride_length, "m")),
    ]
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label:<{width}}  {value}" for label, value in rows)


def _walks(name: str, one: WalkAgreement, unit: str) -> list[tuple[str, str]]:
    known = None if one.ci_low is None or one.ci_high is None else (one.ci_low, one.ci_high)
    return [
        (f"{name}, ICC(2,1)", _show(one.icc, "{:.2f}", known)),
        ("  mean absolute error", _show(one.mae, f"{{:.1f}} {unit}")),
    ]


def _tolerances(every: Figures) -> str:
    return _grid(
        ("tolerance", "found", "of 5 s or more", "false cues/h"),
        [
            (
                f"{one.tolerance_s:g} s",
                _show(one.recall, "{:.0%}"),
                _show(one.recall_5s, "{:.0%}"),
                _show(one.false_cues_per_hour, "{:.1f}"),
            )
            for one in every.tolerances
        ],
    )


def _chance(every: Figures) -> str:
    """What was reached beside what shifted cues and scores reach."""
    episodes, long, chance = every.episodes, every.episodes_5s, every.chance
    rows = [
        ("window AUC", every.window_auc, chance.window_auc, "{:.3f}"),
        ("episodes found", episodes.recall, chance.recall, "{:.0%}"),
        ("  cue starting inside", episodes.recall_strict, chance.recall_strict, "{:.0%}"),
        ("episodes of 5 s or more found", long.recall, chance.recall_5s, "{:.0%}"),
        ("  cue starting inside", long.recall_strict, chance.recall_5s_strict, "{:.0%}"),
        ("false cues/h", every.false_cues_per_hour, chance.false_cues_per_hour, "{:.1f}"),
    ]
    return _grid(
        ("against chance", "reached", "by chance", "p"),
        [
            (name, _show(reached, form), form.format(by.mean), f"{by.p:.3f}")
            for name, reached, by, form in rows
            if by is not None
        ],
    )


def _activities(every: Figures) -> str:
    head = ("activity", "hours", "cues", "cues/h", "steps/h")
    return _grid(
        head,
        [
            (
                name or "unnamed",
                f"{one.hours:.3f}",
                str(one.cues),
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


def _show(value: float | None, form: str, interval: Interval | None = None) -> str:
    if value is None:
        return UNDEFINED
    shown = form.format(value)
    if interval is None:
        return shown
    return f"{shown} [{form.format(interval[0])}, {form.format(interval[1])}]"


def _found(episodes: Episodes, interval: Interval | None) -> str:
    return _share(episodes.found, episodes.reference, episodes.recall, interval)


def _found_strict(episodes: Episodes, interval: Interval | None) -> str:
    return _share(episodes.found_strict, episodes.reference, episodes.recall_strict, interval)


def _share(
    part: int | None, whole: int | None, ratio: float | None, interval: Interval | None
) -> str:
    if whole == 0:
        return f"{UNDEFINED}, there are none in the reference"
    return UNDEFINED if ratio is None else f"{part} of {whole}, {_show(ratio, '{:.0%}', interval)}"


def _bouts(error: BoutError, unit: str) -> str:
    if error.mae is None or error.bias is None:
        return UNDEFINED
    return (
        f"mean absolute error {error.mae:.3f} {unit}, bias {error.bias:+.3f} {unit}, "
        f"in {error.n} of {error.reference} walking bouts"
    )
