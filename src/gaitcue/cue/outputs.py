"""Several outputs at once, whose beats coincide."""

import time
from collections.abc import Callable, Sequence

from gaitcue.cue.output import Command, Output, Report
from gaitcue.events import CuePlayed, CueStart, OutputChange


class Silent:
    """An output that plays nothing, on time: for a walk whose cues are only to be recorded."""

    name = "none"

    def __init__(self) -> None:
        self._reports: list[Report] = []

    @property
    def delay(self) -> float:
        """None at all."""
        return 0.0

    def take(self, command: Command, at: float) -> None:
        """Note that a cue begins."""
        if isinstance(command, CueStart):
            self._reports.append(
                CuePlayed(time=at, decided=at, start=command.time, command=at, output=self.name)
            )

    def reports(self) -> list[Report]:
        """The beginnings since this was last asked."""
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """Nothing to let go of."""


class Outputs:
    """Tells all of them the same moment: the soonest that the slowest of them can keep.

    Parameters
    ----------
    outputs
        The outputs; may be none.
    clock
        The host clock, s.
    """

    name = "all"

    def __init__(
        self, outputs: Sequence[Output], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._outputs = tuple(outputs)
        self._clock = clock
        self._working = {output.name: True for output in outputs}

    @property
    def delay(self) -> float:
        """Of the slowest that works, s."""
        working = [output.delay for output in self._outputs if self._working[output.name]]
        return max(working, default=0.0)

    @property
    def working(self) -> bool:
        """Whether any of them can play."""
        return any(self._working.values())

    def take(self, command: Command) -> None:
        """Give the command to all, to be perceived as soon as all can."""
        at = self._clock() + self.delay
        for output in self._outputs:
            output.take(command, at)

    def reports(self) -> list[Report]:
        """What happened since this was last asked, in the order of its decision."""
        reports = [report for output in self._outputs for report in output.reports()]
        for report in reports:
            if isinstance(report, OutputChange):
                self._working[report.output] = report.working
        return sorted(reports, key=lambda report: report.decided)

    def close(self) -> None:
        """Close all."""
        for output in self._outputs:
            output.close()
