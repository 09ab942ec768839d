"""Leave one person out: choose a setting on the others, then score that person with it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gaitcue.replay.score import Tally, combine, figures


class Trained(NamedTuple):
    """How one `setting` did on the people it may be chosen on; None where undefined.

    `recall` is the strict one of episodes of 5 s or more, `false_cues` are per hour.
    """

    setting: float
    recall: float | None
    false_cues: float | None


def choose(candidates: Iterable[Trained], most_false: float) -> float:
    """The setting with the highest recall at no more than `most_false` false cues an hour.

    Among equals the one with the fewest false cues, then the first. Where every setting gives more
    false cues than allowed, the one with the fewest.

    >>> low, middle, high = Trained(1.0, 0.9, 60.0), Trained(2.0, 0.6, 40.0), Trained(4.0, 0.6, 8.0)
    >>> choose([low, middle], most_false=60.0)
    1.0
    >>> choose([low, middle], most_false=45.0)
    2.0
    >>> choose([low, middle, high], most_false=45.0)
    4.0
    >>> choose([low, middle], most_false=3.0)
    2.0
    >>> choose([Trained(1.0, None, 9.0), Trained(2.0, None, 8.0)], most_false=45.0)
    2.0
    """

    def merit(one: Trained) -> tuple[bool, float, float]:
        false_cues = one.false_cues or 0.0
        allowed = false_cues <= most_false
        return allowed, (one.recall or 0.0) if allowed else 0.0, -false_cues

    return max(candidates, key=merit).setting


def trained(setting: float, tallies: Iterable[Tally]) -> Trained:
    """How the setting that gave these tallies did on their people."""
    people = list(tallies)
    pooled = figures(combine(people), len(people))
    return Trained(setting, pooled.episodes_5s.recall_strict, pooled.false_cues_per_hour)


def leave_one_out(
    tallies: Mapping[float, Mapping[str, Tally]], most_false: float
) -> dict[str, float]:
    """For each person, the setting chosen on all the others.

    Parameters
    ----------
    tallies
        Of each person with each setting: setting, then person; every setting has the same people.
    most_false
        False cues an hour that the others may get, all together.
    """
    people = next(iter(tallies.values()))
    return {
        left_out: choose(
            [
                trained(setting, [tally for name, tally in each.items() if name != left_out])
                for setting, each in tallies.items()
            ],
            most_false,
        )
        for left_out in people
    }
