"""Record worn sensors without analysing: every notification goes to the raw log first."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gaitcue.app.log import Log
from gaitcue.bluetooth.device import LOW_BATTERY, Link
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
from gaitcue.imu import Placement, Side
from gaitcue.recording.live import Player, announcement, connection, question
from gaitcue.recording.model import Recording, Sensor
from gaitcue.recording.raw import Record, RecordKind
from gaitcue.recording.walk import create_live_walk, describe_live_walk

LISTEN = 10.0
"""s from a new connection on that are decoded at once, to know its latency: answers come sooner."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """A sensor and where it is worn; `name` is unique in the recording."""

    name: str
    near: Nearby
    placement: Placement | None = None
    side: Side = Side.NONE


class Recorder:
    """Records `sensors` as a new walk folder, while its `log` is entered.

    Parameters
    ----------
    sensors
        Which, and where they are worn.
    folder
        The new walk folder.
    walk
        Who walks, when and with what settings: its name, sensors and source are filled in.
    tell
        Takes what a person should know, in words.

    Raises
    ------
    InputError
        When there is something at `folder`, or it cannot be made.
    """

    def __init__(
        self,
        sensors: Sequence[Worn],
        folder: Path,
        walk: Recording,
        *,
        tell: Tell,
        clock: Clock | None = None,
    ) -> None:
        self._sensors, self._folder, self._walk, self._tell = sensors, folder, walk, tell
        self._clock = clock or MonotonicClock()
        self._latencies: dict[int, Latency] = {}
        self._listening: dict[int, tuple[Player, float]] = {}
        """Of each sensor that is newly connected, and until when, s."""
        self.begun = self._clock.now()
        self.listener: Callable[[Record], None] | None = None
        """Takes every record in the order of the log; at once, so it must not wait."""
        self.watcher: Callable[[int, Streaming | Lost], None] | None = None
        """Takes what becomes of each sensor's connection, by the sensor's number."""
        self.linked: Callable[[int, Link | None], None] | None = None
        """Takes each sensor's link while it streams, by number, and None when it is lost."""
        create_live_walk(folder)
        self._describe()
        self.log = Log(folder)
        """Of the records, and of what they came to."""

    @property
    def now(self) -> float:
        """S since the walk began."""
        return self._clock.now() - self.begun

    def sensor(self, number: int) -> Sensor:
        """What is known of a sensor; of some kinds all is known only when they are started."""
        worn = self._sensors[number]
        device = worn.near.device
        return Sensor(
            name=worn.name,
            placement=worn.placement,
            side=worn.side,
            rate=device.timing.rate,
            gyroscope=device.gyroscope,
            device=device.title,
            latency=self._latencies.get(number),
            read=lambda: iter(()),
        )

    def keep(self, record: Record) -> None:
        """Have a record written; does not wait."""
        self.log.put(record)
        if self.listener:
            self.listener(record)

    async def run(self, stop: asyncio.Event, duration: float | None = None) -> None:
        """Record until `stop`, or for `duration` s.

        Raises
        ------
        InputError
            When the folder cannot be written; what was written stays.
        """
        connecting = asyncio.Lock()
        for number, worn in enumerate(self._sensors):
            self.keep(announcement(number, 0, worn.name))
        async with asyncio.TaskGroup() as group:
            links = [
                group.create_task(
                    stay_connected(
                        worn.near.device,
                        worn.near.handle,
                        self._storing(number),
                        connecting=connecting,
                        linked=partial(self._link_changed, number),
                        clock=self._clock,
                    )
                )
                for number, worn in enumerate(self._sensors)
            ]
            ends = [stop.wait(), self.log.failed.wait()]
            timed = [] if duration is None else [self._clock.sleep(duration)]
            await first_of(*ends, *timed)
            for link in links:
                link.cancel()
        self.keep(Record(RecordKind.END, 0, round(self.now * 1e9)))
        self.log.check()

    def _storing(self, number: int) -> Callable[[Item], None]:
        name = self._sensors[number].name
        starting: list[Item] = []

        def store(item: Item) -> None:
            # How a connection is timed is known when the sensor is started, and is written first.
            if isinstance(item, Connected) or starting:
                starting.append(item)
            else:
                self._keep_item(number, item)
            if isinstance(item, Started | Lost):
                if isinstance(item, Started):
                    self._describe()
                for held in starting:
                    self._keep_item(number, held)
                starting.clear()
            match item:
                case Streaming(battery=battery):
                    self._tell(f"{name}: connected" + _battery_words(battery))
                case Lost(reason=reason):
                    self._tell(f"{name}: {reason}; trying again")
            if isinstance(item, Streaming | Lost) and self.watcher:
                self.watcher(number, item)

        return store

    def _keep_item(self, number: int, item: Item) -> None:
        record = self._record(number, item)
        if record is not None:
            self.keep(record)
            self._listen(number, item, record)

    def _record(self, number: int, item: Item) -> Record | None:
        time = round((item.time - self.begun) * 1e9)
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

    def _listen(self, number: int, item: Item, record: Record) -> None:
        """Decode a new connection until its latency is known."""
        if isinstance(item, Connected):
            if self._sensors[number].near.device.clock_question(0) is None:
                return
            self._listening[number] = Player(self.sensor(number)), item.time + LISTEN
        if number not in self._listening:
            return
        player, until = self._listening[number]
        for found in player.take(record):
            if isinstance(found, Latency):
                self._know_latency(number, found)
                until = item.time
        if item.time >= until:
            del self._listening[number]

    def _know_latency(self, number: int, found: Latency) -> None:
        if number not in self._latencies:
            self._tell(f"{self._sensors[number].name}: latency {found}")
        self._latencies[number] = found
        self._describe()

    def _link_changed(self, number: int, link: Link | None) -> None:
        if self.linked:
            self.linked(number, link)

    def _describe(self) -> None:
        described = replace(
            self._walk,
            name=self._folder.name,
            source="recorded",
            sensors=tuple(self.sensor(number) for number in range(len(self._sensors))),
        )
        describe_live_walk(described, self._folder)


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
    walk = Recording(name="", subject=subject, sensors=())
    recorder = Recorder(sensors, folder, walk, tell=tell, clock=clock)
    with recorder.log:
        await recorder.run(stop, duration)


def _battery_words(battery: int | None) -> str:
    if battery is None:
        return ""
    return f", battery {battery} %" + (", charge it" if battery < LOW_BATTERY else "")
