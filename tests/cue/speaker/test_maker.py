import threading
import time

import numpy as np

from gaitcue.cue.sounds import Waveform
from gaitcue.cue.speaker.maker import REACH, Maker, expected
from gaitcue.cue.tables import SoundTables

PATIENCE = 120.0
"""s after which a test gives up on another thread."""


class Slow:
    """A sound that is made when the test says so, one tempo at a time."""

    name = "slow"
    tempo_step = 1.0

    def __init__(self) -> None:
        self.made: list[float] = []
        self.begun = threading.Event()
        self._may, self._done = threading.Semaphore(0), threading.Semaphore(0)

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        self.begun.set()
        assert self._may.acquire(timeout=PATIENCE)
        self.made.append(tempo)
        self._done.release()
        return (np.zeros(4, dtype=np.float32),)

    def make(self, number: int) -> None:
        for _ in range(number):
            self._may.release()
            assert self._done.acquire(timeout=PATIENCE)


def test_what_is_asked_for_is_made_first_and_then_the_tempi_around_it() -> None:
    sound = Slow()
    maker = Maker(SoundTables(sound), 100.0)
    maker.ask(120.0)
    maker.see(idle=True)
    sound.make(4)
    assert sound.made[0] == 120.0
    assert all(abs(tempo - 120.0) <= 2 for tempo in sound.made)


def test_a_command_does_not_wait_for_sounds_that_are_being_made() -> None:
    sound = Slow()
    maker = Maker(SoundTables(sound), 100.0)
    maker.see(idle=True)
    assert sound.begun.wait(PATIENCE)  # it makes one that nobody lets it finish
    maker.ask(90.0)  # would hang here
    sound.make(2)
    assert sound.made[1] == 90.0, "next after the one under way"


def test_nothing_else_is_made_while_a_cue_sounds() -> None:
    sound = Slow()
    maker = Maker(SoundTables(sound), 100.0)
    maker.see(idle=False)
    maker.ask(110.0)
    sound.make(1)
    maker.ask(111.0)
    sound.make(1)
    assert sound.made == [110.0, 111.0]


def test_a_sound_that_cannot_be_made_is_told_once() -> None:
    class Broken:
        name = "broken"
        tempo_step = 1.0

        def beats(self, tempo: float) -> tuple[Waveform, ...]:
            raise ValueError(f"no beats at {tempo:g}")

    maker = Maker(SoundTables(Broken()), 100.0)
    maker.ask(101.0)
    until = time.monotonic() + PATIENCE
    while not (trouble := maker.trouble()) and time.monotonic() < until:
        time.sleep(0.001)
    assert trouble == "no beats at 101"
    assert maker.trouble() == ""


def test_expected_tempi_are_near_and_within_what_is_played() -> None:
    assert expected(100.0)[:3] == [100.0, 99.0, 101.0]
    assert set(expected(100.0)) == set(range(100 - REACH, 100 + REACH + 1))
    assert min(expected(61.0)) == 60.0
    assert max(expected(139.0)) == 140.0
