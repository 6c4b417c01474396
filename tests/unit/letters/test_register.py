"""What becomes of letters: withdrawn, void, listed, exported, erased with the person, told to the person."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from station.errors import Refused, StationError
from station.letters import store
from station.letters.numbers import void
from station.letters.register import COLUMNS, lines
from station.letters.rows import LetterState, VoidCause, WithdrawalCause
from station.letters.status_list import sign_list
from station.letters.store import Letter
from station.letters.verification import Withdrawal, judge_code
from station.letters.withdrawals import read_list
from station.letters.withdrawing import take_back_at_handover, withdraw
from station.retention.erasing import Erasing
from station.trail.trail import trail_of
from tests.fakes.letters import LetterStation
from tests.unit.vault.vault_station import Guest

# A row made by hand for another person, in a place and a state that cannot be.
COPIED = (
    "INSERT INTO letters SELECT year, {place}, number || 'x', journal, record, person || 'x', reason, signer,"
    " issued_on, valid_until, renews, {state}, NULL, NULL, NULL, NULL, NULL, NULL FROM letters"
    " WHERE place = 2"
)


class Gone:
    """A token that is away."""

    def sign(self, pdf: bytes) -> bytes:
        raise StationError("TOKEN_ABSENT", token="letters", details="gone")


def begin(station: LetterStation, guest: Guest) -> Letter:
    """Take a number, and no more."""
    with pytest.raises(StationError):
        LetterStation(station.folder, station.clock, pdf_signer=Gone()).issue(guest)
    return station.issuing.begun()[-1]


def take_back(station: LetterStation, letter: Letter) -> None:
    with station.database.transaction() as transaction:
        withdraw(transaction, station.journal, letter, WithdrawalCause.MISTAKE, "Siti", "wrong person")


def test_a_withdrawn_letter_stays_so(station: LetterStation, crowd: list[Guest]) -> None:
    letter = station.issue(crowd[0])
    take_back(station, letter)
    again = station.find(letter.number)
    assert (again.state, again.cause) == (LetterState.WITHDRAWN, "mistake")
    with pytest.raises(Refused) as caught:
        take_back(station, again)
    assert caught.value.code == "LETTER_NOT_ISSUED"
    assert station.issue(crowd[0]).place == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letters SET state = 'issued', cause = NULL WHERE place = 1",
        "UPDATE letters SET number = 'other' WHERE place = 2",
        "UPDATE letters SET person = 'other' WHERE place = 2",
        "UPDATE letters SET wrapped_key = x'00' WHERE place = 2",
        "UPDATE letters SET content_hash = 'other' WHERE place = 2",
        "UPDATE letters SET state = 'void', cause = 'not_finished' WHERE place = 2",
        "DELETE FROM letters WHERE place = 2",
        COPIED.format(place=4, state="'taken', NULL, NULL"),
        COPIED.format(place=2, state="'taken', NULL, NULL"),
        COPIED.format(place=3, state="state, settled, cause"),
    ],
)
def test_the_database_itself_keeps_the_register(
    station: LetterStation, crowd: list[Guest], statement: str
) -> None:
    take_back(station, station.issue(crowd[0]))
    station.issue(crowd[1])
    with pytest.raises(Refused) as caught, station.database.transaction() as transaction:
        transaction.execute(text(statement))
    assert caught.value.code == "JOURNAL_REFUSED"


def test_two_letters_of_one_person_are_refused_by_the_database(
    station: LetterStation, crowd: list[Guest]
) -> None:
    letter = station.issue(crowd[0])
    second = begin(station, crowd[1])
    with pytest.raises(Refused) as caught, station.database.transaction() as transaction:
        transaction.execute(text("DROP TRIGGER letters_facts_stay"))
        transaction.execute(text("UPDATE letters SET person = :p WHERE place = 2"), {"p": letter.person})
        store.put_issued(transaction, 1, second.year, second.place, None)
    assert caught.value.code == "JOURNAL_REFUSED"


def test_a_void_number_is_never_used_again(station: LetterStation, crowd: list[Guest]) -> None:
    begun = begin(station, crowd[0])
    with station.database.transaction() as transaction:
        void(transaction, station.journal, begun, (VoidCause.NOT_FINISHED, "paper jam"), "Siti")
    assert station.issue(crowd[0]).place == 2
    with pytest.raises(Refused) as caught, station.database.transaction() as transaction:
        void(transaction, station.journal, station.find(begun.number), (VoidCause.NOT_FINISHED, ""), "Siti")
    assert caught.value.code == "LETTER_NOT_BEGUN"
    with pytest.raises(Refused):
        station.issuing.finish_begun(begun, "Siti")


def test_the_handover_takes_the_letter_back_in_its_own_transaction(
    station: LetterStation, crowd: list[Guest]
) -> None:
    letter, begun = station.issue(crowd[0]), begin(station, crowd[1])
    with pytest.raises(RuntimeError), station.database.transaction() as transaction:
        take_back_at_handover(transaction, station.journal, letter.person, "Siti")
        raise RuntimeError("the handover failed")
    assert station.find(letter.number).state is LetterState.ISSUED
    with station.database.transaction() as transaction:
        back = take_back_at_handover(transaction, station.journal, letter.person, "Siti")
        other = take_back_at_handover(transaction, station.journal, begun.person, "Siti")
        none = take_back_at_handover(transaction, station.journal, "nobody", "Siti")
    assert (back.letter, back.void) == (letter.number, None)
    assert (other.letter, other.void) == (None, begun.number)
    assert (none.letter, none.void) == (None, None)
    assert station.find(letter.number).cause == "card_handed_over"


def test_the_signed_list_tells_what_is_withdrawn(station: LetterStation, crowd: list[Guest]) -> None:
    letters = [station.issue(guest) for guest in crowd[:3]]
    begun = begin(station, crowd[3])
    take_back(station, letters[1])
    with station.database.transaction() as transaction:
        void(transaction, station.journal, begun, (VoidCause.NOT_FINISHED, ""), "Siti")
    content, row = sign_list(
        station.database, station.journal, station.clock, station.settings, 2026, station.key
    )
    assert (row.letters, row.withdrawn) == (4, 1)
    trusted = station.key.trusted()
    found = read_list(content, lambda wanted: trusted)
    assert [found.withdrawn(place) for place in range(1, 5)] == [False, True, False, True]
    verdicts = [
        judge_code(station.file(letter).code, lambda wanted: trusted, [found], station.clock.now()).withdrawal
        for letter in letters
    ]
    assert verdicts == [Withdrawal.NOT_WITHDRAWN, Withdrawal.WITHDRAWN, Withdrawal.NOT_WITHDRAWN]


def test_an_empty_year_has_a_list_too(station: LetterStation) -> None:
    content, row = sign_list(
        station.database, station.journal, station.clock, station.settings, 2027, station.key
    )
    trusted = station.key.trusted()
    assert row.letters == 0
    assert read_list(content, lambda wanted: trusted).year == 2027


def test_the_register_has_a_line_for_every_place(station: LetterStation, crowd: list[Guest]) -> None:
    first = station.issue(crowd[0])
    begun = begin(station, crowd[1])
    with station.database.transaction() as transaction:
        void(transaction, station.journal, begun, (VoidCause.NOT_FINISHED, ""), "Siti")
    take_back(station, first)
    content = "".join(lines(station.database, station.files, 2026))
    found = list(csv.DictReader(StringIO(content)))
    assert tuple(found[0]) == COLUMNS
    assert [row["urut"] for row in found] == ["1", "2"]
    assert (found[0]["nik"], found[0]["nama"]) == (crowd[0].nik, crowd[0].name)
    assert found[0]["keadaan"] == "withdrawn"
    assert found[0]["tanggal_lahir"] == crowd[0].birth_date.isoformat()
    assert (found[1]["nik"], found[1]["keadaan"], found[1]["sebab"]) == ("", "void", "not_finished")


def test_a_name_that_a_spreadsheet_would_calculate_is_text(tmp_path: Path, crowd: list[Guest]) -> None:
    parts = dict(crowd[0].parts)
    parts["record.json"] = parts["record.json"].replace(crowd[0].name.encode(), b"=1+1")
    odd = Guest(crowd[0].record, crowd[0].nik, "", crowd[0].birth_date, parts)
    station = LetterStation(tmp_path / "odd")
    station.hold(odd)
    station.issue(odd)
    assert ",'=1+1," in "".join(lines(station.database, station.files, 2026))


# ---- erasing ----


def erasing(station: LetterStation) -> Erasing:
    return Erasing(station.database, station.journal, station.clock, station.holding, station.files)


def places_of(folder: Path, secret: bytes) -> list[str]:
    parts = (secret[:32], secret[32:])
    return [
        file.name
        for file in sorted(folder.rglob("*"))
        if file.is_file() and any(part in file.read_bytes() for part in parts)
    ]


def test_a_letter_in_force_keeps_its_record(station: LetterStation, crowd: list[Guest]) -> None:
    letter = station.issue(crowd[0])
    with pytest.raises(Refused) as caught:
        erasing(station).erase(crowd[0].record, "Wati", "asked for")
    assert (caught.value.code, caught.value.values["cause"]) == ("RECORD_IN_USE", "valid_letter")
    take_back(station, letter)
    erasing(station).erase(crowd[0].record, "Wati", "asked for")


def test_letters_are_erased_with_their_record(station: LetterStation, crowd: list[Guest]) -> None:
    letter, kept = station.issue(crowd[0]), station.issue(crowd[1])
    key = letter.wrapped_key
    assert key is not None
    assert places_of(station.folder, key)
    take_back(station, letter)
    erasing(station).erase(crowd[0].record, "Wati", "asked for")
    assert places_of(station.folder, key) == []
    gone = station.find(letter.number)
    assert (gone.state, gone.wrapped_key, gone.erased_at is not None) == (LetterState.WITHDRAWN, None, True)
    with pytest.raises(Refused) as caught:
        station.file(gone)
    assert caught.value.code == "LETTER_FILE_GONE"
    assert station.file(kept).pdf
    assert len(station.events("letter_erased")) == 1
    line = "".join(lines(station.database, station.files, 2026)).splitlines()[1]
    assert line.startswith(f"2026,1,{letter.number},,,,")


def test_a_begun_number_is_void_when_its_record_is_erased(station: LetterStation, crowd: list[Guest]) -> None:
    begun = begin(station, crowd[0])
    erasing(station).erase(crowd[0].record, "Wati", "asked for")
    assert (station.find(begun.number).state, station.find(begun.number).cause) == ("void", "record_erased")


def test_a_segment_of_erased_letters_is_given_back(
    station: LetterStation, crowd: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.vault.segments.SEGMENT_BYTES", 1)
    letters = [station.issue(guest) for guest in crowd[:2]]
    take_back(station, letters[0])
    erasing(station).erase(crowd[0].record, "Wati", "asked for")
    left = sorted(file.name for file in (station.folder / "letters").iterdir())
    assert left == ["000002.seg"]
    assert station.file(letters[1]).pdf


def test_the_trail_of_a_person_tells_of_letters(station: LetterStation, crowd: list[Guest]) -> None:
    letter = station.issue(crowd[0])
    station.issue(crowd[1])
    with station.database.reading() as transaction:
        trail = trail_of(transaction, letter.person, "now")
    assert [one.number for one in trail.letters] == [letter.number]
    assert {"letter_number_taken", "letter_issued"} <= {row.name for row in trail.rows}
    assert crowd[0].nik not in trail.model_dump_json()
    assert crowd[0].name not in trail.model_dump_json()
