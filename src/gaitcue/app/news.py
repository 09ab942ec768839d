"""What the walker is told of what happens: in words, and aloud where it matters."""

from dataclasses import dataclass

from gaitcue.cue import EndReason, StartReason
from gaitcue.cue.sounds.speech import Phrase, text_of
from gaitcue.events import (
    Button,
    CueChange,
    CueEnd,
    CueStart,
    CueWithheld,
    Event,
    FreezeStart,
    MountingSlip,
    OutputChange,
    Press,
    SensorChange,
)


@dataclass(frozen=True, slots=True)
class News:
    """Something to be told: `text` on the screen, `phrase` aloud if there is one."""

    text: str
    phrase: Phrase | None = None


def aloud(phrase: Phrase) -> News:
    """Something that is said as it is written."""
    return News(text_of(phrase), phrase)


def news_of(event: Event) -> News | None:
    """What is told of an event; None for what only the record needs."""
    match event:
        case FreezeStart():
            return News("A freeze, it seems.")
        case CueStart(reason=reason, tempo=tempo):
            return News(f"{_WHY[StartReason(reason)]}: {tempo:.0f} steps a minute.")
        case CueChange(tempo=tempo):
            return News(f"The beat goes on: {tempo:.0f} steps a minute.")
        case CueEnd(reason=reason):
            return _of_end(EndReason(reason))
        case CueWithheld():
            return News("No beat this time, as agreed for the trial.")
        case Press(button=Button.STOP):
            return aloud(Phrase.STOPPED)
        case Press(button=Button.NOT_A_FREEZE):
            return aloud(Phrase.NOTED)
        case MountingSlip():
            return News("The sensor has moved on the body, it seems: fasten the strap.")
        case SensorChange(sensor=sensor, working=working):
            return _of_sensor(sensor, working=working)
        case OutputChange(output=output, working=working, detail=detail):
            text = f"{output}: {detail}"
            return News(text if working else f"NO SOUND, {text}")
    return None


def _of_sensor(sensor: str, *, working: bool) -> News:
    if working:
        return News(f"{sensor}: motion comes from it.")
    return News(f"{sensor}: nothing comes from it. {text_of(Phrase.ONE_LOST)}", Phrase.ONE_LOST)


def _of_end(reason: EndReason) -> News:
    if reason is EndReason.LIMIT:
        return aloud(Phrase.NOT_HELPING)
    return News(f"The beat is off: {_OVER[reason]}.")


_WHY = {
    StartReason.FREEZE: "Beat for a freeze",
    StartReason.DRAWN: "Beat for a freeze",
    StartReason.RESCUE: "Beat for a freeze",
    StartReason.PRESSED: "Beat, as you asked",
    StartReason.WALKING: "Beat for the walk",
}

_OVER = {
    EndReason.STEPPING: "you are walking",
    EndReason.NO_STEPPING: "you are standing",
    EndReason.LIMIT: "it does not help",
    EndReason.STANDING: "you are standing",
    EndReason.PROGRAMME_OVER: "the training is over",
    EndReason.DISMISSED: "that was not a freeze",
    EndReason.STOPPED: "stopped",
    EndReason.NO_OUTPUT: "there is no sound",
    EndReason.SENSOR_GAP: "data from the sensor are missing",
    EndReason.STALE_DATA: "nothing comes from the sensor",
    EndReason.WALK_END: "the walk has ended",
}
