"""Opening one record of a bundle: as far as it goes, with the reason where it ends."""

from station.bundles.manifest import CarriedRecord
from station.bundles.reading import Bundle
from station.errors import InputFault
from station.intake.checking import check
from station.intake.judging import Pending
from station.intake.store import Intake
from station.intake.verdicts import Incoming
from station.vault.holding import Holding
from station.vault.sealed import SealedRecord, open_sealed, unpack


def open_record(bundle: Bundle, position: int, intake: Intake, holding: Holding) -> Pending:
    """Read, open and check one record; what is wrong with it never stands in the way of the next.

    Raises:
        DeviceAbsent: the token is not there.
        OSError: the medium fails.
    """
    entry = bundle.manifest.records[position]
    try:
        carried = bundle.read(position)
        key = carried.key()
        packed = open_sealed(carried.sealed, key)
    except InputFault as fault:
        return Pending(intake, _incoming(position, entry, trouble=fault), None)
    try:
        checked = check(entry.record, unpack(packed))
    except InputFault as fault:
        return Pending(intake, _incoming(position, entry, carried.sealed, key, trouble=fault), None)
    description = holding.describe(checked.record)
    incoming = _incoming(
        position,
        entry,
        carried.sealed,
        key,
        record_sha256=checked.record.sha256,
        warnings=checked.warnings,
    )
    return Pending(intake, incoming, description)


def _incoming(
    position: int,
    entry: CarriedRecord,
    sealed: SealedRecord | None = None,
    key: bytes | None = None,
    *,
    record_sha256: str = "",
    warnings: tuple[str, ...] = (),
    trouble: InputFault | None = None,
) -> Incoming:
    return Incoming(
        position=position,
        record=entry.record,
        content_hash=entry.sha256,
        captured_at=entry.captured_at,
        sealed=sealed,
        key=key,
        record_sha256=record_sha256,
        warnings=warnings,
        trouble=trouble,
        opened=sealed is not None,
    )
