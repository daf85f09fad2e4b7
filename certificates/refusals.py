"""Why a pledge cannot be signed or a certificate not issued. They carry data; the page chooses the words."""


class CannotIssue(Exception):
    """There is no certificate yet; what was done before stands."""


class NotPassed(CannotIssue):
    """The final quiz of the programme is not passed."""


class Lapsed(CannotIssue):
    """A renewal proves every stage anew: these quizzes, named by their steps' titles, count no longer or never did."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__(titles)
        self.titles = titles


class NotPledged(CannotIssue):
    """The pledge is not signed."""


class AssuranceTooLow(CannotIssue):
    """Who signs is known less surely (`have`) than the programme demands (`need`)."""

    def __init__(self, have: str, need: str) -> None:
        super().__init__(have, need)
        self.have = have
        self.need = need


class IssuerNotSet(CannotIssue):
    """Issuer or signatory of the programme is the shipped example, and the person is real; `missing` names them."""

    def __init__(self, program_id: str, missing: tuple[str, ...]) -> None:
        super().__init__(program_id, missing)
        self.program_id = program_id
        self.missing = missing


class NotPrintable(CannotIssue):
    """A field holds letters that no shipped font can print faithfully."""

    def __init__(self, field: str, letters: str) -> None:
        super().__init__(field, letters)
        self.field = field
        self.letters = letters


class UnknownCertificate(Exception):
    """No certificate has this id."""
