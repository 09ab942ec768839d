"""What the simulated walker does: a sequence of segments, and who the walker is."""

from dataclasses import dataclass, field
from enum import StrEnum


class FreezeKind(StrEnum):
    """How the walker is frozen; the first three as clinical raters name them.

    The kinds are those of the DeFOG annotation scheme (Zoetewei et al. 2021, Front Neurol).
    """

    TREMBLING = "trembling"
    """The knees tremble at 3 to 8 Hz, the feet stay where they are."""
    SHUFFLING = "shuffling"
    """Very short, fast steps that hardly move the body (festination)."""
    AKINETIC = "akinetic"
    """No movement at all."""
    START_HESITATION = "start_hesitation"
    """Trembling and shifting weight where the first step should come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Straight walking for `duration` s at `speed` m/s and `cadence` steps/min."""

    duration: float
    speed: float = 1.0
    cadence: float = 105.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn by `angle` rad (left positive) in `duration` s, stepping on.

    A `speed` of 0 m/s is a turn in place.
    """

    angle: float
    duration: float
    speed: float = 0.3
    cadence: float = 105.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A freezing episode of `duration` s."""

    kind: FreezeKind
    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Quiet standing for `duration` s; after walking it is a stop on purpose."""

    duration: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sit:
    """Sitting for `duration` s, in which sitting down and standing up are included."""

    duration: float


Segment = Walk | Turn | Freeze | Stand | Sit


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """The person.

    Attributes
    ----------
    height
        m.
    asymmetry
        Left steps take ``1 + asymmetry`` of the mean step time, right ones ``1 - asymmetry``.
    variability
        Coefficient of variation of step time and of step length.
    arm_swing
        Swing of the arm relative to that of the leg on the other side.
    tremor
        Peak acceleration of a 4 to 6 Hz tremor at a limb, m/s²; 0 for none.

    Raises
    ------
    ValueError
        When nobody could walk like that.
    """

    height: float = 1.70
    asymmetry: float = 0.02
    variability: float = 0.03
    arm_swing: float = 0.6
    tremor: float = 0.0

    def __post_init__(self) -> None:
        if not (
            0.5 <= self.height <= 2.5
            and abs(self.asymmetry) <= 0.3
            and 0 <= self.variability <= 0.2
            and 0 <= self.arm_swing <= 2
            and 0 <= self.tremor <= 50
        ):
            raise ValueError(
                "a walker has a height of 0.5 to 2.5 m, an asymmetry within 0.3, a variability of "
                f"0 to 0.2, an arm swing of 0 to 2 and a tremor of 0 to 50 m/s², unlike {self}"
            )

    @property
    def leg_length(self) -> float:
        """Hip to ground, m: 0.53 of body height (Winter 2009, Biomechanics, fig. 4.1)."""
        return 0.53 * self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A walk: its segments one after another without a break, and its walker.

    Raises
    ------
    ValueError
        When there is no segment, or one has no positive duration or an impossible speed.
    """

    name: str
    segments: tuple[Segment, ...]
    walker: Walker = field(default_factory=Walker)

    def __post_init__(self) -> None:
        if not self.segments:
            raise ValueError("a scenario needs at least one segment")
        for segment in self.segments:
            if not segment.duration > 0:
                raise ValueError(f"a segment must last longer than 0 s: {segment}")
            if isinstance(segment, Walk | Turn) and not (
                segment.cadence > 0 and segment.speed >= 0
            ):
                raise ValueError(f"cadence must be above 0 and speed not below 0: {segment}")

    @property
    def duration(self) -> float:
        """The whole walk, s."""
        return sum(segment.duration for segment in self.segments)
