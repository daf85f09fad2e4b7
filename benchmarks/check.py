"""CPU seconds of `check` over a large bank: the shipped content plus generated items, in a temporary folder.

    python benchmarks/check.py [--items N] [--json]

Generated items are shipped ones with two in three words of stem and options replaced, so that every rule has work
to do: words are as frequent as in real content, and no item is the copy of another.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from quizzes.checking import latest_day, report  # noqa: E402

ITEMS_PER_FILE = 100


def shipped(root: Path) -> list[dict[str, Any]]:
    """Return the shipped items, all values as text."""
    files = sorted((root / "quizzes/content/bank").glob("*.yaml"))
    return [item for path in files for item in yaml.load(path.read_text("utf-8"), yaml.BaseLoader)["items"]]


def reworded(text: str, words: list[str], random: Random) -> str:
    """Return a text with two in three words replaced."""
    return " ".join(word if random.random() < 0.33 else random.choice(words) for word in text.split())


def generated(items: list[dict[str, Any]], count: int, random: Random) -> list[dict[str, Any]]:
    """Return new items made from shipped ones."""
    words = [word for item in items for word in item["stem"].split() if word.isalpha()]
    made = []
    for number in range(count):
        item = dict(random.choice(items))
        item |= {"id": f"{item['id']}-{number}", "stem": reworded(item["stem"], words, random)}
        if item["type"] in ("single", "multiple", "case"):
            item["options"] = [
                {**option, "text": reworded(option["text"], words, random)[:240]} for option in item["options"]
            ]
        made.append(item)
    return made


def prepare(root: Path, count: int) -> None:
    """Fill a content root with the shipped content and generated items."""
    for folder in ("modules/content", "quizzes/content"):
        shutil.copytree(ROOT / folder, root / folder)
    items = shipped(root)
    more = generated(items, max(0, count - len(items)), Random(7))
    for start in range(0, len(more), ITEMS_PER_FILE):
        # Through JSON and back: YAML would write lists that items share as aliases.
        file = json.loads(json.dumps({"items": more[start : start + ITEMS_PER_FILE]}))
        text = yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
        (root / f"quizzes/content/bank/tambahan-{start}.yaml").write_text(text, "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sinetral-check-") as folder:
        prepare(Path(folder), wanted.items)
        begun = time.process_time()
        result = report(Path(folder), today=latest_day(datetime.now(UTC)))
        cpu_s = time.process_time() - begun
    values = {"items": result.counts["items"], "cpu_s": round(cpu_s, 2), "findings": len(result.findings)}
    print(json.dumps(values) if wanted.json else " ".join(f"{name}={value}" for name, value in values.items()))


if __name__ == "__main__":
    main()
