"""The loudspeaker on a sound device that is paced by the clock, and fails as real ones do."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gaitcue.cue.output import Report
from gaitcue.cue.sounds import SOUND_RATE
from gaitcue.cue.speaker import Speaker, SpeakerSettings
from gaitcue.cue.speaker.child import URGENCY
from gaitcue.events import (
    CueChange,
    CueEnd,
    CuePattern,
    CuePlayed,
    CueStart,
    CueStrength,
    OutputChange,
)
from null_sink import PATIENCE, NullSink, Recorder

SETTLED = 2.2
"""s after opening until PulseAudio's sink has ended its first long wait."""

ATTEMPTS = 3
"""Times to play when the machine was too busy to play without losing sound."""

STRAY = 96
"""Samples, 2 ms, by which an interval may stray while the rate of the device is found out: what
PulseAudio says of it wanders more on a busy machine (57 samples were seen beside four busy loops).
A callback that is held up, or a beat that falls where its block begins, is off by several times as
much; `test_exact` holds beats to their samples where the device has no clock of its own."""

LARGEST_GAP = 0.015
"""s of recording that may be missed: one chunk that is late at both ends."""


class Heard:
    """A speaker and all that it has reported."""

    def __init__(self, settings: SpeakerSettings) -> None:
        self.speaker = Speaker(settings)
        self.reports: list[Report] = []
        self._seen = 0
        self._lost = 0

    @property
    def lost(self) -> int:
        """How often sound was lost since it has settled."""
        return self.speaker.lost - self._lost

    def listen(self) -> None:
        self.reports += self.speaker.reports()

    def wait(self, wanted: Callable[[Report], bool]) -> Report:
        """The next report like that; earlier ones are done with."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.listen()
            while self._seen < len(self.reports):
                self._seen += 1
                if wanted(self.reports[self._seen - 1]):
                    return self.reports[self._seen - 1]
            time.sleep(0.005)
        pytest.fail(f"nothing of the kind was reported, but {self.reports}")

    def says(self, words: str, *, working: bool) -> str:
        """What is said when it next stops or begins to work, with those words in it.

        A busy machine may make a device stop in between, too.
        """
        report = self.wait(
            lambda one: (
                isinstance(one, OutputChange) and one.working is working and words in one.detail
            )
        )
        assert isinstance(report, OutputChange)
        return report.detail

    def played(self) -> CuePlayed:
        report = self.wait(lambda one: isinstance(one, CuePlayed))
        assert isinstance(report, CuePlayed)
        return report

    def settle(self) -> str:
        said = self.says("playing on", working=True)
        self.rest(SETTLED)
        self._lost = self.speaker.lost
        return said

    def until_heard(self, beats: int, recorder: Recorder) -> None:
        """Go on until as many beats are recorded."""
        until = time.monotonic() + PATIENCE
        while len(recorder.onsets()) < beats:
            assert time.monotonic() < until
            self.rest(0.05)

    def rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.listen()
            time.sleep(0.01)

    def start(self, tempo: float, start: float = 5.0) -> None:
        cue = CueStart(
            time=start, decided=start, reason="test", tempo=tempo, latency=0.0,
            pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
        )  # fmt: skip
        self.speaker.take(cue, time.monotonic() + self.speaker.delay)

    def end(self, start: float = 5.0) -> None:
        cue = CueEnd(time=start, decided=start, start=start, beats=0, reason="test")
        self.speaker.take(cue, time.monotonic())


@contextmanager
def hearing(**settings: object) -> Iterator[Heard]:
    heard = Heard(SpeakerSettings(**settings))  # type: ignore[arg-type]
    try:
        yield heard
    finally:
        heard.speaker.close()


def undisturbed(play: Callable[[], tuple[Heard, Recorder]]) -> np.ndarray:
    """The onsets of what is played, once nothing of it was lost for want of computing time."""
    for _ in range(ATTEMPTS):
        heard, recorder = play()
        if not heard.lost and recorder.gap < LARGEST_GAP:
            return recorder.onsets()
    pytest.skip("this machine is too busy to play without losing sound")


def test_beats_fall_on_their_samples_also_over_a_change_of_tempo(sink: NullSink) -> None:
    reports: list[CuePlayed] = []
    times: list[float] = []

    def play() -> tuple[Heard, Recorder]:
        with hearing(latency=0.2) as heard, sink.recorder() as recorder:
            heard.settle()
            heard.start(120.0)
            reports.append(heard.played())
            heard.until_heard(4, recorder)
            change = CueChange(
                time=7.0, decided=7.0, start=5.0, tempo=80.0, reason="test",
                pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
            )  # fmt: skip
            heard.speaker.take(change, time.monotonic())
            heard.until_heard(len(recorder.onsets()) + 4, recorder)
            heard.end()
            heard.rest(0.5)
            times.append(float(recorder.times(recorder.onsets()[:1])[0]))
        return heard, recorder

    quick, slow = SOUND_RATE * 60 / 120, SOUND_RATE * 60 / 80
    intervals = np.diff(undisturbed(play))
    first_slow = int(np.argmax(intervals > (quick + slow) / 2))
    assert first_slow >= 3, "the tempo changes at a beat, not before"
    assert len(intervals) - first_slow >= 2
    assert np.abs(intervals[:first_slow] - quick).max() <= STRAY
    assert np.abs(intervals[first_slow:] - slow).max() <= STRAY
    assert abs(reports[-1].time - times[-1]) < 0.05, "heard when it is said to be heard"


def test_the_parent_may_collect_garbage_and_compute_while_every_beat_is_played(
    sink: NullSink,
) -> None:
    def play() -> tuple[Heard, Recorder]:
        with hearing(latency=0.2) as heard, sink.recorder() as recorder:
            heard.settle()
            heard.start(120.0)
            until = time.monotonic() + PATIENCE
            heap = [[number] for number in range(300_000)]
            while len(recorder.onsets()) < 6:
                assert time.monotonic() < until
                heap += [[number] for number in range(10_000)]
                gc.collect()
            heard.end()
            heard.rest(0.5)
        return heard, recorder

    onsets = undisturbed(play)
    assert np.abs(np.diff(onsets) - SOUND_RATE / 2).max() <= STRAY


def test_what_is_missing_unplugged_suspended_or_killed_is_said_and_plays_again(
    sink: NullSink, capfd: pytest.CaptureFixture[str]
) -> None:
    with hearing(device="AirPods", latency=0.2) as heard:
        said = heard.says("playing on", working=True)
        assert said == "there is no sound device called AirPods; playing on default instead"

        sink.unplug()
        heard.says("has stopped", working=False)
        sink.plug("others")
        heard.says("playing on", working=True)

        sink.suspend(suspended=True, name="others")
        heard.says("has stopped", working=False)
        sink.suspend(suspended=False, name="others")
        heard.says("playing on", working=True)

        sink.stop()
        heard.says("has stopped", working=False)
        sink.start()
        heard.says("playing on", working=True)

        (child,) = children()
        os.kill(child, signal.SIGKILL)
        heard.says("started again", working=False)
        heard.says("playing on", working=True)
        assert len(children()) == 1, "the dead one is not left as a zombie"

        heard.start(100.0)
        assert heard.played().start == 5.0
    assert children() == []
    assert "Traceback" not in capfd.readouterr().err


def test_without_portaudio_one_sentence_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with hearing() as heard:
        heard.says("sound needs the PortAudio library", working=False)
        heard.start(100.0)
        heard.end()
        heard.rest(0.1)
    assert children() == []


def test_a_sound_process_that_cannot_live_is_tried_ever_more_rarely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sounddevice.py").write_text("import os\nos._exit(1)\n")
    monkeypatch.syspath_prepend(tmp_path)
    clock = SimpleNamespace(time=0.0)
    monkeypatch.setattr(
        "gaitcue.cue.speaker.speaker.time", SimpleNamespace(monotonic=lambda: clock.time)
    )
    deaths = []
    with hearing() as heard:
        until = time.monotonic() + PATIENCE
        while len(deaths) < 3:
            assert time.monotonic() < until
            for report in heard.speaker.reports():
                assert isinstance(report, OutputChange)
                assert report.working is False
                deaths.append(report.time)
            if children():
                time.sleep(0.01)
            else:
                clock.time += 0.5
    at_once, later = np.diff(deaths)
    assert at_once < 2.0
    assert 2.0 <= later < 4.0
    assert children() == []


PARENT = """
import sys
from gaitcue.cue.speaker import Speaker, SpeakerSettings
if __name__ == "__main__":
    speaker = Speaker(SpeakerSettings())
    while not (reports := speaker.reports()):
        pass
    print(speaker._process.pid, flush=True)
    sys.stdin.read()
"""


@contextmanager
def parent(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process with a speaker that plays, and its sound process."""
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    process = subprocess.Popen(
        [sys.executable, program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    with process:
        assert process.stdout
        yield process, int(process.stdout.readline())


def test_the_sound_process_comes_first_heeds_no_ctrl_c_and_ends_with_its_parent(
    sink: NullSink,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    with parent(tmp_path) as (process, child):
        if may_hurry():
            assert os.getpriority(os.PRIO_PROCESS, child) == URGENCY
        for _ in range(2):
            os.kill(child, signal.SIGINT)
        assert alive(child)
        process.kill()
        _, errors = process.communicate()
    assert errors == ""
    until = time.monotonic() + PATIENCE
    while alive(child):
        assert time.monotonic() < until, "it plays on without a parent"
        time.sleep(0.01)


def may_hurry() -> bool:
    """Whether this user, in this container if it is one, may put a process before others."""
    attempt = f"import os; os.setpriority(os.PRIO_PROCESS, 0, {URGENCY})"
    return subprocess.run([sys.executable, "-c", attempt], capture_output=True).returncode == 0


def alive(process: int) -> bool:
    """Whether that process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children() -> list[int]:
    """The sound processes of this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            command = (stat.parent / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid() and (fields[0] == "Z" or "spawn_main" in command):
            found.append(int(stat.parent.name))
    return found
