"""Score whole sets of recordings, person by person."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.imu import Placement
from gaitcue.recording.model import Recording, Sensor
from gaitcue.replay.choose import choose_sensors
from gaitcue.replay.pipeline import replay
from gaitcue.replay.score.bootstrap import Interval, intervals, mean_window_auc
from gaitcue.replay.score.figures import Figures, figures
from gaitcue.replay.score.tally import SCORABLE, STEP_TOLERANCE, Tally, combine, tally_walk


@dataclass(frozen=True, eq=False)
class Score:
    """The tallies of every person, and why recordings were left out.

    Attributes
    ----------
    tallies
        By pseudonym, in alphabetical order; preceded by the source where two sources share it.
    left_out
        For each recording that could not be scored, a sentence that says why.
    """

    tallies: dict[str, Tally]
    left_out: tuple[str, ...]

    @cached_property
    def pooled(self) -> Figures:
        """The figures of all people together."""
        return figures(combine(self.tallies.values()), subjects=len(self.tallies))

    @cached_property
    def per_subject(self) -> dict[str, Figures]:
        """The figures of each person."""
        return {name: figures(tally, subjects=1) for name, tally in self.tallies.items()}

    @cached_property
    def intervals(self) -> dict[str, Interval | None]:
        """The 95 % interval over people of each pooled figure, by the names in `FIGURES`."""
        return intervals(self.tallies)

    @property
    def mean_window_auc(self) -> float | None:
        """Mean of the people's own areas under the ROC curve."""
        return mean_window_auc(list(self.tallies.values()))

    def as_json(self) -> dict[str, Any]:
        """One JSON object: the pooled figures with their intervals, and those of each person."""
        people = {name: dataclasses.asdict(one) for name, one in self.per_subject.items()}
        return dataclasses.asdict(self.pooled) | {
            "mean_window_auc": self.mean_window_auc,
            "intervals": self.intervals,
            "per_subject": people,
        }


def score(
    recordings: Iterable[Recording],
    *,
    placement: Placement | None = None,
    profile: Profile = Profile.QUIET,
    tolerance: float = STEP_TOLERANCE,
) -> Score:
    """Replay every recording and compare it with its annotations.

    Parameters
    ----------
    placement
        Score the sensors worn there, together; None for those that a replay would track.
    tolerance
        Largest distance of a step from its reference contact, s.

    Raises
    ------
    InputError
        When no recording can be scored, saying why.
    """
    tallies: dict[tuple[str, str], list[Tally]] = {}
    left_out: list[str] = []
    for recording in recordings:
        if not recording.annotated & SCORABLE:
            left_out.append(f"{recording.name}: it has no annotations to compare with")
            continue
        try:
            sensors = choose_sensors(recording, placement)
        except InputError as error:
            left_out.append(str(error))
            continue
        tally = _tally(recording, sensors, profile, tolerance)
        person = (recording.subject or recording.name, recording.source)
        tallies.setdefault(person, []).append(tally)
    if not tallies:
        raise InputError(f"nothing to score: {left_out[0] if left_out else 'no recording given'}")
    names = _names(tallies)
    return Score(
        {names[person]: combine(tallies[person]) for person in sorted(tallies)}, tuple(left_out)
    )


def _tally(
    recording: Recording, sensors: Sequence[Sensor], profile: Profile, tolerance: float
) -> Tally:
    events = replay(*sensors, profile=profile, height=recording.height, recording=recording.name)
    return tally_walk(list(events), recording.annotations, recording.annotated, tolerance)


def _names(people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A name for each (subject, source); the source is told only where a subject has several."""
    people = list(people)
    uses = Counter(subject for subject, _ in people)
    return {
        (subject, source): subject if uses[subject] == 1 else f"{source}/{subject}"
        for subject, source in people
    }
