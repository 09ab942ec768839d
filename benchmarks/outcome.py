"""What one run of the accuracy benchmark gives."""

from dataclasses import dataclass
from typing import Any

from benchmarks.rounding import rounded

from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.replay.score import Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """One data set at one placement with one profile."""

    data: str
    placement: Placement
    profile: Profile
    score: Score

    def as_json(self) -> dict[str, Any]:
        """Everything but each person's activities, as one object, to meaningful digits."""
        figures = self.score.as_json()
        for person in figures["per_subject"].values():
            del person["activities"]
        return rounded(
            {
                "data": self.data,
                "placement": self.placement,
                "profile": self.profile,
                "left_out": len(self.score.left_out),
                **figures,
            }
        )
