"""What the walker or the physio may set of the coach."""

from dataclasses import dataclass
from enum import StrEnum

from gaitcue.errors import InputError

SLOWEST_TEMPO, FASTEST_TEMPO = 60.0, 140.0
"""steps/min that a cue stays within. A beat of 4 Hz provoked freezing of the feet (47 % of trials
against 14 % without, PMC5590736); 140 keeps well below it, 60 is one step a second."""

SLOWEST_FACTOR, FASTEST_FACTOR = 0.90, 1.10
"""Range of the tempo factor: the two sides that were studied (Willems 2006: 10 % slower; Arias &
Cudeiro 2010: 10 % faster)."""


class CueMode(StrEnum):
    """When cues are given."""

    ON_DEMAND = "on_demand"
    """When a freeze is found. The default."""
    CONTINUOUS = "continuous"
    """Whenever the person walks, and when a freeze is found."""
    MANUAL = "manual"
    """Only when somebody asks for one."""
    TRAINING = "training"
    """As continuous, at the tempi of a programme."""


@dataclass(frozen=True, slots=True)
class TrainingPart:
    """`duration` s of a training programme at `tempo` steps/min."""

    duration: float
    tempo: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachSettings:
    """How to coach.

    Attributes
    ----------
    mode
        When cues are given. A cue that is asked for is given in every mode.
    tempo_factor
        Tempo of a cue over the walker's own steady cadence, 0.90 to 1.10.
    tempo
        Of every cue, steps/min; None takes it from the walker's own steady cadence.
    programme
        Parts of the training, counted from the first walking; for the mode training.
    trial
        Seed of the walker's own trial, which withholds half of the cues at random to learn whether
        they help; None for no trial. Only for somebody who has consented, and on demand.

    Raises
    ------
    InputError
        When a value is outside its range, or does not go with the mode.
    """

    mode: CueMode = CueMode.ON_DEMAND
    tempo_factor: float = 1.0
    tempo: float | None = None
    programme: tuple[TrainingPart, ...] = ()
    trial: int | None = None

    def __post_init__(self) -> None:
        if not SLOWEST_FACTOR <= self.tempo_factor <= FASTEST_FACTOR:
            raise InputError(
                f"the tempo factor must be from {SLOWEST_FACTOR:.2f} to {FASTEST_FACTOR:.2f}, "
                f"not {self.tempo_factor:g}"
            )
        tempi = [*([] if self.tempo is None else [self.tempo]), *(p.tempo for p in self.programme)]
        for tempo in tempi:
            if not SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO:
                raise InputError(
                    f"the tempo must be from {SLOWEST_TEMPO:g} to {FASTEST_TEMPO:g} steps/min, "
                    f"not {tempo:g}"
                )
        if any(not part.duration > 0 for part in self.programme):
            raise InputError("each part of a training programme must last longer than 0 s")
        if (self.mode is CueMode.TRAINING) != bool(self.programme):
            raise InputError(
                "a training programme goes with the mode training, and that mode with a programme"
            )
        if self.trial is not None and self.mode is not CueMode.ON_DEMAND:
            raise InputError("a trial goes with the mode on_demand only: leave one of them out")
