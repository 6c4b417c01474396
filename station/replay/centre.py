"""What a journal row does to what the centre has said and received, and to what was set aside.

Rows of older programs told the count alone: they change nothing, and the centre is asked again. The cursors
stay where the backup has them: what is heard twice changes nothing, what is missed is missed for good.
"""

from station.centre import store as centre
from station.centre.deliveries import (
    BundleCarried,
    DeliveriesReceived,
    DeliveriesRetried,
    DeliveryRefused,
    Paused,
    StatusesHeard,
)
from station.database import Transaction
from station.intake import store as intake
from station.intake.aside import AsideDecided
from station.journal import JournalRow


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do what a row says was done."""
    if row.name == "statuses_heard":
        heard = StatusesHeard.model_validate_json(row.payload)
        centre.put_statuses(transaction, heard.statuses, heard.heard_at)
    elif row.name == "centre_paused":
        centre.set_mark(transaction, centre.PAUSED, Paused.model_validate_json(row.payload).reason)
    elif row.name == "centre_resumed":
        centre.set_mark(transaction, centre.PAUSED, "")
    elif row.name == "record_discarded":
        content_hash = AsideDecided.model_validate_json(row.payload).content_hash
        intake.discard_again(transaction, content_hash, row.signed_by or "", row.at)
    else:
        _deliveries(transaction, row)


def _deliveries(transaction: Transaction, row: JournalRow) -> None:
    if row.name == "deliveries_received":
        received = DeliveriesReceived.model_validate_json(row.payload)
        centre.put_receipts(transaction, received.receipts, received.channel, row.at)
    elif row.name == "delivery_refused":
        refused = DeliveryRefused.model_validate_json(row.payload)
        centre.put_refusal(transaction, refused.content_hash, refused.reason)
    elif row.name == "deliveries_retried":
        retried = DeliveriesRetried.model_validate_json(row.payload)
        centre.put_retried(transaction, retried.content_hashes or ())
    elif row.name == "bundle_carried":
        carried = BundleCarried.model_validate_json(row.payload)
        centre.put_carried(transaction, carried.bundle, carried.content_hashes, row.at)
