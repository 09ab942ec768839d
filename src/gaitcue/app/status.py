"""What is shown of a live walk."""

import math
from collections import deque
from collections.abc import Sequence
from statistics import median

from gaitcue.app.screen import large
from gaitcue.bluetooth.device import LOW_BATTERY
from gaitcue.cue import STALE_AFTER
from gaitcue.cue.coach import STANDING_AFTER
from gaitcue.events import CueEnd, CueStart, Event, FreezeEnd, FreezeStart, Step, Stride

RECENT = 6
"""Strides over which cadence and speed are shown: as many as make steady walking."""

KEYS = "SPACE stop everything   C cue me now   N that was not a freeze"


class Status:
    """The walk at a glance; `take` every event, tell how the links are, and set the rest.

    Parameters
    ----------
    sensors
        Their names.

    Attributes
    ----------
    data_age
        s since the latest good sample was taken.
    news
        The last things told, the newest last.
    """

    def __init__(self, sensors: Sequence[str] = ()) -> None:
        self._links = dict.fromkeys(sensors, "not connected")
        self._batteries: dict[str, int] = {}
        self.data_age = math.inf
        self.news: deque[str] = deque(maxlen=4)
        self.cueing = False
        self.tempo = 0.0
        self._frozen = False
        self._steps = self._freezes = self._cues = 0
        self._strides: deque[Stride] = deque(maxlen=RECENT)
        self._last_step = -math.inf
        self._now = 0.0

    def take(self, event: Event) -> None:
        """Note an event."""
        self._now = event.decided
        match event:
            case Step():
                self._steps += 1
                self._last_step = event.time
            case Stride():
                self._strides.append(event)
            case FreezeStart():
                self._frozen = True
                self._freezes += 1
            case FreezeEnd():
                self._frozen = False
            case CueStart():
                self.cueing, self.tempo = True, event.tempo
                self._cues += 1
            case CueEnd():
                self.cueing = False

    def linked(self, sensor: str, words: str) -> None:
        """Note how a sensor's connection is."""
        self._links[sensor] = words

    def charged(self, sensor: str, battery: int) -> bool:
        """Note a sensor's battery, percent; gives whether it has newly become low."""
        before = self._batteries.get(sensor, 100)
        self._batteries[sensor] = battery
        return battery < LOW_BATTERY <= before

    @property
    def doing(self) -> str:
        """What the walker is doing, in large letters."""
        if self.data_age > STALE_AFTER:
            return "NO DATA FROM THE SENSOR"
        if self._frozen:
            return "FREEZING"
        return "WALKING" if self._walking else "STANDING"

    @property
    def _walking(self) -> bool:
        return self._now - self._last_step < STANDING_AFTER

    def lines(self) -> list[str]:
        """What is shown."""
        cadence = median(s.cadence for s in self._strides) if self._strides else None
        speeds = [s.speed for s in self._strides if s.speed is not None]
        cadence_shown = 0 if cadence is None or not self._walking else round(cadence)
        beat = f"BEAT {self.tempo:.0f}" if self.cueing else "beat off"
        age = "never" if math.isinf(self.data_age) else f"{self.data_age:.1f} s ago"
        several = len(self._links) > 1
        links = [
            f"{name if several else 'sensor'} {words}"
            + (f", battery {self._batteries[name]} %" if name in self._batteries else "")
            for name, words in self._links.items()
        ]
        speed = f"{median(speeds):.2f} m/s" if speeds and self._walking else "-"
        return [
            "",
            f"    {self.doing}      {beat}",
            "",
            *(f"    {line}" for line in large(cadence_shown)),
            "",
            "    steps a minute",
            "",
            f"    {self._steps} steps   speed {speed}",
            f"    {self._freezes} freezes   {self._cues} cues",
            *(f"    {link}" for link in links),
            f"    last data {age}",
            "",
            *(f"    {text}" for text in self.news),
            "",
            f"    {KEYS}",
        ]
