"""The measured packages as Markdown tables."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.tables import grid

import gaitcue

Figures = dict[str, Any]

AS_RECORDED = "as recorded"


def write_report(found: Figures) -> str:
    """The whole report, from what ``peers_gait.json`` holds."""
    runs: list[Figures] = [
        one for part, each in found.items() if part != "cost" for one in each.values()
    ]
    plain = [one for one in runs if one["variant"] == AS_RECORDED]
    walking = [one for one in plain if one["steps"]]
    changed = sorted({one["data"] for one in runs if one["variant"] != AS_RECORDED})
    lines = [
        "# Steps, speed and cost: published packages beside gaitcue",
        "",
        f"gaitcue {gaitcue.__version__}, causal; mobgap 1.2.0, scikit-digital-health 0.17.18 and",
        "KielMAT 0.0.5 with their own defaults, which see the whole recording. In brackets: the",
        "95 % bootstrap interval over people. Protocol: ../README.md.",
        "",
        "## Initial contacts",
        "",
        *grid(
            ["data", "package", "people", "contacts", "F1 at 0.25 s", "found", "false",
             "F1 at 0.5 s", "timing error, ms", "failed"],
            [
                [
                    one["data"], one["package"], str(one["people"]), str(one["steps"]),
                    _interval(one["f1"], one["f1_interval"]), _share(one["matched"] / one["steps"]),
                    str(one["false"]), _number(one["f1_wide"]), _number(one["timing_ms"], 0),
                    f"{one['failed']} of {one['recordings']}",
                ]
                for one in walking
            ],
        ),
        "",
        "## Gait speed of reference walking bouts, m/s",
        "",
        *grid(
            ["data", "package", "bouts with a speed", "MAE", "bias", "below 0.5", "bias there"],
            [
                [
                    one["data"], one["package"], f"{one['bouts_told']} of {one['bouts']}",
                    _interval(one["speed_mae"], one["speed_mae_interval"]),
                    _signed(one["speed_bias"]), str(one["slow_bouts"]), _signed(one["slow_bias"]),
                ]
                for one in walking
                if one["bouts"]
            ],
        ),
        "",
    ]  # fmt: skip
    for data in changed:
        of_set = [one for one in runs if one["data"] == data]
        lines += [f"## {data}, changed: F1 at 0.25 s", "", *_changed(of_set, _f1), ""]
        if any(one["bouts"] for one in of_set):
            lines += [
                f"## {data}, changed: speed MAE, m/s (bouts)",
                "",
                *_changed(of_set, _mae),
                "",
            ]
    for data in dict.fromkeys(one["data"] for one in plain):
        still = [one for one in plain if one["data"] == data and one["activities"]]
        if still:
            lines += [f"## {data}: steps told an hour, by activity", "", *_activities(still), ""]
    if "cost" in found:
        lines += ["## Cost of one hour of 100 Hz six-axis motion", "", *_costs(found["cost"]), ""]
    errors = sorted({(one["package"], e) for one in runs for e in one["errors"]})
    if errors:
        lines += ["## What packages stopped with", ""]
        lines += [f"- {package}: `{error[:200]}`" for package, error in errors] + [""]
    return "\n".join(lines)


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f}%"


def _interval(value: float | None, edges: Sequence[float] | None) -> str:
    if value is None or edges is None:
        return _number(value)
    return f"{value:.3f} [{edges[0]:.3f}, {edges[1]:.3f}]"


def _f1(one: Figures) -> str:
    failed = f" ({one['failed']} failed)" if one["failed"] else ""
    return _number(one["f1"] or 0.0) + failed


def _mae(one: Figures) -> str:
    return f"{_number(one['speed_mae'])} ({one['bouts_told']})"


def _changed(runs: Sequence[Figures], cell: Callable[[Figures], str]) -> list[str]:
    packages = list(dict.fromkeys(one["package"] for one in runs))
    told = {(one["variant"], one["package"]): cell(one) for one in runs}
    return grid(
        ["change", *packages],
        [
            [variant, *(told.get((variant, package), "-") for package in packages)]
            for variant in dict.fromkeys(one["variant"] for one in runs)
        ],
    )


def _activities(runs: Sequence[Figures]) -> list[str]:
    first = runs[0]["activities"]
    return grid(
        ["activity", "hours", *(one["package"] for one in runs)],
        [
            [
                name,
                f"{first[name]['hours']:.2f}",
                *(
                    f"{one['activities'][name]['steps'] / one['activities'][name]['hours']:.0f}"
                    for one in runs
                ),
            ]
            for name in first
        ]
        + [["all without walking", "", *(_number(one["false_steps_per_hour"], 1) for one in runs)]],
    )


def _costs(costs: dict[str, dict[str, float]]) -> list[str]:
    ours = costs.get("gaitcue", {}).get("hour_cpu_s")
    return grid(
        ["package", "CPU, s", "times gaitcue", "of it to start, s", "peak memory, MB"],
        [
            [
                name,
                f"{one['hour_cpu_s']:.2f}",
                "-" if ours is None else f"{one['hour_cpu_s'] / ours:.1f}",
                f"{one['start_cpu_s']:.2f}",
                f"{one['hour_memory_mb']:.0f}",
            ]
            for name, one in costs.items()
        ],
    )
