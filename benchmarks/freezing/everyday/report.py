"""Everyday life, stops and starts as a page to read, and as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.freezing.everyday.activities import AT_REST, GROUPS, group_of
from benchmarks.freezing.everyday.group import Group
from benchmarks.freezing.everyday.pauses import HESITATION, START, STOP, Pause, separation
from benchmarks.freezing.simulated import SIMULATED
from benchmarks.rounding import rounded

import gaitcue
from gaitcue.events import Phenotype, Profile
from gaitcue.gait.freezing.model import LEGS
from gaitcue.imu import Placement
from gaitcue.replay.score import figures

HEAD = f"""# Everyday life, stops and starts

gaitcue {gaitcue.__version__}. Nobody here is known to the model that judges them; every cue outside
a freeze is false. Protocol: ../README.md; what it means: ../../docs/explanation/freezing.md.
"""

SAYS = """Hours (of two sensors on a person, of both), and false cues an hour; in brackets how many.
"""

WHERE = ("trunk", "leg", "wrist")
PROFILES = (Profile.QUIET, Profile.ASSIST)


def as_json(groups: Sequence[Group]) -> dict[str, Any]:
    """All of it."""
    return dict(
        rounded(
            {
                "activities": {
                    f"{where}, {profile}": _activities(_those(groups, where, profile))
                    for where in WHERE
                    for profile in PROFILES
                },
                "stops": [_stops(group) for group in groups],
                "pauses": [
                    {"data": data, "placement": placement, "profile": profile, **_kinds(found)}
                    for data, placement, profile, found in _with_hesitations(groups)
                ],
            }
        )
    )


def write_report(groups: Sequence[Group]) -> str:
    """The same as tables."""
    return "\n".join(
        [
            HEAD,
            "## False cues by what people do\n",
            SAYS,
            *_activity_table(groups),
            "\n## Stops on purpose\n",
            *_stop_table(groups),
            "\n## Start hesitation, and pauses\n",
            *_pause_tables(groups),
        ]
    )


def _those(groups: Iterable[Group], where: str, profile: Profile) -> list[Group]:
    return [g for g in groups if _where(g.source.placement) == where and g.profile is profile]


def _where(placement: Placement) -> str:
    if placement is Placement.WRIST:
        return "wrist"
    return "leg" if placement in LEGS else "trunk"


def _activities(groups: Sequence[Group]) -> dict[str, dict[str, float]]:
    """Hours and false cues of each group of activities."""
    found: dict[str, dict[str, float]] = {}
    for each in groups:
        for name, activity in figures(each.tally, 1).activities.items():
            group = group_of(name)
            if group is None:
                continue
            told = each.source.data == SIMULATED
            one = found.setdefault(
                f"{group} (simulated)" if told else group, {"hours": 0.0, "cues": 0}
            )
            one["hours"] += activity.hours
            one["cues"] += activity.cues
    return found


def _activity_table(groups: Sequence[Group]) -> list[str]:
    columns = [(w, p, _activities(_those(groups, w, p))) for w in WHERE for p in PROFILES]
    head = ["", *(f"{w} h | {w}, {p}" if p is PROFILES[0] else f"{w}, {p}" for w, p, _ in columns)]
    rows = [f"| {' | '.join(head)} |", "|---" * (1 + len(WHERE) * 3) + "|"]
    names = [n for g in GROUPS for n in (g, f"{g} (simulated)")]
    real = [n for n in names if not n.endswith("(simulated)")]
    resting = [n for n in real if n in AT_REST]
    for title, those in [
        *((n, [n]) for n in names if any(n in found for _, _, found in columns)),
        ("**standing, sitting and lying, real**", resting),
        ("**all, real**", real),
    ]:
        cells = [title]
        for _, profile, found in columns:
            hours = sum(found[n]["hours"] for n in those if n in found)
            cues = sum(found[n]["cues"] for n in those if n in found)
            if profile is PROFILES[0]:
                cells.append(f"{hours:.2f}" if hours else "")
            cells.append(f"{cues / hours:.1f} ({cues:.0f})" if hours else "")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _stops(group: Group) -> dict[str, Any]:
    stops = figures(group.tally, 1).voluntary_stops
    return {
        "data": group.source.data,
        "placement": group.source.placement,
        "profile": group.profile,
        "stops": stops.n,
        "marked": stops.marked,
        "cued": stops.cued,
        "cued_per_100": stops.cued_per_100,
    }


def _stop_table(groups: Sequence[Group]) -> list[str]:
    rows = [
        "| data | placement | stops | walking is | quiet: cued | per 100 | assist | per 100 |",
        "|---" * 8 + "|",
    ]
    quiet = [_stops(g) for g in groups if g.profile is Profile.QUIET]
    assist = [_stops(g) for g in groups if g.profile is Profile.ASSIST]
    every = [(q, a) for q, a in zip(quiet, assist, strict=True) if q["stops"]]
    for q, a in every:
        rows.append(
            f"| {q['data']} | {q['placement']} | {q['stops']} | "
            f"{'marked' if q['marked'] == q['stops'] else 'detected'} | "
            f"{q['cued']} | {q['cued_per_100']:.1f} | {a['cued']} | {a['cued_per_100']:.1f} |"
        )
    for title, those in (
        ("**real**", [(q, a) for q, a in every if q["data"] != SIMULATED]),
        ("**simulated**", [(q, a) for q, a in every if q["data"] == SIMULATED]),
    ):
        n = sum(q["stops"] for q, _ in those)
        counts = [sum(q["cued"] for q, _ in those), sum(a["cued"] for _, a in those)]
        cells = " | ".join(f"{c} | {100 * c / n:.1f}" for c in counts) if n else "| | |"
        rows.append(f"| {title} | | {n} | | {cells} |")
    return rows


def _with_hesitations(
    groups: Sequence[Group],
) -> list[tuple[str, Placement, Profile, list[Pause]]]:
    return [
        (g.source.data, g.source.placement, g.profile, g.pauses)
        for g in groups
        if any(p.kind.startswith(HESITATION) for p in g.pauses)
    ]


def _kinds(found: Sequence[Pause]) -> dict[str, Any]:
    hesitations = [p for p in found if p.kind.startswith(HESITATION)]
    others = [p for p in found if p.kind in (STOP, START)]
    kinds = {
        kind: {
            "n": len(those),
            "cued": sum(p.cued for p in those),
            "taken for trembling": sum(p.taken_for is Phenotype.TREMBLING for p in those),
            "taken for akinetic": sum(p.taken_for is Phenotype.AKINETIC for p in those),
        }
        for kind in sorted({p.kind for p in found})
        if (those := [p for p in found if p.kind == kind])
    }
    return {"kinds": kinds, "hesitation against pauses": separation(hesitations, others)}


def _pause_tables(groups: Sequence[Group]) -> list[str]:
    lines: list[str] = []
    for data, placement, profile, found in _with_hesitations(groups):
        told = _kinds(found)
        lines += [
            f"### {data}, {placement}, {profile}\n",
            "| | n | cue starts inside | found as trembling | found as akinetic |",
            "|---" * 5 + "|",
        ]
        for kind, one in told["kinds"].items():
            shares = [one["cued"], one["taken for trembling"], one["taken for akinetic"]]
            cells = " | ".join(f"{count} ({count / one['n']:.0%})" for count in shares)
            lines.append(f"| {kind} | {one['n']} | {cells} |")
        lines += [
            "",
            "| by the highest | area, hesitation against pauses | found at 5 of 100 pauses cued |",
            "|---" * 3 + "|",
            *(
                f"| {name} | {one['area']:.2f} | {one['found']:.0%} |"
                for name, one in told["hesitation against pauses"].items()
                if one["area"] is not None
            ),
            "",
        ]
    return lines
