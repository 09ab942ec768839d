"""Several sensors on one walker: one tracker each, and one stream of events.

`FusedTracker` is all that the rest of the house needs; one sensor is the fusion of one. Inside,
`merge` brings the sensors' events into one order, `presence` knows which sensors are there, and
`fusion` decides what is told: `steps` which contacts, `bouts` of which walking bouts, `freezes`
which freezes, each by what `members` says of how well a placement sees what. Why so is told in
``docs/explanation/fusion.md``.
"""

from gaitcue.gait.fusion.members import BODY, Source
from gaitcue.gait.fusion.tracker import WAIT, FusedTracker, Known

__all__ = ["BODY", "WAIT", "FusedTracker", "Known", "Source"]
