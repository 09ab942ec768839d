"""Published figures that say how much a number in a report can mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a measure, in a sentence, and where from."""

    measure: str
    finding: str
    source: str


EVIDENCE = (
    Evidence(
        "Freezing, rated by eye",
        "30 physiotherapists rating the same videos agreed only moderately: ICC 0.63 for the "
        "number of episodes, 0.78 for their total duration and 0.50 for percent time frozen. Two "
        "of them differed on average by 2 episodes, 18.8 s and 15.2 percentage points.",
        "Scully et al. 2023, doi:10.1080/09593985.2023.2252059",
    ),
    Evidence(
        "Percent time frozen",
        "From one visit to another, 5 weeks later, with the same tasks: ICC 0.63 to 0.90 without "
        "medication and 0.18 to 0.87 with it. Turning on the spot provokes freezing most reliably.",
        "Zoetewei et al. 2024, 63 people (26 retested), doi:10.3233/JPD-240134",
    ),
    Evidence(
        "Gait speed",
        "A timed 10 m walk must change by more than 0.09 m/s (comfortable pace) or 0.13 m/s (fast) "
        "to exceed the measurement's own scatter (MDC95).",
        "Combs et al. 2014, 88 people, doi:10.1016/j.gaitpost.2013.10.019",
    ),
    Evidence(
        "Gait speed, step length",
        "The smallest difference that matters to people (MCID) is 0.082 m/s in speed and 3.6 cm "
        "in step length.",
        "382 people, Gait & Posture 2024, doi:10.1016/j.gaitpost.2023.11.016",
    ),
    Evidence(
        "Gait speed",
        "Small, moderate and large clinically important differences are 0.06, 0.14 and 0.22 m/s.",
        "Hass et al. 2014, 324 people, doi:10.1097/NPT.0000000000000055",
    ),
    Evidence(
        "Gait speed from one sensor on the lower back",
        "Well-tested methods were off by 0.06 to 0.12 m/s on average in the laboratory and by 0.09 "
        "to 0.13 m/s in daily life: as much as the differences above.",
        "Kirk et al. 2024, doi:10.1038/s41598-024-51766-5",
    ),
)
