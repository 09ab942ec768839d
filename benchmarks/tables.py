"""Markdown tables."""

from collections.abc import Iterable


def grid(head: Iterable[str], body: Iterable[Iterable[str]]) -> list[str]:
    """The lines of one table."""
    names = list(head)
    lines = [f"| {' | '.join(row)} |" for row in body]
    return [f"| {' | '.join(names)} |", "|" + "---|" * len(names), *lines]
