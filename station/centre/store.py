"""The outbox: messages to the centre, queued in the transaction that made them true."""

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, insert, select

from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.tables import outbox


class Topic(StrEnum):
    """What a message is about."""

    CARD_ISSUED = "card_issued"
    CARD_VOID = "card_void"


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


def queue(transaction: Transaction, clock: Clock, journal_row: int, topic: Topic, message: BaseModel) -> None:
    """Queue a message; the same content is queued only once."""
    payload = message.model_dump_json()
    transaction.execute(
        insert(outbox).values(
            journal=journal_row,
            topic=topic,
            payload=payload,
            content_sha256=content_digest(topic, payload),
            created_at=timestamp(clock.now()),
        )
    )


def waiting(transaction: Transaction) -> int:
    """How many messages have not been sent."""
    return int(
        transaction.execute(
            select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
        ).scalar_one()
    )
