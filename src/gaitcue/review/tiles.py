"""The few numbers a report leads with, each with what is known of its certainty."""

from dataclasses import dataclass

from gaitcue.review.summary import PERCENT, WalkSummary
from gaitcue.review.words import about_median, bouts_of, duration, many


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number as it is shown; `value` is empty when it is not known, and `note` says why."""

    name: str
    label: str
    value: str
    unit: str
    note: str


def tiles(summary: WalkSummary) -> tuple[Tile, ...]:
    """At most nine tiles, named after the summary's attributes."""
    return (
        _percent_time_frozen(summary),
        _freezes(summary),
        _spread(summary, "freeze_duration", "Median freeze", "s", 1),
        _steps(summary),
        _spread(summary, "cadence", "Cadence", "steps/min", 0),
        _speed(summary),
        _spread(summary, "stride_length", "Stride length", "m", 2),
        _walking_time(summary),
        _cues(summary),
    )


def sentence(summary: WalkSummary) -> str:
    """The walk in a sentence or two."""
    if summary.steps:
        words = [many(summary.steps, "step")]
        if summary.cadence is not None:
            words.append(f"at {summary.cadence.median:.0f} steps/min")
        if summary.speed is not None:
            words.append(f"and {summary.speed.mean:.2f} m/s")
        walking = f"{' '.join(words)} in {duration(summary.walking_time)} of walking"
    else:
        walking = "no walking was found"
    return f"In {duration(summary.duration)}: {walking}. {_freezing(summary)}"


def _freezing(summary: WalkSummary) -> str:
    if summary.freezes is None or summary.time_frozen is None:
        return "Whether the walker froze is not known."
    if not summary.freezes:
        return "The detector found no freezing."
    found = (
        f"The detector found {many(summary.freezes, 'freezing episode')}, "
        f"{duration(summary.time_frozen)} in all"
    )
    if summary.percent_time_frozen is not None:
        found += f" ({summary.percent_time_frozen:.1f} % of the measured time)"
    if summary.cue_latency is None:
        return f"{found}, and gave no cue."
    return (
        f"{found}, and gave {many(summary.cues, 'cue')}, the first beat "
        f"{summary.cue_latency.median:.1f} s after the onset it found (median)."
    )


def _percent_time_frozen(summary: WalkSummary) -> Tile:
    value, note = "", summary.reasons.get("percent_time_frozen", "")
    if summary.percent_time_frozen is not None and summary.time_frozen is not None:
        value = f"{summary.percent_time_frozen:.1f}"
        note = f"{duration(summary.time_frozen)} of {duration(summary.measured_time)} measured"
    return Tile(
        name="percent_time_frozen", label="Percent time frozen", value=value, unit="%", note=note
    )


def _freezes(summary: WalkSummary) -> Tile:
    if summary.freezes is None:
        value, note = "", summary.reasons["freezes"]
    else:
        value, note = str(summary.freezes), f"detector profile: {summary.walk.profile}"
    return Tile(name="freezes", label="Freezes", value=value, unit="", note=note)


def _steps(summary: WalkSummary) -> Tile:
    note = f"in {bouts_of(summary)} of walking"
    left, right = summary.left_step_time, summary.right_step_time
    if left is not None and right is not None:
        note += f"; step time left {left.mean:.2f} s, right {right.mean:.2f} s"
    return Tile(name="steps", label="Steps", value=str(summary.steps), unit="", note=note)


def _speed(summary: WalkSummary) -> Tile:
    value, note = "", summary.reasons.get("speed", "")
    if summary.speed is not None:
        value = f"{summary.speed.mean:.2f}"
        if summary.speed_sd is None:
            note = "mean; its error is not known"
        else:
            note = f"mean; error ± {summary.speed_sd:.2f} (1 SD)"
        if summary.height is None:
            note += "; height not told"
    return Tile(name="speed", label="Gait speed", value=value, unit="m/s", note=note)


def _walking_time(summary: WalkSummary) -> Tile:
    value, unit = duration(summary.walking_time), ""
    if summary.walking_time < 60:
        value, unit = f"{summary.walking_time:.1f}", "s"
    note = "no time was measured"
    if summary.measured_time > 0:
        share = PERCENT * summary.walking_time / summary.measured_time
        note = f"{share:.0f} % of the measured time"
    return Tile(name="walking_time", label="Walking time", value=value, unit=unit, note=note)


def _cues(summary: WalkSummary) -> Tile:
    note = "no cue was given"
    if summary.cue_latency is not None:
        note = f"median {summary.cue_latency.median:.1f} s after the detected onset"
    return Tile(name="cues", label="Cues", value=str(summary.cues), unit="", note=note)


def _spread(summary: WalkSummary, name: str, label: str, unit: str, digits: int) -> Tile:
    spread = getattr(summary, name)
    if spread is None:
        return Tile(name=name, label=label, value="", unit=unit, note=summary.reasons[name])
    return Tile(
        name=name,
        label=label,
        value=f"{spread.median:.{digits}f}",
        unit=unit,
        note=about_median(spread, digits),
    )
