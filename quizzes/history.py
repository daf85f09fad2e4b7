"""What a person's closed attempts tell of each item."""

from sqlalchemy import Connection

from quizzes import grading, sheets, store


def missed_items(db: Connection, *, person_id: int) -> frozenset[str]:
    """Return the items that this person did not answer right the last time they came, in any quiz.

    An item answered right since then is missed no longer; one left empty or partly right is.
    """
    right: dict[str, bool] = {}
    for row in store.answered_items(db, person_id):
        item = sheets.item_of(row.content)
        chosen = sheets.chosen_numbers(row.option_order, row.choice or "")
        right[row.item_id] = grading.points(item, chosen) == 1
    return frozenset(item_id for item_id, known in right.items() if not known)
