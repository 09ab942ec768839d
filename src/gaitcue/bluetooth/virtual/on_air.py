"""Putting a virtual sensor on the air, with words for what can be wrong with the adapter."""

import asyncio
from collections.abc import Callable

from gaitcue.bluetooth.virtual.faults import Faults
from gaitcue.bluetooth.virtual.sensor import VirtualSensor
from gaitcue.errors import InputError
from gaitcue.imu import Samples


def play_on_air(
    sensor: VirtualSensor,
    walk: Samples,
    faults: Faults,
    *,
    seed: int,
    adapter: str,
    tell: Callable[[str], None],
) -> None:
    """Play `walk` as `sensor` on `adapter`, a bumble transport such as ``usb:0``, until its end.

    Raises
    ------
    InputError
        When bumble is not installed or the adapter cannot be used.
    """
    try:
        from bumble.transport import open_transport  # noqa: PLC0415 - an extra

        from gaitcue.bluetooth.virtual.peripheral import Peripheral  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            "virtual sensors need bumble, which is not installed: pip install 'gaitcue[virtual]'"
        ) from error

    async def play() -> None:
        try:
            transport = await open_transport(adapter)
        except Exception as error:  # bumble's drivers raise whatever their libraries do
            raise InputError(
                f"the adapter {adapter} cannot be opened ({error}); give one that nothing else "
                "uses, such as usb:0, and see whether you may use it"
            ) from error
        async with transport:
            peripheral = Peripheral(sensor, transport.source, transport.sink, tell=tell)
            try:
                await peripheral.play(walk, faults, seed)
            except TimeoutError as error:
                raise InputError(
                    f"the adapter {adapter} does not answer; unplug it and plug it in again"
                ) from error

    asyncio.run(play())
