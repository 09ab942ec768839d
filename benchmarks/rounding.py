"""Figures to the digits that mean something."""

from typing import Any


def rounded(value: Any) -> Any:
    """The same with every fraction in it, at any depth, to four significant digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [rounded(each) for each in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
