"""gaitcue at equally many false cues: ``python -m benchmarks.peers.ours [--work DIR]``.

Adds it to the tables of `benchmarks.peers.freezing`. Needs the models that
``python -m benchmarks.freezing.train`` leaves in the work folder; each person is judged by the one
that never saw them.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.freezing.known import walks_of_people
from benchmarks.freezing.people import WORK
from benchmarks.freezing.runs import FREEZING
from benchmarks.peers.equal import at_equal_false_cues
from benchmarks.peers.freezing import OURS, PLACES, keep, measured
from benchmarks.places import data_folder


def main() -> int:
    """Measure; exit status 2 without data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK)
    work, folder = parser.parse_args().work, data_folder()
    found = measured()
    found["equal"][OURS] = at_equal_false_cues(
        {
            (source.data, source.placement): [
                (walk.example, walk.odds)
                for walks in walks_of_people(source, folder, work).values()
                for walk in walks
            ]
            for source in PLACES
            if source.data in FREEZING
        }
    )
    keep(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
