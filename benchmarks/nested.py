"""Freezing, refitted without the person scored: ``python benchmarks/nested.py [SET...]``.

Scores data sets with freezing, found as by accuracy.py, at several values of the rule's freeze
index. Each person is then scored at the value that did best on all the others of the set. Writes
``results/nested.md`` and ``results/nested.jsonl``; README.md beside this file says what they mean.
"""

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from unittest.mock import patch

from tqdm import tqdm

from accuracy import RESULTS, Trial, ask_for
from bootstrap import intervals, without_scores
from gaitcue.events import Profile
from gaitcue.gait import stretch
from gaitcue.gait.freezing import LEG, TRUNK, Rule
from gaitcue.imu import Placement
from gaitcue.recording import open_recordings
from gaitcue.replay.score import Score, score
from nested_report import Nested, write_report
from outcome import Outcome
from selection import leave_one_out, trained

TRIALS = (
    Trial("daphnet", Placement.SHANK),
    Trial("daphnet", Placement.WAIST),
    Trial("tdcsfog", Placement.LOWER_BACK),
    Trial("turning_in_place", Placement.SHANK),
    Trial("stanford_lumbar", Placement.LOWER_BACK),
)

FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
"""Of the freeze index as shipped: each about the square root of two times the one before."""

MOST_FALSE = {Profile.QUIET: 3.0, Profile.ASSIST: 15.0}
"""False cues an hour that the people chosen on may get: what the rule as shipped gives in tdcsfog,
rounded."""

PROCESSES = 2

Job = tuple[Trial, Path, Profile, float]


def main() -> int:
    """Run every trial whose data are there; exit status 2 without any."""
    trials = ask_for(TRIALS, __doc__)
    jobs: list[Job] = [
        (trial, source, profile, factor)
        for (trial, source), profile, factor in product(trials, MOST_FALSE, FACTORS)
    ]
    with ProcessPoolExecutor(PROCESSES) as pool:
        progress = tqdm(pool.map(run, jobs), total=len(jobs), disable=None)
        scores = dict(zip(jobs, progress, strict=True))
    outcomes = [
        refit(
            trial, profile, {factor: scores[trial, source, profile, factor] for factor in FACTORS}
        )
        for (trial, source), profile in product(trials, MOST_FALSE)
    ]
    RESULTS.mkdir(exist_ok=True)
    lines = [json.dumps(outcome.as_json(), allow_nan=False) for outcome in outcomes]
    (RESULTS / "nested.jsonl").write_text("\n".join(lines) + "\n")
    (RESULTS / "nested.md").write_text(write_report(outcomes))
    return 0


def run(job: Job) -> Score:
    """Score everybody with the freeze index as shipped times a factor."""
    trial, source, profile, factor = job
    with (
        patch.object(stretch, "TRUNK", _scaled(TRUNK, factor)),
        patch.object(stretch, "LEG", _scaled(LEG, factor)),
    ):
        result = score(open_recordings(source), placement=trial.placement, profile=profile)
    people = {name: without_scores(tally) for name, tally in result.tallies.items()}
    return Score(people, result.left_out)


def refit(trial: Trial, profile: Profile, scores: Mapping[float, Score]) -> Nested:
    """Choose for each person on the others, and put the scores of the chosen together."""
    shipped = scores[1.0]
    tallies = {factor: one.tallies for factor, one in scores.items()}
    chosen = leave_one_out(tallies, MOST_FALSE[profile])
    refitted = {name: tallies[factor][name] for name, factor in chosen.items()}
    rule = LEG if trial.placement in stretch.LEGS else TRUNK
    return Nested(
        most_false=MOST_FALSE[profile],
        freeze_index=rule.freeze_index,
        candidates=tuple(trained(factor, each.values()) for factor, each in tallies.items()),
        chosen=chosen,
        shipped=_outcome(trial, profile, shipped),
        refitted=_outcome(trial, profile, Score(refitted, shipped.left_out)),
    )


def _scaled(rule: Rule, factor: float) -> Rule:
    return rule._replace(freeze_index=rule.freeze_index * factor)


def _outcome(trial: Trial, profile: Profile, result: Score) -> Outcome:
    return Outcome(
        data=trial.data,
        placement=trial.placement,
        profile=profile,
        score=result,
        mean_window_auc=None,
        intervals=intervals(result.tallies),
    )


if __name__ == "__main__":
    sys.exit(main())
