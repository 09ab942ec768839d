"""What is set of the loudspeaker."""

from dataclasses import dataclass

from gaitcue.cue.coach import UNKNOWN_CADENCE
from gaitcue.cue.level import DEFAULT_LEVEL, check_level
from gaitcue.errors import InputError

LONGEST_EXTRA_DELAY = 0.5
"""s. Bluetooth earphones were found to be 0.15 to 0.25 s late (measurements on AirPods in Apple's
developer forum, thread 679274); twice that is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerSettings:
    """How cues are to sound, and where.

    Attributes
    ----------
    device
        Part of the device's name, as `output_devices` lists it; empty takes the system's default.
    sound
        Name of the sound of the beat.
    level
        1 to 10.
    tempo
        steps/min for which the sound is made first, so that it is there for the first cue.
    extra_delay
        s by which sound is later than the device says, as with Bluetooth earphones.
    latency
        s that the device is asked to buffer; None begins short and takes longer when sound is
        lost.

    Raises
    ------
    InputError
        When the level or the delay is out of range.
    """

    device: str = ""
    sound: str = "tick"
    level: int = DEFAULT_LEVEL
    tempo: float = UNKNOWN_CADENCE
    extra_delay: float = 0.0
    latency: float | None = None

    def __post_init__(self) -> None:
        check_level(self.level)
        if not 0 <= self.extra_delay <= LONGEST_EXTRA_DELAY:
            raise InputError(
                f"the extra delay must be from 0 to {LONGEST_EXTRA_DELAY:g} s, "
                f"not {self.extra_delay:g} s"
            )
