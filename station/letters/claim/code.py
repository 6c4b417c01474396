"""A letter's QR text: written from a statement, read back strictly."""

from collections.abc import Callable
from dataclasses import dataclass

from station.letters.claim import cose
from station.letters.claim.container import unwrap, wrap
from station.letters.claim.errors import ClaimRefused, Flaw
from station.letters.claim.statement import LetterStatement, read_statement
from station.letters.trust import TrustedKey

KeyFinder = Callable[[bytes], TrustedKey | None]


@dataclass(frozen=True)
class SignedStatement:
    """A statement whose signature is good, and the key that made it."""

    statement: LetterStatement
    key: TrustedKey


def write_code(statement: LetterStatement, signer: cose.ClaimSigner) -> str:
    """Sign a statement and return the text of its QR code."""
    return wrap(cose.sign(statement.claims(), signer).encoded())


def read_code(text: str, find_key: KeyFinder) -> SignedStatement:
    """Read a QR code's text. Of all texts with this statement exactly one is accepted for each signature.

    Raises:
        ClaimRefused: it is not a letter's code, is altered, or is signed by a key that was not to sign it.
    """
    token = cose.take_apart(unwrap(text))
    statement = read_statement(cose.decode(token.payload))
    if token.further or cose.dumps(statement.claims()) != token.payload:
        raise ClaimRefused(Flaw.ENCODING)
    key = find_key(token.key_id)
    if key is None or key.algorithm is not token.algorithm or key.issuer != statement.issuer:
        raise ClaimRefused(Flaw.KEY_UNKNOWN)
    if not key.verifies(token.to_be_signed, token.signature):
        raise ClaimRefused(Flaw.SIGNATURE)
    if not key.may_have_signed_at(statement.issued):
        raise ClaimRefused(Flaw.KEY_NOT_VALID)
    return SignedStatement(statement, key)
