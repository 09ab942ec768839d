"""The report of one walk: a single HTML file that needs no network and no script."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import jinja2

import gaitcue
from gaitcue.errors import InputError
from gaitcue.events import Event, WalkStart
from gaitcue.gait.strides import USUAL_HEIGHT
from gaitcue.recording.model import Recording, Sensor
from gaitcue.review.chart import chart
from gaitcue.review.episodes import Cued, FreezeEpisode
from gaitcue.review.evidence import EVIDENCE
from gaitcue.review.excerpts import AROUND, draw_excerpts, read_excerpts
from gaitcue.review.numbers import numbers
from gaitcue.review.postures import WORDS
from gaitcue.review.quality import RULE, quality
from gaitcue.review.summary import SummaryFold, WalkSummary
from gaitcue.review.svg import printable
from gaitcue.review.tiles import sentence, tiles
from gaitcue.review.timeline import TimelineFold
from gaitcue.review.trial import TrialFold, effect, effect_lines
from gaitcue.review.words import CUE_ENDS, about_median, clock, duration, look_of, place

UNKNOWN = "\N{EN DASH}"

DEGREES = math.degrees(1.0)

MEASURES = {
    "height": "height of the person",
    "samples": "number of samples",
    "missing": "number of missing samples",
    "distance": "distance",
    "cadence": "cadence",
    "speed": "gait speed",
    "speed_sd": "error of gait speed",
    "stride_length": "stride length",
    "turns": "turns",
    "turn_duration": "duration of turns",
    "turn_angle": "angle of turns",
    "turn_peak_rate": "peak rate of turns",
    "postures": "posture",
    "freezes": "freezes",
    "time_frozen": "time frozen",
    "freeze_duration": "duration of freezes",
    "percent_time_frozen": "percent time frozen",
    "cue_latency": "latency of cues",
    "cue_duration": "duration of cues",
    "cue_tempo": "tempo of cues",
    "cue_heard": "delay of sound",
}
"""What the attributes of a summary that can be None are called."""


def write_report(
    recording: Recording, sensors: Sequence[Sensor], events: Iterable[Event], path: Path
) -> None:
    """Write the report of one walk to `path`.

    Parameters
    ----------
    recording, sensors
        What was walked, and the sensors that were tracked, the one that tells most first. Its
        motion is read once more, for the excerpts around freezes; only those are kept in memory.
    events
        Those of the walk, in order of decision, from `WalkStart` on; gone through once.
    path
        Where to; a file that is there is replaced.

    Raises
    ------
    InputError
        When the events are not those of one walk, or the file cannot be written.
    """
    summary_fold = SummaryFold(sensors, recording.height)
    trial_fold = TrialFold()
    timeline_fold: TimelineFold | None = None
    for event in events:
        summary_fold.add(event)
        trial_fold.add(event)
        if isinstance(event, WalkStart):
            timeline_fold = TimelineFold(event.time)
        if timeline_fold is not None:
            timeline_fold.add(event)
    summary = summary_fold.result()
    if timeline_fold is None:
        raise InputError("there is not one event, so there is no walk to report")
    start = summary.walk.time
    excerpts = read_excerpts(sensors[0], summary.episodes)
    page = _template().render(
        title=recording.name or "Walk",
        note=recording.note,
        facts=_facts(recording, summary),
        quality=quality(summary),
        rule=RULE,
        sentence=sentence(summary),
        tiles=tiles(summary),
        chart=chart(
            timeline_fold.result(summary.end),
            recording,
            judged=summary.freezes is not None,
            turns_seen=summary.turns is not None,
            posture_known=summary.postures is not None,
        ),
        summary=summary,
        episodes=[_episode(episode, start) for episode in summary.episodes],
        excerpts=draw_excerpts(excerpts, start),
        trial=_trial(trial_fold),
        around=AROUND,
        bouts=_bouts(summary),
        turns=_turns(summary),
        postures=_postures(summary),
        absent=_absent(summary),
        problems=_problems(summary),
        evidence=EVIDENCE,
        usual_height=USUAL_HEIGHT,
        software=gaitcue.__version__,
        numbers=numbers(summary),
    )
    try:
        # A name on disk may hold what UTF-8 cannot.
        path.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: the report cannot be written there: {error.strerror}") from error


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gaitcue.review", "page"),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _facts(recording: Recording, summary: WalkSummary) -> list[tuple[str, str]]:
    height = "not told" if summary.height is None else f"{summary.height:.2f} m"
    return [
        ("Person", recording.subject or "not told"),
        ("Height", height),
        ("Condition, medication", recording.condition or "not told"),
        ("Duration", duration(summary.duration)),
        *(("Sensor", _sensor(one)) for one in summary.sensors),
        *(
            ("Samples came late by", str(one.latency))
            for one in summary.sensors
            if one.latency is not None
        ),
        ("Source", recording.source or "not told"),
        ("Detector profile", str(summary.walk.profile)),
    ]


def _sensor(sensor: Sensor) -> str:
    kind = "accelerometer and gyroscope" if sensor.gyroscope else "accelerometer only"
    device = f"{sensor.device}, " if sensor.device else ""
    return f"{place(sensor)}, {device}{kind}, {sensor.rate:g} Hz"


def _episode(episode: FreezeEpisode, start: float) -> dict[str, str]:
    latency = "" if episode.cue_latency is None else f"{episode.cue_latency:.1f}"
    return {
        "onset": clock(episode.start - start),
        "duration": f"{episode.duration:.1f}",
        "score": f"{episode.score:.2f}",
        "look": look_of(episode),
        "latency": {
            Cued.ALREADY_ON: "already on",
            Cued.WITHHELD: "withheld",
            Cued.RESCUED: f"{latency}, withheld at first",
            Cued.NOT: "no cue",
        }.get(episode.cued, latency),
        "ended": CUE_ENDS.get(episode.cue_end, episode.cue_end) or UNKNOWN,
    }


def _trial(fold: TrialFold) -> list[str]:
    """What the walker's own trial shows on this walk, in sentences; empty when there is none."""
    if not fold.freezes and not fold.left_out:
        return []
    return effect_lines(effect(fold.freezes), fold.left_out)


def _bouts(summary: WalkSummary) -> list[dict[str, str]]:
    return [
        {
            "start": clock(bout.start - summary.walk.time),
            "duration": clock(bout.time - bout.start),
            "steps": str(bout.steps),
            "cadence": _number(bout.cadence, 0),
            "speed": _with_error(bout.speed, bout.speed_sd),
            "distance": _number(bout.distance, 1),
        }
        for bout in summary.bouts
    ]


def _turns(summary: WalkSummary) -> list[tuple[str, str, str]]:
    """What turns were like, as names, medians and a word on them; empty when there were none."""
    rows = (
        ("Duration", summary.turn_duration, "s", 1, 1.0),
        ("Angle", summary.turn_angle, "°", 0, DEGREES),
        ("Peak rate", summary.turn_peak_rate, "°/s", 0, DEGREES),
    )
    return [
        (name, f"{factor * one.median:.{digits}f} {unit}", about_median(one, digits, factor))
        for name, one, unit, digits, factor in rows
        if one is not None
    ]


def _postures(summary: WalkSummary) -> list[tuple[str, str]]:
    """How long the walker held in which posture, in words; empty when that is not known."""
    times = (summary.postures or {}).items()
    return [(_sentence_case(WORDS[posture]), duration(time)) for posture, time in times]


def _absent(summary: WalkSummary) -> list[tuple[str, str]]:
    """Each reason, after the measures that it explains."""
    by_reason: dict[str, list[str]] = {}
    for name, measure in MEASURES.items():
        if name in summary.reasons:
            by_reason.setdefault(summary.reasons[name], []).append(measure)
    return [(_sentence_case(", ".join(measures)), reason) for reason, measures in by_reason.items()]


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _problems(summary: WalkSummary) -> list[dict[str, str]]:
    rows = [
        {
            "what": problem.detail or problem.kind,
            "first": clock(problem.first - summary.walk.time),
            "times": str(problem.times),
            "count": str(problem.count),
        }
        for problem in summary.problems
    ]
    rows += [
        {
            "what": f"The sensor sits on the body turned by {DEGREES * slip.angle:.0f}° against "
            "before: its strap slipped, or the walker leans otherwise",
            "first": clock(slip.time - summary.walk.time),
            "times": UNKNOWN,
            "count": UNKNOWN,
        }
        for slip in summary.slips
    ]
    if summary.gaps:
        afresh = f"; {summary.resets} of them made tracking begin afresh"
        rows.insert(
            0,
            {
                "what": f"Gaps without data, the longest {summary.longest_gap:.2f} s"
                f"{afresh if summary.resets else ''}",
                "first": UNKNOWN,
                "times": str(summary.gaps),
                "count": UNKNOWN if summary.missing is None else str(summary.missing),
            },
        )
    return rows


def _with_error(value: float | None, sd: float | None) -> str:
    return _number(value, 2) if sd is None else f"{_number(value, 2)} ± {sd:.2f}"


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else f"{value:.{digits}f}"
