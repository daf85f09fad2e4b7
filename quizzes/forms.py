"""Two parallel forms of the bank: a person meets one in the pre-test and the other in the final quiz."""

from hashlib import sha256
from typing import Literal

Form = Literal["A", "B"]
FormRule = Literal["drawn", "other"]
OTHER: dict[Form, Form] = {"A": "B", "B": "A"}


def form_for(rule: FormRule | None, *, program_id: str, person_id: int) -> Form | None:
    """Return the form that a quiz with this rule draws from for a person; None where forms play no part.

    People are taken two by two, in the order of the roster; chance says which of the two gets A, the other gets
    B. So both forms go to equally many, and nothing needs to be stored: the same person gets the same answer.
    """
    if rule is None:
        return None
    pair, place = divmod(person_id, 2)
    toss = sha256(f"{program_id}:{pair}".encode()).digest()[0]
    drawn: Form = "A" if (toss + place) % 2 else "B"
    return drawn if rule == "drawn" else OTHER[drawn]
