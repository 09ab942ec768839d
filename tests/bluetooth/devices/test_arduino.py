import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError
from gaitcue.bluetooth.devices.arduino import ACC, GYR, SERVICE, ArduinoNano, decode
from gaitcue.imu import STANDARD_GRAVITY

VECTORS = vectors("arduino")


def test_acceleration_and_angular_rate_come_apart() -> None:
    acc, gyr = VECTORS["acceleration"], VECTORS["angular rate"]
    (frame,) = decode(ACC, bytes.fromhex(acc["bytes"]))
    np.testing.assert_allclose(frame.acc[0] / STANDARD_GRAVITY, acc["expected"]["acc_g"])
    assert frame.gyr is None
    (frame,) = decode(GYR, bytes.fromhex(gyr["bytes"]))
    np.testing.assert_allclose(np.degrees(frame.gyr[0]), gyr["expected"]["gyr_dps"])
    assert frame.acc is None


@given(st.one_of(st.binary(max_size=20), st.binary(min_size=12, max_size=12)))
@pytest.mark.parametrize("characteristic", [ACC, GYR])
def test_any_bytes_are_decoded_or_refused(characteristic: str, value: bytes) -> None:
    try:
        (frame,) = decode(characteristic, value)
    except DecodeError:
        return
    rows = frame.gyr if frame.acc is None else frame.acc
    assert rows.shape == (1, 3)
    assert np.isfinite(rows).all()


def test_it_needs_only_to_be_listened_to() -> None:
    link = ScriptedLink()
    asyncio.run(ArduinoNano().start(link))
    asyncio.run(ArduinoNano().stop(link))
    assert link.subscribed == [ACC, GYR]
    assert link.written == []
    assert asyncio.run(ArduinoNano().battery(link)) is None


@pytest.mark.parametrize(
    ("name", "services", "known"),
    [
        ("Arduino", (SERVICE,), True),
        ("Nano33BLE", (SERVICE,), True),
        ("NiclaSenseME-C059", (SERVICE,), False),
        ("Arduino", (), False),
        ("Arduino", ("19b10000-e8f2-537e-4f6c-d104768a1214",), False),
    ],
)
def test_name_and_service_must_both_fit(name, services, known) -> None:
    said = Advertisement(address="", name=name, services=services)
    assert ArduinoNano.recognises(said) is known
