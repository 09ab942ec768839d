"""Checked access to the entries of a profile: what is missing, wrong or mistyped is told."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from gaitcue.errors import InputError

_REQUIRED: Any = object()
Word = TypeVar("Word", bound=StrEnum)


class Entries:
    """Checked access to one part of a profile."""

    def __init__(self, record: Mapping[str, Any], path: Path, part: str) -> None:
        self._record, self._path, self._part = record, path, part
        self._asked: set[str] = set()

    def __call__(self, name: str, kind: type, default: Any = _REQUIRED) -> Any:
        """The entry `name`, which must be of `kind`; `default` where it is not there."""
        self._asked.add(name)
        value = self._record.get(name, default)
        if value is _REQUIRED:
            raise self._wrong(name, "is missing")
        if value is default:
            return value
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if isinstance(value, kind) and (kind is not int or not isinstance(value, bool)):
            return value.unwrap() if hasattr(value, "unwrap") and kind is not dict else value
        raise self._wrong(name, f"must be {_KINDS[kind]}, not {value!r:.60}")

    def word(self, name: str, kind: type[Word], default: Word) -> Word:
        """The entry as one of an enumeration's words."""
        value = self(name, str, default)
        try:
            return kind(value)
        except ValueError as error:
            words = ", ".join(kind)
            raise self._wrong(name, f"must be one of {words}, not {value!r:.60}") from error

    def tables(self, name: str) -> list[Any]:
        """The entry as a list of parts; none where it is not there."""
        found: list[Any] = self(name, list, [])
        return found

    def table(self, record: object, name: str) -> "Entries":
        """A part within."""
        if not isinstance(record, Mapping):
            raise self._wrong(name, "must be a part of its own, with entries")
        return Entries(record, self._path, name)

    def numbers(self, name: str) -> dict[str, float]:
        """The entry as a part of numbers by name."""
        part = self.table(self(name, dict, {}), name)
        return {key: part(key, float) for key in part._record}

    def values(self, name: str) -> tuple[float, ...]:
        """The entry as a list of numbers."""
        values: list[Any] = self(name, list)
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
            raise self._wrong(name, "must be a list of numbers")
        return tuple(map(float, values))

    def check(self) -> None:
        """Refuse what nobody asked for: a mistyped name must not pass for a setting."""
        unknown = sorted(set(self._record) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise self._wrong(unknown[0], f"is no entry; there are {known}")

    def _wrong(self, name: str, what: str) -> InputError:
        where = f"{name!r} in [{self._part}]" if self._part else repr(name)
        return InputError(f"the profile {self._path}: {where} {what}")


_KINDS = {str: "text", float: "a number", int: "a whole number", bool: "true or false",
          list: "a list", dict: "a part of its own, with entries"}  # fmt: skip
