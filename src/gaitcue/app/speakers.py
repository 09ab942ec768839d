"""What can play sound here, how it sounds, and how late it is."""

import asyncio
import json
import math
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

from gaitcue.app.beat import Beat
from gaitcue.app.keyboard import ESCAPE, key_presses
from gaitcue.app.stopping import stopped_by_signals
from gaitcue.app.tapping import SETTLING, TEMPO, USED, Delay, Offset, extra_delay, offset
from gaitcue.cue.beats import Beats
from gaitcue.cue.output import Output
from gaitcue.cue.speaker import Speaker, SpeakerSettings, output_devices
from gaitcue.errors import InputError
from gaitcue.events import CuePlayed, OutputChange

SOFT = 3
"""Level of a test sound: heard in a room, and no surprise in earphones."""

TAPPED = 5
"""Level to tap along with, one of the middle."""

SAFE = 0.1
"""s of latency to ask for while taps are measured: it is reckoned in, and no sound may be lost."""

TEST_TEMPO, TEST_BEATS = 100.0, 4

OPENING = 3.0
"""s for which a device that has just been opened may not play evenly yet."""

PATIENCE = 15.0
"""s after which it is given up to wait for a device that does not play."""

FADING = 0.3
"""s that the last beat may take to be heard before the sound is let go."""

LOOK = 0.01
"""s between looks at what the output reports."""

LONGEST_RUN = 60.0
"""s after which it is given up to wait for taps: twice as long as enough of them take."""

Tell = Callable[[str], None]
Open = Callable[[SpeakerSettings], Output]


def list_speakers(*, as_json: bool) -> int:
    """Print what can play, the default first; 0 if anything can, else 1.

    Raises
    ------
    InputError
        When PortAudio is missing, or the sound system does not answer.
    """
    devices = output_devices()
    for device in devices:
        default = "  (the computer's own choice)" if device.default else ""
        shown = f"{device.name}  [{device.system}]{default}"
        sys.stdout.write((json.dumps(asdict(device)) if as_json else shown) + "\n")
    if not devices:
        _warn("there is no sound device")
    return 0 if devices else 1


def test_here(device: str) -> int:
    """Play a soft sound and say what happens; 0 if it was played, else 1."""

    async def test() -> int:
        with stopped_by_signals() as stop:
            return 0 if await play_test(device, Speaker, _print, stop) else 1

    return asyncio.run(test())


def tap_here(device: str, against: str) -> int:
    """Measure how late a device is by taps on the keyboard; 0 if that could be told, else 1.

    Raises
    ------
    InputError
        When there is no terminal to tap on, or a device does not play.
    """

    async def tap() -> int:
        test = TapTest(Speaker, _print)
        with stopped_by_signals() as stop, key_presses(test.press) as keys:
            if not keys:
                raise InputError("the tap test needs a terminal, to tap on its keyboard")
            return 0 if await test.measure(device, against, stop) else 1

    return asyncio.run(tap())


async def play_test(device: str, open_output: Open, tell: Tell, stop: asyncio.Event) -> bool:
    """Play a few soft ticks on a device; gives whether they were."""
    settings = SpeakerSettings(device=device, level=SOFT, tempo=TEST_TEMPO)
    try:
        async with _playing(settings, open_output, tell, stop) as (output, begun):
            tell(f"{TEST_BEATS} soft ticks are heard now, if it is switched on and turned up;")
            tell(f"the first {1000 * (begun.time - begun.command):.0f} ms after it was asked for")
            await _until(begun.time + 60 / TEST_TEMPO * (TEST_BEATS - 0.5), output, stop)
    except InputError as error:
        tell(str(error))
        return False
    return not stop.is_set()


class TapTest:
    """Two runs of tapping along: with a loudspeaker whose delay is known, and with another.

    Parameters
    ----------
    open_output
        Opens what plays.
    tell
        Takes what is to be read by the person.
    """

    def __init__(self, open_output: Open, tell: Tell) -> None:
        self._open, self._tell = open_output, tell
        self._taps: list[float] = []
        self._key = asyncio.Event()
        self._over = False

    def press(self, key: str) -> None:
        """Take a key: a tap, or the wish to end."""
        if key in (ESCAPE, "q", "Q"):
            self._over = True
        self._taps.append(asyncio.get_running_loop().time())
        self._key.set()

    async def measure(self, device: str, against: str, stop: asyncio.Event) -> Delay | None:
        """Measure how late `device` is over `against`; None when it cannot be told.

        Raises
        ------
        InputError
            When one of them does not play.
        """
        runs = (
            (against, "the computer's own loudspeaker, or earphones on a cable"),
            (device, f"the one to be measured ({device})"),
        )
        offsets: list[Offset] = []
        for number, (name, words) in enumerate(runs, 1):
            self._tell(f"Run {number} of 2: let the sound come from {words}.")
            self._tell("Any key begins. Then tap a key along with the ticks, as exactly as you can")
            self._tell("and always with the same finger, until they stop. Q ends.")
            if not await self._wait(stop):
                return None
            told = await self._run(name, stop)
            if told is None:
                if not self._ended(stop):
                    self._tell("The taps kept to no beat, or were too few. Please try again.")
                return None
            offsets.append(told)
            self._tell(f"Taps came {_milliseconds(told.median)} after the ticks (median).")
        found = extra_delay(*offsets)
        self._report(device, found, offsets[1].median - offsets[0].median)
        return found

    def _report(self, device: str, found: Delay, difference: float) -> None:
        tell = self._tell
        tell(f"{device} is later by {_milliseconds(difference)}, give or take")
        tell(f"{_milliseconds(found.margin)} (95 %, of these two runs alone: half an hour")
        tell("later, or connected anew, earphones may differ by more. Twice is better than once.)")
        if difference != found.delay:
            tell(f"Taken as {found.delay:.2f} s, the nearest that can be.")
        if found.delay <= found.margin:
            tell("That is no more than chance may do: it can as well be left out.")
        tell("For the profile:")
        tell("[sound.extra_delay]")
        tell(f"{json.dumps(device, ensure_ascii=False)} = {found.delay:.2f}")

    async def _run(self, device: str, stop: asyncio.Event) -> Offset | None:
        settings = SpeakerSettings(device=device, level=TAPPED, tempo=TEMPO, latency=SAFE)
        async with _playing(settings, self._open, self._tell, stop) as (output, begun):
            self._taps.clear()
            loop = asyncio.get_running_loop()
            end = loop.time() + LONGEST_RUN
            while len(self._taps) < SETTLING + USED and loop.time() < end:
                if self._ended(stop):
                    return None
                _check(output)
                await asyncio.sleep(LOOK)
            return offset(self._taps, Beats(begun.time, TEMPO))

    async def _wait(self, stop: asyncio.Event) -> bool:
        self._key.clear()
        while not (self._key.is_set() or self._ended(stop)):
            await asyncio.sleep(LOOK)
        return not self._ended(stop)

    def _ended(self, stop: asyncio.Event) -> bool:
        return self._over or stop.is_set()


@asynccontextmanager
async def _playing(
    settings: SpeakerSettings, open_output: Open, tell: Tell, stop: asyncio.Event
) -> AsyncIterator[tuple[Output, CuePlayed]]:
    """An output while it beats, and when its first beat is heard.

    Raises
    ------
    InputError
        When it does not play.
    """
    loop = asyncio.get_running_loop()
    output, beat = open_output(settings), Beat(settings.tempo)
    try:
        await _opened(output, tell, stop)
        output.take(beat.start(loop.time()), loop.time() + output.delay)
        begun = None
        while begun is None:
            if stop.is_set():
                raise InputError("stopped")
            await asyncio.sleep(LOOK)
            begun = _check(output)
        yield output, begun
        output.take(beat.end(loop.time()), loop.time())
        await asyncio.sleep(FADING)
    finally:
        output.close()


async def _opened(output: Output, tell: Tell, stop: asyncio.Event) -> None:
    """Wait until it has played without a stop for a while; some devices stop at first."""
    now = asyncio.get_running_loop().time
    give_up, news = now() + PATIENCE, ""
    since = math.inf
    while now() < since + OPENING and not stop.is_set():
        await asyncio.sleep(LOOK)
        for report in output.reports():
            if isinstance(report, OutputChange):
                if report.working and report.detail.endswith("instead"):
                    raise InputError(report.detail)
                if report.detail != news:
                    tell(report.detail)
                news = report.detail
                since = now() if report.working else math.inf
        if now() > give_up and since == math.inf:
            raise InputError("it does not play")


async def _until(time: float, output: Output, stop: asyncio.Event) -> None:
    while asyncio.get_running_loop().time() < time and not stop.is_set():
        _check(output)
        await asyncio.sleep(LOOK)


def _check(output: Output) -> CuePlayed | None:
    """What was played since this was last asked; raises when it has stopped to work."""
    played = None
    for report in output.reports():
        match report:
            case OutputChange(working=False):
                raise InputError(report.detail)
            case CuePlayed():
                played = report
    return played


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _warn(text: str) -> None:
    sys.stderr.write(f"gaitcue: {text}\n")
