"""The paper of a signed act, made again from its journal row whenever it is wanted: the same bytes."""

from station.acts import store as acts
from station.acts.store import ActKind
from station.database import Transaction
from station.destruction.listing import Destruction
from station.statements.minutes import draw_destruction, draw_transfer
from station.statements.paper import PaperWords
from station.statements.transfer import StockTransfer
from templates.reports.fonts import ReportFonts


def paper_of_act(transaction: Transaction, number: str, words: PaperWords, fonts: ReportFonts) -> bytes:
    """Draw the minutes with this number.

    Raises:
        Refused: ACT_UNKNOWN.
        ReportError: it cannot be drawn.
    """
    act = acts.require(transaction, number)
    if act.kind is ActKind.DESTRUCTION:
        return draw_destruction(Destruction.model_validate_json(act.row.payload), words, fonts)
    return draw_transfer(StockTransfer.model_validate_json(act.row.payload), words, fonts)
