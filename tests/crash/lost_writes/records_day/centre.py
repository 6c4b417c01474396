"""The centre at the edge of the station: what it has, it has; everything may be asked again."""

import base64
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pydantic import BaseModel

from station.centre.client import CentreClient, Sending
from station.centre.documents import Health, Parcel, ParcelPage, Receipt, RecordStatus, StatusPage
from station.centre.faults import answer_lost
from station.centre.identity import digest, signed_text
from tests.crash.lost_writes.marks import CentreMark, Marker
from tests.crash.lost_writes.records_day.incoming import CENTRE, PARCEL, read_people
from tests.crash.lost_writes.records_day.layout import INCOMING, TRUTHS

AT = "2017-03-17T09:00:00.000000Z"


class Truth(BaseModel):
    """What the centre has received: the numbers of its receipts by content hash."""

    received: dict[str, int] = {}


class FoundCentre(CentreClient):
    """The centre as it was at a moment: snapshot 0 is before anything was sent."""

    def __init__(self, root: Path, number: int) -> None:
        file = root / TRUTHS / f"{number}.json"
        self.truth = Truth.model_validate_json(file.read_bytes()) if file.exists() else Truth()
        self._parcel = root / INCOMING / PARCEL
        self._first = read_people(root).first

    def close(self) -> None:
        """There is no connection."""

    def in_pieces(self, sending: Sending) -> bool:
        """Whether something goes in pieces: nothing does."""
        return False

    def send(self, sending: Sending, offset: int = 0) -> Receipt:
        """Take something in, once."""
        numbers = self.truth.received
        numbers.setdefault(sending.content_hash, len(numbers) + 1)
        return self.receipt(sending.content_hash)

    def receipt_or_offset(self, sending: Sending) -> Receipt | int:
        """The receipt, if it is there."""
        return self.receipt(sending.content_hash) if sending.content_hash in self.truth.received else 0

    def receipt(self, content_hash: str) -> Receipt:
        """The receipt for a record that is there."""
        number = self.truth.received[content_hash]
        unsigned = Receipt(
            kind="record", content_hash=content_hash, received_at=AT, number=number, signature=""
        )
        r, s = decode_dss_signature(CENTRE.sign(signed_text(unsigned.lines)))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return unsigned.model_copy(update={"signature": base64.b64encode(raw).decode("ascii")})

    def health(self) -> Health:
        """All is well."""
        return Health(deduplicates=True, printing_allowed=True, at=AT)

    def statuses(self, cursor: str) -> StatusPage:
        """One record may be printed."""
        status = RecordStatus(
            record=self._first.record, digest=self._first.digest, status="PRINT_READY_RECORD", at=AT
        )
        return StatusPage(cursor="1", more=False, statuses=() if cursor else (status,))

    def print_ready(self, cursor: str) -> ParcelPage:
        """One bundle was published."""
        content = self._parcel.read_bytes()
        parcel = Parcel(sha256=digest(content), size=len(content))
        return ParcelPage(cursor="1", more=False, bundles=() if cursor else (parcel,))

    def fetch(self, sha256: str, size: int, into: BinaryIO) -> None:
        """Send that bundle, from where the file ends."""
        start = into.seek(0, 2)
        if start >= size:
            into.seek(0)
            into.truncate()
            start = 0
        into.write(self._parcel.read_bytes()[start:])


class MarkedCentre(FoundCentre):
    """Marks what it has taken in, after it has; the answer on one record is lost on its way."""

    def __init__(self, root: Path, marker: Marker) -> None:
        self._folder, self._marker, self._count = root / TRUTHS, marker, 0
        self._folder.mkdir()
        super().__init__(root, 0)
        self._lost = read_people(root).second.content_hash

    def send(self, sending: Sending, offset: int = 0) -> Receipt:
        receipt = super().send(sending, offset)
        self._count += 1
        self._folder.joinpath(f"{self._count}.json").write_text(self.truth.model_dump_json(), "utf-8")
        self._marker.write(CentreMark(centre=self._count))
        if sending.content_hash == self._lost:
            raise answer_lost("the line is cut")
        return receipt
