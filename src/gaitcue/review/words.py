"""A walk's summary as a few lines of text."""

import math
from collections.abc import Sequence

from gaitcue.cue import EndReason
from gaitcue.events import Phenotype
from gaitcue.imu import Side
from gaitcue.recording.model import Sensor
from gaitcue.review.episodes import Cued, FreezeEpisode
from gaitcue.review.postures import WORDS
from gaitcue.review.spread import Spread
from gaitcue.review.summary import PERCENT, WalkSummary

TOLD = 20
"""Freezing episodes told one by one; of more, only the number is told."""

LEAST_QUARTILES = 4
"""Values that have quartiles of their own."""

CUE_ENDS: dict[str, str] = {
    EndReason.STEPPING: "stepping returned",
    EndReason.NO_STEPPING: "no stepping followed",
    EndReason.LIMIT: "too long without effect",
    EndReason.STANDING: "the walking was over",
    EndReason.PROGRAMME_OVER: "the training was over",
    EndReason.DISMISSED: "said not to be a freeze",
    EndReason.STOPPED: "stopped by hand",
    EndReason.NO_OUTPUT: "the sound was lost",
    EndReason.SENSOR_GAP: "the sensor was lost",
    EndReason.STALE_DATA: "no data came",
    EndReason.WALK_END: "the walk ended",
}
"""Why a cue ended, in words."""


def summary_lines(summary: WalkSummary) -> list[str]:
    """What happened on the walk, for a person at a terminal."""
    name = summary.walk.recording or "Walk"
    places, profile = where(summary.sensors), summary.walk.profile
    parts = (_walking, _turns, _posture, _freezing, _cues, _missing, _unmeasured)
    return [
        f"{name}: {duration(summary.duration)}, {places}, profile {profile}",
        *(f"  {line}" for part in parts for line in part(summary)),
    ]


def where(sensors: Sequence[Sensor]) -> str:
    """Where sensors were worn, such as ``sensors on the left foot and right foot``."""
    *others, last = [place(sensor) for sensor in sensors]
    if not others:
        return f"sensor on the {last}"
    return f"sensors on the {', '.join(others)} and {last}"


def place(sensor: Sensor) -> str:
    """Where a sensor was worn, such as ``left foot``."""
    word = str(sensor.placement or "unknown placement").replace("_", " ")
    return word if sensor.side is Side.NONE else f"{sensor.side} {word}"


def duration(seconds: float) -> str:
    """A length of time such as ``7.5 s``, ``5 min 12 s`` or ``1 h 3 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def clock(seconds: float, *, decimals: int = 1) -> str:
    """A moment since the walk began such as ``5:12.3`` or ``1:05:12.3``."""
    unit = 10**decimals
    whole, part = divmod(round(abs(seconds) * unit), unit)
    minutes, second = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if seconds < 0 and (whole or part) else ""
    start = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    fraction = f".{part:0{decimals}d}" if decimals else ""
    return f"{sign}{start}:{second:02d}{fraction}"


def many(count: int, what: str) -> str:
    """A number of things, such as ``1 step`` or ``2 steps``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def bouts_of(summary: WalkSummary) -> str:
    """How many walking bouts there were, and how many shorter ones beside them."""
    words = many(summary.walking_bouts, "bout")
    return f"{words} and {summary.short_bouts} shorter" if summary.short_bouts else words


def about_median(spread: Spread, digits: int, factor: float = 1.0) -> str:
    """What stands beside a median: the quartiles, times `factor`, or how few values there are."""
    if spread.count < LEAST_QUARTILES:
        return f"median of {spread.count}"
    low, high = factor * spread.lower, factor * spread.upper
    return f"median; middle half {low:.{digits}f} to {high:.{digits}f}"


def look_of(episode: FreezeEpisode) -> str:
    """What an episode looked like, in words."""
    akinetic = episode.phenotype is Phenotype.AKINETIC
    look = "without movement" if akinetic else "trembling or shuffling"
    return f"{look}, while turning" if episode.turning else look


def cue_of(episode: FreezeEpisode) -> str:
    """How an episode was cued, in words."""
    match episode.cued:
        case Cued.STARTED if episode.cue_latency is not None:
            return f"cued {episode.cue_latency:.1f} s later"
        case Cued.RESCUED if episode.cue_latency is not None:
            return f"withheld by the trial, cued {episode.cue_latency:.1f} s later"
        case Cued.ALREADY_ON:
            return "the beat before it was still on"
        case Cued.WITHHELD:
            return "no beat, by the trial"
        case _:
            return "not cued"


def _walking(summary: WalkSummary) -> list[str]:
    if not summary.steps:
        return [f"Walking: none found ({many(summary.initial_contacts, 'single step')})"]
    words = [
        f"{bouts_of(summary)}, {duration(summary.walking_time)} in all",
        many(summary.steps, "step"),
        *_figure(summary.cadence, "steps/min", 0),
    ]
    if summary.speed is not None:
        error = "" if summary.speed_sd is None else f" (error {summary.speed_sd:.2f})"
        words.append(f"{summary.speed.mean:.2f} m/s{error}")
    if summary.distance is not None:
        words.append(f"{summary.distance:.0f} m")
    left, right = summary.left_step_time, summary.right_step_time
    if left is not None and right is not None:
        words.append(f"step time left {left.mean:.2f} s, right {right.mean:.2f} s")
    return [f"Walking: {', '.join(words)}"]


def _turns(summary: WalkSummary) -> list[str]:
    if not summary.turns or summary.turn_duration is None:
        return []
    return [f"Turns: {summary.turns}, median {summary.turn_duration.median:.1f} s"]


def _posture(summary: WalkSummary) -> list[str]:
    lines = []
    if summary.postures is not None:
        times = [f"{WORDS[posture]} {duration(t)}" for posture, t in summary.postures.items()]
        lines.append(f"Posture, once known: {', '.join(times)}")
    for slip in summary.slips[:TOLD]:
        at = clock(slip.time - summary.walk.time)
        lines.append(
            f"Slipped strap at {at}: the sensor sits turned by {math.degrees(slip.angle):.0f}° "
            "against before"
        )
    return lines


def _freezing(summary: WalkSummary) -> list[str]:
    if summary.freezes is None or summary.time_frozen is None:
        return [f"Freezing: not known. {summary.reasons['freezes']}"]
    if not summary.freezes:
        return ["Freezing: none found"]
    lines = [
        f"Freezing: {many(summary.freezes, 'episode')}, {duration(summary.time_frozen)} in all"
    ]
    if summary.percent_time_frozen is not None:
        lines[0] += f", {summary.percent_time_frozen:.1f} % of the measured time"
    for episode in summary.episodes[:TOLD]:
        at = clock(episode.start - summary.walk.time)
        said = ", said not to be a freeze" if episode.dismissed else ""
        told = f"{episode.duration:.1f} s, {look_of(episode)}, {cue_of(episode)}{said}"
        lines.append(f"  at {at} for {told}")
    if summary.freezes > TOLD:
        lines.append(f"  and {summary.freezes - TOLD} more")
    return lines


def _cues(summary: WalkSummary) -> list[str]:
    if not summary.cues:
        return ["Cues: none"]
    words = [f"Cues: {summary.cues}"]
    if summary.cue_latency is not None:
        words.append(f"{summary.cue_latency.median:.1f} s after the detected onset")
    if summary.cue_heard is not None:
        words.append(f"heard {1e3 * summary.cue_heard.median:.0f} ms after that was decided")
    return [", ".join([*words, *_figure(summary.cue_tempo, "steps/min", 0)])]


def _missing(summary: WalkSummary) -> list[str]:
    lines = []
    if not summary.complete:
        lines.append("Broken off: the events have no end of the walk")
    if summary.missing and summary.samples:
        percent = PERCENT * summary.missing / summary.samples
        lines.append(
            f"Missing: {many(summary.missing, 'sample')} of {summary.samples} ({percent:.2f} %) "
            f"in {many(summary.gaps, 'gap')}, the longest {summary.longest_gap:.2f} s"
        )
    for problem in summary.problems:
        times = f"{problem.times} times, " if problem.times > 1 else ""
        lines.append(f"Problem: {problem.detail} ({times}{problem.count} in all)")
    return lines


def _unmeasured(summary: WalkSummary) -> list[str]:
    lines = []
    if summary.steps and "speed" in summary.reasons:
        lines.append(f"Not measured: speed and distance. {summary.reasons['speed']}")
    elif summary.speed is not None and "height" in summary.reasons:
        lines.append(f"Uncertain: speed and distance. {summary.reasons['height']}")
    if "turns" in summary.reasons:
        lines.append(f"Not measured: turns. {summary.reasons['turns']}")
    return lines


def _figure(spread: Spread | None, unit: str, digits: int) -> list[str]:
    return [] if spread is None else [f"median {spread.median:.{digits}f} {unit}"]
