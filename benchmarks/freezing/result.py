"""What one scored run gives."""

from dataclasses import dataclass
from typing import Any

from benchmarks.rounding import rounded

from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.replay.score import Score


@dataclass(frozen=True, slots=True)
class Result:
    """One data set at one placement with one profile, under the `name` of how it was left out.

    `learned` says whether the set is among those that the shipped model is trained on.
    """

    data: str
    placement: Placement
    learned: bool
    name: str
    profile: Profile
    score: Score

    def as_json(self) -> dict[str, Any]:
        """One object, each person's figures beneath `per_subject`."""
        figures = self.score.as_json()
        for person in figures["per_subject"].values():
            del person["activities"]
        return dict(
            rounded(
                {
                    "data": self.data,
                    "placement": self.placement,
                    "learned": self.learned,
                    "name": self.name,
                    "profile": self.profile,
                    **figures,
                }
            )
        )
