"""What a person's closed attempts tell of each item."""

from sqlalchemy import Connection

from quizzes import grading, sheets, store


def missed_items(db: Connection, *, person_id: int, quiz_id: str) -> frozenset[str]:
    """Return the items that this person did not answer right the last time they came, in any quiz.

    An item answered right since then is missed no longer; one left empty or partly right is.
    What came in this quiz since it was last passed does not count: its key is withheld while tries remain, and
    bringing the same items back would let a person find the key by leaving out what was wrong.
    """
    right: dict[str, bool] = {}
    met: set[str] = set()
    for row in store.answered_items(db, person_id):
        item = sheets.item_of(row.content)
        if row.quiz_id == quiz_id:
            met = set() if row.passed else met | {row.item_id}
        chosen = sheets.chosen_numbers(row.option_order, row.choice or "")
        right[row.item_id] = grading.points(item, chosen) == 1
    return frozenset(item_id for item_id, known in right.items() if not known and item_id not in met)
