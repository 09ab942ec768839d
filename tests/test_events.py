"""The JSON form of events, against its schema and its page in the reference."""

import json
import re
import typing
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gaitcue.cue import ChangeReason, EndReason, StartReason
from gaitcue.errors import InputError
from gaitcue.events import EVENT_TYPES, CueChange, CueEnd, CueStart, Event, Step, from_json, to_json
from gaitcue.imu import Side

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
SCHEMA = json.loads((REFERENCE / "events.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

STEP = Step(time=1.0, decided=1.5, side=Side.LEFT, confidence=0.75)


def value(kind: type[Event], name: str, hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field that make sense, by its name where the schema bounds it."""
    if name == "reason":
        kinds = {CueStart: StartReason, CueChange: ChangeReason, CueEnd: EndReason}
        return st.sampled_from(list(kinds.get(kind, [StartReason.FREEZE])))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(1, 10**9)
    if hint is str:
        return st.text()
    if name in {"score", "confidence"}:
        return st.floats(0, 1)
    if name == "tempo":
        return st.floats(60, 140)
    floats = st.floats(-1e9, 1e9) if name in {"time", "decided"} else st.floats(0.001, 1e9)
    return floats if hint is float else st.none() | floats


def events_of(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{f.name: value(kind, f.name, hints[f.name]) for f in fields(kind)})


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(event=st.sampled_from(list(EVENT_TYPES.values())).flatmap(events_of))
def test_every_event_validates_and_comes_back_as_it_was(event: Event) -> None:
    line = to_json(event)
    assert "\n" not in line
    VALIDATOR.validate(json.loads(line))
    assert from_json(line) == event
    assert to_json(from_json(line)) == line


def test_the_schema_has_exactly_the_fields_of_the_events() -> None:
    assert set(SCHEMA["$defs"]) == set(EVENT_TYPES)
    assert [d["$ref"].removeprefix("#/$defs/") for d in SCHEMA["oneOf"]] == list(EVENT_TYPES)
    for name, kind in EVENT_TYPES.items():
        definition = SCHEMA["$defs"][name]
        expected = {"type"} | {f.name for f in fields(kind)}
        assert set(definition["properties"]) == set(definition["required"]) == expected
        assert definition["additionalProperties"] is False


def test_the_schema_names_exactly_the_values_of_the_enumerations() -> None:
    for name, kind in EVENT_TYPES.items():
        properties = SCHEMA["$defs"][name]["properties"]
        for field, hint in typing.get_type_hints(kind).items():
            if isinstance(hint, type) and issubclass(hint, StrEnum):
                assert set(properties[field]["enum"]) == set(hint)
    for name, reasons in (
        ("cue_start", StartReason),
        ("cue_change", ChangeReason),
        ("cue_end", EndReason),
    ):
        assert set(SCHEMA["$defs"][name]["properties"]["reason"]["enum"]) == set(reasons)


def test_the_page_describes_every_field_of_every_event() -> None:
    page = (REFERENCE / "events.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### `(\w+)`$(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(EVENT_TYPES)
    for name, text in sections.items():
        expected = [f.name for f in fields(EVENT_TYPES[name]) if f.name != "decided"]
        assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == expected
        for field, definition in SCHEMA["$defs"][name]["properties"].items():
            if field not in {"type", "decided"}:
                assert definition["description"] in text


@pytest.mark.parametrize(
    "change",
    [
        {"type": "jump"},
        {"extra": 1},
        {"side": "up"},
        {"confidence": None},
        {"confidence": "0.5"},
        {"confidence": True},
        {"time": [1.0]},
    ],
)
def test_what_is_not_an_event_is_refused_by_schema_and_reader_alike(
    change: dict[str, object],
) -> None:
    record = json.loads(to_json(STEP)) | change
    assert not VALIDATOR.is_valid(record)
    with pytest.raises(InputError, match="not a gaitcue event"):
        from_json(json.dumps(record))


@given(field=st.sampled_from(["type", "time", "decided", "side", "confidence"]))
def test_an_event_without_one_of_its_fields_is_refused(field: str) -> None:
    record = json.loads(to_json(STEP))
    del record[field]
    assert not VALIDATOR.is_valid(record)
    with pytest.raises(InputError):
        from_json(json.dumps(record))


@given(line=st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_garbage_is_refused_in_one_sentence(line: str) -> None:
    with pytest.raises(InputError, match="not a gaitcue event"):
        from_json(line)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1" + "0" * 400, "[" * 100_000])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    line = to_json(STEP).replace("0.75", number)
    with pytest.raises(InputError, match="not a gaitcue event"):
        from_json(line)


def test_a_number_that_json_cannot_hold_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(Step(time=float("nan"), decided=0.0, side=Side.NONE, confidence=1.0))
