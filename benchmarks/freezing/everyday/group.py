"""What was counted in one set."""

from dataclasses import dataclass, field

from benchmarks.freezing.everyday.pauses import Pause
from benchmarks.freezing.sources import Source

from gaitcue.events import Profile
from gaitcue.replay.score import Tally, combine


@dataclass(slots=True)
class Group:
    """What was counted in one set at one placement with one profile."""

    source: Source
    profile: Profile
    tallies: list[Tally] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        """Of all walks together."""
        return combine(self.tallies)
