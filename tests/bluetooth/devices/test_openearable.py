import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, Frame
from gaitcue.bluetooth.devices.openearable import CONFIG, DATA, OpenEarable, decode
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("openearable")


@pytest.mark.parametrize("what", VECTORS)
def test_both_forms_of_samples_are_read(what: str) -> None:
    expected = VECTORS[what]["expected"]
    (frame,) = decode(DATA, bytes.fromhex(VECTORS[what]["bytes"]))
    assert isinstance(frame, Frame)
    assert (frame.ticks, frame.tick_step) == (expected["ticks"], expected["tick_step"])
    if "counts" in what and "floats" not in what:
        acc = np.array(expected["acc_counts"]) * (2 * STANDARD_GRAVITY / 32768)
        gyr = np.array(expected["gyr_counts"]) * (2000 / 32768)
    else:
        acc, gyr = expected["acc"], expected["gyr_dps"]
    np.testing.assert_allclose(frame.acc, acc)
    np.testing.assert_allclose(frame.gyr, np.radians(gyr))


def test_other_sensors_of_the_earphone_are_passed_over() -> None:
    assert decode(DATA, bytes([4, 1]) + bytes(9)) == []


@given(
    st.one_of(
        st.binary(max_size=120),
        st.sampled_from([24, 36, 50, 74, 98]).flatmap(
            lambda size: st.binary(min_size=8 + size, max_size=8 + size).map(
                lambda rest: bytes([0, size]) + rest
            )
        ),
    )
)
def test_any_bytes_are_decoded_or_refused(value: bytes) -> None:
    try:
        messages = decode(DATA, value)
    except DecodeError:
        return
    for frame in messages:
        assert isinstance(frame, Frame)
        assert len(frame.acc) == len(frame.gyr) <= (len(value) - 10) / 24
        assert np.abs(frame.acc).max() < 19.7
        assert np.abs(frame.gyr).max() < 35.0


def test_it_starts_and_stops_the_motion_sensor_alone() -> None:
    link = ScriptedLink()
    asyncio.run(OpenEarable().start(link))
    asyncio.run(OpenEarable().stop(link))
    assert link.subscribed == [DATA]
    assert link.written == [(CONFIG, "000201"), (CONFIG, "000200")]


def test_it_is_known_by_its_name() -> None:
    assert OpenEarable.recognises(Advertisement(address="", name="OpenEarable-4A3B"))
    assert not OpenEarable.recognises(Advertisement(address="", name="Earphones"))
