"""Faults on demand: seeded, each on its own, and exactly what was asked for."""

import math
from collections.abc import Iterator
from itertools import count, islice, pairwise

import pytest

from gaitcue.bluetooth.virtual.faults import (
    Connected,
    Disconnected,
    Faults,
    Happening,
    Notification,
    apply_faults,
)

PERIOD = 0.1
HOUR = 3600.0
ALL = 36000


def sent(number: int) -> Notification:
    return Notification(number * PERIOD, "data", number.to_bytes(4, "little"))


def run(faults: Faults, *, hours: float = 1.0, seed: int = 3) -> list[Happening]:
    return list(apply_faults(map(sent, range(int(hours * HOUR / PERIOD))), faults, seed))


def received(happenings: list[Happening]) -> list[Notification]:
    return [each for each in happenings if isinstance(each, Notification)]


def numbers(happenings: list[Happening]) -> list[int]:
    return [int.from_bytes(each.value, "little") for each in received(happenings)]


EVERYTHING = Faults(
    loss=2,
    jitter=0.03,
    bursts=10,
    stalls=20,
    disconnects=50,
    skew=200,
    duplicates=3,
    reordered=4,
    wrong_bytes=1,
)


def test_no_faults_change_nothing() -> None:
    assert run(Faults(), hours=0.1) == [sent(n) for n in range(3600)]


def test_same_seed_same_faults() -> None:
    assert run(EVERYTHING, hours=0.2) == run(EVERYTHING, hours=0.2)
    assert run(EVERYTHING, hours=0.2) != run(EVERYTHING, hours=0.2, seed=4)


def test_time_never_runs_backward() -> None:
    times = [each.time for each in run(EVERYTHING)]
    assert all(a <= b for a, b in pairwise(times))


def test_takes_an_endless_stream_one_by_one() -> None:
    taken = list(islice(apply_faults(map(sent, count()), EVERYTHING, 0), 100))
    assert len(taken) == 100


@pytest.mark.parametrize("percent", [0.5, 10, 100])
def test_loss_is_as_asked_and_leaves_the_rest(percent: float) -> None:
    got = numbers(run(Faults(loss=percent)))
    assert got == sorted(set(got))
    assert 1 - len(got) / ALL == pytest.approx(percent / 100, rel=0.2)


def test_duplicates_come_right_behind_the_first() -> None:
    got = numbers(run(Faults(duplicates=10)))
    assert sorted(set(got)) == list(range(ALL))
    assert len(got) / ALL == pytest.approx(1.1, rel=0.02)
    assert got == sorted(got)


def test_reordered_are_swapped_with_the_next_and_none_is_lost() -> None:
    got = numbers(run(Faults(reordered=10)))
    assert sorted(got) == list(range(ALL))
    late = sum(a > b for a, b in pairwise(got))
    assert late / ALL == pytest.approx(0.1 / 1.1, rel=0.1)
    assert max(abs(place - number) for place, number in enumerate(got)) == 1


def test_wrong_bytes_are_changed_or_cut() -> None:
    got = received(run(Faults(wrong_bytes=5)))
    wrong = [each for n, each in enumerate(got) if each.value != sent(n).value]
    assert len(wrong) / ALL == pytest.approx(0.05, rel=0.1)
    cut = [each for each in wrong if len(each.value) < 4]
    assert 0.4 < len(cut) / len(wrong) < 0.6


def test_jitter_delays_by_its_mean_at_least_and_keeps_the_order() -> None:
    got = received(run(Faults(jitter=0.03)))
    delays = [each.time - sent(n).time for n, each in enumerate(got)]
    assert min(delays) >= 0
    assert 0.03 * 0.98 < sum(delays) / len(delays) < 0.06
    assert sum(1 for delay in delays if delay < 0.005) > 3000  # many are prompt all the same


def test_skew_is_that_of_a_fast_clock() -> None:
    got = received(run(Faults(skew=200)))
    assert sent(ALL - 1).time - got[-1].time == pytest.approx(HOUR * 200e-6, rel=1e-3)


def test_stalls_hold_back_and_lose_nothing() -> None:
    got = received(run(Faults(stalls=30, longest_stall=15)))
    assert len(got) == ALL
    silences = [b.time - a.time for a, b in pairwise(got) if b.time - a.time > 1.5 * PERIOD]
    assert 15 < len(silences) < 45
    assert 10 < max(silences) <= 15 + PERIOD


def test_bursts_come_all_at_once() -> None:
    got = received(run(Faults(bursts=20, longest_burst=0.5)))
    assert len(got) == ALL
    together = sum(a.time == b.time for a, b in pairwise(got))
    assert together > 1000
    assert max(each.time - sent(n).time for n, each in enumerate(got)) <= 0.5


def test_a_disconnect_loses_what_was_under_way_and_all_until_the_restart() -> None:
    happenings = run(Faults(disconnects=50, longest_outage=5, stalls=50))
    connected = True
    until = 0.0
    for each in happenings:
        if isinstance(each, Disconnected):
            assert connected
            connected, until = False, each.until
            assert 0.9 < until - each.time <= 5
        elif isinstance(each, Connected):
            assert not connected
            assert each.time >= until
            connected = True
        else:
            assert connected
    breaks = sum(isinstance(each, Disconnected) for each in happenings)
    assert 30 < breaks < 70


def test_nothing_from_before_a_break_comes_after_it() -> None:
    faults = Faults(disconnects=600, duplicates=50, reordered=50)
    restarts = 0

    def stream() -> Iterator[Notification]:
        for number in range(ALL // 4):
            yield Notification(number * PERIOD, "data", restarts.to_bytes(4, "little"))

    for each in apply_faults(stream(), faults, 5):
        if isinstance(each, Connected):
            restarts += 1
        elif isinstance(each, Notification):
            assert int.from_bytes(each.value, "little") == restarts
    assert restarts > 50


def test_an_empty_battery_ends_it() -> None:
    faults = Faults(battery=3)
    happenings = run(faults)
    assert happenings[-1] == Disconnected(180.0, math.inf)
    assert numbers(happenings) == list(range(1800))
    assert [faults.charge(t) for t in (0, 59, 60, 179, 180, 9999)] == [3, 3, 2, 1, 0, 0]


def test_one_more_fault_leaves_the_others_where_they_are() -> None:
    alone = {each.time for each in run(Faults(stalls=30)) if each.time % PERIOD > 1e-6}
    with_loss = {each.time for each in run(Faults(stalls=30, loss=1)) if each.time % PERIOD > 1e-6}
    assert with_loss <= alone


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": -1},
        {"duplicates": 101},
        {"jitter": math.nan},
        {"stalls": math.inf},
        {"longest_outage": 0},
        {"skew": -1e6},
        {"battery": 0},
    ],
)
def test_nonsense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Faults(**wrong)  # type: ignore[arg-type]
