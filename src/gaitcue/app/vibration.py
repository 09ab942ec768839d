"""The sensor's own motor or tone as an output: one short pulse a beat.

Each pulse ends by itself, so that a computer that dies, or a link that is lost, leaves nothing
running on the body.
"""

import asyncio
import time
from collections import deque
from statistics import median

from gaitcue.bluetooth.device import Device, Link, SensorRefusedError
from gaitcue.bluetooth.trouble import FAILURES, explain
from gaitcue.cue.beats import Beats
from gaitcue.cue.output import Command, Report
from gaitcue.events import CueChange, CueEnd, CuePlayed, CueStart, OutputChange

PULSE = 0.10
"""s: plainly felt, and over well before the next beat at 140 steps/min (0.43 s). Our choice."""

UNKNOWN_DELAY = 0.05
"""s assumed from a command to the motor before any was measured: a connection interval or two."""

MEASURED = 9
"""Pulses whose delay is remembered."""


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
        self._told = False  # whether it was last told to work
        self._task: asyncio.Task[None] | None = None
        self._beats = Beats(0.0, 60.0)
        self._delays: deque[float] = deque(maxlen=MEASURED)
        self._reports: list[Report] = []

    @property
    def delay(self) -> float:
        """From being told to a beat being felt at the soonest, s: as measured on the last pulses.

        A write that the sensor confirms takes its way twice, so half of it is taken.
        """
        return median(self._delays) if self._delays else UNKNOWN_DELAY

    def linked(self, link: Link | None) -> None:
        """Take the link while the sensor streams, and None when it is lost."""
        self._link = link
        if link is None:
            self._stop()
            self._tell(False, "the sensor is not connected")
        else:
            self._tell(True, "ready")

    def take(self, command: Command, at: float) -> None:
        """Begin, change or end a cue; its first beat is to be felt at `at` s (host clock)."""
        match command:
            case CueStart():
                self._stop()
                self._beats = Beats(at, command.tempo)
                self._task = asyncio.ensure_future(self._vibrate(command, time.monotonic()))
            case CueChange():
                self._beats = self._beats.changed(time.monotonic(), command.tempo)
            case CueEnd():
                self._stop()

    def reports(self) -> list[Report]:
        """What happened since this was last asked."""
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """Stop vibrating. May be called twice."""
        self._stop()

    async def _vibrate(self, cue: CueStart, told: float) -> None:
        beat = 0
        while (link := self._link) is not None:
            await asyncio.sleep(self._beats.time(beat) - self.delay - time.monotonic())
            begun = time.monotonic()
            try:
                able = await self._device.buzz(link, duration=PULSE)
            except (*FAILURES, SensorRefusedError) as error:
                self._tell(False, explain(error) if isinstance(error, FAILURES) else str(error))
                return
            now = time.monotonic()
            if not able:
                self._tell(False, "this sensor has nothing to vibrate with")
                return
            self._delays.append((now - begun) / 2)
            if beat == 0:
                felt = begun + self._delays[-1]
                self._reports.append(
                    CuePlayed(
                        time=felt, decided=now, start=cue.time, command=told, output=self.name
                    )
                )
            # Beats that passed while the radio was slow are left out.
            beat = max(beat + 1, self._beats.before(now))

    def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _tell(self, working: bool, detail: str) -> None:
        if working == self._told:
            return
        self._told = working
        now = time.monotonic()
        self._reports.append(
            OutputChange(time=now, decided=now, output=self.name, working=working, detail=detail)
        )
