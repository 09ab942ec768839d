"""The settings of a walk, as they are kept in ``walk.json`` so that a replay has the same ones."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from gaitcue.cue import CoachSettings, CueMode, TrainingPart
from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.gait.freezing import LARGEST_SENSITIVITY, Correction
from gaitcue.imu import Placement
from gaitcue.recording.model import Recording
from gaitcue.replay.calibration import checked_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkSettings:
    """What the events of a walk depend on besides its motion.

    Attributes
    ----------
    profile
        Operating point of the freeze detector.
    sensitivity
        Log-odds that its threshold lies below the profile's.
    corrections
        Of its model for the person, at each placement that has one.
    coach
        How to coach.
    speed_factor
        Of the person's calibration walk; 1 where there was none.
    """

    profile: Profile = Profile.QUIET
    sensitivity: float = 0.0
    corrections: Mapping[Placement, Correction] = field(default_factory=dict)
    coach: CoachSettings = field(default_factory=CoachSettings)
    speed_factor: float = 1.0

    def __post_init__(self) -> None:
        if not abs(self.sensitivity) <= LARGEST_SENSITIVITY:
            raise InputError(
                f"the sensitivity must be from {-LARGEST_SENSITIVITY:g} to "
                f"{LARGEST_SENSITIVITY:g}, not {self.sensitivity:g}"
            )

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "profile": str(self.profile),
            "sensitivity": self.sensitivity,
            "corrections": {str(at): asdict(one) for at, one in self.corrections.items()},
            "coach": asdict(self.coach),
            "speed_factor": self.speed_factor,
        }

    def usable(self) -> tuple[Self, str]:
        """These without corrections of another freezing model, and a sentence if there were any."""
        fitting = {at: one for at, one in self.corrections.items() if one.fits}
        if len(fitting) == len(self.corrections):
            return self, ""
        return replace(self, corrections=fitting), (
            "what gaitcue adapt learned of the walker belongs to another freezing model and is "
            "left out; run gaitcue adapt again"
        )


def settings_of(recording: Recording) -> WalkSettings:
    """Those that a recorded walk was made with; the usual ones where it does not say.

    Raises
    ------
    InputError
        When they are not what they should be.
    """
    try:
        return _parsed(recording.settings)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{recording.name}: the settings in walk.json are not as they should be ({error})"
        ) from error


def _parsed(said: Mapping[str, Any]) -> WalkSettings:
    coach = dict(said.get("coach", {}))
    if "mode" in coach:
        coach["mode"] = CueMode(coach["mode"])
    coach["programme"] = tuple(TrainingPart(**part) for part in coach.get("programme", ()))
    return WalkSettings(
        profile=Profile(said.get("profile", Profile.QUIET)),
        sensitivity=float(said.get("sensitivity", 0.0)),
        corrections={
            Placement(at): Correction(one["model"], tuple(map(float, one["values"])))
            for at, one in dict(said.get("corrections", {})).items()
        },
        coach=CoachSettings(**coach),
        speed_factor=checked_factor(float(said.get("speed_factor", 1.0))),
    )
