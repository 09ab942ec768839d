"""How right turns and sides are: ``python -m benchmarks.gait.turning``.

Needs GAITCUE_DATA; writes ``results/turning.md``. In voisard497 a turn is found when it overlaps
the publisher's U-turn; in ipol265, which marks none but has one in each walk, when it is in the
walk. Any other one that begins more than 5 s before the end of the walk is invented: at its very
end people do turn round.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from benchmarks.places import RESULTS, data_folder, find
from benchmarks.tables import grid

import gaitcue
from gaitcue.events import Step, Turn
from gaitcue.imu import Placement, Side
from gaitcue.recording import open_recordings
from gaitcue.recording.model import Annotation, Kind, Recording
from gaitcue.replay.pipeline import replay

END = 5.0
"""s at the end of a walk in which people turn round."""

SAME = 0.2
"""s within which a step is taken for a reference contact, to ask whether its side is right."""

SETS = (
    ("voisard497", Placement.LOWER_BACK),
    ("voisard497", Placement.FOOT),
    ("ipol265", Placement.FOOT),
)


@dataclass
class Person:
    """What was counted of one person's walks at one placement."""

    walks: int = 0
    found: int = 0
    invented: int = 0
    angles: list[float] = field(default_factory=list)
    """Degrees, without sign, of the turns that were found."""
    step_errors: list[int] = field(default_factory=list)
    """Steps of a turn less the reference contacts within it."""
    steps: int = 0
    told: int = 0
    right: int = 0
    """Steps that are a reference contact, those of them with a side, and with the right one."""


def measure(recordings: Iterable[Recording], placement: Placement) -> dict[str, Person]:
    """Each person's counts, from every sensor worn at `placement`."""
    people: dict[str, Person] = {}
    for recording in recordings:
        person = people.setdefault(recording.subject, Person())
        contacts = recording.of_kind(Kind.INITIAL_CONTACT)
        for sensor in recording.sensors:
            if sensor.placement is placement:
                events = list(replay(sensor, height=recording.height))
                _turns([e for e in events if isinstance(e, Turn)], recording, contacts, person)
                if sensor.side is Side.NONE:
                    _sides([e for e in events if isinstance(e, Step)], contacts, person)
    return people


def _turns(
    turns: list[Turn], recording: Recording, contacts: list[Annotation], person: Person
) -> None:
    (bout,) = recording.of_kind(Kind.WALKING_BOUT)
    marked = recording.of_kind(Kind.TURN) or [bout]
    times = np.array([contact.onset for contact in contacts])
    for reference in marked:
        inside = [t for t in turns if t.end > reference.onset and t.time < reference.end]
        person.walks += 1
        person.found += bool(inside)
        turns = [t for t in turns if t not in inside]
        if inside:
            largest = max(inside, key=lambda turn: abs(turn.angle))
            inside.remove(largest)
            person.angles.append(abs(np.degrees(largest.angle)))
            within = (times >= largest.time) & (times <= largest.end)
            person.step_errors.append(largest.steps - int(within.sum()))
        turns += inside
    person.invented += sum(bout.onset < turn.time < bout.end - END for turn in turns)


def _sides(steps: list[Step], contacts: list[Annotation], person: Person) -> None:
    for step in steps:
        nearest = min(contacts, key=lambda contact: abs(contact.onset - step.time))
        if abs(nearest.onset - step.time) <= SAME:
            person.steps += 1
            person.told += step.side is not Side.NONE
            person.right += step.side is nearest.side


def main() -> int:
    """Measure whatever is there; exit status 2 without a folder of data sets."""
    folder = data_folder()
    results: dict[str, dict[str, Person]] = {}
    for name, placement in SETS:
        source = find(folder, name)
        if source is None:
            continue
        recordings = list(open_recordings(source))
        for group in sorted({recording.condition.split(",")[0] for recording in recordings}):
            some = (r for r in recordings if r.condition.startswith(group))
            results[f"{name} {group}, {placement}"] = measure(some, placement)
    (RESULTS / "turning.md").write_text(_report(results))
    return 0


def _report(results: dict[str, dict[str, Person]]) -> str:
    sided = {
        name: {person: p for person, p in people.items() if p.told}
        for name, people in results.items()
    }
    lines = [
        "# Turns and sides as measured",
        "",
        f"gaitcue {gaitcue.__version__}. How each is counted: `gait/turning.py`.",
        "",
        "## Turns",
        "",
        *grid(
            ["data", "people", "walks or feet", "found", "invented", "angle 5 %, median, 95 %",
             "steps within 1", "within 2"],
            [_turn_row(name, list(people.values())) for name, people in results.items()],
        ),
        "",
        "## Left and right, by person",
        "",
        *grid(
            ["data", "person", "steps", "told", "of those right"],
            [
                [name, person, str(p.steps), f"{p.told / p.steps:.0%}", f"{p.right / p.told:.1%}"]
                for name, people in sided.items()
                for person, p in [*people.items(), ("all", _sum(people.values()))]
                if p.told
            ],
        ),
    ]  # fmt: skip
    return "\n".join([*lines, ""])


def _sum(people: Iterable[Person]) -> Person:
    total = Person()
    for person in people:
        total.steps += person.steps
        total.told += person.told
        total.right += person.right
    return total


def _turn_row(name: str, people: list[Person]) -> list[str]:
    angles = np.percentile([a for p in people for a in p.angles], (5, 50, 95))
    errors = np.abs([e for p in people for e in p.step_errors])
    return [
        name,
        str(len(people)),
        str(sum(p.walks for p in people)),
        str(sum(p.found for p in people)),
        str(sum(p.invented for p in people)),
        ", ".join(f"{angle:.0f}°" for angle in angles),
        f"{np.mean(errors <= 1):.0%}",
        f"{np.mean(errors <= 2):.0%}",
    ]


if __name__ == "__main__":
    sys.exit(main())
