"""The profile of a person: one readable TOML file, whose notes stay when gaitcue adds to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from gaitcue.app.entries import Entries
from gaitcue.cue import CoachSettings, CueMode, TrainingPart
from gaitcue.cue.level import DEFAULT_LEVEL
from gaitcue.cue.sounds import check_sound
from gaitcue.cue.speaker import SpeakerSettings
from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.gait.freezing import Correction
from gaitcue.imu import Placement, Side
from gaitcue.replay.calibration import checked_factor
from gaitcue.replay.settings import WalkSettings

DEFAULT_PATH = Path("~/.gaitcue/profile.toml")

SHORTEST, TALLEST = 1.0, 2.5
"""m; a height outside was given in another unit."""

TEMPLATE = """\
# The gaitcue profile of one person. Change what you like; what follows a # is a note.
# Every entry is explained in docs/reference/profile.md.

name = "walker"              # a pseudonym, never a real name
# height = 1.70              # m, for step length and speed
# speed_factor = 1.000       # of a trunk sensor's speed, written by gaitcue calibrate
walks = "~/gaitcue-walks"    # folder in which walks are kept

[[sensor]]                   # one such part for each sensor; all are tracked together
which = ""                   # its address, name or kind; found and remembered on the first walk
placement = "lower_back"     # lower_back, waist, shank, foot, thigh, chest, wrist or head
side = "none"                # left, right or none

[detector]
profile = "quiet"            # quiet: rarely cues wrongly; assist: finds most freezes
sensitivity = 0.0            # -2 to 2; above 0 finds more and cues falsely more often

[cue]
mode = "on_demand"           # on_demand, continuous, manual or training
tempo_factor = 1.00          # tempo over the walker's own steady cadence, 0.90 to 1.10
# tempo = 100                # steps/min, instead of the walker's own
# programme = [{duration = 300, tempo = 95}, {duration = 300, tempo = 100}]  # for training, s
# trial = 1                  # number of a trial that the walker has agreed to; see docs

[sound]
sound = "tick"               # tick, tick_tock, footsteps, count or music:FILE
level = 7                    # 1 (softest) to 10
device = ""                  # part of the name of a sound device; empty: the computer's own
vibration = false            # let the sensor vibrate on the beats too, where it can

[sound.extra_delay]          # s by which a device is late, measured by gaitcue speakers --tap-test
# "AirPods" = 0.18
"""


@dataclass(frozen=True, slots=True)
class WornSensor:
    """A sensor of the person: which, and where it is worn."""

    which: str
    placement: Placement
    side: Side

    @property
    def name(self) -> str:
        """In the recording, such as ``left_shank``."""
        place = str(self.placement)
        return place if self.side is Side.NONE else f"{self.side}_{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a profile says."""

    path: Path
    name: str
    height: float | None
    walks: Path
    sensors: tuple[WornSensor, ...]
    settings: WalkSettings
    speaker: SpeakerSettings
    vibration: bool


def read_profile(path: Path) -> Person:
    """The person of a profile; one that is not there yet is made, as a template.

    Raises
    ------
    InputError
        When it cannot be read or written, or something in it is not as it should be.
    """
    document = _document(path)
    get = Entries(document, path, "")
    sensors = tuple(_sensor(get.table(entry, "sensor")) for entry in get.tables("sensor"))
    detector, cue, sound = (get.table(get(key, dict, {}), key) for key in _PARTS)
    device = sound("device", str, "")
    delays = sound.numbers("extra_delay")
    person = Person(
        path=path,
        name=get("name", str, "walker"),
        height=_height(get("height", float, None), path),
        walks=Path(get("walks", str, "~/gaitcue-walks")).expanduser(),
        sensors=sensors or (WornSensor("", Placement.LOWER_BACK, Side.NONE),),
        settings=_in(path, lambda: _settings(detector, cue, get("speed_factor", float, 1.0))),
        speaker=_in(path, lambda: _speaker(sound, device, delays)),
        vibration=sound("vibration", bool, False),
    )
    for part in (get, detector, cue, sound):
        part.check()
    return person


def remember_sensor(path: Path, number: int, which: str) -> None:
    """Write into a profile which its sensor is; all else in it stays as it was.

    Raises
    ------
    InputError
        When the file cannot be read or written.
    """
    document = _document(path)
    entries = document.setdefault("sensor", tomlkit.aot())
    while len(entries) <= number:
        entries.append(tomlkit.table())
    entries[number]["which"] = which
    _write(path, tomlkit.dumps(document))


def remember_speed_factor(path: Path, factor: float) -> None:
    """Write into a profile what a calibration walk told; all else in it stays as it was.

    Raises
    ------
    InputError
        When the file cannot be read or written.
    """
    document = _document(path)
    number = f"{factor:.3f}"
    if "speed_factor" in document:
        document["speed_factor"] = tomlkit.float_(number)
        text = tomlkit.dumps(document)
    else:  # before the first part of the file, whose entry it would else become
        text = f"speed_factor = {number}\n{tomlkit.dumps(document)}"
    _write(path, text)


def remember_adaptation(
    path: Path, sensitivity: float, corrections: Mapping[Placement, Correction]
) -> None:
    """Write into a profile how the detector is adapted to the person, in place of what was.

    All else in it stays as it was.

    Raises
    ------
    InputError
        When the file cannot be read or written.
    """
    document = _document(path)
    if "detector" not in document:
        document.append("detector", tomlkit.table())
    detector = document["detector"]
    detector["sensitivity"] = sensitivity
    if "correction" in detector:
        del detector["correction"]
    if corrections:
        detector["correction"] = {
            str(at): {"model": one.model, "values": list(one.values)}
            for at, one in sorted(corrections.items())
        }
    _write(path, tomlkit.dumps(document))


_PARTS = ("detector", "cue", "sound")


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, TEMPLATE)
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the profile {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the profile {path} is not UTF-8 text (byte {error.start})") from error
    except TOMLKitError as error:
        raise InputError(f"the profile {path} cannot be understood: {error}") from error


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)  # whole or not at all
    except OSError as error:
        raise InputError(f"cannot write the profile {path}: {error.strerror}") from error


def _sensor(get: Entries) -> WornSensor:
    sensor = WornSensor(
        which=get("which", str, ""),
        placement=get.word("placement", Placement, Placement.LOWER_BACK),
        side=get.word("side", Side, Side.NONE),
    )
    get.check()
    return sensor


def _settings(detector: Entries, cue: Entries, speed_factor: float) -> WalkSettings:
    programme = []
    for entry in cue.tables("programme"):
        part = cue.table(entry, "programme")
        programme.append(TrainingPart(part("duration", float), part("tempo", float)))
        part.check()
    return WalkSettings(
        profile=detector.word("profile", Profile, Profile.QUIET),
        sensitivity=detector("sensitivity", float, 0.0),
        corrections=dict(_corrections(detector)),
        coach=CoachSettings(
            mode=cue.word("mode", CueMode, CueMode.ON_DEMAND),
            tempo_factor=cue("tempo_factor", float, 1.0),
            tempo=cue("tempo", float, None),
            programme=tuple(programme),
            trial=cue("trial", int, None),
        ),
        speed_factor=checked_factor(speed_factor),
    )


def _corrections(detector: Entries) -> Iterator[tuple[Placement, Correction]]:
    own = detector.table(detector("correction", dict, {}), "correction")
    for at in Placement:
        entry = own(at, dict, None)
        if entry is not None:
            part = own.table(entry, at)
            yield at, Correction(part("model", str), part.values("values"))
            part.check()
    own.check()


def _speaker(sound: Entries, device: str, delays: Mapping[str, float]) -> SpeakerSettings:
    name = sound("sound", str, "tick")
    check_sound(name)
    matching = [
        delay for part, delay in delays.items() if device and part.casefold() in device.casefold()
    ]
    return SpeakerSettings(
        device=device,
        sound=name,
        level=sound("level", int, DEFAULT_LEVEL),
        extra_delay=matching[0] if matching else 0.0,
    )


def _in(path: Path, make: Callable[[], Any]) -> Any:
    """What is made of the profile at `path`, which its troubles then name."""
    try:
        return make()
    except InputError as error:
        if str(path) in str(error):
            raise
        raise InputError(f"the profile {path}: {error}") from error


def _height(height: float | None, path: Path) -> float | None:
    if height is not None and not SHORTEST <= height <= TALLEST:
        raise InputError(
            f"the profile {path}: the height must be from {SHORTEST:g} to {TALLEST:g} m, "
            f"not {height:g}"
        )
    return height
