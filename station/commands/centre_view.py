"""What `station centre` shows: the three facts, the backlog by age, what is set aside, and the keys."""

from datetime import datetime
from typing import TYPE_CHECKING

from station.commands.centre_outage import ANSWERS, SUBJECTS
from station.commands.context import Context
from station.language import marked
from station.local_time import TimeZone, shown

if TYPE_CHECKING:
    from station.office import Office
    from station.outage.facts import Fact

MOST_SHOWN = 20
DAY = 24 * 3600
MEGABYTE = 1_000_000


def show_status(context: Context, office: "Office") -> None:
    """Show how things stand with the centre."""
    from station.centre import store
    from station.outage.store import facts

    with office.database.reading() as transaction:
        backlog, aside = store.backlog(transaction), store.refused(transaction, MOST_SHOWN)
        known, paused = facts(transaction), store.mark(transaction, store.PAUSED)
        carried = store.count_to_carry(transaction)
    days = _days_since(office, backlog.oldest)
    text, zone = context.output.language.text, office.settings.office.time_zone
    context.output.table(
        (marked("what"), marked("state"), marked("since"), marked("last looked at")),
        [
            (
                text(SUBJECTS[fact.subject.value]),
                text(ANSWERS[fact.answer.value]),
                _moment(fact.since, zone),
                _moment(fact.observed_at, zone),
            )
            for fact in known.all
        ],
    )
    if paused:
        context.output.say(marked("Sending is paused: {reason}."), reason=paused)
    context.output.say(
        marked("To send: {left} ({megabytes} MB), of which {unknown} are being asked about."),
        left=backlog.left,
        megabytes=round(backlog.bytes_left / MEGABYTE, 1),
        unknown=backlog.unknown,
    )
    if days is not None:
        context.output.say(marked("The oldest has waited {days} days."), days=days)
    context.output.say(
        marked("Received by the centre: {received}, {by_disk} of them by disk. On a disk now: {on_disks}."),
        received=backlog.received,
        by_disk=backlog.by_disk,
        on_disks=backlog.on_disks,
    )
    if aside:
        context.output.say(marked("Set aside: {count}"), count=sum(backlog.refused.values()))
        context.output.table(
            (marked("record"), marked("reason")),
            [(one.record or one.content_hash[:16], one.reason) for one in aside],
        )
    context.output.document(
        {
            "facts": {fact.subject.value: _fact_document(fact) for fact in known.all},
            "paused": paused or None,
            "waiting": backlog.waiting,
            "unknown": backlog.unknown,
            "received": backlog.received,
            "by_disk": backlog.by_disk,
            "on_disks": backlog.on_disks,
            "to_carry": carried,
            "bytes_left": backlog.bytes_left,
            "oldest": backlog.oldest,
            "oldest_days": days,
            "refused": backlog.refused,
            "set_aside": [
                {"record": one.record, "content_hash": one.content_hash, "reason": one.reason}
                for one in aside
            ],
        }
    )


def _fact_document(fact: "Fact") -> dict[str, str]:
    return {
        "answer": fact.answer.value,
        "since": fact.since,
        "last_good": fact.last_good,
        "observed_at": fact.observed_at,
        "source": fact.source.value,
        "how": fact.how,
    }


def _moment(moment: str, zone: TimeZone) -> str:
    return shown(moment, zone) if moment else "-"


def _days_since(office: "Office", moment: str | None) -> int | None:
    if moment is None:
        return None
    return int((office.clock.now() - datetime.fromisoformat(moment)).total_seconds() // DAY)


def show_keys(context: Context, office: "Office") -> None:
    """Show the station's public keys as PEM, to be registered, and the ids of the centre's."""
    from station.bundles.agreement import key_id, pem
    from station.exchange.assembling import centre_identity, require_settings

    settings, identity = require_settings(office.settings), centre_identity(office.settings)
    signing, encryption = office.centre_signer().public_key(), office.keys.exchange.public_key()
    context.output.say(marked("Name of this station at the centre: {station}"), station=settings.station)
    for label, key in (
        (marked("Signing key of this station, {id}:"), signing),
        (marked("Encryption key of this station, {id}:"), encryption),
    ):
        context.output.say(label, id=key_id(key))
        context.output.say("{pem}", pem=pem(key))
    context.output.say(marked("Signing key of the centre: {id}"), id=identity.signing.id)
    context.output.say(marked("Encryption key of the centre: {id}"), id=identity.encryption.id)
    context.output.document(
        {
            "station": settings.station,
            "signing": pem(signing),
            "encryption": pem(encryption),
            "signing_id": key_id(signing),
            "encryption_id": key_id(encryption),
            "centre_signing_id": identity.signing.id,
            "centre_encryption_id": identity.encryption.id,
        }
    )
