import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedLink, vectors

from gaitcue.bluetooth.device import Advertisement, DecodeError, SensorRefusedError
from gaitcue.bluetooth.devices.pinetime import MOTION, PineTime, decode
from gaitcue.imu import STANDARD_GRAVITY


def test_it_is_refused_with_the_reason() -> None:
    link = ScriptedLink()
    assert PineTime.recognises(Advertisement(address="", name="InfiniTime"))
    assert "10 times a second" in PineTime.refused
    with pytest.raises(SensorRefusedError, match="10 times a second"):
        asyncio.run(PineTime().start(link))
    assert link.subscribed == link.written == []


def test_its_documents_example() -> None:
    (vector,) = vectors("pinetime").values()
    (frame,) = decode(MOTION, bytes.fromhex(vector["bytes"]))
    np.testing.assert_allclose(frame.acc[0] / STANDARD_GRAVITY, vector["expected"]["acc_g"])


@given(st.binary(max_size=12))
def test_any_bytes_are_decoded_or_refused(value: bytes) -> None:
    try:
        (frame,) = decode(MOTION, value)
    except DecodeError:
        assert len(value) != 6
        return
    assert frame.acc.shape == (1, 3)
