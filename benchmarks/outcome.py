"""What one run of the accuracy benchmark gives."""

from dataclasses import dataclass
from typing import Any

from bootstrap import Interval
from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.replay.score import Score
from rounding import rounded


@dataclass(frozen=True, slots=True)
class Outcome:
    """One data set at one placement with one profile.

    `mean_window_auc` is the mean of the people's own areas; `intervals` are those of the pooled
    figures, by the names that `bootstrap.FIGURES` gives them.
    """

    data: str
    placement: Placement
    profile: Profile
    score: Score
    mean_window_auc: float | None
    intervals: dict[str, Interval | None]

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
                "mean_window_auc": self.mean_window_auc,
                "intervals": self.intervals,
                **figures,
            }
        )
