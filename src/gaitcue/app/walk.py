"""A live walk with cues, from finding the sensor to its last word."""

import asyncio
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gaitcue.app.analysis import Analysis
from gaitcue.app.keyboard import ESCAPE, SPACE
from gaitcue.app.news import News, aloud
from gaitcue.app.profile import Person, remember_sensor
from gaitcue.app.recorder import Recorder, Worn
from gaitcue.app.screen import Screen
from gaitcue.app.session import Session
from gaitcue.app.status import Status
from gaitcue.app.vibration import Vibration
from gaitcue.bluetooth.device import Link
from gaitcue.bluetooth.devices import recognise
from gaitcue.bluetooth.link import Clock, Lost, MonotonicClock, Streaming, first_of
from gaitcue.bluetooth.scan import SCAN_TIME, Nearby, choose, scan
from gaitcue.cue import Output, Outputs, Silent
from gaitcue.cue.sounds import SOUND_RATE
from gaitcue.cue.sounds.speech import Phrase, spoken
from gaitcue.cue.speaker import Speaker
from gaitcue.errors import InputError
from gaitcue.events import Button, Press
from gaitcue.recording.live import entered
from gaitcue.recording.model import Recording
from gaitcue.replay import choose_sensors
from gaitcue.replay.settings import WalkSettings

SHOW_EVERY = 0.2
"""s between looks of the screen: what is shown is late by no more."""

SCAN_PAUSE = 1.0
"""s between scans for a sensor that is not there."""

REMIND = 30.0
"""s after which it is said aloud again that no sensor was found."""

LAST_WORDS = 4.0
"""s that the last words may take before the sound is let go."""

BUTTONS = {SPACE: Button.STOP, ESCAPE: Button.STOP, "c": Button.CUE_ME, "n": Button.NOT_A_FREEZE}
"""What keys mean. The largest one stops everything."""


class LiveWalk:
    """One live walk of a person.

    Parameters
    ----------
    person
        Who walks.
    folder
        The new walk folder.
    show
        Where it is shown; None where there is no screen.
    tell
        Takes what is told in words, where there is no screen.
    speaker
        What plays and speaks; None for a walk without sound. It is closed at the end.
    clock
        The host's, by which the walk is timed.
    """

    def __init__(
        self,
        person: Person,
        folder: Path,
        *,
        show: Screen | None,
        tell: Callable[[str], None],
        speaker: Speaker | None,
        clock: Clock | None = None,
    ) -> None:
        self._person, self._folder = person, folder
        usable, self._left_out = person.settings.usable()
        self._settings = _for_this_walk(usable, folder.name)
        self._show, self._write, self._speaker = show, tell, speaker
        self._clock = clock or MonotonicClock()
        self._names = [one.name for one in person.sensors]
        self._status = Status(self._names)
        self._stop = asyncio.Event()
        self._recorder: Recorder | None = None

    def press(self, key: str) -> None:
        """Do what the key means, if it means anything."""
        button = BUTTONS.get(key.lower())
        if button is None:
            return
        if self._recorder is not None:
            now = self._recorder.now
            event = Press(time=now, decided=now, button=button)
            self._recorder.keep(entered(round(now * 1e9), event))
        if button is Button.STOP:
            self._stop.set()

    async def walk(self, stop: asyncio.Event, duration: float | None = None) -> bool:
        """Walk until STOP, `stop`, or for `duration` s; gives whether there was any motion.

        Raises
        ------
        InputError
            When the walk cannot be kept, or the sensor cannot serve.
        """
        background = [
            asyncio.ensure_future(self._stop_with(stop)),
            asyncio.ensure_future(self._keep_showing()),
        ]
        try:
            if self._left_out:
                self._words(f"{self._left_out.capitalize()}.")
            self._tell(aloud(Phrase.LOOKING))
            worn = await self._find()
            moved = bool(worn) and await self._walk(worn, duration)
            await self._say_last(Phrase.WALK_ENDED if moved else Phrase.STOPPED)
            return moved
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            if self._speaker is not None:
                self._speaker.close()

    async def _find(self) -> list[Worn]:
        """The person's sensors, looked for until they are there; none if stopped before."""
        reminded, told = -REMIND, ""
        while not self._stop.is_set():
            found: list[Nearby] | None = None
            try:
                found = await scan(recognise, SCAN_TIME)
                worn = self._chosen(found)
            except InputError as error:
                if found is not None and time.monotonic() >= reminded + REMIND:
                    reminded = time.monotonic()
                    self._tell(aloud(Phrase.NO_SENSOR))
                if str(error) != told:
                    told = str(error)
                    self._tell(News(told))
                await first_of(self._stop.wait(), asyncio.sleep(SCAN_PAUSE))
            else:
                self._tell(aloud(Phrase.SENSOR_FOUND))
                return worn
        return []

    def _chosen(self, found: list[Nearby]) -> list[Worn]:
        worn = []
        for number, sensor in enumerate(self._person.sensors):
            near = choose(found, sensor.which)
            if not sensor.which:
                remember_sensor(self._person.path, number, near.advertisement.address)
            worn.append(
                Worn(name=sensor.name, near=near, placement=sensor.placement, side=sensor.side)
            )
        if len({one.name for one in worn}) < len(worn):
            raise InputError("two sensors of the profile are worn at the same place")
        return worn

    async def _walk(self, worn: Sequence[Worn], duration: float | None) -> bool:
        recorder = Recorder(
            worn, self._folder, self._described(), tell=self._words, clock=self._clock
        )
        outputs = self._outputs(recorder, worn)
        analysis = Analysis(recorder, self._session(recorder, len(worn), outputs), outputs)
        recorder.watcher = self._watch
        self._recorder = recorder
        with recorder.log:
            working = asyncio.ensure_future(analysis.run(self._stop))
            try:
                await recorder.run(self._stop, duration)
            except InputError:
                await self._say_last(Phrase.NOT_RECORDED)
                raise
            finally:
                self._recorder = None
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
            return analysis.finish()

    def _described(self) -> Recording:
        person = self._person
        return Recording(
            name="",
            subject=person.name,
            sensors=(),
            height=person.height,
            begun=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            settings=self._settings.as_json(),
        )

    def _outputs(self, recorder: Recorder, worn: Sequence[Worn]) -> Outputs:
        outputs: list[Output] = [] if self._speaker is None else [self._speaker]
        if self._person.vibration:
            vibrations = [Vibration(one.near.device, one.name) for one in worn]

            def linked(number: int, link: Link | None) -> None:
                vibrations[number].linked(link)

            recorder.linked = linked
            outputs += vibrations
        return Outputs(outputs or [Silent()], self._clock.now)

    def _session(self, recorder: Recorder, count: int, outputs: Outputs) -> Callable[[], Session]:
        def begin() -> Session:
            sensors = tuple(recorder.sensor(number) for number in range(count))
            session = Session(
                choose_sensors(Recording(name="walk", subject="", sensors=sensors)),
                self._settings,
                height=self._person.height,
                name=self._folder.name,
                keep=recorder.log.put,
                outputs=outputs,
                status=self._status,
                tell=self._tell,
            )
            self._tell(aloud(Phrase.WALK_STARTED))
            return session

        return begin

    def _watch(self, number: int, item: Streaming | Lost) -> None:
        name = self._names[number]
        if isinstance(item, Lost):
            self._status.linked(name, f"{item.reason}; trying again")
            return
        self._status.linked(name, "connected")
        if item.battery is not None and self._status.charged(name, item.battery):
            self._tell(aloud(Phrase.BATTERY_LOW))

    def _words(self, text: str) -> None:
        self._tell(News(text))

    def _tell(self, news: News) -> None:
        self._status.news.append(news.text)
        if self._show is None:
            self._write(news.text)
        if news.phrase is not None and self._speaker is not None:
            self._speaker.say(news.phrase)

    async def _say_last(self, phrase: Phrase) -> None:
        self._tell(aloud(phrase))
        if self._speaker is not None:
            await asyncio.sleep(min(len(spoken(phrase)) / SOUND_RATE + 0.5, LAST_WORDS))

    async def _stop_with(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stop.set()

    async def _keep_showing(self) -> None:
        while self._show is not None:
            self._show(self._status.lines())
            await asyncio.sleep(SHOW_EVERY)


def _for_this_walk(settings: WalkSettings, name: str) -> WalkSettings:
    """With draws of the trial that are this walk's own: another walk begins with others."""
    if settings.coach.trial is None:
        return settings
    seed = zlib.crc32(f"{settings.coach.trial} {name}".encode())
    return replace(settings, coach=replace(settings.coach, trial=seed))
