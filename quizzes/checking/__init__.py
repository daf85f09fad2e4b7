"""What `check` says of all content: each file here holds one family of rules."""

from quizzes.checking.dates import latest_day
from quizzes.checking.reporting import Report, report

__all__ = ["Report", "latest_day", "report"]
