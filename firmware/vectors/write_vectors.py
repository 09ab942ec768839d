"""Writes the vectors beside it: bytes and beats that every side of PROTOCOL.md must agree with.

It packs them straight from the tables of PROTOCOL.md and shares no code with any side. Lengths of
time are in ms where a name ends so, and in µs in the bytes.
"""

import json
import struct
from pathlib import Path
from typing import Any

Vector = dict[str, Any]

ACC_UNIT, GYR_UNIT = 1 / 4096, 1 / 16
"""g and deg/s per count, exact in a float of 32 bits."""
WRAP = 2**32
SUCCESS, UNKNOWN, PARAMETER, FAILED, NOT_PERMITTED = 1, 2, 3, 4, 5
START, STOP, SYNC, KEEPALIVE, PULSE, METRONOME, ADJUST, CUE_STOP, IDENTIFY = (
    0x01, 0x02, 0x03, 0x04, 0x10, 0x11, 0x12, 0x13, 0x21,
)  # fmt: skip


def feature() -> list[Vector]:
    """What devices can do."""
    cases = {
        "acc, gyr, vibration, light, button, metronome, buffer": (0b11110111, 1000, 19, GYR_UNIT),
        "acc and tone only, 52 Hz": (0b00001001, 520, 20, 0.0),
        "acc, vibration, button, metronome, buffer": (0b11100101, 1000, 20, 0.0),
    }
    return [
        {
            "what": what,
            "bytes": struct.pack("<BBHHBff", 1, 0, bits, rate, most, ACC_UNIT, gyr).hex(),
            "major": 1,
            "minor": 0,
            "bits": bits,
            "rate": rate / 10,
            "most_frames": most,
            "g_per_count": ACC_UNIT,
            "dps_per_count": gyr,
        }
        for what, (bits, rate, most, gyr) in cases.items()
    ]


def motion() -> list[Vector]:
    """Frames of raw counts."""
    rest, fall = [0, 0, 4096], [0, 0, 0]
    turning = [1600, -1600, 0]
    extremes = [32767, -32768, -1]
    cases: list[tuple[str, int, int, int, int, list[list[int]]]] = [
        ("one frame of six axes", 2, 0, 65535, 123456789, [rest + turning]),
        ("two frames of acceleration", 1, 0, 5, 10, [rest, fall]),
        ("the largest counts", 2, 0, 256, WRAP - 1, [extremes + extremes]),
        ("after the sensor's buffer overran", 2, 0x10, 700, 7_000_000, [rest + turning]),
        ("after frames were thrown away", 1, 0x20, 800, 8_000_000, [rest]),
        ("after both, and a clock set anew", 1, 0x70, 0, 0, [rest, rest]),
        (
            "as many as fit at MTU 247",
            2,
            0,
            1000,
            10_000_000,
            [[100 * row + axis for axis in range(6)] for row in range(19)],
        ),
        (
            "as many accelerations as fit at MTU 131",
            1,
            0,
            65530,
            WRAP - 40_000,
            [[-100 * row - axis for axis in range(3)] for row in range(20)],
        ),
    ]
    return [
        {
            "what": what,
            "bytes": (
                struct.pack("<BBHI", layout | flags, len(counts), index, stamp)
                + b"".join(struct.pack(f"<{len(row)}h", *row) for row in counts)
            ).hex(),
            "layout": layout,
            "overran": bool(flags & 0x10),
            "thrown_away": bool(flags & 0x20),
            "clock_set": bool(flags & 0x40),
            "index": index,
            "us": stamp,
            "counts": counts,
        }
        for what, layout, flags, index, stamp, counts in cases
    ]


def status() -> list[Vector]:
    """How a device is."""
    names = (
        "state", "cue", "event", "events", "battery", "faults",
        "us", "lost", "thrown_away", "beats", "lease",
    )  # fmt: skip
    cases = {
        "just switched on, battery unknown": (0, 0, 0, 0, 255, 0, 1000, 0, 0, 0, 0),
        "streaming, a marker, 87 %": (1, 0, 1, 1, 87, 0, 1_000_000, 0, 0, 0, 0),
        "cueing, 12 beats, 2.4 s of lease left": (1, 1, 0, 0, 60, 0, WRAP - 1, 2, 300, 12, 24),
        "muted by the wearer": (1, 2, 2, 255, 60, 0, 5_000_000, 0, 0, 12, 0),
        "the motion sensor does not answer": (0x80, 0, 4, 7, 100, 1, 2_000_000, 0, 0, 0, 0),
        "the program failed": (0x80, 0, 0, 0, 60, 16, 3_000_000, 0, 0, 0, 0),
        "in safe mode by its configuration": (0x80, 0, 0, 0, 255, 4, 1000, 0, 0, 0, 0),
        "a pulse refused while muted": (1, 2, 7, 3, 60, 0, 6_000_000, 0, 0, 12, 0),
        "started again by the watchdog": (0, 0, 6, 1, 50, 8, 300_000, 0, 0, 0, 0),
    }
    return [
        {
            "what": what,
            "bytes": struct.pack("<BBBBBBIHHHH", *fields).hex(),
            **dict(zip(names, fields, strict=True)),
        }
        for what, fields in cases.items()
    ]


def metronome(
    outputs: int = 1,
    level: int = 80,
    pulse: int = 75,
    period: int = 500_000,
    first: int = 0,
    lease: int = 30,
    on_loss: int = 1,
) -> bytes:
    """A command that begins beats."""
    return struct.pack(
        "<BBBHIIHB", METRONOME, outputs, level, pulse, period, first % WRAP, lease, on_loss
    )


def adjust(phase: int, period: int) -> bytes:
    """A command that moves the beats."""
    return struct.pack("<BiI", ADJUST, phase, period)


def start(rate: int = 1000, layout: int = 2, frames: int = 5) -> bytes:
    """A command that begins to stream."""
    return struct.pack("<BHBB", START, rate, layout, frames)


def control() -> list[Vector]:
    """Single requests to a device at 100 Hz with vibration and no tone.

    It measures six axes, with 19 frames in a notification at most, or acceleration only, with 20;
    "axes" says which of the two a request is for, where it matters. The MTU is 247, and its clock
    stands at `us`. "before" is written first, and its answer is of no interest.
    """
    now = 1_000_000
    stamp = struct.pack("<I", now)
    running = {"before": metronome().hex()}
    six, three = {"axes": 6}, {"axes": 3}

    def began_with(axes: int, frames: int) -> bytes:
        return struct.pack("<HBB", 1000, axes // 3, frames) + stamp

    cases: list[tuple[str, bytes, int, bytes, Vector]] = [
        ("START", start(), SUCCESS, began_with(6, 5), six),
        ("START as the device likes", start(0, 2, 0), SUCCESS, began_with(6, 5), six),
        ("START with more frames than fit", start(frames=99), SUCCESS, began_with(6, 19), six),
        ("START at MTU 23", start(), SUCCESS, began_with(6, 1), {"mtu": 23, **six}),
        ("START at MTU 53", start(), SUCCESS, began_with(6, 3), {"mtu": 53, **six}),
        ("START with acceleration only", start(layout=1), SUCCESS, began_with(3, 5), {}),
        ("START of a device without a gyroscope, with more frames than it has",
         start(layout=1, frames=99), SUCCESS, began_with(3, 20), three),
        ("START of a device without a gyroscope, at MTU 23", start(layout=1, frames=2), SUCCESS,
         began_with(3, 2), {"mtu": 23, **three}),
        ("START of a device without a gyroscope, at a rate that it does not have",
         start(rate=520, layout=1), SUCCESS, began_with(3, 5), three),
        ("START of a device without a gyroscope, with angular rate", start(), PARAMETER, b"",
         three),
        ("START with an unknown layout", start(layout=3), PARAMETER, b"", {}),
        ("START that is too short", start()[:-1], PARAMETER, b"", {}),
        ("STOP", bytes([STOP]), SUCCESS, b"", {}),
        ("SYNC", struct.pack("<BI", SYNC, 0xDEADBEEF), SUCCESS,
         struct.pack("<III", 0xDEADBEEF, now, now), {}),
        ("SYNC that is too long", struct.pack("<BQ", SYNC, 1), PARAMETER, b"", {}),
        ("KEEPALIVE of nothing", bytes([KEEPALIVE]), NOT_PERMITTED, b"", {}),
        ("KEEPALIVE", bytes([KEEPALIVE]), SUCCESS, b"", running),
        ("PULSE", struct.pack("<BBBH", PULSE, 1, 80, 100), SUCCESS, b"", {}),
        ("PULSE that is too long", struct.pack("<BBBH", PULSE, 1, 80, 501), PARAMETER, b"", {}),
        ("PULSE that is too short", struct.pack("<BBBH", PULSE, 1, 80, 9), PARAMETER, b"", {}),
        ("PULSE of no strength", struct.pack("<BBBH", PULSE, 1, 0, 100), PARAMETER, b"", {}),
        ("PULSE on no output", struct.pack("<BBBH", PULSE, 0, 80, 100), PARAMETER, b"", {}),
        ("PULSE on an output that is not there", struct.pack("<BBBH", PULSE, 2, 80, 100),
         PARAMETER, b"", {}),
        ("PULSE while a metronome runs", struct.pack("<BBBH", PULSE, 1, 80, 100),
         NOT_PERMITTED, b"", running),
        ("PULSE too soon after another", struct.pack("<BBBH", PULSE, 1, 80, 100),
         NOT_PERMITTED, b"", {"before": struct.pack("<BBBH", PULSE, 1, 80, 100).hex()}),
        ("METRONOME now", metronome(), SUCCESS, stamp, {}),
        ("METRONOME from a time ahead", metronome(first=now + 300_000), SUCCESS,
         struct.pack("<I", now + 300_000), {}),
        ("METRONOME on a grid that began before", metronome(first=now - 1_200_000), SUCCESS,
         struct.pack("<I", now + 300_000), {}),
        ("METRONOME from too far ahead", metronome(first=now + 10_100_000), PARAMETER, b"", {}),
        ("METRONOME at the slowest", metronome(period=2_000_000, pulse=250), SUCCESS, stamp, {}),
        ("METRONOME too slow", metronome(period=2_000_001), PARAMETER, b"", {}),
        ("METRONOME at the fastest", metronome(period=333_333), SUCCESS, stamp, {}),
        ("METRONOME too fast", metronome(period=333_332), PARAMETER, b"", {}),
        ("METRONOME with pulses longer than half the period",
         metronome(period=400_000, pulse=201), PARAMETER, b"", {}),
        ("METRONOME with pulses too long", metronome(period=2_000_000, pulse=251),
         PARAMETER, b"", {}),
        ("METRONOME with pulses too short", metronome(pulse=9), PARAMETER, b"", {}),
        ("METRONOME without a lease", metronome(lease=0), PARAMETER, b"", {}),
        ("METRONOME with too short a lease", metronome(lease=9), PARAMETER, b"", {}),
        ("METRONOME with the longest lease", metronome(lease=6000), SUCCESS, stamp, {}),
        ("METRONOME with too long a lease", metronome(lease=6001), PARAMETER, b"", {}),
        ("METRONOME with an unknown way on link loss", metronome(on_loss=2), PARAMETER, b"", {}),
        ("METRONOME above full strength", metronome(level=101), PARAMETER, b"", {}),
        ("METRONOME on an output that is not there", metronome(outputs=3), PARAMETER, b"", {}),
        ("METRONOME muted by the wearer", metronome(), NOT_PERMITTED, b"", {"muted": True}),
        ("PULSE muted by the wearer", struct.pack("<BBBH", PULSE, 1, 80, 100),
         NOT_PERMITTED, b"", {"muted": True}),
        ("METRONOME with 6 % of battery", metronome(), SUCCESS, stamp, {"battery": 6}),
        ("METRONOME with 5 % of battery", metronome(), NOT_PERMITTED, b"", {"battery": 5}),
        ("ADJUST of nothing", adjust(0, 500_000), NOT_PERMITTED, b"", {}),
        ("ADJUST", adjust(-100_000, 600_000), SUCCESS, struct.pack("<I", now + 400_000), running),
        ("ADJUST by more than half the period", adjust(250_001, 500_000), PARAMETER, b"", running),
        ("ADJUST to too fast a beat", adjust(0, 300_000), PARAMETER, b"", running),
        ("CUE STOP", bytes([CUE_STOP]), SUCCESS, b"", running),
        ("CUE STOP of nothing", bytes([CUE_STOP]), SUCCESS, b"", {}),
        ("IDENTIFY", bytes([IDENTIFY]), SUCCESS, b"", {}),
        ("an unknown command", b"\x7f", UNKNOWN, b"", {}),
    ]  # fmt: skip
    return [
        {
            "what": what,
            "us": now,
            "mtu": 247,
            **setting,
            "request": request.hex(),
            "answer": (bytes([0x80, request[0], result]) + answer).hex(),
        }
        for what, request, result, answer, setting in cases
    ]


def cue() -> list[Vector]:
    """What the wearer feels: pulses, each [ms of its beginning, outputs, level, length in ms].

    What is written goes to the control point ("write") or the cue characteristic ("write_cue").
    A step happens at "at_ms", counted from when the device clock stood at "us" - on a device with
    vibration, linked, with 60 % of battery. A pulse may begin up to 20 ms later than given, and one
    that was cut short may end so much later. "cue" is what the status says at the end,
    "until_ms", and "event" what happened last, where it is given.
    """

    def write(at_ms: int, value: bytes) -> Vector:
        return {"at_ms": at_ms, "write": value.hex()}

    def write_cue(at_ms: int, value: bytes) -> Vector:
        return {"at_ms": at_ms, "write_cue": value.hex()}

    def pulse(length: int) -> bytes:
        return struct.pack("<BBBH", PULSE, 1, 60, length)

    def beats(first: int, count: int, period: int = 500) -> list[list[int]]:
        return [[first + period * beat, 1, 80, 75] for beat in range(count)]

    def over(at_ms: int) -> list[list[int]]:
        return [[at_ms + after, 1, 80, 80] for after in (200, 400)]

    off, muted, lease_over, link_lost, low = 0, 2, 3, 4, 5
    down, up = {"button": "down"}, {"button": "up"}
    lost = {"link": "lost"}
    cases: list[tuple[str, int, list[Vector], list[list[int]], int, int]] = [
        ("a lease of 3 s that nobody renews", 0, [write(0, metronome())],
         beats(0, 6) + over(3000), lease_over, 5000),
        ("a lease that is renewed twice", 0,
         [write(0, metronome()), write(2000, bytes([KEEPALIVE])), write(4000, bytes([KEEPALIVE]))],
         beats(0, 14) + over(7000), lease_over, 9000),
        ("across the wrap of the device clock", WRAP - 1_250_000,
         [write(0, metronome(first=WRAP - 1_000_000))],
         beats(250, 6) + over(3000), lease_over, 5000),
        ("stopped by the host", 0, [write(0, metronome()), write(1600, bytes([CUE_STOP]))],
         beats(0, 4), off, 5000),
        ("stopped by the host within a beat", 0,
         [write(0, metronome()), write(530, bytes([CUE_STOP]))],
         [[0, 1, 80, 75], [500, 1, 80, 30]], off, 3000),
        ("a lost link that ends it at once", 0,
         [write(0, metronome(on_loss=0)), {"at_ms": 1200, **lost}],
         beats(0, 3) + over(1200), link_lost, 4000),
        ("a lost link that ends it with its lease", 0,
         [write(0, metronome(on_loss=1)), {"at_ms": 1200, **lost}],
         beats(0, 6) + over(3000), lease_over, 5000),
        ("the button while it runs: it stops at once, and the host cannot begin again", 0,
         [write(0, metronome()), {"at_ms": 1100, **down}, {"at_ms": 1200, **up},
          write(1500, metronome()), write(2000, struct.pack("<BBBH", PULSE, 1, 80, 100))],
         beats(0, 3), muted, 4000),
        ("held for 1 s when muted, it lets the host begin again", 0,
         [write(0, metronome()), {"at_ms": 600, **down}, {"at_ms": 700, **up},
          {"at_ms": 1000, **down}, {"at_ms": 2200, **up},
          write(3000, metronome()), write(4200, bytes([CUE_STOP]))],
         beats(0, 2) + beats(3000, 3), off, 6000),
        ("a press within a beat cuts it short", 0,
         [write(0, metronome()), {"at_ms": 540, **down}, {"at_ms": 600, **up}],
         [[0, 1, 80, 75], [500, 1, 80, 40]], muted, 3000),
        ("held for 1 s without a cue, it mutes", 0,
         [{"at_ms": 0, **down}, {"at_ms": 1200, **up}, write(2000, metronome())],
         [], muted, 4000),
        ("a short press without a cue changes nothing", 0,
         [{"at_ms": 0, **down}, {"at_ms": 200, **up}, write(1000, metronome()),
          write(2200, bytes([CUE_STOP]))],
         beats(1000, 3), off, 4000),
        ("the mute outlasts a lost link", 0,
         [{"at_ms": 0, **down}, {"at_ms": 1200, **up}, {"at_ms": 1500, **lost},
          {"at_ms": 2000, "link": "made"}, write(2500, metronome())],
         [], muted, 4000),
        ("the battery becomes critical", 0,
         [write(0, metronome()), {"at_ms": 1100, "battery": 5}], beats(0, 3), low, 5000),
        ("after standing still for 1.3 s beats are left out, and the others keep their times", 0,
         [write(0, metronome(lease=40)), {"at_ms": 600, "stall_ms": 1300},
          write(2600, bytes([CUE_STOP]))],
         [*beats(0, 2), *beats(2000, 2)], off, 4000),
        ("moved by 100 ms and slower", 0,
         [write(0, metronome()), write(700, adjust(100_000, 700_000)),
          write(2600, bytes([CUE_STOP]))],
         [*beats(0, 2), [1100, 1, 80, 75], [1800, 1, 80, 75], [2500, 1, 80, 75]], off, 4000),
        ("a beat moved into the past is left out", 0,
         [write(0, metronome()), write(900, adjust(-200_000, 600_000)),
          write(2100, bytes([CUE_STOP]))],
         [*beats(0, 2), [1400, 1, 80, 75], [2000, 1, 80, 75]], off, 4000),
        ("another metronome takes its place", 0,
         [write(0, metronome()), write(700, metronome(level=40, period=400_000, lease=10))],
         [*beats(0, 2), *([700 + 400 * beat, 1, 40, 75] for beat in range(3)),
          [1900, 1, 40, 80], [2100, 1, 40, 80]], lease_over, 4000),
        ("metronomes in quick succession: there is a pause as long as the first beat", 0,
         [write(at, metronome(pulse=250)) for at in (0, 260, 320, 380)]
         + [write(1200, bytes([CUE_STOP]))],
         [[0, 1, 80, 250], [880, 1, 80, 250]], off, 3000),
        ("a beat moved into the pause after another is left out", 0,
         [write(0, metronome(pulse=200)), write(250, adjust(-250_000, 500_000)),
          write(1600, bytes([CUE_STOP]))],
         [[at, 1, 80, 200] for at in (0, 750, 1250)], off, 3000),
        ("one pulse", 0, [write(100, pulse(200))], [[100, 1, 60, 200]], off, 1000),
        ("pulses without an answer, of which one comes too soon", 0,
         [write_cue(100, pulse(200)), write_cue(400, pulse(50)), write_cue(550, pulse(50))],
         [[100, 1, 60, 200], [550, 1, 60, 50]], off, 1000),
        ("a pulse without an answer, muted", 0,
         [{"at_ms": 0, **down}, {"at_ms": 1200, **up}, write_cue(1500, pulse(50))],
         [], muted, 2000),
    ]  # fmt: skip
    refused = 7
    return [
        {
            "what": what,
            "us": us,
            "steps": steps,
            "until_ms": until,
            "pulses": pulses,
            "cue": state,
            **({"event": refused} if "without an answer" in what else {}),
        }
        for what, us, steps, pulses, state, until in cases
    ]


def texts() -> dict[str, str]:
    """Each file of vectors by its name, one vector a line."""
    files = {
        "feature": feature(), "motion": motion(), "status": status(),
        "control": control(), "cue": cue(),
    }  # fmt: skip
    return {
        f"{name}.json": "[\n" + ",\n".join(json.dumps(each) for each in vectors) + "\n]\n"
        for name, vectors in files.items()
    }


def main() -> None:
    """Write them."""
    for name, text in texts().items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
