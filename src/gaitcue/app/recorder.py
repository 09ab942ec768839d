"""Record worn sensors without analysing: every notification goes to the raw log first."""

import asyncio
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from gaitcue.bluetooth.latency import Latency
from gaitcue.bluetooth.link import (
    Asked,
    Clock,
    Connected,
    Item,
    Lost,
    MonotonicClock,
    Notification,
    Started,
    Streaming,
    first_of,
    stay_connected,
)
from gaitcue.bluetooth.scan import Nearby
from gaitcue.errors import InputError
from gaitcue.imu import Placement, Side
from gaitcue.recording.live import RAW_FILE, Player, announcement, connection, question
from gaitcue.recording.model import Recording, Sensor
from gaitcue.recording.raw import RawWriter, Record, RecordKind
from gaitcue.recording.walk import create_live_walk, describe_live_walk

SYNC_EVERY = 1.0
"""s; a loss of power costs no more than so much."""
LISTEN = 10.0
"""s from a new connection on that are decoded at once, to know its latency: answers come sooner."""
LOW_BATTERY = 20
"""Percent; below it, it is told: an hour's walk may empty the sensor."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """A sensor and where it is worn; `name` is unique in the recording."""

    name: str
    near: Nearby
    placement: Placement | None = None
    side: Side = Side.NONE


async def record(
    sensors: Sequence[Worn],
    folder: Path,
    *,
    subject: str = "",
    tell: Tell,
    stop: asyncio.Event,
    duration: float | None = None,
    clock: Clock | None = None,
) -> None:
    """Record `sensors` as the new walk folder `folder` until `stop`, or for `duration` s.

    Raises
    ------
    InputError
        When there is something at `folder`, or it cannot be written; what was written stays.
    """
    clock = clock or MonotonicClock()
    connecting = asyncio.Lock()
    create_live_walk(folder)

    latencies: dict[int, Latency] = {}

    def describe() -> None:
        described = [_described(worn, latencies.get(number)) for number, worn in enumerate(sensors)]
        describe_live_walk(
            Recording(
                name=folder.name, subject=subject, source="recorded", sensors=tuple(described)
            ),
            folder,
        )

    def know_latency(number: int, found: Latency) -> None:
        if number not in latencies:
            tell(f"{sensors[number].name}: {_latency_words(found)}")
        latencies[number] = found
        describe()

    describe()
    with _Log(folder / RAW_FILE, clock.now(), sensors, know_latency) as log:
        async with asyncio.TaskGroup() as group:
            links = [
                group.create_task(
                    stay_connected(
                        worn.near.device,
                        worn.near.handle,
                        _storing(log, number, worn, tell, describe),
                        connecting=connecting,
                        clock=clock,
                    )
                )
                for number, worn in enumerate(sensors)
            ]
            ends = [stop.wait(), log.failed.wait()]
            if duration is not None:
                await first_of(*ends, clock.sleep(duration))
            else:
                await first_of(*ends)
            for link in links:
                link.cancel()
    log.check()


def _described(worn: Worn, latency: Latency | None) -> Sensor:
    """What is known of a sensor; of some kinds all is known only when they are started."""
    device = worn.near.device
    return Sensor(
        name=worn.name,
        placement=worn.placement,
        side=worn.side,
        rate=device.timing.rate,
        gyroscope=device.gyroscope,
        device=device.title,
        latency=latency,
        read=lambda: iter(()),
    )


def _latency_words(latency: Latency) -> str:
    return f"latency about {1e3 * latency.delay:.0f} ms, give or take {1e3 * latency.error:.0f} ms"


def _storing(
    log: "_Log", number: int, worn: Worn, tell: Tell, describe: Callable[[], None]
) -> Callable[[Item], None]:
    starting: list[Item] = []

    def store(item: Item) -> None:
        # How a connection is timed is known when the sensor is started, and is written first.
        if isinstance(item, Connected) or starting:
            starting.append(item)
        else:
            log.put(number, item)
        if isinstance(item, Started | Lost):
            for held in starting:
                log.put(number, held)
            starting.clear()
        match item:
            case Started():
                describe()
            case Streaming(battery=battery):
                tell(f"{worn.name}: connected" + _battery_words(battery))
            case Lost(reason=reason):
                tell(f"{worn.name}: {reason}; trying again")

    return store


def _battery_words(battery: int | None) -> str:
    if battery is None:
        return ""
    return f", battery {battery} %" + (", charge it" if battery < LOW_BATTERY else "")


class _Log:
    """Writes what the links store, in a thread: a slow disk must not make the links wait."""

    def __init__(
        self,
        path: Path,
        begun: float,
        sensors: Sequence[Worn],
        know_latency: Callable[[int, Latency], None],
    ) -> None:
        self._path, self._begun, self._sensors = path, begun, sensors
        self._know_latency = know_latency
        self._listening: dict[int, tuple[Player, float]] = {}
        """Of each sensor that is newly connected, and until when, s."""
        self._queue: queue.SimpleQueue[tuple[int, Item] | None] = queue.SimpleQueue()
        self._error: InputError | None = None
        self._loop = asyncio.get_running_loop()
        self.failed = asyncio.Event()

    def put(self, number: int, item: Item) -> None:
        """Have an item of a sensor written; does not wait."""
        self._queue.put((number, item))

    def __enter__(self) -> "_Log":
        self._writer = RawWriter(self._path)
        self._thread = threading.Thread(target=self._run, name="raw log")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()
        self._writer.close()

    def check(self) -> None:
        """Raise what kept the log from being written, if anything did."""
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            for number, worn in enumerate(self._sensors):
                self._writer.append(announcement(number, 0, worn.name))
            self._write_items()
            self._writer.sync()
        except InputError as error:
            self._error = error
            self._loop.call_soon_threadsafe(self.failed.set)

    def _write_items(self) -> None:
        synced = self._begun
        while (entry := self._queue.get()) is not None:
            number, item = entry
            found = self._record(number, item)
            if found is not None:
                self._writer.append(found)
                self._listen(number, item, found)
            if item.time >= synced + SYNC_EVERY:
                synced = item.time
                self._writer.sync()

    def _listen(self, number: int, item: Item, record: Record) -> None:
        """Decode a new connection until its latency is known."""
        if isinstance(item, Connected):
            worn = self._sensors[number]
            if worn.near.device.clock_question(0) is None:
                return
            self._listening[number] = Player(_described(worn, None)), item.time + LISTEN
        if number not in self._listening:
            return
        player, until = self._listening[number]
        for found in player.take(record):
            if isinstance(found, Latency):
                self._loop.call_soon_threadsafe(self._know_latency, number, found)
                until = item.time
        if item.time >= until:
            del self._listening[number]

    def _record(self, number: int, item: Item) -> Record | None:
        time = round((item.time - self._begun) * 1e9)
        match item:
            case Notification(characteristic=characteristic, value=value):
                return Record.value(number, time, characteristic, value)
            case Connected():
                device = self._sensors[number].near.device
                return connection(number, time, device.name, device.timing)
            case Asked(token=token):
                return question(number, time, token)
            case Lost():
                return Record(RecordKind.DISCONNECTED, number, time)
        return None


@contextmanager
def stopped_by_signals() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set, so that what runs can end in order."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
