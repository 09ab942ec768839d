"""The sensor's own motor or tone as an output.

A sensor with a metronome of its own keeps the beats itself, under a lease: it is told when the
first one is due on its own clock, so that the radio's delays are not felt. Any other is told each
pulse. Beats and pulses end by themselves, so that a computer that dies, or a link that is lost,
leaves nothing running on the body.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from statistics import median
from typing import Any

from gaitcue.bluetooth.device import Device, Link, OwnBeats, SensorRefusedError
from gaitcue.bluetooth.trouble import FAILURES, explain
from gaitcue.cue.beats import Beats
from gaitcue.cue.output import Command, Report
from gaitcue.events import CueChange, CueEnd, CuePlayed, CueStart, OutputChange

PULSE = 0.10
"""s: plainly felt, and over well before the next beat at 140 steps/min (0.43 s). Our choice."""

UNKNOWN_DELAY = 0.05
"""s assumed from a command to the motor before any was measured: a connection interval or two."""

MEASURED = 9
"""Commands whose delay is remembered."""

SYNCHRONISE_EVERY = 30.0
"""s; clocks that differ by 50 ppm have run 1.5 ms apart meanwhile."""


class Vibration:
    """Vibrates on the beats while the sensor is linked; used within one event loop.

    Parameters
    ----------
    device
        Of the sensor that is to vibrate.
    name
        Of the sensor.
    """

    def __init__(self, device: Device, name: str) -> None:
        self.name = f"{name} vibration"
        self._device = device
        self._link: Link | None = None
        self._own: OwnBeats | None = None
        self._told = False  # whether it was last told to work
        self._cue: CueStart | None = None
        self._cue_told = 0.0
        self._task: asyncio.Task[None] | None = None
        self._synchronising: asyncio.Task[None] | None = None
        self._others: set[asyncio.Task[None]] = set()
        self._beats = Beats(0.0, 60.0)
        self._delays: deque[float] = deque(maxlen=MEASURED)
        self._reports: list[Report] = []

    @property
    def delay(self) -> float:
        """From being told to a beat being felt at the soonest, s: as measured on the last commands.

        A pulse that the sensor confirms takes its way twice, so half of it is taken. Beats of the
        sensor's own are asked for by a whole exchange, which they must not come late for.
        """
        return median(self._delays) if self._delays else UNKNOWN_DELAY

    def linked(self, link: Link | None) -> None:
        """Take the link while the sensor streams, and None when it is lost.

        A cue that is still on goes on over a new link.
        """
        self._rest()
        self._link = link
        if link is None:
            self._tell(False, "the sensor is not connected")
            return
        self._own = self._device.own_beats(link)
        if self._own is not None:
            self._synchronising = asyncio.ensure_future(self._synchronise(self._own))
        self._tell(True, "ready")
        if self._cue is not None:
            self._play(self._cue, again=True)

    def take(self, command: Command, at: float) -> None:
        """Begin, change or end a cue; its first beat is to be felt at `at` s (host clock)."""
        match command:
            case CueStart():
                self._end()
                self._beats, self._cue_told = Beats(at, command.tempo), _now()
                self._cue = command
                self._play(command, again=False)
            case CueChange():
                self._beats = self._beats.changed(_now(), command.tempo)
                if self._own is not None and self._task is not None:
                    self._aside(self._own.change(command.tempo))
            case CueEnd():
                self._end()

    def reports(self) -> list[Report]:
        """What happened since this was last asked."""
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """Stop vibrating. May be called twice."""
        self._end()
        self._rest()

    def _play(self, cue: CueStart, *, again: bool) -> None:
        if self._link is None:
            return
        playing = (
            self._pulse(cue, again) if self._own is None else self._keep(self._own, cue, again)
        )
        self._task = asyncio.ensure_future(self._trying(playing))

    async def _keep(self, own: OwnBeats, cue: CueStart, again: bool) -> None:
        """Have the sensor beat, and renew that."""
        while True:
            asked = _now()
            beats = self._beats.changed(asked, self._beats.tempo) if again else self._beats
            first = await own.begin(beats.start, beats.tempo)
            self._delays.append(_now() - asked)
            self._tell(True, "ready")
            if not again:
                await asyncio.sleep(first - _now())
                self._played(cue, first)
            again = True
            while await own.renew():
                await asyncio.sleep(own.renew_every)

    async def _pulse(self, cue: CueStart, again: bool) -> None:
        """Tell the sensor each pulse."""
        beat = self._beats.before(_now()) if again else 0
        while (link := self._link) is not None:
            await asyncio.sleep(self._beats.time(beat) - self.delay - _now())
            begun = _now()
            if not await self._device.buzz(link, duration=PULSE):
                self._tell(False, "this sensor has nothing to vibrate with")
                return
            now = _now()
            self._delays.append((now - begun) / 2)
            if not again:
                self._played(cue, begun + self._delays[-1])
            again = True
            # Beats that passed while the radio was slow are left out.
            beat = max(beat + 1, self._beats.before(now))

    async def _synchronise(self, own: OwnBeats) -> None:
        while True:
            try:
                self._delays.append(await own.synchronise())
            except (*FAILURES, SensorRefusedError):
                return  # whoever begins a cue learns it anew, or says why not
            await asyncio.sleep(SYNCHRONISE_EVERY)

    def _played(self, cue: CueStart, felt: float) -> None:
        self._reports.append(
            CuePlayed(
                time=felt,
                decided=max(felt, _now()),  # a sleep may end a little early
                start=cue.time,
                command=self._cue_told,
                output=self.name,
            )
        )

    async def _trying(self, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        except FAILURES as error:
            self._tell(False, explain(error))
        except SensorRefusedError as error:
            self._tell(False, str(error))

    def _aside(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do it without waiting."""
        task = asyncio.ensure_future(self._trying(doing))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def _end(self) -> None:
        """The cue is over."""
        if self._cue is not None and self._own is not None:
            self._aside(self._own.end())
        self._cue = None
        if self._task is not None:
            self._task.cancel()
        self._task = None

    def _rest(self) -> None:
        """The link is over, and with it what goes on over it."""
        for task in (self._task, self._synchronising):
            if task is not None:
                task.cancel()
        self._task = self._synchronising = self._own = None

    def _tell(self, working: bool, detail: str) -> None:
        if working == self._told:
            return
        self._told = working
        now = _now()
        self._reports.append(
            OutputChange(time=now, decided=now, output=self.name, working=working, detail=detail)
        )


def _now() -> float:
    return asyncio.get_running_loop().time()
