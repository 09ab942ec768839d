"""Bangle.js 2 with the firmware it is sold with.

Its Nordic UART is a JavaScript console. A small script is sent to it, which reads the
accelerometer at 100 Hz within ±8 g and writes frames of its own, counted, stamped and checked,
between whatever else the console writes. The script is in the watch's memory only and ends with
the connection.

Source: github.com/espruino/BangleApps, apps/accelrec (registers of the accelerometer at 100 Hz);
espruino.com/Reference (the functions that the script calls).
"""

import struct
import zlib

import numpy as np

from gaitcue.bluetooth.device import (
    Advertisement,
    Battery,
    Decoder,
    Device,
    Frame,
    Link,
    Message,
    SensorRefusedError,
    Timing,
    ask,
)
from gaitcue.imu import STANDARD_GRAVITY

WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
CHUNK = 20
"""Bytes that the watch's UART takes at a time."""
QUIET = b"\x03\x10"
"""Clears the console's line, and keeps it from writing the next one back."""

RATE = 100.0
TICK = 1 / 32768
"""s, the step of the watch's clock."""
CLOCK_MODULUS = 2**32
INDEX_MODULUS = 2**16

MARK = b"\xa7\x47"
ROWS = 4
"""Samples in a frame: 40 ms."""
LAYOUT = struct.Struct(f"<2sHIB{3 * ROWS}hI")
"""Mark, index and time of the first sample, battery in percent, counts, CRC-32 of all before."""
COUNTS = 4096
"""Per g within ±8 g. The firmware believes in ±4 g, so 1 of its g are 8192 counts."""

START = """
if(global.gaitcue)gaitcue();
(function(){
var n=0,i=0,t=getTime(),p=E.getBattery(),
b=new Uint8Array(37),v=new DataView(b.buffer),c=new Uint8Array(b.buffer,0,33);
b[0]=0xA7;b[1]=0x47;
function f(a){
if(!i){v.setUint16(2,n,true);v.setUint32(4,(getTime()-t)*32768,true);b[8]=p;}
var o=9+i*6;
v.setInt16(o,a.x*8192,true);v.setInt16(o+2,a.y*8192,true);v.setInt16(o+4,a.z*8192,true);
n=(n+1)&65535;
if(!(n&4095))p=E.getBattery();
if(++i>3){i=0;v.setUint32(33,E.CRC32(c),true);Bluetooth.write(b);}
}
function w(s,o){Bangle.accelWr(0x18,s&127);Bangle.accelWr(0x1B,o);Bangle.accelWr(0x18,s);}
var s=Bangle.getOptions().powerSave;
Bangle.setOptions({powerSave:false});
w(0xF4,0x43);
Bangle.setPollInterval(10);
Bangle.on('accel',f);
global.gaitcue=function(){
Bangle.removeListener('accel',f);
NRF.removeListener('disconnect',gaitcue);
w(0xEC,0);
Bangle.setPollInterval(80);
Bangle.setOptions({powerSave:s});
delete global.gaitcue;
};
NRF.on('disconnect',gaitcue);
})();
""".replace("\n", "")
"""Without line breaks, at which the console would run what it has so far."""
STOP = "if(global.gaitcue)gaitcue();"
START_TIMEOUT = 10.0
"""s for the watch to take the script and send the first frame."""


class BangleDecoder:
    """Finds the frames in the console's stream; keeps the beginning of an unfinished one.

    What is not a frame with the right check is the console's own text, or damage that the count of
    the next frame reveals.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._charge: int | None = None

    def __call__(self, characteristic: str, value: bytes) -> list[Message]:
        """Messages that `value` completes."""
        if characteristic != NOTIFY:
            return []
        stream = self._rest + value
        messages: list[Message] = []
        while (at := stream.find(MARK)) >= 0:
            frame = stream[at : at + LAYOUT.size]
            if len(frame) < LAYOUT.size:
                self._rest = stream[at:]
                return messages
            if zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "little"):
                messages += self._messages(frame)
                stream = stream[at + LAYOUT.size :]
            else:
                stream = stream[at + 1 :]
        self._rest = stream[-1:] if stream.endswith(MARK[:1]) else b""
        return messages

    def _messages(self, frame: bytes) -> list[Message]:
        _, index, ticks, charge, *counts, _ = LAYOUT.unpack(frame)
        acc = np.array(counts).reshape(ROWS, 3) * (STANDARD_GRAVITY / COUNTS)
        messages: list[Message] = [Frame(acc=acc, gyr=None, index=index, ticks=ticks)]
        if charge != self._charge and charge <= 100:
            messages.append(Battery(percent=charge))
            self._charge = charge
        return messages


class BangleJs2(Device):
    """Acceleration at 100 Hz within ±8 g, at the wrist; it vibrates."""

    name = "bangle"
    title = "Bangle.js 2"

    @property
    def timing(self) -> Timing:
        """Stamped by the watch's clock and counted."""
        return Timing(rate=RATE, tick=TICK, tick_modulus=CLOCK_MODULUS, index_modulus=INDEX_MODULUS)

    @property
    def gyroscope(self) -> bool:
        """It has none."""
        return False

    @classmethod
    def recognises(cls, advertisement: Advertisement) -> bool:
        """By name: many devices have a Nordic UART."""
        return advertisement.name.startswith("Bangle.js")

    def decoder(self) -> Decoder:
        """A decoder for one connection."""
        return BangleDecoder()

    async def start(self, link: Link) -> None:
        """Send the script and wait for its first frame; raises SensorRefusedError."""
        await link.subscribe(NOTIFY)
        line = QUIET + START.encode() + b"\n"
        chunks = [line[at : at + CHUNK] for at in range(0, len(line), CHUNK)]
        for chunk in chunks[:-1]:
            await link.write(WRITE, chunk)
        try:
            await ask(
                link,
                chunks[-1],
                write_to=WRITE,
                answered_on=NOTIFY,
                matches=lambda value: MARK in value,
                timeout=START_TIMEOUT,
            )
        except TimeoutError as error:
            raise SensorRefusedError(
                f"The {self.title} did not run the script it was sent: make it programmable in "
                "its Bluetooth settings, go back to the clock and try again."
            ) from error

    async def stop(self, link: Link) -> None:
        """End the script and give the accelerometer back to the watch."""
        await self._run(link, STOP)

    async def battery(self, link: Link) -> int | None:  # noqa: ARG002
        """Told in the stream only."""
        return None

    async def buzz(self, link: Link, *, duration: float) -> bool:
        """Vibrate for `duration` s."""
        await self._run(link, f"Bangle.buzz({round(duration * 1000)},1);")
        return True

    async def _run(self, link: Link, script: str) -> None:
        line = QUIET + script.encode() + b"\n"
        for at in range(0, len(line), CHUNK):
            await link.write(WRITE, line[at : at + CHUNK])
