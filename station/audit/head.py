"""One signed head of the journal, and the bytes that its signature covers."""

from pydantic import BaseModel, ConfigDict

DOMAIN = b"print-station journal head/1\n"


class Head(BaseModel):
    """One signed head: hash of the row `sequence`, and the signature over both, hexadecimal."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    hash: str
    signature: str
    signed_at: str


def signed_bytes(sequence: int, row_hash: str) -> bytes:
    """The bytes that a head's signature covers."""
    return DOMAIN + f"{sequence}\n{row_hash}\n".encode("ascii")
