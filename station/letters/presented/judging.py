"""Judging what somebody brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image

from station.errors import InputFault
from station.letters.claim.container import LONGEST_TEXT
from station.letters.presented.answers import (
    Answer,
    Kind,
    Presented,
    SignatureVerdict,
    answer_of,
    worst,
)
from station.letters.presented.pages import PdfPage, read_pages
from station.letters.reading.codes import read_codes
from station.letters.reading.picture import open_pictures
from station.letters.signing.checking import Signedness, check_signature
from station.letters.trust import KeyState, TrustList
from station.letters.verification import Genuineness, Verdict, judge_code
from station.letters.withdrawals import WithdrawalList

PDF: Final = b"%PDF-"
HEADER_WITHIN: Final = 1_024  # readers of PDF look so far for its header (ISO 32000-1, Annex H, note 13)
_UNTRUE: Final = {
    Signedness.ALTERED: Answer.ALTERED,
    Signedness.UNSIGNED: Answer.UNSIGNED,
    Signedness.SIGNER_UNKNOWN: Answer.KEY_UNKNOWN,
}


@dataclass(frozen=True)
class Judge:
    """Judges by a list of trusted keys and lists of withdrawn letters, at one moment."""

    trust: TrustList
    lists: Sequence[WithdrawalList]
    moment: datetime

    def judge(self, content: bytes) -> Presented:
        """Judge a PDF, a picture, or the text of a code."""
        if PDF in content[:HEADER_WITHIN]:
            return self._pdf(content)
        if content.isascii() and len(content) <= 2 * LONGEST_TEXT:
            return self._text(content.decode("ascii"))
        return self._pictures(content)

    def _text(self, text: str) -> Presented:
        """A reader of codes ends each with Enter; a blank is one of a code's characters."""
        return _of_codes(Kind.TEXT, self._codes([line for line in text.splitlines() if line]))

    def _pictures(self, content: bytes) -> Presented:
        """A scanner's file has pages, and a sound letter in front does not speak for those behind it."""
        found: list[Verdict] = []
        try:
            for picture in open_pictures(content):
                found += self._read(picture)
        except InputFault as problem:
            answer = worst([Answer.UNREADABLE, *map(answer_of, found)])
            return Presented(Kind.PICTURE, answer, tuple(found), problem=problem)
        return _of_codes(Kind.PICTURE, found)

    def _pdf(self, content: bytes) -> Presented:
        signature = self.judge_signature(content)
        scan, answers, found = signature.answer is Answer.UNSIGNED, [], []
        try:
            for page in read_pages(content):
                codes = self._page(page)
                found += codes
                scan = scan and page.only_pictures
                answers.append(_of_page(page, codes, signature))
        except InputFault as problem:
            answer = worst([Answer.UNREADABLE, signature.answer])
            return Presented(Kind.PDF, answer, tuple(found), signature, problem)
        if scan:
            return _of_codes(Kind.SCAN, found)
        return Presented(
            Kind.PDF, worst([signature.answer, *(answers or [Answer.NO_LETTER])]), tuple(found), signature
        )

    def judge_signature(self, pdf: bytes) -> SignatureVerdict:
        """Judge the signature of a PDF alone."""
        found = check_signature(pdf, [one.certificate for one in self.trust.certificates])
        trusted = self.trust.find_certificate(found.certificate) if found.certificate else None
        if trusted is None or found.moment is None:
            return SignatureVerdict(_UNTRUE[found.signedness])
        good = trusted.may_have_signed_at(found.moment)
        return SignatureVerdict(
            Answer.GENUINE if good else Answer.KEY_NOT_VALID,
            trusted.issuer,
            trusted.certificate.subject,
            found.moment,
            trusted.state is KeyState.STOLEN,
        )

    def _page(self, page: PdfPage) -> list[Verdict]:
        """The codes of a page; one that was drawn needs no second look."""
        for picture in page.pictures():
            codes = (
                self._read(picture) if page.only_pictures else self._codes(read_codes(picture, mend=False))
            )
            if codes:
                return codes
        return []

    def _read(self, picture: Image.Image) -> list[Verdict]:
        """The codes of a picture: a folded letter beside a sound one must not be left out."""
        return self._codes(read_codes(picture))

    def _codes(self, texts: Sequence[str]) -> list[Verdict]:
        """Judge the codes of letters; other codes may stand beside them."""
        verdicts = [judge_code(text, self.trust.find, self.lists, self.moment) for text in texts]
        return [one for one in verdicts if one.genuineness is not Genuineness.NO_LETTER]


def _of_codes(kind: Kind, codes: list[Verdict]) -> Presented:
    """What paper tells: the codes alone."""
    answers = [answer_of(code) for code in codes] or [Answer.NO_LETTER]
    return Presented(kind, worst(answers), tuple(codes))


def _of_page(page: PdfPage, codes: list[Verdict], signature: SignatureVerdict) -> Answer:
    """What a page of a file tells: every page is a letter, and its code is of the letter that it shows."""
    answers = [answer_of(code) for code in codes] or [Answer.NO_LETTER]
    for statement in (code.statement for code in codes):
        if statement is None:
            continue
        same_letter = "".join(statement.number.split()) in page.text
        same_office = signature.issuer in (None, statement.issuer)
        if not (same_letter and same_office):
            answers.append(Answer.CONTRADICTION)
    return worst(answers)
