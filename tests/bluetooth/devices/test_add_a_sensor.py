import asyncio
import re
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, Frame
from gaitcue.bluetooth.devices import device_named, recognise, registry
from gaitcue.imu import STANDARD_GRAVITY

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-sensor.md"
TEXT = PAGE.read_text(encoding="utf-8")
CODE, ENTRY = (
    re.search(f"```{language}\n(.*?)```", TEXT, re.DOTALL).group(1)
    for language in ("python", "toml")
)
VECTORS = vectors("esense")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's package, as far as an installed one can be told from it."""
    (tmp_path / "gaitcue_esense.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    group, name, value = re.search(r'entry-points\."(.+)"\]\n(\w+) = "(.+)"', ENTRY).groups()
    entry = EntryPoint(name, value, group)
    monkeypatch.setattr(
        registry, "entry_points", lambda group: [entry] if group == entry.group else []
    )


def page() -> dict:
    names: dict = {"__name__": "gaitcue_esense"}
    exec(compile(CODE, PAGE, "exec"), names)  # noqa: S102
    return names


def test_it_takes_less_than_60_lines() -> None:
    assert len([line for line in CODE.splitlines() if line.strip()]) < 60


@pytest.mark.usefixtures("installed")
def test_the_sensor_of_another_package_is_found() -> None:
    device = recognise(Advertisement(address="", name="eSense-0398"))
    assert device is not None
    assert (device.name, device.title) == ("esense", "eSense earphones")
    assert type(device_named("esense")) is type(device)
    link = ScriptedLink()
    asyncio.run(device.start(link))
    asyncio.run(device.stop(link))
    data, command = page()["DATA"], page()["COMMAND"]
    assert link.subscribed == [data]
    assert link.written == [(command, VECTORS["start at 100 Hz"]["bytes"]), (command, "5302020000")]
    assert asyncio.run(device.battery(link)) is None
    assert device.timing.index_modulus == 256
    assert device.gyroscope


def test_its_samples_are_those_that_were_sent() -> None:
    (vector,) = (VECTORS[what] for what in VECTORS if "notification" in what)
    names, expected = page(), vector["expected"]
    (frame,) = names["ESense"]().decoder()(names["DATA"], bytes.fromhex(vector["bytes"]))
    assert frame.index == expected["packet_index"]
    np.testing.assert_allclose(frame.acc[0] / STANDARD_GRAVITY, expected["acc_g_at_4g"], atol=1e-6)
    np.testing.assert_allclose(np.degrees(frame.gyr[0]), expected["gyro_dps_at_500"], atol=1e-6)


NAMES = page()


@given(st.one_of(st.binary(max_size=20), st.binary(min_size=16, max_size=16)))
def test_any_bytes_are_decoded_or_refused(value: bytes) -> None:
    try:
        (frame,) = NAMES["decode"](NAMES["DATA"], value)
    except DecodeError:
        return
    assert isinstance(frame, Frame)
    assert len(value) == 16
