"""What `check` says of all content: each file here holds one family of rules."""

from quizzes.checking.reporting import Report, report

__all__ = ["Report", "report"]
