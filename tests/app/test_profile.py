"""The profile of a person: what it says, what is refused, and that notes stay."""

import re
from pathlib import Path

import pytest

from gaitcue.app.profile import TEMPLATE, read_profile, remember_adaptation, remember_sensor
from gaitcue.cue import CueMode, TrainingPart
from gaitcue.errors import InputError
from gaitcue.events import Profile
from gaitcue.gait.freezing import Correction
from gaitcue.imu import Placement, Side

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "profile.md"

FULL = """
name = "P07"
height = 1.68
walks = "/tmp/walks"
[[sensor]]
which = "AA:BB:CC:DD:EE:FF"
placement = "shank"
side = "left"
[[sensor]]
placement = "lower_back"
[detector]
profile = "assist"
sensitivity = -0.5
[cue]
mode = "training"
tempo_factor = 0.95
programme = [{duration = 300, tempo = 95}, {duration = 60, tempo = 100}]
[sound]
sound = "footsteps"
level = 3
device = "Bose AirPods of Ann"
vibration = true
[sound.extra_delay]
"AirPods" = 0.18
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "profile.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_that_is_not_there_is_made_with_the_usual_values(tmp_path: Path) -> None:
    person = read_profile(tmp_path / "new" / "profile.toml")
    assert (tmp_path / "new" / "profile.toml").read_text("utf-8") == TEMPLATE
    assert person.height is None
    assert (person.sensors[0].placement, person.sensors[0].side) == (
        Placement.LOWER_BACK, Side.NONE
    )  # fmt: skip
    assert person.settings.profile is Profile.QUIET
    assert person.settings.coach.mode is CueMode.ON_DEMAND
    assert person.speaker.level == 7
    empty = read_profile(written(tmp_path, ""))
    assert (empty.name, empty.sensors, empty.settings, empty.speaker) == (
        person.name, person.sensors, person.settings, person.speaker
    )  # fmt: skip


def test_a_full_profile_says_all_of_it(tmp_path: Path) -> None:
    person = read_profile(written(tmp_path, FULL))
    assert (person.name, person.height, person.walks) == ("P07", 1.68, Path("/tmp/walks"))  # noqa: S108
    assert [s.placement for s in person.sensors] == [Placement.SHANK, Placement.LOWER_BACK]
    assert (person.settings.profile, person.settings.sensitivity) == (Profile.ASSIST, -0.5)
    coach = person.settings.coach
    assert coach.programme == (TrainingPart(300.0, 95.0), TrainingPart(60.0, 100.0))
    assert (coach.mode, coach.tempo_factor) == (CueMode.TRAINING, 0.95)
    speaker = person.speaker
    assert (speaker.sound, speaker.level, speaker.extra_delay) == ("footsteps", 3, 0.18)
    assert person.vibration


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "cannot be understood"),
        ("hight = 1.7", "'hight' is no entry; there are"),
        ("height = 170", "1 to 2.5 m, not 170"),
        ('height = "1.7"', "'height' must be a number"),
        ("speed_factor = 3", "from 0.6 to 1.6"),
        ("[[sensor]]\nplacement = 'knee'", "must be one of lower_back"),
        ("[[sensor]]\nwhere = 'shank'", "'where' in \\[sensor\\] is no entry"),
        ("[detector]\nsensitivity = 3", "from -2 to 2, not 3"),
        ("[detector]\nsensitivity = nan", "from -2 to 2, not nan"),
        ("[detector.correction.knee]", "'knee' in \\[correction\\] is no entry"),
        ("[detector.correction.shank]\nvalues = [1]", "'model' in \\[shank\\] is missing"),
        ("[detector.correction.shank]\nmodel='x'\nvalues = ['1']", "must be a list of numbers"),
        ("[detector.correction.shank]\nmodel='x'\nvalues = [inf]", "of finite numbers"),
        ("[cue]\nmode = 'sometimes'", "must be one of on_demand"),
        ("[cue]\ntempo = 200", "60 to 140 steps/min"),
        ("[cue]\nprogramme = [{duration = 3}]", "'tempo' in \\[programme\\] is missing"),
        ("[sound]\nlevel = 11", "from 1"),
        ("[sound]\nsound = 'trumpet'", "there is no sound 'trumpet'"),
        ("[sound]\nlevel = true", "must be a whole number"),
        ("[sound]\ndevice = 'X'\n[sound.extra_delay]\nX = 9", "0 to 0.5 s"),
        ("sensor = 3", "'sensor' must be a list"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=words) as refused:
        read_profile(path)
    assert str(path) in str(refused.value)


def test_an_adaptation_is_remembered_and_another_takes_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, TEMPLATE)
    first = {Placement.SHANK: Correction("x", (0.5, -0.25)), Placement.WAIST: Correction("x", ())}
    remember_adaptation(path, 0.5, first)
    settings = read_profile(path).settings
    assert (settings.sensitivity, settings.corrections) == (0.5, first)
    remember_adaptation(path, 0.0, {Placement.SHANK: Correction("y", (1.0,))})
    assert read_profile(path).settings.corrections == {Placement.SHANK: Correction("y", (1.0,))}
    remember_adaptation(path, 0.0, {})
    assert set(path.read_text("utf-8").splitlines()) <= set(TEMPLATE.splitlines())
    assert read_profile(path).sensors == read_profile(written(tmp_path, TEMPLATE)).sensors


def test_the_sensor_is_remembered_and_notes_stay(tmp_path: Path) -> None:
    path = written(tmp_path, TEMPLATE)
    remember_sensor(path, 0, "AA:BB")
    after = path.read_text("utf-8")
    assert read_profile(path).sensors[0].which == "AA:BB"
    assert [line for line in after.splitlines() if "which" not in line] == [
        line for line in TEMPLATE.splitlines() if "which" not in line
    ]
    bare = written(tmp_path, "# mine\n")
    remember_sensor(bare, 0, "AA:BB")
    assert bare.read_text("utf-8").startswith("# mine")
    assert read_profile(bare).sensors[0].which == "AA:BB"


def test_the_page_tells_every_entry() -> None:
    page = PAGE.read_text("utf-8")
    entries = set(re.findall(r"^(?:# )?(\w+) =", TEMPLATE, flags=re.MULTILINE))
    assert len(entries) > 12
    for entry in entries:
        assert f"| `{entry}` |" in page
