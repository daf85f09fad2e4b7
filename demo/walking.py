"""Walks one invented person through a programme with the very actions that real people call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, get_args

from sqlalchemy import Connection

from certificates import issuing, pledge, renewing, revoking
from certificates.records import Certificate
from modules import progress
from modules.catalog import Module, Program, Step
from people.roles import Actor
from quizzes import attempts, casting, runs
from quizzes.bank import Item
from quizzes.content import Library
from quizzes.sheets import Confidence, Question, Story

SURENESS = get_args(Confidence)
SKILL = {"failed": 0.45, "reading": 0.6}
PASSING = 0.93
LASTS = timedelta(days=740)
"""Longer than a certificate of the shipped programme lasts."""


@dataclass
class Walk:
    """One walk at a time; `clock` moves on with every action."""

    db: Connection
    library: Library
    program: Program
    random: Random
    public_url: str
    refreshed: int = 0

    def set_out(self, start: datetime, now: datetime) -> None:
        """Set the walk's clock; it moves on with every action and never past `now`."""
        self.clock, self.latest = start, now

    def go(self, actor: Actor, aim: str, start: datetime, now: datetime) -> None:
        """Walk until the aim is reached.

        That is nothing, reading, failed, passed, waiting or certified; expired, renewed and revoked went beyond that.
        """
        self.set_out(start - LASTS if aim in ("expired", "renewed") else start, now)
        if aim == "nothing":
            return
        steps = list(self.program.head.steps)
        halfway = next(index for index, step in enumerate(steps) if step.ref == "boleh-dan-tidak-boleh")
        for index, step in enumerate(steps):
            if aim == "reading" and index == halfway:
                self._read(actor, step, self.program.module(step.ref), until=3)
                return
            self.take(actor, step, SKILL.get(aim, PASSING))
        if aim == "waiting":
            # Known too little for a certificate: HR sees who waits, and for what.
            pledge.sign(self.db, actor=replace(actor, assurance="roster"), program=self.program, now=self._tick(60))
        if aim in ("failed", "passed", "waiting"):
            return
        certified = self._certify(actor)
        if aim == "renewed":
            self.set_out(start, now)
            renewing.begin(self.db, actor=actor, program=self.program, now=self._tick(60))
            self.take(actor, next(step for step in reversed(steps) if step.kind == "quiz"), PASSING)
            self._certify(actor)
        elif aim == "revoked":
            reason, now = "Terbit dengan nama yang keliru", self._tick(600)
            revoking.revoke_by_operator(self.db, certificate_id=certified.id, reason=reason, now=now)

    def refresh(self, actor: Actor, aim: str, start: datetime, now: datetime) -> None:
        """Walk the refreshers after a certificate: one person in three all of them, one in three the first two."""
        # In turn, not by chance: a small installation shows each of the three as well.
        kind = 2 - self.refreshed % 3 if aim == "certified" else 0
        self.refreshed += aim == "certified"
        self.set_out(start, now)
        steps = [step for step in self.program.head.steps if step.kind in ("module", "quiz")]
        for step in {0: [], 1: steps[:4], 2: steps}[kind]:
            self.take(actor, step, 1)
        if kind == 2:
            self._certify(actor)

    def _certify(self, actor: Actor) -> Certificate:
        pledge.sign(self.db, actor=actor, program=self.program, now=self._tick(60))
        return issuing.issue(
            self.db,
            actor=actor,
            program=self.program,
            as_of=self.library.catalog.registry.as_of,
            now=self._tick(5),
            public_url=self.public_url,
        )

    def _tick(self, seconds: int) -> datetime:
        self.clock = min(
            self.latest, self.clock + timedelta(seconds=self.random.randint(seconds // 2 + 1, seconds * 2))
        )
        return self.clock

    def take(self, actor: Actor, step: Step, skill: float) -> None:
        """Go through one step; quizzes are answered right with probability `skill`."""
        if step.kind == "module":
            self._read(actor, step, self.program.module(step.ref))
        elif step.kind == "scenario":
            self._play(actor, step)
        elif step.kind == "quiz":
            self._answer(actor, step, skill)

    def _read(self, actor: Actor, step: Step, module: Module, until: int | None = None) -> None:
        where: dict[str, Any] = {"person_id": actor.person_id, "program": self.program, "step_id": step.id}
        for section in module.sections[:until]:
            choice = self.random.randrange(len(section.check.options))
            if self.random.random() < 0.8:
                choice = next(i for i, option in enumerate(section.check.options) if option.correct)
            now = self._tick(100)
            progress.answer_check(self.db, **where, section_id=section.id, choice=choice, now=now)
        if until is not None:
            last = module.sections[until].id
            progress.open_section(self.db, **where, section_id=last, now=self._tick(60))
        elif module.sorting:
            for card in module.sorting.cards:
                ruling = card.ruling if self.random.random() < 0.8 else "dilarang"
                progress.sort_card(self.db, **where, card_id=card.id, ruling=ruling, now=self._tick(9))

    def _play(self, actor: Actor, step: Step) -> None:
        mine: dict[str, Any] = {"actor": actor, "library": self.library, "program": self.program, "step_id": step.id}
        if step.by_role and casting.role_of(self.db, person_id=actor.person_id, program=self.program) is None:
            role = self.random.choice(self.program.head.roles)
            casting.choose(self.db, actor=actor, program=self.program, role_id=role.id, now=self._tick(20))
        view = runs.start_or_resume(self.db, **mine, now=self._tick(30), random=self.random)
        while view.junction is not None:
            opaque, _ = self.random.choice(view.junction.options)
            seen, now = view.sequence, self._tick(40)
            view = runs.decide(
                self.db, actor=actor, attempt_id=view.attempt_id, choice=opaque, seen_sequence=seen, now=now
            )

    def _answer(self, actor: Actor, step: Step, skill: float) -> None:
        mine: dict[str, Any] = {"actor": actor, "library": self.library, "program": self.program, "step_id": step.id}
        sheet = attempts.start_or_resume(self.db, **mine, now=self._tick(30), random=self.random)
        quiz = self.library.quiz(self.program.id, step.ref)
        keys = {item.stem: item for item in self.library.bank.items}
        while sheet.question is not None:
            question = sheet.question
            sheet = attempts.answer(
                self.db,
                actor=actor,
                attempt_id=sheet.attempt_id,
                position=question.position,
                choice=self._answered(question, keys, skill),
                seen_sequence=question.sequence,
                token=f"{question.position}-{question.sequence}",
                confidence=SURENESS[question.position % 3] if quiz.confidence else None,
                now=self._tick(40),
            )
        attempts.submit(self.db, actor=actor, attempt_id=sheet.attempt_id, now=self._tick(10))

    def _answered(self, question: Question, keys: dict[str, Item], skill: float) -> list[str]:
        if question.story is not None:
            return self._decision(question, question.story, skill)
        return self._choice(question, keys[question.stem], skill)

    def _decision(self, question: Question, story: Story, skill: float) -> list[str]:
        """Decide without losing a point, or at random."""
        scenario = next(one for one in self.library.scenarios.values() if one.title == story.title)
        node = next(node for node in scenario.nodes.values() if node.text == question.stem)
        safe = {choice.text for choice in node.choices if choice.lost == 0}
        knows = self.random.random() < skill
        fitting = [opaque for opaque, text in question.options if text in safe or not knows]
        return [*story.path, self.random.choice(fitting)]

    def _choice(self, question: Question, item: Item, skill: float) -> list[str]:
        ids = {text: opaque for opaque, text in question.options}
        knows = self.random.random() < skill
        if item.pairs:
            fitting = {pair.left: pair.right if knows else self.random.choice(item.targets) for pair in item.pairs}
            return [f"{opaque}:{ids[fitting[left]]}" for opaque, left in question.lefts]
        if item.steps:
            order = [step.text for step in item.steps]
            return [ids[text] for text in (order if knows else self.random.sample(order, len(order)))]
        right = {option.text for option in item.options if option.correct}
        if knows:
            return [ids[text] for text in ids if text in right]
        return [self.random.choice([ids[text] for text in ids if text not in right])]
