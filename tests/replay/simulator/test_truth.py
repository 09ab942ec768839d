"""The truth beside a simulated walk: consistent in itself and with what the sensors felt."""

from itertools import pairwise
from math import pi

import numpy as np
import pytest

from gaitcue.imu import STANDARD_GRAVITY, FloatArray, Placement, Side
from gaitcue.recording.model import Kind, Recording, read_all
from gaitcue.replay.simulator import (
    SCENARIOS,
    Freeze,
    FreezeKind,
    Scenario,
    SensorModel,
    Sit,
    Stand,
    Turn,
    Walk,
    Walker,
    simulate,
)

PERFECT = SensorModel(noise=0)


def straight(speed: float = 1.2, cadence: float = 110.0, duration: float = 30.0) -> Scenario:
    return Scenario(
        name="straight",
        segments=(
            Stand(duration=2),
            Walk(duration=duration, speed=speed, cadence=cadence),
            Stand(duration=2),
        ),
    )


@pytest.fixture(scope="module", params=SCENARIOS)
def walk(request: pytest.FixtureRequest) -> Recording:
    return simulate(SCENARIOS[request.param], rate=25, seed=5)


def test_contacts_alternate_and_lie_within_bouts(walk: Recording) -> None:
    bouts = walk.of_kind(Kind.WALKING_BOUT)
    contacts = walk.of_kind(Kind.INITIAL_CONTACT)
    inside = [[c for c in contacts if b.onset - 1e-6 <= c.onset <= b.end + 1e-6] for b in bouts]
    assert sum(map(len, inside)) == len(contacts)
    for steps, bout in zip(inside, bouts, strict=True):
        assert [steps[0].onset, steps[-1].onset] == pytest.approx([bout.onset, bout.end])
        assert all({a.side, b.side} == {Side.LEFT, Side.RIGHT} for a, b in pairwise(steps))


def test_every_stride_joins_two_contacts_of_one_foot(walk: Recording) -> None:
    contacts = {(c.onset, c.side) for c in walk.of_kind(Kind.INITIAL_CONTACT)}
    for stride in walk.of_kind(Kind.STRIDE):
        assert (stride.onset, stride.side) in contacts
        assert any(side is stride.side and abs(time - stride.end) < 2e-6 for time, side in contacts)
        assert stride.speed == pytest.approx(stride.stride_length / stride.duration, abs=1e-5)


def test_nobody_steps_while_frozen_standing_or_sitting(walk: Recording) -> None:
    idle = [*walk.of_kind(Kind.FREEZE)] + [
        a
        for a in walk.of_kind(Kind.ACTIVITY)
        if a.detail in ("stop", "standing", "sitting", "frozen")
    ]
    contacts = [c.onset for c in walk.of_kind(Kind.INITIAL_CONTACT)]
    assert idle
    assert not [t for t in contacts for a in idle if a.onset < t < a.end]


def test_activities_fill_the_whole_walk(walk: Recording) -> None:
    activities = walk.of_kind(Kind.ACTIVITY)
    assert activities[0].onset == 0
    assert all(a.end == pytest.approx(b.onset) for a, b in pairwise(activities))
    samples, _ = read_all(walk.sensors[0])
    assert len(samples) == int(activities[-1].end * 25)


def test_labels_say_what_the_scenario_says() -> None:
    scenario = Scenario(
        name="all",
        segments=(
            Sit(duration=6),
            Stand(duration=2),
            Freeze(kind=FreezeKind.START_HESITATION, duration=2),
            Walk(duration=5),
            Stand(duration=3),
            Turn(angle=-pi / 2, duration=2),
            Freeze(kind=FreezeKind.SHUFFLING, duration=3),
            Freeze(kind=FreezeKind.AKINETIC, duration=1),
        ),
    )
    walk = simulate(scenario, seed=2)
    assert [a.detail for a in walk.of_kind(Kind.ACTIVITY)] == [
        "sitting", "standing", "frozen", "walking", "stop", "turning", "frozen", "frozen",
    ]  # fmt: skip
    assert [(a.onset, a.duration, a.detail) for a in walk.of_kind(Kind.FREEZE)] == [
        (8, 2, "start_hesitation"),
        (20, 3, "shuffling"),
        (23, 1, "akinetic"),
    ]
    assert [(a.onset, a.duration, a.side, a.detail) for a in walk.of_kind(Kind.TURN)] == [
        (18, 2, Side.RIGHT, "90 degrees")
    ]


@pytest.mark.parametrize(("speed", "cadence"), [(0.2, 80), (0.8, 100), (1.5, 125)])
def test_speed_times_time_is_distance(speed: float, cadence: float) -> None:
    walk = simulate(straight(speed, cadence, duration=60), rate=25)
    (bout,) = walk.of_kind(Kind.WALKING_BOUT)
    strides = walk.of_kind(Kind.STRIDE)
    steps = len(walk.of_kind(Kind.INITIAL_CONTACT))
    assert bout.speed == pytest.approx(speed, rel=0.02)
    assert 60 * (steps - 1) / bout.duration == pytest.approx(cadence, rel=0.02)
    # Strides taken every other time cover the path once.
    covered = sum(s.stride_length for s in strides[::2] if s.stride_length)
    assert covered == pytest.approx(bout.speed * bout.duration, rel=0.03)


def test_asymmetry_and_variability_are_those_of_the_walker() -> None:
    scenario = Scenario(
        name="uneven",
        walker=Walker(asymmetry=0.1, variability=0.04),
        segments=(Walk(duration=200, cadence=100),),
    )
    contacts = simulate(scenario, rate=25).of_kind(Kind.INITIAL_CONTACT)
    left, right = (
        np.array([b.onset - a.onset for a, b in pairwise(contacts) if b.side is side])
        for side in (Side.LEFT, Side.RIGHT)
    )
    assert left.mean() / right.mean() == pytest.approx(1.1 / 0.9, rel=0.02)
    assert left.std() / left.mean() == pytest.approx(0.04, abs=0.01)


def test_steps_shorten_and_quicken_before_a_freeze() -> None:
    scenario = Scenario(
        name="festinating",
        segments=(Walk(duration=20), Freeze(kind=FreezeKind.AKINETIC, duration=3)),
    )
    strides = simulate(scenario).of_kind(Kind.STRIDE)
    usual, last = strides[len(strides) // 2], strides[-1]
    assert last.stride_length < 0.75 * usual.stride_length
    assert last.duration < 0.95 * usual.duration


def test_the_sensor_has_no_say_in_the_truth() -> None:
    walks = [
        simulate(SCENARIOS["freezing"], placement=placement, rate=rate, seed=9, model=model)
        for placement, rate, model in (
            (Placement.LOWER_BACK, 25.0, SensorModel()),
            (Placement.FOOT, 200.0, SensorModel(loss=20, noise=3)),
        )
    ]
    assert walks[0].annotations == walks[1].annotations


def world_path(walk: Recording) -> tuple[FloatArray, FloatArray]:
    """Time and world acceleration of a perfect upright sensor that starts level, facing east."""
    samples, _ = read_all(walk.sensors[0])
    assert samples.gyr is not None
    up = samples.acc[: int(samples.rate)].mean(axis=0) / STANDARD_GRAVITY
    back = np.array([0.0, 0.0, 1.0])
    east = -(back - up * (back @ up))
    east /= np.linalg.norm(east)
    turned = np.vstack([east, np.cross(up, east), up])
    world = np.empty_like(samples.acc)
    for row, (acc, gyr) in enumerate(zip(samples.acc, samples.gyr, strict=True)):
        angle = np.linalg.norm(gyr) / samples.rate
        x, y, z = gyr / samples.rate
        cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        small = np.sinc(angle / 2 / np.pi) ** 2 / 2
        turned = turned @ (np.eye(3) + np.sinc(angle / np.pi) * cross + small * cross @ cross)
        world[row] = turned @ acc
    return samples.time, world - [0, 0, STANDARD_GRAVITY]


@pytest.mark.parametrize("scenario", [straight(0.3, 80, 12), straight(1.3, 115, 12)])
def test_the_foot_travels_the_true_stride_length(scenario: Scenario) -> None:
    walk = simulate(
        scenario, placement=Placement.FOOT, side=Side.LEFT, rate=400, seed=3, model=PERFECT
    )
    time, acc = world_path(walk)
    strides = [s for s in walk.of_kind(Kind.STRIDE) if s.side is Side.LEFT]
    assert len(strides) > 4
    for stride in strides[:-1]:
        # From one flat foot to the next it begins and ends at rest.
        span = (time >= stride.onset + 0.18) & (time <= stride.end + 0.18)
        speed = np.cumsum(acc[span], axis=0) / 400
        speed -= np.linspace(0, 1, len(speed))[:, None] * speed[-1]
        travelled = np.linalg.norm(speed.sum(axis=0) / 400)
        assert travelled == pytest.approx(stride.stride_length, abs=0.03)


def test_the_gyroscope_turns_by_the_true_angle() -> None:
    scenario = Scenario(
        name="turns",
        segments=(Stand(duration=2), Turn(angle=-2.0, duration=3), Stand(duration=2)),
    )
    walk = simulate(scenario, rate=200, model=PERFECT)
    samples, _ = read_all(walk.sensors[0])
    assert samples.gyr is not None
    up = samples.acc / np.linalg.norm(samples.acc, axis=1, keepdims=True)
    turned = float((samples.gyr * up).sum() / samples.rate)
    assert turned == pytest.approx(-2.0, abs=0.1)


def test_the_trunk_rises_as_an_inverted_pendulum_does() -> None:
    walk = simulate(straight(1.0, 100), rate=200, model=PERFECT)
    samples, _ = read_all(walk.sensors[0])
    (bout,) = walk.of_kind(Kind.WALKING_BOUT)
    inside = (samples.time > bout.onset + 2) & (samples.time < bout.end - 2)
    up = samples.acc[inside, 0] - samples.acc[inside, 0].mean()
    spectrum = np.fft.rfft(up * np.hanning(len(up)))
    rates = np.fft.rfftfreq(len(up), 1 / 200)
    # Twice integrated, and only the harmonics of the step (1.67 Hz and up).
    power = np.abs(spectrum)
    first = power[(rates > 1.3) & (rates < 2.1)]
    amplitude = np.sqrt((first**2).sum()) / np.sqrt(len(up) * (np.hanning(len(up)) ** 2).sum() / 4)
    rise = 2 * amplitude / (2 * pi * 100 / 60) ** 2
    leg = 0.53 * 1.70
    estimate = 1.25 * 2 * np.sqrt(2 * leg * rise - rise**2)
    assert estimate == pytest.approx(bout.stride_length / 2, rel=0.15)
