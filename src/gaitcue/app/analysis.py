"""The analysis of a live walk: takes the records as they are kept, in a task of its own.

What a connection stores is only put down in order there (`listen`); the work is done here, so that
no notification waits for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from gaitcue.app.recorder import Recorder
from gaitcue.app.session import Session
from gaitcue.cue import Outputs, Report
from gaitcue.errors import InputError
from gaitcue.events import CuePlayed
from gaitcue.recording.live import entered
from gaitcue.recording.raw import Record, RecordKind

TICK = 0.05
"""s between looks at the clock and the outputs: stale data are noticed as late as that."""


class Analysis:
    """Feeds a session, which begins with the first connection: then all is known of that sensor.

    Parameters
    ----------
    recorder
        Of the walk; this listens to it.
    begin
        Makes the session.
    outputs
        What plays the cues.

    Attributes
    ----------
    failed
        Why the analysis had to end, if it had to.
    """

    def __init__(
        self,
        recorder: Recorder,
        begin: Callable[[], Session],
        outputs: Outputs,
    ) -> None:
        self._recorder = recorder
        self._begin, self._outputs = begin, outputs
        self._session: Session | None = None
        self._records: deque[Record] = deque()
        self._waiting: list[Record] = []  # until the session begins
        self._woken = asyncio.Event()
        self.failed: InputError | None = None
        recorder.listener = self.listen

    def listen(self, record: Record) -> None:
        """Put a record down; does not wait."""
        self._records.append(record)
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until it is cancelled; sets `stop` when that is not possible any more."""
        try:
            while True:
                try:
                    async with asyncio.timeout(TICK):
                        await self._woken.wait()
                except TimeoutError:
                    pass
                self._woken.clear()
                self._work()
        except InputError as error:
            self.failed = error
            stop.set()

    def finish(self) -> bool:
        """Take what is left and end the session; gives whether there was any motion.

        Raises
        ------
        InputError
            Why the analysis had to end, if it had to.
        """
        if self.failed is None:
            self._take_all()
        if self.failed is not None:
            raise self.failed
        return self._session is not None and self._session.finish()

    def _work(self) -> None:
        self._take_all()
        now = self._recorder.now
        for report in self._outputs.reports():
            event = self._on_the_walks_clock(report)
            self._recorder.keep(entered(round(now * 1e9), event))
        self._take_all()
        if self._session is not None:
            self._session.tick(now)

    def _take_all(self) -> None:
        while self._records:
            record = self._records.popleft()
            if self._session is None:
                self._waiting.append(record)
                if record.kind is not RecordKind.CONNECTED:
                    continue
                self._session = self._begin()
                waiting, self._waiting = self._waiting, []
            else:
                waiting = [record]
            for one in waiting:
                if one.kind is RecordKind.CONNECTED:
                    self._session.learn(self._recorder.sensor(one.sensor))
                self._session.take(one)

    def _on_the_walks_clock(self, report: Report) -> Report:
        """As an output tells it by the host's clock, on that of the walk."""
        begun = self._recorder.begun
        event = replace(report, time=report.time - begun, decided=report.decided - begun)
        if isinstance(event, CuePlayed):
            return replace(event, command=event.command - begun)
        return event
