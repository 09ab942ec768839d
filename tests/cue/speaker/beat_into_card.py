"""Plays cues through the real sound library as fast as the device takes them: run by a test.

Arguments: name of the device, minutes of each cue, and tempi in steps/min, one cue after another.
"""

import sys
import threading

from gaitcue.cue import Renderer
from gaitcue.cue.sounds import SOUND_RATE, Waveform, sound_named
from gaitcue.cue.speaker.devices import candidates
from gaitcue.cue.speaker.engine import Engine, Told
from gaitcue.cue.speaker.stream import Stream
from gaitcue.cue.tables import SoundTables
from gaitcue.events import CueEnd, CuePattern, CueStart, CueStrength


class SampleClock:
    """Counts samples, as the device takes them faster than they are heard."""

    def __init__(self) -> None:
        self._position = 0

    def block(self, samples: int, said: float) -> float:  # noqa: ARG002 - by the count alone
        """When the next block's first sample is heard, s."""
        time = self._position / SOUND_RATE
        self._position += samples
        return time


def main(device: str, minutes: float, tempi: list[float]) -> None:
    tables = SoundTables(sound_named("tick"))
    for tempo in tempi:
        tables.prepare(tempo)
    engine, clock = Engine(Renderer(tables, 7), 0.0), SampleClock()
    done, length, position = threading.Event(), minutes * 60.0, 0
    coming = [(k * (length + 2.0), tempo) for k, tempo in enumerate(tempi)]
    ending: list[tuple[float, float]] = []

    def fill(out: Waveform, said: float) -> None:
        nonlocal position
        now = position / SOUND_RATE
        if ending and now >= ending[0][0]:
            _, start = ending.pop(0)
            end = CueEnd(time=now, decided=now, start=start, reason="end", beats=0)
            engine.orders.append(Told(end, now, now))
        if coming and now >= coming[0][0]:
            start, tempo = coming.pop(0)
            cue = CueStart(
                time=start, decided=start, reason="test", tempo=tempo, latency=0.0,
                pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
            )  # fmt: skip
            ending.append((start + length + 0.3, start))  # before the next beat
            engine.orders.append(Told(cue, start + 0.5, start))
        engine.fill(out, clock, said)
        position += len(out)
        if not (coming or ending) and now > (len(tempi)) * (length + 2.0):
            done.set()

    index = next(index for index, name in candidates(device) if name == device)
    stream = Stream(index, 1.0, fill)
    done.wait()
    stream.close()
    if stream.error:
        raise stream.error


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), [float(tempo) for tempo in sys.argv[3:]])
