"""Freezing peers and gaitcue in the same tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.peers.detectors import PEERS
from benchmarks.tables import grid

import gaitcue

Figures = Mapping[str, Any]
"""Of one run: an object of ``freezing.jsonl``."""

Systems = Mapping[str, Sequence[Figures]]
"""What was measured of each system, by its name."""

HEAD = f"""# Freezes: published ways beside gaitcue

gaitcue {gaitcue.__version__}. Same people left out, same parts of them to learn from,
same tracker, coach and scorer; in brackets the 95 % bootstrap interval over people. Protocol:
../README.md.
"""

NAMES = ("people left out", "people left out, without a9e866", "set left out")

Column = tuple[str, Callable[[Figures], str]]


def write_report(systems: Systems, equal: Systems) -> str:
    """All tables: of the runs of each system, and at equally many false cues."""
    about = [f"- **{peer.name}**: {peer.about}." for peer in PEERS]
    lines = [HEAD, *about, "", *_equal(equal)]
    with_freezing, without = (_where(systems, freezing=freezing) for freezing in (True, False))
    lines += (
        ["## With thresholds chosen on others: sets with freezing", ""] if with_freezing else []
    )
    for data, placement in with_freezing:
        for name in NAMES:
            rows = [
                (system, one)
                for system, runs in systems.items()
                for one in runs
                if (one["data"], one["placement"], one["name"]) == (data, placement, name)
            ]
            if rows:
                people, hours = rows[0][1]["subjects"], rows[0][1]["hours"]
                lines += [f"### {data}, {placement}, {name}: {people} people, {hours:.2f} h", ""]
                lines += _table(FREEZING, rows)
    if without:
        title = "## With thresholds chosen on others: false cues an hour in sets without freezing"
        lines += [title, "", *_calm(systems, without)]
    return "\n".join(lines)


def _equal(systems: Systems) -> list[str]:
    """Freezes of 5 s or more in which a cue began, one column for each rate of false cues."""
    lines = [
        "## At equally many false cues: freezes of 5 s or more in which a cue began",
        "",
        "One threshold for all people of a set, chosen afterwards to find most with at most so",
        "many false cues an hour, for all systems alike; scores are those of people left out.",
        "",
    ]
    rows = [(system, one) for system, each in systems.items() for one in each]
    asked = sorted({one["asked"] for _, one in rows})
    for data, placement in dict.fromkeys((one["data"], one["placement"]) for _, one in rows):
        here = [(s, o) for s, o in rows if (o["data"], o["placement"]) == (data, placement)]
        people, freezers, freezes = (
            here[0][1][key] for key in ("people", "freezers", "freezes_5s")
        )
        body = []
        for system in dict.fromkeys(s for s, _ in here):
            at = {o["asked"]: o for s, o in here if s == system}
            cells = [(_share(at[a]["cued_5s"]), at[a]["cued_5s_interval"]) for a in asked]
            first = at[asked[0]]
            areas = [(first[key], first[f"{key}_interval"]) for key in ("auc", "mean_auc")]
            body.append(
                [
                    system,
                    *(f"{area:.3f} [{low:.3f}, {high:.3f}]" for area, (low, high) in areas),
                    *(f"{cell} [{_share(low)}, {_share(high)}]" for cell, (low, high) in cells),
                ]
            )
        lines += [
            f"### {data}, {placement}: {people} people, {freezers} freeze, {freezes} x 5 s or more",
            "",
        ]
        lines += [
            *grid(["system", "AUC", "mean AUC of people", *(f"at {a:g}/h" for a in asked)], body),
            "",
        ]
    return lines


def _where(systems: Systems, *, freezing: bool) -> list[tuple[str, str]]:
    """Set and placement of all that any peer was scored on, in order."""
    _, *peers = systems.values()
    return list(
        dict.fromkeys(
            (one["data"], one["placement"])
            for runs in peers
            for one in runs
            if bool(one["episodes"]["reference"]) is freezing
        )
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f}%"


def _plain(digits: int) -> Callable[[float | None], str]:
    return lambda value: "-" if value is None else f"{value:.{digits}f}"


def _figure(title: str, interval: str, form: Callable[[float | None], str], *path: str) -> Column:
    """A column of the figure at `path`, with its interval where it has one."""

    def cell(one: Figures) -> str:
        value: Any = one
        for step in path:
            value = value[step]
        edges = one["intervals"].get(interval)
        if value is None or edges is None:
            return form(value)
        return f"{form(value)} [{form(edges[0])}, {form(edges[1])}]"

    return title, cell


FREEZING: tuple[Column, ...] = (
    ("profile", lambda one: str(one["profile"])),
    _figure("AUC", "window_auc", _plain(3), "window_auc"),
    _figure("mean AUC of people", "mean_window_auc", _plain(3), "mean_window_auc"),
    _figure("found of 5 s or more", "recall_5s", _share, "episodes_5s", "recall"),
    _figure("strict", "recall_5s_strict", _share, "episodes_5s", "recall_strict"),
    _figure("found of all", "recall", _share, "episodes", "recall"),
    _figure("false cues/h", "false_cues_per_hour", _plain(1), "false_cues_per_hour"),
    _figure("latency median, s", "latency_median", _plain(2), "latency_s", "median"),
    _figure("P90, s", "latency_p90", _plain(2), "latency_s", "p90"),
    _figure("time frozen ICC", "", _plain(2), "percent_time_frozen", "icc"),
)


def _table(columns: Sequence[Column], rows: Sequence[tuple[str, Figures]]) -> list[str]:
    head = ["system", *(title for title, _ in columns)]
    body = [[system, *(cell(one) for _, cell in columns)] for system, one in rows]
    return [*grid(head, body), ""]


def _calm(systems: Systems, where: Sequence[tuple[str, str]]) -> list[str]:
    """One row for each set and placement, one column for each system: assist / quiet."""
    body = []
    for data, placement in where:
        hours, cells = "", []
        for runs in systems.values():
            here = {
                o["profile"]: o for o in runs if (o["data"], o["placement"]) == (data, placement)
            }
            if here:
                hours = f"{here['quiet']['hours']:.2f}"
            rates = [
                here[profile]["false_cues_per_hour"] for profile in ("assist", "quiet") if here
            ]
            cells.append(" / ".join(f"{rate:.1f}" for rate in rates) or "-")
        body.append([data, placement, hours, *cells])
    head = ["data", "placement", "hours", *systems]
    return ["Assist / quiet. Every cue is false.", "", *grid(head, body), ""]
