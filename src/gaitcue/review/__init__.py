"""What a walk came to.

`summarise` folds a walk's events into a `WalkSummary`, or `SummaryFold` does so one by one;
`summary_lines` tells it in words. `gaitcue.review.report.write_report` draws it on a page.
"""

from gaitcue.review.summary import SummaryFold, WalkSummary, summarise
from gaitcue.review.words import summary_lines

__all__ = ["SummaryFold", "WalkSummary", "summarise", "summary_lines"]
