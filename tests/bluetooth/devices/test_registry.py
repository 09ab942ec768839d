import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from gaitcue.bluetooth.device import Advertisement, Device
from gaitcue.bluetooth.devices import DEVICES, device_named, recognise, registry
from gaitcue.errors import InputError


def offer(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entry = EntryPoint("other", value, registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group else [])


@pytest.mark.parametrize("kind", DEVICES)
def test_a_device_is_found_by_the_name_it_has(kind: type[Device]) -> None:
    device = device_named(kind.name)
    assert type(device) is kind
    assert kind.title
    if not kind.refused:
        assert device.timing.rate >= 50


@pytest.mark.parametrize("kind", DEVICES)
def test_the_page_on_sensors_tells_its_rate(kind: type[Device]) -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "sensors.md"
    text = page.read_text(encoding="utf-8")
    assert re.search(rf"^\| `{kind.name}` \|.*\| {kind().timing.rate:g} Hz", text, re.MULTILINE)


def test_names_are_unique() -> None:
    assert len({kind.name for kind in DEVICES}) == len(DEVICES)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Movella DOT"}, "movella-dot"),
        ({"name": "Movesense 174630000192"}, "movesense"),
        ({"name": "Polar H10 12345678"}, "polar-h10"),
        ({"name": "Bangle.js 12ab"}, "bangle"),
        ({"name": "OpenEarable-4A3B"}, "openearable"),
        ({"name": "WT901BLE67"}, "witmotion"),
        ({"name": "InfiniTime"}, "pinetime"),
        ({"services": ("d32a0001-ddc9-4ac9-bf24-0c9e49a54759",)}, "gaitcue"),
        ({"name": "Arduino", "services": ("19b10000-0000-537e-4f6c-d104768a1214",)}, "arduino"),
    ],
)
def test_an_advertisement_belongs_to_one_device(said: dict, name: str) -> None:
    advertisement = Advertisement(address="", **said)
    assert [kind.name for kind in DEVICES if kind.recognises(advertisement)] == [name]
    device = recognise(advertisement)
    assert device is not None
    assert device.name == name


def test_headphones_are_none_of_them() -> None:
    assert recognise(Advertisement(address="", name="Headphones", manufacturer={76: b"a"})) is None


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'watch'.*bangle.*movella-dot"):
        device_named("watch")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("no_such_package:Device", "cannot be loaded"), ("math:pi", "is not a Device class")],
)
def test_a_broken_device_of_another_package_is_named(monkeypatch, value, sentence) -> None:
    offer(monkeypatch, value)
    with pytest.raises(InputError, match=f"'other'.*{sentence}"):
        device_named("nothing")
