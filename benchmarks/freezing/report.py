"""The freezing benchmark as a page to read."""

from collections.abc import Callable, Sequence

from benchmarks.freezing.result import Result

import gaitcue
from gaitcue.replay.score import Figures
from gaitcue.replay.score.freezing_figures import ByChance, WalkAgreement

HEAD = f"""# Freezes found in people left out

gaitcue {gaitcue.__version__}. Every figure is defined as for `gaitcue score`; in brackets the 95 %
bootstrap interval over people. Protocol and how to read it: ../README.md; the model:
../../docs/reference/freezing-model.md.
"""

MAIN = ("people left out", "set left out")
"""Runs of all people without disturbance."""

Column = tuple[str, Callable[[Result, Figures], str]]


def write_report(results: Sequence[Result], decision_cost: float) -> str:
    """Tables: sets with freezing, disturbances, sets without, activities, people."""
    freezing = [one for one in results if one.score.pooled.episodes.reference]
    calm = [one for one in results if not one.score.pooled.episodes.reference]
    parts = [
        HEAD,
        f"One decision of the model takes {1e6 * decision_cost:.0f} µs of CPU.\n",
        "## Sets with freezing\n",
        _table(freezing, FREEZING),
        "## By other rules, and against chance\n\nThe 95 % interval of an ICC is over walks.\n",
        _table([one for one in freezing if one.name in MAIN], RULES),
        "## Sets without freezing\n\nEvery cue is false.\n",
        _table(calm, CALM),
        "## False cues by activity\n",
        _activities(calm),
        "## Person by person\n",
        *(_people(one) for one in freezing if one.name == "people left out"),
    ]
    return "\n".join(parts)


def _table(results: Sequence[Result], columns: Sequence[Column]) -> str:
    rows = [[name for name, _ in columns], ["---"] * len(columns)]
    for one in results:
        pooled = one.score.pooled
        rows.append([get(one, pooled) for _, get in columns])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _number(value: float | None, digits: int = 1, percent: bool = False) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.0f}%" if percent else f"{value:.{digits}f}"


def _with_interval(one: Result, name: str, value: float | None, digits: int, percent: bool) -> str:
    interval = one.score.intervals.get(name)
    text = _number(value, digits, percent)
    if interval is None or value is None:
        return text
    low, high = (_number(edge, digits, percent) for edge in interval)
    return f"{text} [{low}, {high}]"


def _share(name: str, get: Callable[[Figures], float | None]) -> Callable[[Result, Figures], str]:
    return lambda one, pooled: _with_interval(one, name, get(pooled), 0, percent=True)


def _value(
    name: str, get: Callable[[Figures], float | None], digits: int
) -> Callable[[Result, Figures], str]:
    return lambda one, pooled: _with_interval(one, name, get(pooled), digits, percent=False)


def _icc(one: WalkAgreement) -> str:
    return f"{_number(one.icc, 2)} [{_number(one.ci_low, 2)}, {_number(one.ci_high, 2)}]"


def _chance(by: ByChance | None, digits: int = 1, percent: bool = False) -> str:
    return "-" if by is None else f"{_number(by.mean, digits, percent)} ({by.p:.3f})"


WHO: tuple[Column, ...] = (
    ("data", lambda one, _: one.data),
    ("placement", lambda one, _: str(one.placement)),
    ("left out", lambda one, _: one.name),
    ("profile", lambda one, _: str(one.profile)),
    ("people", lambda _, pooled: str(pooled.subjects)),
    ("hours", lambda _, pooled: _number(pooled.hours, 2)),
)

FREEZING: tuple[Column, ...] = (
    *WHO,
    ("AUC", _value("window_auc", lambda f: f.window_auc, 3)),
    (
        "mean AUC of people",
        lambda one, _: _with_interval(one, "mean_window_auc", one.score.mean_window_auc, 3, False),
    ),
    ("of 5 s or more", lambda _, pooled: str(pooled.episodes_5s.reference)),
    ("found", _share("recall_5s", lambda f: f.episodes_5s.recall)),
    ("strict", _share("recall_5s_strict", lambda f: f.episodes_5s.recall_strict)),
    ("all", lambda _, pooled: str(pooled.episodes.reference)),
    ("found ", _share("recall", lambda f: f.episodes.recall)),
    ("false cues/h", _value("false_cues_per_hour", lambda f: f.false_cues_per_hour, 1)),
    ("latency median, s", _value("latency_median", lambda f: f.latency_s.median, 2)),
    ("P90, s", _value("latency_p90", lambda f: f.latency_s.p90, 2)),
    ("time frozen ICC", lambda _, pooled: _number(pooled.percent_time_frozen.icc, 2)),
)

RULES: tuple[Column, ...] = (
    *WHO[:4],
    ("found at 0.3 s", _share("recall_0.3s", lambda f: f.tolerances[1].recall)),
    ("at 2 s", _share("recall_2s", lambda f: f.tolerances[2].recall)),
    ("false cues/h at 2 s", lambda _, f: _number(f.tolerances[2].false_cues_per_hour)),
    ("unnecessary min/h", _value("cued_minutes_per_hour", lambda f: f.cued_minutes_per_hour, 1)),
    (
        "stop delay median, s",
        _value("cue_stop_delay_median", lambda f: f.cue_stop_delay_s.median, 2),
    ),
    ("P90, s", _value("cue_stop_delay_p90", lambda f: f.cue_stop_delay_s.p90, 2)),
    ("time frozen ICC", lambda _, f: _icc(f.percent_time_frozen)),
    ("episodes ICC", lambda _, f: _icc(f.episode_count)),
    ("agreement, frozen", _value("positive_agreement", lambda f: f.agreement.positive, 2)),
    ("not frozen", _value("negative_agreement", lambda f: f.agreement.negative, 2)),
    ("AUC by chance (p)", lambda _, f: _chance(f.chance.window_auc, 3)),
    ("found by chance (p)", lambda _, f: _chance(f.chance.recall, percent=True)),
    (
        "cued of 100 stops",
        _value("cued_per_100_stops", lambda f: f.voluntary_stops.cued_per_100, 1),
    ),
)

CALM: tuple[Column, ...] = (
    *WHO,
    ("learned from", lambda one, _: "yes" if one.learned else "no"),
    ("false cues/h", _value("false_cues_per_hour", lambda f: f.false_cues_per_hour, 1)),
)


def _activities(results: Sequence[Result]) -> str:
    rows = ["| data | placement | profile | activity | hours | false cues/h |", "|---" * 6 + "|"]
    for one in results:
        for name, activity in one.score.pooled.activities.items():
            if activity.cues_per_hour:
                rows.append(
                    f"| {one.data} | {one.placement} | {one.profile} | {name} | "
                    f"{activity.hours:.3f} | {activity.cues_per_hour:.1f} |"
                )
    return "Only activities with a cue.\n\n" + "\n".join(rows) + "\n"


def _people(one: Result) -> str:
    rows = [
        f"### {one.data}, {one.placement}, {one.profile}\n",
        "| person | hours | freezes | of 5 s or more | found | false cues/h | AUC |",
        "|---" * 7 + "|",
    ]
    for name, person in one.score.per_subject.items():
        long = person.episodes_5s
        rows.append(
            f"| {name} | {person.hours:.2f} | {person.episodes.reference} | {long.reference} | "
            f"{_number(long.recall, percent=True)} | {_number(person.false_cues_per_hour)} | "
            f"{_number(person.window_auc, 3)} |"
        )
    return "\n".join(rows) + "\n"
