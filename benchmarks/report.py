"""The outcomes of the accuracy benchmark as Markdown tables."""

from collections.abc import Callable, Sequence

from benchmarks.outcome import Outcome
from benchmarks.tables import grid

import gaitcue
from gaitcue.events import Profile
from gaitcue.replay.score import Figures, Interval

UNDEFINED = "-"

Column = tuple[str, Callable[[Outcome, Figures], str]]


def write_report(outcomes: Sequence[Outcome]) -> str:
    """The whole report: tables of pooled figures, then one of people for each data set."""
    pooled = [(one, one.score.pooled) for one in outcomes]
    freezing = [(o, f) for o, f in pooled if f.episodes.reference]
    peaceful = [(o, f) for o, f in pooled if f.episodes.reference == 0]
    quiet = [(o, f) for o, f in pooled if o.profile is Profile.QUIET]
    walking = [(o, f) for o, f in quiet if f.steps.reference]
    bouts = [(o, f) for o, f in quiet if f.speed.reference or f.stride_length.reference]
    return "\n".join(
        [
            "# Accuracy as measured",
            "",
            f"gaitcue {gaitcue.__version__}. Every figure is defined as for `gaitcue score`.",
            "In brackets: the 95 % bootstrap interval over people. Protocol: ../README.md.",
            *_table("Freezing", FREEZING, freezing),
            *_table("Percent time frozen, per walk", PERCENT, freezing),
            *_table("False alarms where nobody freezes", PEACEFUL, peaceful),
            *_table("Steps", STEPS, walking),
            *_table("Speed and stride length, per walking bout", BOUTS, bouts),
            *(line for o, f in pooled if _differs(o, f) for line in _people(o)),
            "",
        ]
    )


def _differs(outcome: Outcome, figures: Figures) -> bool:
    """Whether people are worth a table: a second profile changes nothing but freezing."""
    return outcome.profile is Profile.QUIET or bool(figures.episodes.reference)


def number(value: float | None, form: str, interval: Interval | None = None) -> str:
    """A figure as it is printed, with its interval if there is one."""
    if value is None:
        return UNDEFINED
    if interval is None:
        return form.format(value)
    return f"{form.format(value)} [{form.format(interval[0])}, {form.format(interval[1])}]"


def figure(title: str, name: str, form: str, get: Callable[[Figures], float | None]) -> Column:
    """A column of one pooled figure with its interval, `name` as in `Score.intervals`."""
    return title, lambda o, f: number(get(f), form, o.score.intervals[name])


IDENTITY: tuple[Column, ...] = (
    ("data", lambda o, _: o.data),
    ("placement", lambda o, _: str(o.placement)),
    ("profile", lambda o, _: str(o.profile)),
    ("people", lambda _, f: str(f.subjects)),
    ("hours", lambda _, f: f"{f.hours:.2f}"),
)

FREEZING: tuple[Column, ...] = (
    *IDENTITY,
    figure("window AUC", "window_auc", "{:.3f}", lambda f: f.window_auc),
    (
        "mean AUC of people",
        lambda o, _: number(
            o.score.mean_window_auc, "{:.3f}", o.score.intervals["mean_window_auc"]
        ),
    ),
    ("episodes", lambda _, f: str(f.episodes.reference)),
    figure("found", "recall", "{:.0%}", lambda f: f.episodes.recall),
    figure("strict", "recall_strict", "{:.0%}", lambda f: f.episodes.recall_strict),
    ("of 5 s or more", lambda _, f: str(f.episodes_5s.reference)),
    figure("found", "recall_5s", "{:.0%}", lambda f: f.episodes_5s.recall),
    figure("strict", "recall_5s_strict", "{:.0%}", lambda f: f.episodes_5s.recall_strict),
    figure("false cues/h", "false_cues_per_hour", "{:.1f}", lambda f: f.false_cues_per_hour),
    figure(
        "unnecessary min/h", "cued_minutes_per_hour", "{:.1f}", lambda f: f.cued_minutes_per_hour
    ),
    figure("latency median, s", "latency_median", "{:.2f}", lambda f: f.latency_s.median),
    figure("P90, s", "latency_p90", "{:.2f}", lambda f: f.latency_s.p90),
)

PERCENT: tuple[Column, ...] = (
    *IDENTITY,
    ("walks", lambda _, f: str(f.recordings)),
    (
        "ICC(2,1) [F interval]",
        lambda _, f: number(
            f.percent_time_frozen.icc,
            "{:.2f}",
            None
            if f.percent_time_frozen.ci_low is None or f.percent_time_frozen.ci_high is None
            else (f.percent_time_frozen.ci_low, f.percent_time_frozen.ci_high),
        ),
    ),
    figure(
        "ICC(2,1) [bootstrap]",
        "percent_time_frozen_icc",
        "{:.2f}",
        lambda f: f.percent_time_frozen.icc,
    ),
    figure("MAE, points", "percent_time_frozen_mae", "{:.1f}", lambda f: f.percent_time_frozen.mae),
)

PEACEFUL: tuple[Column, ...] = (
    *IDENTITY,
    figure("false cues/h", "false_cues_per_hour", "{:.1f}", lambda f: f.false_cues_per_hour),
    figure(
        "unnecessary min/h", "cued_minutes_per_hour", "{:.1f}", lambda f: f.cued_minutes_per_hour
    ),
    figure(
        "false steps/h not walking",
        "false_steps_per_hour",
        "{:.0f}",
        lambda f: f.false_steps_per_hour,
    ),
)

STEPS: tuple[Column, ...] = (
    *(column for column in IDENTITY if column[0] != "profile"),
    ("contacts", lambda _, f: str(f.steps.reference)),
    ("matched", lambda _, f: str(f.steps.matched)),
    ("false", lambda _, f: str(f.steps.false)),
    figure("F1 at 0.25 s", "steps_f1", "{:.3f}", lambda f: f.steps.f1),
    figure("timing, ms", "steps_timing_ms", "{:.0f}", lambda f: f.steps.timing_ms),
)

BOUTS: tuple[Column, ...] = (
    *(column for column in IDENTITY if column[0] != "profile"),
    ("bouts", lambda _, f: f"{f.speed.n} of {f.speed.reference}"),
    figure("speed MAE, m/s", "speed_mae", "{:.3f}", lambda f: f.speed.mae),
    figure("bias, m/s", "speed_bias", "{:+.3f}", lambda f: f.speed.bias),
    ("bouts", lambda _, f: f"{f.stride_length.n} of {f.stride_length.reference}"),
    figure("stride length MAE, m", "stride_length_mae", "{:.3f}", lambda f: f.stride_length.mae),
    figure("bias, m", "stride_length_bias", "{:+.3f}", lambda f: f.stride_length.bias),
)

PERSON: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("hours", lambda f: f"{f.hours:.2f}"),
    ("window AUC", lambda f: number(f.window_auc, "{:.3f}")),
    ("episodes", lambda f: number(f.episodes.reference, "{}")),
    ("found", lambda f: number(f.episodes.found, "{}")),
    ("strict", lambda f: number(f.episodes.found_strict, "{}")),
    ("false cues/h", lambda f: number(f.false_cues_per_hour, "{:.1f}")),
    ("latency, s", lambda f: number(f.latency_s.median, "{:.2f}")),
    ("contacts", lambda f: number(f.steps.reference, "{}")),
    ("F1", lambda f: number(f.steps.f1, "{:.3f}")),
    ("speed MAE, m/s", lambda f: number(f.speed.mae, "{:.3f}")),
    ("false steps/h", lambda f: number(f.false_steps_per_hour, "{:.0f}")),
)


def _table(
    title: str, columns: Sequence[Column], rows: Sequence[tuple[Outcome, Figures]]
) -> list[str]:
    if not rows:
        return []
    body = [[show(outcome, figures) for _, show in columns] for outcome, figures in rows]
    return ["", f"## {title}", "", *grid([name for name, _ in columns], body)]


def _people(outcome: Outcome) -> list[str]:
    """One row a person, with the columns that are defined for anybody."""
    people = outcome.score.per_subject
    rows = [[show(one) for _, show in PERSON] for one in people.values()]
    told = [c for c in range(len(PERSON)) if any(row[c] != UNDEFINED for row in rows)]
    head = ["person", *(PERSON[c][0] for c in told)]
    body = [[name, *(row[c] for c in told)] for name, row in zip(people, rows, strict=True)]
    title = f"## {outcome.data}, {outcome.placement}, {outcome.profile}: each person"
    return ["", title, "", *grid(head, body)]
