"""A live walk while it lasts: what comes in is tracked, cued, kept and told."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from gaitcue.app.news import News, aloud, news_of
from gaitcue.app.status import Status
from gaitcue.app.wear import Wear
from gaitcue.bluetooth.device import Battery, Notice
from gaitcue.cue import STALE_AFTER, Outputs
from gaitcue.cue.sounds.speech import Phrase
from gaitcue.events import (
    Button,
    CueChange,
    CueEnd,
    CueStart,
    Event,
    OutputChange,
    Press,
)
from gaitcue.recording.model import Sensor
from gaitcue.recording.raw import Record
from gaitcue.replay.arrivals import Arrival, Arrivals, Said, Sent, Stale
from gaitcue.replay.pipeline import Pipeline
from gaitcue.replay.settings import WalkSettings


class Session:
    """Takes the records of a walk in the order of its raw log, and the clock's time.

    Times are s since the walk began, as in the log.

    Parameters
    ----------
    sensors
        Those that are tracked.
    height
        Of the person, m, where known.
    name
        Of the walk.
    keep
        Takes what happened.
    outputs
        What plays the cues.
    status
        What is shown of the walk.
    tell
        Takes what the walker is to be told.

    Raises
    ------
    InputError
        When a sensor cannot be tracked.
    """

    def __init__(
        self,
        sensors: Sequence[Sensor],
        settings: WalkSettings,
        *,
        height: float | None,
        name: str,
        keep: Callable[[Event], None],
        outputs: Outputs,
        status: Status,
        tell: Callable[[News], None],
    ) -> None:
        self._arrivals = Arrivals(sensors)
        self._pipeline = Pipeline(
            *sensors,
            profile=settings.profile,
            sensitivity=settings.sensitivity,
            corrections=settings.corrections,
            height=height,
            speed_factor=settings.speed_factor,
            coach=settings.coach,
            recording=name,
        )
        self._keep, self._outputs, self._tell = keep, outputs, tell
        self._names = [sensor.name for sensor in sensors]
        self._learnt: set[str] = set()
        self._wear = [Wear() for _ in sensors]
        self._told: set[tuple[int, Phrase]] = set()  # of what each sensor's wear is wrong
        self._stale = False
        self._silent = False
        self.status = status

    def learn(self, sensor: Sensor) -> None:
        """Take what is known of a sensor with its first connection."""
        if sensor.name in self._names and sensor.name not in self._learnt:
            self._learnt.add(sensor.name)
            number = self._names.index(sensor.name)
            self._arrivals.learn(number, sensor)
            self._pipeline.learn(number, sensor)

    def take(self, record: Record) -> None:
        """Take in the next record of the log."""
        for arrival in self._arrivals.take(record):
            self._take(arrival)

    def tick(self, now: float) -> None:
        """Let the time come to `now` s: stale data end a cue, and outputs tell what they did."""
        for arrival in self._arrivals.at(now):
            self._take(arrival)
        self.status.data_age = max(now - self._pipeline.fresh, 0.0)

    def finish(self) -> bool:
        """End the walk, whose log has ended; gives whether there was any motion."""
        for arrival in self._arrivals.finish():
            self._take(arrival)
        if self._pipeline.empty:
            return False
        for event in self._pipeline.finish():
            self._happened(event)
        return True

    def _take(self, arrival: Arrival) -> None:
        if isinstance(arrival, Sent):
            self._look_at(arrival)
        elif isinstance(arrival, Stale):
            self._stale = True
            self._tell(aloud(Phrase.SENSOR_LOST))
        elif isinstance(arrival, Said):
            self._hear(arrival)
        for event in self._pipeline.take(arrival):
            self._happened(event)

    def _hear(self, said: Said) -> None:
        name = self._names[said.number]
        match said.what:
            case Battery(percent=percent):
                if self.status.charged(name, percent):
                    self._tell(aloud(Phrase.BATTERY_LOW))
            case Notice(text=text):
                self._tell(News(f"{name}: {text}."))

    def _happened(self, event: Event) -> None:
        self._keep(event)
        if isinstance(event, CueStart | CueChange | CueEnd):
            self._outputs.take(event)
        self.status.take(event)
        news = news_of(event)
        if news is not None:
            self._tell(news)
        match event:
            case OutputChange():
                self._sound_changed()
            case Press(button=Button.CUE_ME) if self.status.data_age > STALE_AFTER:
                self._tell(News("No beat: nothing comes from the sensor."))

    def _sound_changed(self) -> None:
        """Say so when the last output is lost, or one is there again."""
        silent = not self._outputs.working
        if silent != self._silent:
            self._silent = silent
            self._tell(aloud(Phrase.SOUND_LOST if silent else Phrase.SOUND_BACK))

    def _look_at(self, sent: Sent) -> None:
        wear = self._wear[sent.number]
        wear.take(sent.samples)
        if self._stale and not sent.samples.missing.all():
            self._stale = False
            self._tell(aloud(Phrase.SENSOR_BACK))
        for phrase, wrong in (
            (Phrase.NOT_WORN, wear.still),
            (Phrase.WRONG_WAY, wear.implausible),
        ):
            one = (sent.number, phrase)
            if wrong and one not in self._told:
                self._told.add(one)
                news = aloud(phrase)
                if len(self._names) > 1:
                    news = replace(news, text=f"{self._names[sent.number]}: {news.text}")
                self._tell(news)
            elif not wrong:
                self._told.discard(one)
