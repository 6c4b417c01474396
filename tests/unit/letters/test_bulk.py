"""Letters by the thousand: a group's verdicts, what is resumed, and where the files lie after a death."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from station.errors import InputFault, Refused, StationError
from station.letter_settings import LetterReason
from station.letters import store
from station.letters.bulk import store as bulk
from station.letters.bulk.folder import LetterFolder
from station.letters.bulk.group import GroupIssuing
from station.letters.bulk.one_file import OneFile
from station.letters.bulk.verdicts import Became, Verdict
from station.letters.bulk.workshop import LetterWorkshop
from station.letters.deciding import LetterOrder
from station.letters.making import Composed, LetterMaker
from station.letters.rows import NumberTaken
from station.letters.signing.signer import TokenPdfSigner
from station.letters.store import Letter
from station.records.record import Record
from tests.fakes.letters import LOST, OFFICE, SETTINGS, LetterStation, SoftPdfSigner, press
from tests.letter_flips.letter import StoppedClock
from tests.unit.letter_signing.signing_keys import SoftFileKey, letter_certificate
from tests.unit.vault.vault_station import Guest

CHANGED = LetterOrder(LetterReason.CHANGED, None, "Siti")


class SoftFiles:
    """Signs files one after the other; the token goes away before one of them."""

    def __init__(self, gone_at: int | None = None) -> None:
        self._gone_at = gone_at

    def sign_all(self, files: Iterable[bytes]) -> Iterator[bytes]:
        for count, file in enumerate(files):
            if count == self._gone_at:
                raise StationError("TOKEN_ABSENT", token="letters", details="gone")
            yield SoftPdfSigner().sign(file)


def group(station: LetterStation, records: list[str], order: LetterOrder = LOST) -> list[Verdict]:
    return GroupIssuing(station.issuing, SoftFiles()).issue(records, order)


def ids(crowd: list[Guest]) -> list[str]:
    return [guest.record for guest in crowd]


def became(verdicts: list[Verdict]) -> list[Became]:
    return [one.became for one in verdicts]


def second_record(guest: Guest) -> Guest:
    parts = dict(guest.parts)
    parts["record.json"] = parts["record.json"].replace(guest.record.encode(), b"another-record")
    return Guest("another-record", guest.nik, guest.name, guest.birth_date, parts)


def test_a_group_has_its_numbers_in_its_order(station: LetterStation, crowd: list[Guest]) -> None:
    wanted = ids(crowd)[::-1]
    verdicts = group(station, wanted)
    assert [one.record for one in verdicts] == wanted
    assert set(became(verdicts)) == {Became.ISSUED}
    assert [letter.record for letter in station.letters()] == wanted
    assert [letter.number for letter in station.letters()] == [one.number for one in verdicts]
    for letter in station.letters():
        assert station.file(letter).pdf.startswith(b"%PDF")
    assert station.audit() == []


def test_the_same_group_again_uses_no_number(station: LetterStation, crowd: list[Guest]) -> None:
    first = group(station, ids(crowd))
    again = group(station, ids(crowd))
    assert set(became(again)) == {Became.BEFORE}
    assert [one.number for one in again] == [one.number for one in first]
    assert len(station.letters()) == len(crowd)


def test_who_gets_none_stops_nobody(station: LetterStation, crowd: list[Guest]) -> None:
    station.issue(crowd[0], CHANGED)
    verdicts = group(station, [*ids(crowd[:3]), "not-held"])
    assert became(verdicts) == [Became.REFUSED, Became.ISSUED, Became.ISSUED, Became.REFUSED]
    codes = [one.error.code for one in verdicts if one.error]
    assert codes == ["LETTER_VALID_ALREADY", "RECORD_NOT_HELD"], "another reason is another letter"
    assert [letter.place for letter in station.letters()] == [1, 2, 3]


def test_two_records_of_one_person_get_one_letter(station: LetterStation, crowd: list[Guest]) -> None:
    station.hold(second_record(crowd[0]))
    verdicts = group(station, [crowd[0].record, "another-record"])
    assert sorted(became(verdicts)) == [Became.ISSUED, Became.REFUSED]
    assert len(station.letters()) == 1


def test_numbers_that_a_death_has_left_are_finished(station: LetterStation, crowd: list[Guest]) -> None:
    with pytest.raises(StationError, match="TOKEN_ABSENT"):
        GroupIssuing(station.issuing, SoftFiles(gone_at=2)).issue(ids(crowd), LOST)
    begun = {letter.record: letter.number for letter in station.issuing.begun()}
    assert len(begun) == len(crowd)
    verdicts = group(station, ids(crowd))
    assert set(became(verdicts)) == {Became.RESUMED}
    assert {one.record: one.number for one in verdicts} == begun
    assert station.audit() == []


def test_a_page_that_cannot_be_drawn_stops_nobody(
    station: LetterStation, crowd: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was tried before the number was taken; should it fail all the same, the number stays begun."""
    compose = LetterMaker.compose

    def fail_once(self: LetterMaker, record: Record, facts: NumberTaken) -> Composed:
        if facts.record == crowd[1].record:
            raise InputFault("PHOTO_UNREADABLE", problem="no picture")
        return compose(self, record, facts)

    monkeypatch.setattr(LetterMaker, "compose", fail_once)
    verdicts = group(station, ids(crowd[:3]))
    assert became(verdicts) == [Became.ISSUED, Became.REFUSED, Became.ISSUED]
    (begun,) = station.issuing.begun()
    assert (begun.record, begun.number) == (crowd[1].record, verdicts[1].number)
    monkeypatch.setattr(LetterMaker, "compose", compose)
    assert became(group(station, ids(crowd[:3]))) == [Became.BEFORE, Became.RESUMED, Became.BEFORE]


def test_those_without_a_letter_are_found_by_their_newest_record(
    station: LetterStation, crowd: list[Guest]
) -> None:
    station.clock.moment += timedelta(hours=1)
    station.hold(second_record(crowd[1]))
    group(station, [crowd[2].record])
    with station.database.reading() as transaction:
        found = bulk.without_letter(transaction, "2026-11-28")
        assert set(found) == {*ids(crowd), "another-record"} - {crowd[1].record, crowd[2].record}
        assert found[-1] == "another-record"
        assert len(bulk.without_letter(transaction, "2027-05-29")) == len(crowd), "a letter has ended"


def test_what_was_begun_is_found_by_its_order(station: LetterStation, crowd: list[Guest]) -> None:
    with pytest.raises(StationError):
        GroupIssuing(station.issuing, SoftFiles(gone_at=0)).issue(ids(crowd[:2]), LOST)
    with station.database.reading() as transaction:
        assert bulk.begun_records(transaction, "lost", "kadis") == ids(crowd[:2])
        assert bulk.begun_records(transaction, "lost", "sekretaris") == []
        assert bulk.begun_records(transaction, "changed", "kadis") == []


# ---- processes ----


def workshop(station: LetterStation, idle: float = 60.0) -> LetterWorkshop:
    key = SoftFileKey()
    signer = TokenPdfSigner(letter_certificate(key.certificate()), key, StoppedClock())
    return LetterWorkshop(lambda: station.issuing, lambda: signer, idle)


def has_processes(shop: LetterWorkshop) -> bool:
    return shop.is_open


def test_the_processes_stay_from_group_to_group_and_end_when_told(
    station: LetterStation, crowd: list[Guest]
) -> None:
    shop = workshop(station)
    assert not has_processes(shop), "nothing is started before the first group"
    assert became(shop.issue(ids(crowd[:2]), LOST)) == [Became.ISSUED] * 2
    assert has_processes(shop)
    assert became(shop.issue(ids(crowd[:3]), LOST)) == [Became.BEFORE, Became.BEFORE, Became.ISSUED]
    with pytest.raises(Refused):
        shop.issue(ids(crowd), LetterOrder(LetterReason.LOST, "nobody", "Siti"))
    assert not has_processes(shop), "after an error the next group begins afresh"
    shop.close()


def test_the_processes_end_when_no_group_comes(station: LetterStation, crowd: list[Guest]) -> None:
    shop = workshop(station, idle=0.1)
    shop.issue(ids(crowd[:1]), LOST)
    waiting = shop._timer
    if waiting is not None:
        waiting.join(30)
    assert not shop.is_open
    assert became(shop.issue(ids(crowd[:1]), LOST)) == [Became.BEFORE]
    shop.close()


# ---- files ----


@pytest.fixture
def letter(station: LetterStation, crowd: list[Guest]) -> Letter:
    return station.issue(crowd[0])


def digest(station: LetterStation, letter: Letter) -> str:
    with station.database.reading() as transaction:
        return bulk.issued_digest(transaction, letter)


def test_a_staged_file_is_no_letter_before_it_is_published(
    station: LetterStation, letter: Letter, tmp_path: Path
) -> None:
    folder, pdf = LetterFolder(tmp_path / "deep" / "out"), station.file(letter).pdf
    folder.make()
    assert digest(station, letter) == hashlib.sha256(pdf).hexdigest()
    folder.stage(letter, pdf)
    assert not folder.holds(letter.number, digest(station, letter))
    assert folder.left_behind() == [(2026, 1)]
    assert folder.has_staged(letter, digest(station, letter))
    folder.publish(letter)
    assert folder.holds(letter.number, digest(station, letter))
    assert folder.left_behind() == []
    (file,) = (tmp_path / "deep" / "out").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("471.13-00001-99.01.325-2026.pdf", 0o600)


def test_no_file_is_written_over_another(station: LetterStation, letter: Letter, tmp_path: Path) -> None:
    folder, pdf = LetterFolder(tmp_path), station.file(letter).pdf
    target = folder.file_of(letter.number)
    target.write_bytes(b"somebody's")
    with pytest.raises(Refused, match="FILE_EXISTS"):
        folder.holds(letter.number, digest(station, letter))
    folder.stage(letter, pdf)
    with pytest.raises(Refused, match="FILE_EXISTS"):
        folder.publish(letter)
    assert target.read_bytes() == b"somebody's"
    target.unlink()
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="FILE_EXISTS"):
        folder.holds(letter.number, digest(station, letter))
    assert not (tmp_path / "elsewhere").exists()


def test_half_a_staged_file_is_told_from_a_whole_one(
    station: LetterStation, letter: Letter, tmp_path: Path
) -> None:
    folder, pdf = LetterFolder(tmp_path), station.file(letter).pdf
    folder.stage(letter, pdf[:-100])
    assert not folder.has_staged(letter, digest(station, letter))
    folder.drop(letter)
    assert folder.left_behind() == []


def pages_of(station: LetterStation, maker: LetterMaker, letters: list[Letter]) -> bytes:
    target = BytesIO()

    def pages() -> Iterator[object]:
        for one in letters:
            with station.database.reading() as transaction:
                facts = store.taken_payload(transaction, one)
            yield maker.page_again(station.holding.content(one.record), facts, station.file(one))

    maker.write_pages(pages(), target)  # type: ignore[arg-type]
    return target.getvalue()


def test_one_file_has_the_pages_that_were_issued(station: LetterStation, crowd: list[Guest]) -> None:
    group(station, ids(crowd[:3]))
    document = pypdfium2.PdfDocument(pages_of(station, station.desk.maker, station.letters()))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 3
    for text, one, guest in zip(texts, station.letters(), crowd, strict=False):
        assert one.number in text
        assert guest.nik in text


def test_a_page_that_would_be_another_is_refused(station: LetterStation, letter: Letter) -> None:
    """A new head of the office must not sign old letters."""
    signers = (SETTINGS.signers[0].model_copy(update={"name": "Dr. LAIN"}), *SETTINGS.signers[1:])
    settings = SETTINGS.model_copy(update={"signers": signers})
    maker = LetterMaker(press(), OFFICE, settings, station.key)
    with pytest.raises(InputFault, match="LETTER_PAGE_CHANGED"):
        pages_of(station, maker, [letter])


def test_one_file_is_whole_or_not_there(tmp_path: Path) -> None:
    file = OneFile(tmp_path / "all.pdf")
    file.require_free()
    with pytest.raises(InputFault):
        file.draw(["1"], lambda target: _fail(target.write(b"half")))
    assert (list(tmp_path.iterdir()), file.drawn()) == ([], None)
    file.draw(["1", "2"], lambda target: target.write(b"whole"))
    assert not file.target.exists()
    assert OneFile(tmp_path / "all.pdf").drawn() == ["1", "2"], "whoever comes next knows what is in it"
    file.publish()
    assert [one.name for one in tmp_path.iterdir()] == ["all.pdf"]
    with pytest.raises(Refused, match="FILE_EXISTS"):
        file.require_free()


def _fail(written: int) -> None:
    raise InputFault("PHOTO_UNREADABLE", problem=written)
