"""A metronome to walk to, by itself: no sensor, only the beat, its keys and its display."""

import asyncio
import math
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gaitcue.app import keyboard
from gaitcue.app.beat import Beat, Plan, Taps, allowed, plan_commands
from gaitcue.app.keyboard import key_presses
from gaitcue.app.screen import SQUARE, Screen, large, whole_screen
from gaitcue.app.stopping import stopped_by_signals
from gaitcue.cue import CueWav
from gaitcue.cue.beats import SECONDS_PER_MINUTE
from gaitcue.cue.level import LOUDEST_LEVEL, SOFTEST_LEVEL
from gaitcue.cue.output import Command, Output
from gaitcue.cue.sounds import check_sound, sound_named
from gaitcue.cue.speaker import Speaker, SpeakerSettings
from gaitcue.errors import InputError
from gaitcue.events import CuePlayed, OutputChange

LOOK = 0.04
"""s between looks at keys, reports and the beat: what is shown is late by no more than that."""

CLOSING = 0.2
"""s that the last beat's fade may take to be heard before the sound is let go."""

FLASH = 0.3
"""Part of a beat for which it is shown. Our choice: clearly seen, and dark between."""

FOOT = 12
"""Characters of the mark of a foot."""

STARTING = "the sound is starting"
"""News before the output has told whether it works; the plan begins then."""

KEYS = "Up/Down tempo   Left/Right volume   T tap the tempo   Space pause   Q end"


class AdjustableOutput(Output, Protocol):
    """An output whose level can be set while it plays."""

    def set_level(self, level: int) -> None:
        """Take another level, 1 to 10, from the next beat on."""


class Metronome:
    """Plays a plan on an output, obeys keys and shows what it does.

    Parameters
    ----------
    plan
        What to play.
    output
        What plays it; it is closed at the end.
    sound
        Name of the sound, to be shown.
    show
        Where it is shown; None where there is no screen.
    tell
        Takes news of the output in words.
    """

    def __init__(
        self,
        plan: Plan,
        output: AdjustableOutput,
        *,
        sound: str,
        show: Screen | None,
        tell: Callable[[str], None],
    ) -> None:
        self._plan, self._output = plan, output
        self._sound, self._show, self._tell = sound, show, tell
        self._beat = Beat(plan.tempo)
        self._level = plan.level
        self._taps = Taps()
        self._ramp = deque(plan.changes())
        self._late = 0.0
        self._known, self._working, self._news = False, True, STARTING
        self._over = asyncio.Event()
        self.heard = False

    def press(self, key: str) -> None:
        """Do what the key means, if it means anything."""
        now, beat = asyncio.get_running_loop().time(), self._beat
        match key.lower():
            case keyboard.UP | "+":
                self._set_tempo(now, round(beat.tempo) + 1)
            case keyboard.DOWN | "-":
                self._set_tempo(now, round(beat.tempo) - 1)
            case keyboard.RIGHT:
                self._set_level(self._level + 1)
            case keyboard.LEFT:
                self._set_level(self._level - 1)
            case "t":
                tempo = self._taps.add(now)
                if tempo is not None:
                    self._set_tempo(now, tempo)
            case keyboard.SPACE if self._known:
                self._give(beat.end(now) if beat.sounds else beat.start(now))
            case keyboard.ESCAPE | "q":
                self._over.set()

    async def play(self, stop: asyncio.Event) -> None:
        """Play until the plan is over, a key ends it or `stop` is set."""
        now = asyncio.get_running_loop().time
        try:
            self._listen()
            while not (self._known or self._over.is_set() or stop.is_set()):
                await self._look(now)
            begun = now()
            end = begun + (math.inf if self._plan.duration is None else self._plan.duration)
            self._give(self._beat.start(begun))
            while now() < end and not (self._over.is_set() or stop.is_set()):
                while self._ramp and now() >= begun + self._ramp[0][0]:
                    self._take_tempo(now(), self._ramp.popleft()[1])
                await self._look(now, end)
            if self._beat.sounds:
                self._give(self._beat.end(now()))
            await asyncio.sleep(CLOSING)
            self._listen()
        finally:
            self._output.close()

    async def _look(self, now: Callable[[], float], end: float = math.inf) -> None:
        self._listen()
        if self._show:
            self._show(self.lines(now()))
        await asyncio.sleep(min(LOOK, max(end - now(), 0.0)))

    def lines(self, now: float) -> list[str]:
        """What is shown at `now` s."""
        left, right = self._feet(now)
        return [
            "",
            *(f"    {line}" for line in large(round(self._beat.tempo))),
            "",
            f"    steps a minute{'' if self._beat.sounds or not self._known else '   PAUSED'}",
            "",
            *[f"    {left:{FOOT}}        {right}".rstrip()] * 3,
            "",
            f"    {self._sound}, volume {self._level} of {LOUDEST_LEVEL}",
            f"    {'' if self._working else 'NO SOUND: '}{self._news}",
            "",
            f"    {KEYS}",
        ]

    def _feet(self, now: float) -> tuple[str, str]:
        """The left and the right mark; one of them is there while its beat is heard."""
        beats, mark = self._beat.beats, SQUARE * FOOT
        if not self._beat.sounds:
            return "", ""
        beat = beats.first + (now - self._late - beats.start) * beats.tempo / SECONDS_PER_MINUTE
        if beat < 0 or beat % 1 > FLASH:
            return "", ""
        return (mark, "") if int(beat) % 2 == 0 else ("", mark)

    def _set_tempo(self, now: float, tempo: float) -> None:
        self._ramp.clear()
        self._take_tempo(now, allowed(tempo))

    def _take_tempo(self, now: float, tempo: float) -> None:
        if self._beat.sounds:
            self._give(self._beat.change(now, tempo))
        else:
            self._beat.tempo = tempo

    def _set_level(self, level: int) -> None:
        self._level = min(max(level, SOFTEST_LEVEL), LOUDEST_LEVEL)
        self._output.set_level(self._level)

    def _give(self, command: Command) -> None:
        self._output.take(command, asyncio.get_running_loop().time() + self._output.delay)

    def _listen(self) -> None:
        for report in self._output.reports():
            match report:
                case CuePlayed():
                    self._late, self.heard = report.time - report.start, True
                case OutputChange(working=working, detail=detail):
                    if working and not self._working and self._beat.sounds:
                        self._give(self._beat.start(asyncio.get_running_loop().time()))
                    self._known, self._working, self._news = True, working, detail
                    self._tell(detail)


def play_here(plan: Plan, sound: str, device: str) -> bool:
    """Play on a sound device until it is ended; gives whether anything was heard.

    Raises
    ------
    InputError
        When there is no such sound, or its file cannot be read.
    """
    check_sound(sound)
    settings = SpeakerSettings(sound=sound, level=plan.level, device=device, tempo=plan.tempo)
    return asyncio.run(_play_here(plan, settings))


def write_wav(plan: Plan, sound: str, path: Path) -> None:
    """Write what would be played.

    Raises
    ------
    InputError
        When the plan has no duration, there is no such sound, or the file cannot be written.
    """
    if plan.duration is None:
        raise InputError("--wav needs to know how long: give --duration as well")
    with CueWav(path, sound_named(sound), plan.level) as wav:
        wav.begin(0.0)
        for command in plan_commands(plan, plan.duration):
            wav.take(command)
        wav.finish(plan.duration)


async def _play_here(plan: Plan, settings: SpeakerSettings) -> bool:
    news: deque[str] = deque(maxlen=1)
    with whole_screen() as show:
        metronome = Metronome(
            plan,
            Speaker(settings),
            sound=settings.sound,
            show=show,
            tell=news.append if show else _tell,
        )
        with stopped_by_signals() as stop, key_presses(metronome.press):
            await metronome.play(stop)
    if news and not metronome.heard:
        _tell(news.pop())
    return metronome.heard


def _tell(text: str) -> None:
    sys.stderr.write(f"gaitcue: {text}\n")
