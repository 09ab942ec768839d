"""What can happen on a walk, and its JSON-lines form.

Every event says when it happened (`time`) and when that was known (`decided`), both in seconds on
the clock of the motion samples. An unknown value is None (JSON null), never a made-up number.
The JSON form is documented field by field in ``docs/reference/events.md``.
"""

import json
import types
import typing
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, ClassVar, Self

from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side


class Profile(StrEnum):
    """Operating point of the freeze detector."""

    ASSIST = "assist"
    """Finds most freezes and accepts some false cues."""
    QUIET = "quiet"
    """Rarely cues wrongly. The default."""


class Phenotype(StrEnum):
    """What a freeze looks like from outside; the two respond to cues differently."""

    TREMBLING = "trembling"
    """The legs tremble or shuffle with no effective step."""
    AKINETIC = "akinetic"
    """There is no movement, though the person means to walk; a start hesitation is one."""


class Posture(StrEnum):
    """How the walker holds, as far as the placement can tell."""

    UPRIGHT = "upright"
    """The trunk is upright: standing, walking or sitting."""
    LYING = "lying"
    """The trunk is nearer to level than to upright."""
    STANDING = "standing"
    """The thigh is upright: standing or walking."""
    SITTING = "sitting"
    """The thigh is level: sitting, or lying."""


class CuePattern(StrEnum):
    """What a cue sounds like in time."""

    BEAT = "beat"
    """A beat at the tempo from the first moment on."""
    GET_READY = "get_ready"
    """Beats that rise in pitch and say when to step off, then a beat at the tempo."""
    COUNT = "count"
    """A spoken count on the beats."""


class CueStrength(StrEnum):
    """How clear a cue is; how loud either is, the person's profile says."""

    DISCREET = "discreet"
    CLEAR = "clear"


class Button(StrEnum):
    """What the walker or a helper can press."""

    STOP = "stop"
    """Silence at once, no further cue, and the walk ends."""
    CUE_ME = "cue_me"
    """A cue now, whatever the detector says."""
    NOT_A_FREEZE = "not_a_freeze"
    """The freeze that was last found is none: its cue ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at `time` and was known at `decided` (both s)."""

    type: ClassVar[str]

    time: float
    decided: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkStart(Event):
    """The first sample arrived from `sensor`; `rate` is in Hz.

    `recording` is the name of the recorded walk, empty while it is live.
    """

    type: ClassVar[str] = "walk_start"

    sensor: str
    placement: Placement
    side: Side
    rate: float
    gyroscope: bool
    profile: Profile
    software: str
    recording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkEnd(Event):
    """The last sample: how many rows there were, and how many of them were missing."""

    type: ClassVar[str] = "walk_end"

    samples: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Event):
    """An initial contact of a foot; `confidence` is the probability that it was one."""

    type: ClassVar[str] = "step"

    side: Side
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride(Event):
    """From one initial contact (`start`) to the next of the same foot (`time`).

    `duration` s, `cadence` steps/min, `length` m, `speed` m/s; `speed_sd` is one standard
    deviation of the speed's error, m/s.
    """

    type: ClassVar[str] = "stride"

    start: float
    duration: float
    cadence: float
    length: float | None
    speed: float | None
    speed_sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingBoutStart(Event):
    """The first initial contact of a walking bout."""

    type: ClassVar[str] = "walking_bout_start"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingBoutEnd(Event):
    """The last initial contact of the walking bout that began at `start`.

    `steps` counts both feet; `cadence` steps/min, `speed` m/s and `distance` m over the bout;
    `speed_sd` is one standard deviation of the speed's error, m/s.
    """

    type: ClassVar[str] = "walking_bout_end"

    start: float
    steps: int
    cadence: float | None
    speed: float | None
    speed_sd: float | None
    distance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Event):
    """A turn about the vertical from `time` to `end` s; `angle` rad (left +), `peak_rate` rad/s.

    `steps` counts those of both feet that were told by then.
    """

    type: ClassVar[str] = "turn"

    end: float
    angle: float
    peak_rate: float
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureChange(Event):
    """From `time` on the walker holds in `posture`; before the first one it is not known."""

    type: ClassVar[str] = "posture_change"

    posture: Posture


@dataclass(frozen=True, slots=True, kw_only=True)
class MountingSlip(Event):
    """From `time` on the sensor sits on the body turned by `angle` rad against before."""

    type: ClassVar[str] = "mounting_slip"

    angle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeScore(Event):
    """Probability that the walker is freezing, from the motion up to now, four times a second.

    `freeze_index` is the power ratio of the freeze band to the locomotor band, without unit.
    `trembling` and `akinetic` are the parts of the score that speak for either phenotype; they add
    up to it.
    """

    type: ClassVar[str] = "freeze_score"

    score: float
    freeze_index: float | None
    trembling: float | None = None
    akinetic: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeStart(Event):
    """A freezing episode has begun, decided on `score`; it looks like `phenotype`.

    `turning` says whether the walker was turning then, None where that is not known.
    """

    type: ClassVar[str] = "freeze_start"

    score: float
    phenotype: Phenotype
    turning: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeEnd(Event):
    """The freezing episode that began at `start` is over; `score` was its highest."""

    type: ClassVar[str] = "freeze_end"

    start: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CueStart(Event):
    """A rhythmic cue with its first beat at `time`.

    `tempo` steps/min; `reason` says which event it answers, and `latency` s is how long after that
    event's own time the first beat comes.
    """

    type: ClassVar[str] = "cue_start"

    reason: str
    tempo: float
    latency: float
    pattern: CuePattern
    strength: CueStrength


@dataclass(frozen=True, slots=True, kw_only=True)
class CueChange(Event):
    """From the beat at `time` on, the cue that began at `start` goes on like this.

    `tempo` steps/min; `reason` says why it changes.
    """

    type: ClassVar[str] = "cue_change"

    start: float
    reason: str
    tempo: float
    pattern: CuePattern
    strength: CueStrength


@dataclass(frozen=True, slots=True, kw_only=True)
class CueEnd(Event):
    """The cue that began at `start` stops after `beats` beats, for `reason`."""

    type: ClassVar[str] = "cue_end"

    start: float
    beats: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueWithheld(Event):
    """The cue that `reason` called for at `time` is not given: the walker's trial drew no cue.

    `latency` s is how long after the freeze's own time its cue would have come.
    """

    type: ClassVar[str] = "cue_withheld"

    reason: str
    latency: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePlayed(Event):
    """`output` made the first beat of the cue that began at `start` perceptible at `time`.

    `command` is when the output was told, s; `time` includes the delay that is known of it.
    """

    type: ClassVar[str] = "cue_played"

    start: float
    command: float
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChange(Event):
    """From `time` on, `output` can play cues, or cannot; `detail` says why in words."""

    type: ClassVar[str] = "output_change"

    output: str
    working: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Event):
    """Someone pressed `button`."""

    type: ClassVar[str] = "press"

    button: Button


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorGap(Event):
    """`samples` consecutive samples are missing from `time` to `end` s.

    `reset` says whether the gap was longer than the filters bear, so that tracking began afresh.
    """

    type: ClassVar[str] = "sensor_gap"

    end: float
    samples: int
    reset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorChange(Event):
    """From `time` on, good samples come from `sensor`, or none have for a second.

    Told only where several sensors are worn: the others go on without it. Nothing at all from any
    of them is a `SensorGap`.
    """

    type: ClassVar[str] = "sensor_change"

    sensor: str
    placement: Placement
    side: Side
    working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataProblem(Event):
    """`count` samples or rows were not as they should be; `detail` says so in words."""

    type: ClassVar[str] = "data_problem"

    kind: str
    count: int
    detail: str

    def of(self, sensor: str) -> Self:
        """The same, saying whose data they were."""
        return replace(self, detail=f"{sensor}: {self.detail}")


EVENT_TYPES: dict[str, type[Event]] = {
    kind.type: kind
    for kind in (
        WalkStart, WalkEnd, Step, Stride, WalkingBoutStart, WalkingBoutEnd, Turn, PostureChange,
        MountingSlip, FreezeScore, FreezeStart, FreezeEnd, CueStart, CueChange, CueEnd, CueWithheld,
        CuePlayed, OutputChange, Press, SensorGap, SensorChange, DataProblem,
    )
}  # fmt: skip


UNREADABLE = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError
)  # fmt: skip
"""Whatever a line that is no event may cause while it is read."""


def to_json(event: Event) -> str:
    """One line of JSON, without the newline; the same event always gives the same bytes."""
    record = {"type": event.type} | {f.name: getattr(event, f.name) for f in fields(event)}
    return json.dumps(record, allow_nan=False, ensure_ascii=False)


def from_json(line: str) -> Event:
    """The event that `line` describes.

    Raises
    ------
    InputError
        When the line is not one event of a known type with all its fields.
    """
    try:
        record = json.loads(line, parse_constant=_refuse)
        kind = EVENT_TYPES[record.pop("type")]
        hints = typing.get_type_hints(kind)
        values: dict[str, Any] = {n: _convert(hints[n], value) for n, value in record.items()}
        return kind(**values)
    except UNREADABLE as error:
        raise InputError(f"not a gaitcue event ({error}): {line.strip()[:80]!r}") from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _convert(hint: object, value: object) -> object:
    """Check `value` against a field's type and return it as that type."""
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = typing.get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(str(value))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise TypeError(f"{value!r} is not {hint}")
    return value
