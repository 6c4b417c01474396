"""From signed acts and loans to the values of their minutes."""

from station.blanks.ledger import Account, BlankMove
from station.destruction.listing import Destruction
from station.errors import Refused
from station.journal import JournalRow
from station.language import marked
from station.local_time import local
from station.statements.paper import PaperWords
from station.statements.transfer import StockTransfer
from templates.reports import destruction as destruction_paper
from templates.reports import handover as handover_paper
from templates.reports.destruction import CauseRow, DestructionValues, SerialRow, WitnessRow
from templates.reports.fonts import ReportFonts
from templates.reports.handover import LoanValues, PartyRow, PlaceRow, StockValues
from templates.reports.words import in_capitals, sentence

LOAN_WORDS = {
    (Account.RECEIVED, Account.STOCK): marked("a receipt"),
    (Account.LENT_IN, Account.STOCK): marked("a loan to this office"),
    (Account.STOCK, Account.LENT_OUT): marked("a loan by this office"),
    (Account.LENT_OUT, Account.STOCK): marked("the return of a loan by this office"),
    (Account.STOCK, Account.RETURNED): marked("a return by this office"),
}


def destruction_values(act: Destruction, words: PaperWords) -> DestructionValues:
    """Put a destruction into words."""
    causes = dict.fromkeys(item.cause for item in act.items)
    signers = [
        WitnessRow(name, _of_office(words, role))
        for name, role in zip(act.signers, act.signer_roles, strict=True)
    ]
    return DestructionValues(
        office=words.letterhead,
        number=act.number,
        on=act.on,
        place=act.place,
        burnt_by=act.burnt_by,
        signers=(signers[0], signers[1]),
        witnesses=tuple(WitnessRow(one.name, one.office) for one in act.witnesses),
        causes=tuple(
            CauseRow(
                sentence(words.word(cause)),
                sum(item.count for item in act.items if item.cause == cause and item.card),
                sum(item.count for item in act.items if item.cause == cause and not item.card),
            )
            for cause in causes
        ),
        serials=tuple(
            SerialRow(item.card, str(item.job or "\u2013"), sentence(words.word(item.cause)), item.is_void)
            for item in act.items
            if item.card
        ),
        before=act.spoiled_before,
        after=act.spoiled_after,
        old_cards=act.old_cards,
    )


def transfer_values(act: StockTransfer, words: PaperWords) -> StockValues:
    """Put a handover of stock into words."""
    return StockValues(
        office=words.letterhead,
        number=act.number,
        on=act.at.date(),
        time=f"{act.at:%H.%M} {words.zone.value}",
        giver=PartyRow(act.giver, _of_office(words, act.giver_role)),
        receiver=PartyRow(act.receiver, _of_office(words, act.receiver_role)),
        places=tuple(
            PlaceRow(
                sentence(words.place(one.account, one.lane)),
                one.booked,
                one.counted,
                words.moment(one.counted_at) if one.counted_at else None,
            )
            for one in act.places
        ),
        spoiled=tuple((sentence(words.word(cause)), amount) for cause, amount in act.spoiled),
        void=act.void,
        missing=act.missing,
        differences=act.differences,
        questions=act.questions,
    )


def loan_values(row: JournalRow | None, people: tuple[str, str], words: PaperWords, asked: int) -> LoanValues:
    """Put a receipt, a loan or a return into words; the number on paper is that of its journal row.

    Raises:
        Refused: LOAN_UNKNOWN.
    """
    move = BlankMove.model_validate_json(row.payload) if row and row.name == "blanks_moved" else None
    if row is None or move is None or (move.source, move.target) not in LOAN_WORDS or move.act is not None:
        raise Refused("LOAN_UNKNOWN", row=asked)
    on = local(row.at, words.zone).date()
    ours = words.text(marked("civil registry office of {regency}"), regency=_regency(words))
    theirs = move.counterpart or words.text(marked("the sender of carton {carton}"), carton=move.cause)
    outgoing = move.source is Account.STOCK
    return LoanValues(
        office=words.letterhead,
        number=f"{row.sequence:05}/BAST/{on.year}",
        on=on,
        giver=PartyRow(people[0], ours if outgoing else theirs),
        receiver=PartyRow(people[1], theirs if outgoing else ours),
        what=words.text(LOAN_WORDS[move.source, move.target]),
        quantity=move.quantity,
        journal_row=row.sequence,
    )


def _of_office(words: PaperWords, role: str) -> str:
    return words.text(
        marked("{role}, civil registry office of {regency}"),
        role=sentence(words.word(role)),
        regency=_regency(words),
    )


def _regency(words: PaperWords) -> str:
    return in_capitals(words.letterhead.regency)


def draw_destruction(act: Destruction, words: PaperWords, fonts: ReportFonts) -> bytes:
    """Draw the minutes of a destruction. There is no production trust root, so it is a specimen."""
    values = destruction_values(act, words)
    return destruction_paper.draw_destruction(values, fonts, specimen=True)


def draw_transfer(act: StockTransfer, words: PaperWords, fonts: ReportFonts) -> bytes:
    """Draw the minutes of a handover of stock; a specimen as well."""
    return handover_paper.draw_stock_handover(transfer_values(act, words), fonts, specimen=True)
