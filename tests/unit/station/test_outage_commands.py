"""What the commands about an outage say, declare and print."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.outage import store
from station.outage.facts import Answer, Observation, Source, Subject
from station.staff.store import Role, StaffMember, add
from tests.unit.station.office_desk import Desk

LETTER = "471.13/3256/DUKCAPIL"


def tell(desk: Desk, subject: Subject, answer: Answer, source: Source, how: str = "") -> None:
    observation = Observation(subject=subject, answer=answer, source=source, how=how)
    with desk.database.transaction() as transaction:
        store.observe(transaction, desk.journal, desk.clock, observation)


def test_a_letter_is_declared_and_shown(desk: Desk) -> None:
    said = desk.run(
        "centre", "declare", "--subject", "printing", "--answer", "no", "--letter", LETTER, "--by", "Siti"
    )
    assert said.status == 0, said.complaints
    shown = desk.run("centre", "outage", "--json").fields()
    assert shown["situation"] == "receive_only"
    words = desk.run("centre", "outage").words
    assert LETTER in words
    assert "{" not in words


def test_only_a_supervisor_gives_the_permission_back(desk: Desk) -> None:
    words = ["centre", "declare", "--subject", "printing", "--letter", LETTER, "--by", "Siti", "--answer"]
    assert desk.run(*words, "no").status == 0
    assert "SUPERVISOR_NEEDED" in desk.run(*words, "yes").complaints


def test_nobody_takes_the_centres_own_word_back(desk: Desk) -> None:
    with desk.database.transaction() as transaction:
        add(transaction, desk.journal, StaffMember(name="Budi", role=Role.SUPERVISOR))
        no = Observation(subject=Subject.PRINTING, answer=Answer.NO, source=Source.CENTRE)
        store.observe(transaction, desk.journal, desk.clock, no)
    said = desk.run(
        "centre", "declare", "--subject", "printing", "--answer", "yes", "--letter", LETTER, "--by", "Budi"
    )
    assert "CENTRE_WORD_STANDS" in said.complaints
    with desk.database.reading() as transaction:
        assert store.facts(transaction).printing.answer is Answer.NO


@pytest.mark.parametrize(
    ("receiving", "printing", "wanted", "unwanted"),
    [
        ("yes", "yes", "berjalan seperti biasa", "surat keterangan"),
        ("no", "yes", "tidak perlu merekam ulang", "belum dapat dicetak"),
        ("yes", "no", "belum dapat dicetak", "tidak perlu merekam ulang"),
        ("no", "no", "belum dapat dicetak", "berjalan seperti biasa"),
    ],
)
def test_the_notice_says_what_is_so(
    desk: Desk, tmp_path: Path, receiving: str, printing: str, wanted: str, unwanted: str
) -> None:
    tell(desk, Subject.RECEIVING, Answer(receiving), Source.CENTRE)
    tell(desk, Subject.PRINTING, Answer(printing), Source.PERSON, LETTER)
    target = tmp_path / "notice.pdf"
    assert desk.run("centre", "notice", "--out", str(target)).status == 0
    pages = PdfReader(BytesIO(target.read_bytes())).pages
    text = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1
    assert wanted in text and unwanted not in text
    assert (LETTER in text) == (printing == "no")
    assert "17 Maret 2017" in text
    assert desk.run("centre", "notice", "--out", str(target)).status == 1, "a notice replaced another"
