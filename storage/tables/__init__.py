"""Every table. Times are UTC; enumerations are short English words checked by the database."""

from storage.tables.base import UtcDateTime, metadata
from storage.tables.certifying import certificate, certificate_counter, certificate_event, pledge
from storage.tables.keeping import audit, export, installation
from storage.tables.learning import (
    allowance,
    attempt,
    attempt_item,
    card_response,
    check_response,
    chosen_role,
    content_version,
    decision,
    place,
    quiz_round,
    response,
    section_progress,
)
from storage.tables.people import (
    activation_code,
    login_failure,
    login_session,
    person,
    recovery_code,
    role_grant,
    totp,
    unit,
)

__all__ = [
    "UtcDateTime",
    "activation_code",
    "allowance",
    "attempt",
    "attempt_item",
    "audit",
    "card_response",
    "certificate",
    "certificate_counter",
    "certificate_event",
    "check_response",
    "chosen_role",
    "content_version",
    "decision",
    "export",
    "installation",
    "login_failure",
    "login_session",
    "metadata",
    "person",
    "place",
    "pledge",
    "quiz_round",
    "recovery_code",
    "response",
    "role_grant",
    "section_progress",
    "totp",
    "unit",
]
