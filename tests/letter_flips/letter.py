"""A whole letter, signed by keys in software, and who believes it."""

import datetime
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from station.claim_keys import Algorithm
from station.letters.claim.code import write_code
from station.letters.claim.statement import LetterStatement
from station.letters.presented.judging import Judge
from station.letters.signing.signer import TokenPdfSigner
from station.letters.trust import KeyState, TrustedCertificate, TrustList
from station.letters.withdrawals import WithdrawalList
from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.fakes.letter_values import NUMBER, sample_letter, sample_photo
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey
from tests.unit.letter_signing.signing_keys import NOON, SoftFileKey, letter_certificate

FOLDERS = [Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc")]
ISSUED = int(NOON.timestamp()) - 3_600
STATEMENT = LetterStatement(
    issuer=ISSUER,
    number=NUMBER,
    year=2026,
    place=1234,
    nik="9901015208900001",
    name="SITI NURAINI RAHMAWATI",
    birth_date=datetime.date(1990, 8, 12),
    issued=ISSUED,
    expires=ISSUED + 181 * 86_400,
)
CODE_KEY = SoftClaimKey(Algorithm.EDDSA)
FILE_KEY = SoftFileKey()


class StoppedClock:
    """It is always noon."""

    def now(self) -> datetime.datetime:
        return NOON

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, duration: float) -> None:
        raise AssertionError("nobody waits")


def letter_values(qr_payload: str, number: str = NUMBER) -> LetterValues:
    sample = sample_letter(sample_photo())
    return replace(
        sample,
        letterhead=replace(sample.letterhead, contact=""),
        number=number,
        issued=NOON.date(),
        valid_until=NOON.date() + timedelta(days=181),
        qr_payload=qr_payload,
    )


def trust_list(*, state: KeyState = KeyState.SIGNS, certificates: bool = True) -> TrustList:
    """The list of the office that holds both keys."""
    trusted = TrustedCertificate(
        issuer=ISSUER,
        certificate=letter_certificate(FILE_KEY.certificate()),
        valid_from=NOON - timedelta(days=30),
        valid_to=NOON + timedelta(days=300),
        state=state,
    )
    return TrustList(
        format="letter-trust/1",
        issued=NOON - timedelta(days=30),
        keys=(CODE_KEY.trusted(),),
        certificates=(trusted,) if certificates else (),
    )


def judge(*lists: WithdrawalList, trust: TrustList | None = None, moment: datetime.datetime = NOON) -> Judge:
    """Somebody who believes the office."""
    return Judge(trust or trust_list(), lists, moment)


@dataclass(frozen=True)
class SignedLetter:
    """A letter as it leaves the office.

    Attributes:
        code: text of its QR code. body: the page without a signature. pdf: the signed file.
    """

    code: str
    body: bytes
    pdf: bytes


def make_letter(statement: LetterStatement = STATEMENT, printed_number: str = NUMBER) -> SignedLetter:
    """Make a letter; another printed number than the stated one makes it contradict itself."""
    code = write_code(statement, CODE_KEY)
    body = Press.load(FOLDERS).one_letter(letter_values(code, printed_number))
    signer = TokenPdfSigner(letter_certificate(FILE_KEY.certificate()), FILE_KEY, StoppedClock())
    return SignedLetter(code, body, signer.sign(body))
