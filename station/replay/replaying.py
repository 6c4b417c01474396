"""Going through the rows that came after a backup, one by one, and stopping at the first that does not fit.

The rows are the journal's own, tied to the backup's last row by their hashes, so they are put where they
were. The tables beside the journal are caches of it, and each row says what it does to them. Nothing is done
to a device. Afterwards the database stands where a crash would have left it when the last of these rows was
written: open intents are found by the same probes as always.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from station.clock import Clock
from station.database import Transaction
from station.errors import Refused
from station.journal import JournalRow
from station.replay import centre, handovers, jobs, ledger, letter_prints, letters, people, store
from station.staff.store import PinEvent
from station.vault import store as vault_store
from station.vault.holding import RecordReceived


@dataclass
class Replayed:
    """What was put back.

    Attributes:
        rows: how many rows were put back.
        stopped_at: the first row that did not fit; it and all after it are unknown.
        pins: whose PIN was changed: its hash is in no journal.
        lost: ids of records that came in after the backup: their sealed bytes are gone with the disk.
    """

    rows: int = 0
    stopped_at: int | None = None
    lost: list[str] = field(default_factory=list)
    pins: set[str] = field(default_factory=set)


def replay(transaction: Transaction, clock: Clock, rows: Sequence[JournalRow]) -> Replayed:
    """Put rows back and let the tables follow, in the caller's transaction."""
    done = Replayed()
    for row in rows:
        try:
            with store.whole_or_not(transaction):
                store.put_row(transaction, row)
                jobs.follow(transaction, clock, row)
                ledger.follow(transaction, row)
                people.follow(transaction, row)
                letters.follow(transaction, row)
                letter_prints.follow(transaction, row)
                handovers.follow(transaction, row)
                centre.follow(transaction, row)
        except (Refused, ValidationError):
            done.stopped_at = row.sequence
            break
        done.rows += 1
        if row.name == "pin_set":
            done.pins.add(PinEvent.model_validate_json(row.payload).name)
        if row.name == "record_received":
            record = RecordReceived.model_validate_json(row.payload).record
            if vault_store.find(transaction, record) is None:
                done.lost.append(record)
    return done
