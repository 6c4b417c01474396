"""Is this letter genuine, and does it still hold? Answered offline, with the date of what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from station.letters.claim.code import KeyFinder, read_code
from station.letters.claim.errors import ClaimRefused, Flaw
from station.letters.claim.statement import LetterStatement
from station.letters.trust import KeyState
from station.letters.withdrawals import WithdrawalList


class Genuineness(StrEnum):
    """What the code itself tells."""

    GENUINE = "genuine"
    EXPIRED = "expired"  # genuine, and its time is over
    ALTERED = "altered"
    KEY_UNKNOWN = "key_unknown"  # signed by nobody whom the trust list names
    KEY_NOT_VALID = "key_not_valid"  # signed when the key was not to be used, perhaps by a thief
    NO_LETTER = "no_letter"  # a code, but no letter's


class Withdrawal(StrEnum):
    """What the status list tells."""

    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "not_withdrawn"  # as of the list's date
    UNKNOWN = "unknown"


_OF_FLAW = {
    Flaw.FOREIGN: Genuineness.NO_LETTER,
    Flaw.ENCODING: Genuineness.ALTERED,
    Flaw.SIGNATURE: Genuineness.ALTERED,
    Flaw.KEY_UNKNOWN: Genuineness.KEY_UNKNOWN,
    Flaw.KEY_NOT_VALID: Genuineness.KEY_NOT_VALID,
}


@dataclass(frozen=True)
class Verdict:
    """The answer.

    Attributes:
        statement: what the code states; only where the signature is good.
        withdrawal_as_of: date of the status list that was asked.
        key_stolen: the key was stolen later; letters before that are believed.
    """

    genuineness: Genuineness
    withdrawal: Withdrawal = Withdrawal.UNKNOWN
    withdrawal_as_of: datetime | None = None
    statement: LetterStatement | None = None
    key_stolen: bool = False

    @property
    def holds(self) -> bool:
        """Whether the letter may be relied on, as far as can be told."""
        return self.genuineness is Genuineness.GENUINE and self.withdrawal is not Withdrawal.WITHDRAWN


def judge_code(text: str, find_key: KeyFinder, lists: Sequence[WithdrawalList], moment: datetime) -> Verdict:
    """Judge the text of a QR code.

    Args:
        text: as read.
        find_key: the trust list.
        lists: status lists whose signatures are good.
        moment: now, with its zone. There is no leeway: a letter ends when it says.
    """
    try:
        signed = read_code(text, find_key)
    except ClaimRefused as refused:
        return Verdict(_OF_FLAW[refused.flaw])
    seconds = int(moment.timestamp())
    over = not signed.statement.issued <= seconds < signed.statement.expires
    withdrawal, as_of = _withdrawal(signed.statement, lists, seconds)
    return Verdict(
        genuineness=Genuineness.EXPIRED if over else Genuineness.GENUINE,
        withdrawal=withdrawal,
        withdrawal_as_of=as_of,
        statement=signed.statement,
        key_stolen=signed.key.state is KeyState.STOLEN,
    )


def _withdrawal(
    statement: LetterStatement, lists: Sequence[WithdrawalList], seconds: int
) -> tuple[Withdrawal, datetime | None]:
    """Ask the latest list of the letter's office and year; one that has expired can only say "withdrawn"."""
    of_year = [one for one in lists if (one.issuer, one.year) == (statement.issuer, statement.year)]
    if not of_year:
        return Withdrawal.UNKNOWN, None
    latest = max(of_year, key=lambda one: one.issued)
    as_of = datetime.fromtimestamp(latest.issued, UTC)
    withdrawn = latest.withdrawn(statement.place)
    if withdrawn:
        return Withdrawal.WITHDRAWN, as_of
    if withdrawn is None or latest.issued < statement.issued or latest.expires <= seconds:
        return Withdrawal.UNKNOWN, as_of
    return Withdrawal.NOT_WITHDRAWN, as_of
