"""The answers of `station letters verify`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.errors import StationError
from station.letters.verification import Genuineness, Verdict, Withdrawal


class Answer(StrEnum):
    """What is said of something that is brought, from the best to the worst."""

    GENUINE = "genuine"
    EXPIRED = "expired"  # genuine, and its time is over
    WITHDRAWN = "withdrawn"  # genuine, and taken back
    KEY_UNKNOWN = "key_unknown"  # signed by nobody whom the trust list names
    KEY_NOT_VALID = "key_not_valid"  # signed when the key was not to be used
    UNSIGNED = "unsigned"  # a PDF that is no scan and carries no signature
    NO_LETTER = "no_letter"  # no code of a letter was found
    UNREADABLE = "unreadable"
    CONTRADICTION = "contradiction"  # the code is of another letter than the file
    ALTERED = "altered"


_OF_CODE = {
    Genuineness.GENUINE: Answer.GENUINE,
    Genuineness.EXPIRED: Answer.EXPIRED,
    Genuineness.ALTERED: Answer.ALTERED,
    Genuineness.KEY_UNKNOWN: Answer.KEY_UNKNOWN,
    Genuineness.KEY_NOT_VALID: Answer.KEY_NOT_VALID,
    Genuineness.NO_LETTER: Answer.NO_LETTER,
}


class Kind(StrEnum):
    """What was brought."""

    PDF = "pdf"
    SCAN = "scan"  # a PDF of pictures
    PICTURE = "picture"
    TEXT = "text"  # of a code, as a reader of codes types it
    UNKNOWN = "unknown"  # it could not be opened


@dataclass(frozen=True)
class SignatureVerdict:
    """What is said of a PDF's signature.

    Attributes:
        answer: GENUINE, KEY_UNKNOWN, KEY_NOT_VALID, UNSIGNED or ALTERED.
        issuer: URI of the office that holds the certificate. signer: the certificate's subject.
        moment: when it was signed, as the signer says.
        key_stolen: the key was stolen later; files before that are believed.
    """

    answer: Answer
    issuer: str | None = None
    signer: str | None = None
    moment: datetime | None = None
    key_stolen: bool = False


@dataclass(frozen=True)
class Presented:
    """The verdict on one thing that was brought.

    Attributes:
        answer: the worst of all that was found.
        codes: of each code of a letter.
        signature: of a PDF that is no scan.
        problem: why it cannot be read.
    """

    kind: Kind
    answer: Answer
    codes: tuple[Verdict, ...] = ()
    signature: SignatureVerdict | None = None
    problem: StationError | None = None


def answer_of(verdict: Verdict) -> Answer:
    """The answer that one code gives."""
    answer = _OF_CODE[verdict.genuineness]
    holds_once = answer in (Answer.GENUINE, Answer.EXPIRED)
    return Answer.WITHDRAWN if holds_once and verdict.withdrawal is Withdrawal.WITHDRAWN else answer


def worst(answers: list[Answer]) -> Answer:
    """The worst of some answers."""
    order = list(Answer)
    return max(answers, key=order.index)
