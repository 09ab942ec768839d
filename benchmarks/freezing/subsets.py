"""Models of some parts of the people only, each trained once and kept in the work folder."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.freezing.examples import Example
from benchmarks.freezing.network import train
from benchmarks.freezing.operating import Judgement
from benchmarks.freezing.says import say
from benchmarks.freezing.train import write

from gaitcue.gait.freezing.model import Weights


@dataclass(frozen=True, slots=True)
class Subsets:
    """Trains on `learned`, whose people are dealt into `parts`, and keeps models in `work`."""

    learned: Sequence[Example]
    parts: Mapping[str, int]
    work: Path

    def model(self, kept: Collection[int]) -> Weights:
        """The model of the people of the `kept` parts alone."""
        path = self.work / f"only-{'-'.join(map(str, sorted(kept)))}.npz"
        if not path.exists():
            write(train([e for e in self.learned if self.parts[e.person] in kept]), path)
        with path.open("rb") as file:
            return Weights.read(file)

    def judged(
        self, model: Weights, examples: Sequence[Example], left_out: Collection[int]
    ) -> list[Judgement]:
        """What `model` says of those `examples` whose people are in the parts `left_out`."""
        return [(e, say(model, e)) for e in examples if self.parts[e.person] in left_out]
