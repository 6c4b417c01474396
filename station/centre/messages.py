"""What the centre is told besides records: what became of a card."""

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Topic(StrEnum):
    """What a message is about."""

    CARD_ISSUED = "card_issued"
    CARD_VOID = "card_void"
    CARD_HANDED_OVER = "card_handed_over"


class CardMessage(BaseModel):
    """What the centre is told of a card. `person` is the station's HMAC; the record's id names the person."""

    model_config = ConfigDict(frozen=True)

    card: str
    record: str
    issue: int
    person: str
    cause: str | None = None


def content_digest(topic: Topic, payload: str) -> str:
    """The digest by which a message's content is known."""
    return hashlib.sha256(f"{topic}\n{payload}".encode()).hexdigest()
