"""What is said of PDFs, scans, pictures and texts that somebody brings."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from station.letters.presented.answers import Answer, Kind, worst
from station.letters.reading.codes import read_codes
from station.letters.trust import KeyState
from station.letters.verification import Withdrawal
from station.letters.withdrawals import WithdrawalList, set_bits
from tests.letter_flips import hunting
from tests.letter_flips.changes import changed_codes
from tests.letter_flips.letter import (
    ISSUED,
    STATEMENT,
    SignedLetter,
    judge,
    make_letter,
    trust_list,
)
from tests.unit.letter_codes.letter_keys import ISSUER
from tests.unit.letter_signing.signing_keys import NOON

DAY = 86_400


def withdrawals(*places: int) -> WithdrawalList:
    return WithdrawalList(ISSUER, 2026, ISSUED + 60, ISSUED + 14 * DAY, set_bits(places, 5_000))


def scan(pdf: bytes, dots_per_inch: int = 200, mode: str = "L") -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[0].render(scale=dots_per_inch / 72).to_pil()
    document.close()
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    picture.save(target, kind)
    return target.getvalue()


def test_the_letter_itself(letter: SignedLetter) -> None:
    found = judge(withdrawals(5)).judge(letter.pdf)
    assert (found.kind, found.answer) == (Kind.PDF, Answer.GENUINE)
    assert found.signature is not None
    assert (found.signature.answer, found.signature.issuer) == (Answer.GENUINE, ISSUER)
    assert found.signature.moment == NOON
    (code,) = found.codes
    assert code.statement == STATEMENT
    assert (code.withdrawal, code.withdrawal_as_of is not None) == (Withdrawal.NOT_WITHDRAWN, True)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "PDF"])
def test_paper_that_was_scanned(letter: SignedLetter, kind: str) -> None:
    found = judge().judge(saved(scan(letter.pdf), kind))
    assert (found.kind, found.answer) == (Kind.SCAN if kind == "PDF" else Kind.PICTURE, Answer.GENUINE)
    assert [code.statement for code in found.codes] == [STATEMENT]
    assert found.codes[0].withdrawal is Withdrawal.UNKNOWN


def test_every_page_of_a_scanner_s_file_counts(letter: SignedLetter) -> None:
    """A sound letter in front never speaks for what lies behind it."""
    sound = scan(letter.pdf)
    blank = Image.new(sound.mode, sound.size, "white")
    withdrawn = scan(make_letter(replace(STATEMENT, place=7)).pdf)

    def several(*pages: Image.Image) -> bytes:
        target = BytesIO()
        pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
        return target.getvalue()

    assert judge().judge(several(blank, sound)).answer is Answer.GENUINE
    assert judge().judge(several(sound, sound)).answer is Answer.GENUINE
    found = judge(withdrawals(7)).judge(several(sound, withdrawn))
    assert (found.kind, found.answer) == (Kind.PICTURE, Answer.WITHDRAWN)
    assert len(found.codes) == 2


def test_what_could_be_read_is_told_of_a_file_that_was_cut_off(letter: SignedLetter) -> None:
    sound, target = scan(letter.pdf), BytesIO()
    sound.save(target, "TIFF", save_all=True, append_images=[sound])
    found = judge().judge(target.getvalue()[: len(target.getvalue()) * 3 // 4])
    assert (found.answer, len(found.codes)) == (Answer.UNREADABLE, 1)
    assert found.problem is not None and found.problem.code == "LETTER_PICTURE_UNREADABLE"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_text_that_a_reader_of_codes_types(letter: SignedLetter, ending: str) -> None:
    found = judge().judge((letter.code + ending).encode())
    assert (found.kind, found.answer) == (Kind.TEXT, Answer.GENUINE)


def test_expired_and_withdrawn(letter: SignedLetter) -> None:
    late = NOON + timedelta(days=200)
    assert judge(moment=late).judge(letter.pdf).answer is Answer.EXPIRED
    assert judge(withdrawals(1234)).judge(letter.pdf).answer is Answer.WITHDRAWN
    assert judge(withdrawals(1234), moment=late).judge(letter.code.encode()).answer is Answer.WITHDRAWN


def test_a_file_whose_code_is_of_another_letter() -> None:
    """Both signatures are good; what is printed and what is coded differ."""
    found = judge().judge(make_letter(printed_number="471.13/09999/99.01.325/2026").pdf)
    assert found.answer is Answer.CONTRADICTION
    assert found.signature is not None and found.signature.answer is Answer.GENUINE


def test_a_file_of_another_office_than_its_code(letter: SignedLetter) -> None:
    trust = trust_list()
    other = trust.certificates[0].model_copy(update={"issuer": ISSUER + "9"})
    found = judge(trust=trust.model_copy(update={"certificates": (other,)})).judge(letter.pdf)
    assert found.answer is Answer.CONTRADICTION


def test_the_page_without_its_signature_is_not_believed(letter: SignedLetter) -> None:
    """Its code is good, but it is no paper: what else it shows, anybody can have written."""
    found = judge().judge(letter.body)
    assert (found.answer, found.kind) == (Answer.UNSIGNED, Kind.PDF)
    assert [code.statement for code in found.codes] == [STATEMENT]


def test_an_altered_file_still_tells_what_the_code_states(letter: SignedLetter) -> None:
    changed = letter.pdf.replace(b"/Title", b"/Titel")
    found = judge().judge(changed)
    assert found.answer is Answer.ALTERED
    assert [code.statement for code in found.codes] == [STATEMENT]


def test_keys_that_are_not_in_the_list(letter: SignedLetter) -> None:
    assert judge(trust=trust_list(certificates=False)).judge(letter.pdf).answer is Answer.KEY_UNKNOWN
    nobody = trust_list().model_copy(update={"keys": ()})
    assert judge(trust=nobody).judge(letter.pdf).answer is Answer.KEY_UNKNOWN
    assert judge(trust=nobody).judge(letter.code.encode()).answer is Answer.KEY_UNKNOWN


def test_a_certificate_that_was_not_to_be_used_any_more(letter: SignedLetter) -> None:
    trust = trust_list()
    ended = trust.certificates[0].model_copy(update={"valid_to": NOON - timedelta(seconds=1)})
    found = judge(trust=trust.model_copy(update={"certificates": (ended,)})).judge(letter.pdf)
    assert found.answer is Answer.KEY_NOT_VALID


def test_a_stolen_key_is_said(letter: SignedLetter) -> None:
    found = judge(trust=trust_list(state=KeyState.STOLEN)).judge(letter.pdf)
    assert found.answer is Answer.GENUINE
    assert found.signature is not None and found.signature.key_stolen


def test_other_codes_beside_the_letter_s_do_not_matter(letter: SignedLetter) -> None:
    page = scan(letter.pdf)
    advertisement = Image.fromarray(
        zxingcpp.create_barcode("https://example.id", zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    )
    page.paste(advertisement, (40, 2_150))
    found = judge().judge(saved(page, "PNG"))
    assert (found.answer, len(found.codes)) == (Answer.GENUINE, 1)


def test_things_that_are_no_letter(letter: SignedLetter) -> None:
    white = Image.new("L", (400, 400), 255)
    cases = {
        b"": Answer.NO_LETTER,
        b"HELLO": Answer.NO_LETTER,
        letter.code.lower().encode(): Answer.NO_LETTER,
        saved(white, "PNG"): Answer.NO_LETTER,
        saved(white, "PDF"): Answer.NO_LETTER,
        saved(white, "PNG")[:60]: Answer.UNREADABLE,
        b"\xff\xd8\xff" + bytes(50): Answer.UNREADABLE,
        b"%PDF-1.7\nnothing": Answer.UNREADABLE,
        letter.pdf[:-3000]: Answer.ALTERED,
        bytes(range(256)): Answer.UNREADABLE,
    }
    for content, expected in cases.items():
        found = judge().judge(content)
        assert found.answer is expected or (
            content == letter.pdf[:-3000] and found.answer not in hunting.BELIEVED
        ), content[:20]


def test_a_page_that_would_fill_the_memory(tmp_path: Path) -> None:
    """A page of a kilometre: it is not rendered."""
    white = saved(Image.new("1", (10, 10)), "PDF")
    huge = white.replace(b"/MediaBox", b"/MediaBox [0 0 3000000 3000000] /Old")
    found = judge().judge(huge)
    assert found.answer is Answer.UNREADABLE
    assert found.problem is not None and found.problem.code == "LETTER_PDF_UNREADABLE"


def test_the_worst_of_all_counts() -> None:
    order = list(Answer)
    assert order[0] is Answer.GENUINE and order[-1] is Answer.ALTERED
    assert worst([Answer.EXPIRED, Answer.KEY_UNKNOWN, Answer.GENUINE]) is Answer.KEY_UNKNOWN


def test_a_code_that_expires_while_it_is_held() -> None:
    statement = replace(STATEMENT, expires=ISSUED + 3_600)
    letter = make_letter(statement)
    assert judge().judge(letter.code.encode()).answer is Answer.EXPIRED
    assert judge(moment=NOON - timedelta(seconds=1)).judge(letter.code.encode()).answer is Answer.GENUINE


def test_a_sample_of_changed_codes(letter: SignedLetter) -> None:
    """All of them are tried by `python -m tests.letter_flips`."""
    changes = list(changed_codes(letter.code))
    assert len(changes) > 20_000
    for name, content in changes[::97]:
        assert judge().judge(content).answer not in hunting.BELIEVED, name


def _hurt(content: bytes, random: Random) -> bytes:
    hurt = bytearray(content)
    for _ in range(random.choice((1, 3, 10))):
        place = random.randrange(min(len(hurt), random.choice((400, len(hurt)))))
        if random.random() < 0.5:
            hurt[place] = random.randrange(256)
        else:
            del hurt[place : place + random.randrange(1, 200)]
    return bytes(hurt)


def test_hurt_files_end_in_an_answer(letter: SignedLetter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures and pages whose bytes were changed at random: never anything but an answer."""
    monkeypatch.setattr(
        "station.letters.presented.judging.read_codes",
        lambda picture, mend=True: read_codes(picture, mend=False),
    )
    page, random = scan(letter.pdf, 100), Random(3)
    whole = [letter.body, *(saved(page, kind) for kind in ("PDF", "PNG", "JPEG", "TIFF", "GIF", "WEBP"))]
    answers = {judge().judge(_hurt(random.choice(whole), random)).answer for _ in range(40)}
    assert {Answer.UNREADABLE, Answer.UNSIGNED} <= answers <= set(Answer)
