"""Old cards are no blanks: beside the equation, on the day's statement, and burnt with an act."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from station.errors import ExitStatus
from station.handover import store
from station.local_time import TimeZone
from station.statements.store import daily_statement
from tests.fakes.counter import BAD
from tests.unit.handover.handover_desk import HandoverDesk
from tests.unit.ledger.ledger_counter import OPERATOR, SUPERVISOR

BURN = ("--place", "halaman kantor", "--burnt-by", "Slamet", "--witness", "Joko, Satpol PP")


def two_given(desk: HandoverDesk) -> None:
    """One card with its holder's old one, another by exception."""
    desk.reader.lay(desk.card(1))
    assert desk.start("--old-card", "ktp_el").status == ExitStatus.DONE
    desk.reader.lay(desk.card(2))
    assert desk.start(presses=(BAD,) * 6).status == ExitStatus.REFUSED
    assert desk.exempt(2, "--reason", "disability", "--old-card", "old_ktp").status == ExitStatus.DONE


def test_they_change_no_account_and_are_shown(desk: HandoverDesk) -> None:
    before = desk.balances().totals
    two_given(desk)
    assert desk.balances().totals == before
    shown = desk.run("blanks", "show", "--json").fields()
    assert (shown["withdrawn_old_cards"], shown["difference"]) == (2, 0)


def test_the_day_states_handovers_exceptions_and_old_cards(desk: HandoverDesk) -> None:
    two_given(desk)
    now = desk.clock.now()
    with desk.database.reading() as transaction:
        stated = daily_statement(transaction, now.date(), TimeZone.WIB, now + timedelta(hours=1))
        later = store.figures_between(
            transaction,
            datetime(2030, 1, 1, tzinfo=UTC).isoformat(),
            datetime(2031, 1, 1, tzinfo=UTC).isoformat(),
        )
    figures = stated.handovers
    assert (figures.handed_over, figures.without_finger, figures.old_taken, figures.old_kept) == (2, 1, 2, 2)
    assert (later.handed_over, later.old_taken, later.old_kept) == (0, 0, 2)
    target = desk.office_folder / "daily.pdf"
    assert desk.run("blanks", "report", "--out", str(target)).status == ExitStatus.DONE


def test_they_are_burnt_once_with_two_signatures(desk: HandoverDesk) -> None:
    two_given(desk)
    target = desk.office_folder / "burnt.pdf"
    asked = ("blanks", "destroy", "--old-cards", *BURN, "--out", str(target), "--json")
    burnt = desk.signed(*asked, by=(SUPERVISOR, OPERATOR))
    assert burnt.status == ExitStatus.DONE, burnt
    assert (burnt.fields()["count"], burnt.fields()["old_cards"]) == (0, 2)
    assert target.read_bytes().startswith(b"%PDF-")
    with desk.database.reading() as transaction:
        assert store.kept_old_cards(transaction) == {}
        acts = transaction.execute(text("SELECT count(DISTINCT act) FROM withdrawn_cards")).scalar_one()
    assert acts == 1
    again = desk.signed(*asked[:-3], "--out", str(desk.office_folder / "b.pdf"), "--json")
    assert again.error()["code"] == "DESTRUCTION_EMPTY"
    assert desk.faults() == []
