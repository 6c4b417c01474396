"""Acts as rows: the database knows who signed what, and which count an adjustment settles."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, insert, select

from station.database.engine import Transaction
from station.database.tables import signed_acts
from station.errors import Refused
from station.journal import JournalRow
from station.journal.store import row_at


class ActKind(StrEnum):
    """What was signed."""

    ADJUSTMENT = "adjustment"
    DESTRUCTION = "destruction"
    HANDOVER = "handover"


# Our own short codes: no official pattern of numbers was read (facts: domain.md section 6).
NUMBER_CODES = {ActKind.DESTRUCTION: "BA-PEMUSNAHAN", ActKind.HANDOVER: "BAST"}


@dataclass(frozen=True)
class SignedAct:
    """One act: its kind, its number on paper, who signed, and its journal row with everything in it."""

    kind: ActKind
    number: str | None
    signers: tuple[str, str]
    row: JournalRow


def record(
    transaction: Transaction,
    row: int,
    kind: ActKind,
    signers: tuple[str, str],
    number: str | None = None,
    settles: int | None = None,
) -> None:
    """Note that a journal row was signed by two people; the database refuses one person twice.

    Args:
        transaction: the caller's.
        row: the act's journal row.
        kind: what it is.
        signers: the two who have given their PINs.
        number: of its paper; an adjustment has none.
        settles: the count that an adjustment settles.
    """
    transaction.execute(
        insert(signed_acts).values(
            journal=row,
            kind=kind,
            number=number,
            first_signer=signers[0],
            second_signer=signers[1],
            settles=settles,
        )
    )


def free_number(transaction: Transaction, kind: ActKind, year: int, wanted: str | None = None) -> str:
    """The number that was asked for, or the next running number of the year.

    Raises:
        Refused: ACT_NUMBER_TAKEN.
    """
    if wanted is not None:
        if find(transaction, wanted):
            raise Refused("ACT_NUMBER_TAKEN", number=wanted)
        return wanted
    ending = f"/{NUMBER_CODES[kind]}/{year}"
    count = int(
        transaction.execute(
            select(func.count()).select_from(signed_acts).where(signed_acts.c.number.like(f"%{ending}"))
        ).scalar_one()
    )
    number = f"{count + 1:03}{ending}"
    while find(transaction, number):
        count += 1
        number = f"{count + 1:03}{ending}"
    return number


def find(transaction: Transaction, number: str) -> SignedAct | None:
    """Find an act by the number of its paper."""
    found = transaction.execute(select(signed_acts).where(signed_acts.c.number == number)).first()
    row = row_at(transaction, found.journal) if found else None
    if found is None or row is None:
        return None
    return SignedAct(ActKind(found.kind), found.number, (found.first_signer, found.second_signer), row)


def require(transaction: Transaction, number: str) -> SignedAct:
    """Find an act by the number of its paper, or refuse.

    Raises:
        Refused: ACT_UNKNOWN.
    """
    act = find(transaction, number)
    if act is None:
        raise Refused("ACT_UNKNOWN", number=number)
    return act
