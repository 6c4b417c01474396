"""The three facts about the centre. They are independent: none is ever concluded from another.

Ditjen letter 471.13/3256/DUKCAPIL of 17 March 2017: the centre can neither de-duplicate nor receive, and
what is print-ready may still be printed. So receiving and permission are two facts, and the link is a third:
a centre that is reached may refuse, and one that is not may be working for everybody else.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Subject(StrEnum):
    """What a fact is about."""

    LINK = "link"
    RECEIVING = "receiving"
    PRINTING = "printing"


class Answer(StrEnum):
    """What is known. Unknown is what nobody has observed yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """How it is known: seen on the wire, said by the centre, declared by a person, or assumed so far."""

    CONTACT = "contact"
    CENTRE = "centre"
    PERSON = "person"
    ASSUMED = "assumed"


class Observation(BaseModel):
    """One observation of one fact.

    Attributes:
        how: a code of what was seen, such as `connection_refused` or `http_503`, or the number of the letter
            that a person goes by; never personal data.
    """

    model_config = ConfigDict(frozen=True)

    subject: Subject
    answer: Answer
    source: Source
    how: str = Field(default="", max_length=200)


class Fact(BaseModel):
    """What is known of one subject.

    Attributes:
        since: when the answer became what it is; empty when nobody has observed it yet.
        last_good: when the answer was last YES; empty when it never was.
        observed_at: when it was last looked at.
    """

    model_config = ConfigDict(frozen=True)

    subject: Subject
    answer: Answer
    source: Source
    how: str
    since: str
    last_good: str
    observed_at: str


class OutageChanged(BaseModel):
    """Payload of the row `outage_changed`: one fact became another."""

    model_config = ConfigDict(frozen=True)

    subject: Subject
    before: Answer
    after: Answer
    source: Source
    how: str
    last_good: str


# Before anybody has said anything: the centre is unknown, and the permission is the rule, not the exception.
# It is withdrawn by a letter or by the centre itself, and then nothing is printed.
ASSUMED: dict[Subject, Answer] = {
    Subject.LINK: Answer.UNKNOWN,
    Subject.RECEIVING: Answer.UNKNOWN,
    Subject.PRINTING: Answer.YES,
}


def assumed(subject: Subject) -> Fact:
    """What is taken for granted of a subject that nobody has observed."""
    return Fact(
        subject=subject,
        answer=ASSUMED[subject],
        source=Source.ASSUMED,
        how="",
        since="",
        last_good="",
        observed_at="",
    )


class Situation(StrEnum):
    """The four combinations of receiving and permission; the link does not change what the office may do."""

    NORMAL = "normal"
    PRINT_ONLY = "print_only"
    RECEIVE_ONLY = "receive_only"
    STANDSTILL = "standstill"


class Facts(BaseModel):
    """All three, and what they come to."""

    model_config = ConfigDict(frozen=True)

    link: Fact
    receiving: Fact
    printing: Fact

    @property
    def all(self) -> tuple[Fact, Fact, Fact]:
        """In the order in which they are shown."""
        return self.link, self.receiving, self.printing

    @property
    def may_print(self) -> bool:
        """Whether print-ready records may be printed."""
        return self.printing.answer is Answer.YES

    @property
    def is_outage(self) -> bool:
        """Whether anything is known to be down or withdrawn."""
        return any(fact.answer is Answer.NO for fact in self.all)

    @property
    def situation(self) -> Situation:
        """Which of the four it is. A centre of which nothing is known is not known to be down."""
        receives = self.receiving.answer is not Answer.NO
        if self.may_print:
            return Situation.NORMAL if receives else Situation.PRINT_ONLY
        return Situation.RECEIVE_ONLY if receives else Situation.STANDSTILL


def together(known: Mapping[Subject, Fact]) -> Facts:
    """The three facts as one."""
    return Facts(
        link=known[Subject.LINK], receiving=known[Subject.RECEIVING], printing=known[Subject.PRINTING]
    )
