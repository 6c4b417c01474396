"""The protocol of the centre, from the station's side: docs/reference/centre.md.

Every document is believed only under the centre's signature; everything that is asked may be asked again.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from station.centre import faults
from station.centre.documents import (
    Challenge,
    ErrorDocument,
    Health,
    Kind,
    Offset,
    ParcelPage,
    Receipt,
    Session,
    StatusPage,
)
from station.centre.identity import CentreIdentity, KeyEnvelope, digest, signed_text
from station.centre.wire import Answer, Wire
from station.clock import Clock

Document = TypeVar("Document", bound=BaseModel)
RENEW_BEFORE = 60.0  # seconds before a session ends
WAITING_STATUSES = frozenset({503, 507, 429})
LINK_STATUSES = frozenset({401, 403, 404, 405, 407, 408, 410, 411, 421, 426, 431, 451})
"""What is said of the way or of the station, never of the one thing that was sent."""


class Signer(Protocol):
    """The station's signing key, in its token."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 signature with SHA-256: raw r || s, 64 bytes."""


class CursorUnknown(Exception):
    """The centre does not know this cursor any more: the pull begins again."""


@dataclass(frozen=True)
class Sending:
    """One thing to send.

    Attributes:
        body: a record's sealed bytes, or a message's.
        record, key: of a record; the key is its own, 32 bytes.
    """

    kind: Kind
    content_hash: str
    body: bytes = field(repr=False)
    record: str = ""
    key: bytes = field(default=b"", repr=False)


class CentreClient:
    """Speaks with one centre as one station. One thread uses it."""

    def __init__(
        self, wire: Wire, identity: CentreIdentity, station: str, signer: Signer, clock: Clock, piece: int
    ) -> None:
        self._wire, self._identity, self._clock = wire, identity, clock
        self._station, self._signer, self._piece = station, signer, piece
        self._envelope = KeyEnvelope(identity.encryption)
        self._session, self._session_ends = "", 0.0

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    # ---- sending ----

    def in_pieces(self, sending: Sending) -> bool:
        """Whether something is so large that it goes in pieces."""
        return len(sending.body) > self._piece

    def send(self, sending: Sending, offset: int = 0) -> Receipt:
        """Send one thing, from an offset that the centre has named; return its receipt.

        Raises:
            InputFault: CENTRE_REFUSED_DELIVERY: this one thing is refused for good.
            Refused: CENTRE_NOT_RECEIVING, CENTRE_REFUSES_STATION.
            DeviceAbsent: CENTRE_UNREACHABLE, CENTRE_CERTIFICATE_BAD: nothing was sent.
            OutcomeUnknown: the centre may have it: ask for the receipt.
        """
        body, path = sending.body, f"/v1/{sending.kind}s/{sending.content_hash}"
        headers = {"Content-Type": "application/octet-stream"}
        if sending.kind == "record":
            headers |= {"Record-Id": sending.record, "Record-Key": self._envelope.header(sending.key)}
        if offset == 0 and len(body) <= self._piece:
            return self._receipt(sending, self._ask("PUT", path, body, headers), path)
        for _ in range(2 * (len(body) // self._piece + 2)):  # an offset that goes back and forth has an end
            last = min(offset + self._piece, len(body))
            described = {"Content-Range": f"bytes {offset}-{last - 1}/{len(body)}"}
            answer = self._ask("PUT", path, body[offset:last], headers | described)
            if answer.status not in (202, 409):
                return self._receipt(sending, answer, path)
            told = self._offset(answer, path)
            if told >= len(body) or (answer.status == 202 and told <= offset):
                raise faults.answer_unusable("an offset that cannot be")
            if answer.status == 409 and told == offset:
                raise faults.answer_unusable("an offset that cannot be")
            offset = told
        raise faults.answer_unusable("its offsets come to no end")

    def _offset(self, answer: Answer, path: str) -> int:
        """How much the centre has, from the answer to a piece."""
        if answer.status == 202:
            return self._document(answer, "PUT", path, Offset).offset
        return self._document(answer, "PUT", path, ErrorDocument).offset

    def receipt_or_offset(self, sending: Sending) -> Receipt | int:
        """Ask for the receipt of something; where there is none, how many of its bytes the centre has.

        Raises:
            Refused, DeviceAbsent, OutcomeUnknown: as `send`.
        """
        path = f"/v1/{sending.kind}s/{sending.content_hash}"
        answer = self._ask("GET", path)
        if answer.status == 404:
            told = self._document(answer, "GET", path, ErrorDocument)
            if told.error != "not_received":
                raise faults.answer_unusable(told.error)
            return told.offset if told.offset < len(sending.body) else 0
        return self._receipt(sending, answer, path, "GET")

    def _receipt(self, sending: Sending, answer: Answer, path: str, method: str = "PUT") -> Receipt:
        if answer.status not in (200, 201):
            raise self._refusal(answer, method, path)
        try:
            receipt = Receipt.model_validate_json(answer.body)
        except ValidationError:
            self.close()
            raise faults.answer_unusable("no receipt") from None
        problem = self._identity.problem_of(receipt, sending.kind, sending.content_hash)
        if problem:
            self.close()  # whatever else is on its way on this connection belongs to something else
            raise faults.receipt_wrong(problem)
        return receipt

    # ---- asking ----

    def health(self) -> Health:
        """Ask for the two flags.

        Raises:
            Refused, DeviceAbsent, OutcomeUnknown: as `send`.
        """
        return self._page("/v1/health", Health)

    def statuses(self, cursor: str) -> StatusPage:
        """Ask for the statuses since a cursor.

        Raises:
            CursorUnknown: begin again with an empty one.
            Refused, DeviceAbsent, OutcomeUnknown: as `send`.
        """
        return self._page(f"/v1/statuses?since={cursor}", StatusPage)

    def print_ready(self, cursor: str) -> ParcelPage:
        """Ask for the bundles published since a cursor.

        Raises:
            CursorUnknown: begin again with an empty one.
            Refused, DeviceAbsent, OutcomeUnknown: as `send`.
        """
        return self._page(f"/v1/print-ready?since={cursor}", ParcelPage)

    def fetch(self, sha256: str, size: int, into: BinaryIO) -> None:
        """Fetch a published bundle into a file, going on where it ends. Its hash is the caller's to check.

        Raises:
            Refused, DeviceAbsent, OutcomeUnknown: as `send`; what has come stays in the file.
        """
        start = into.seek(0, 2)
        if start >= size:
            into.seek(0)
            into.truncate()
            start = 0
        headers = self._let_in() | ({"Range": f"bytes={start}-"} if start else {})
        status = self._wire.fetch(f"/v1/bundles/{sha256}", headers, into, size)
        if status == 401:
            self._session = ""
        if status not in (200, 206):
            raise faults.centre_fault(status)

    def _page(self, path: str, model: type[Document]) -> Document:
        answer = self._ask("GET", path)
        if answer.status == 410:
            self._document(answer, "GET", path, ErrorDocument)
            raise CursorUnknown
        if answer.status != 200:
            raise self._refusal(answer, "GET", path)
        return self._document(answer, "GET", path, model)

    # ---- sessions, signatures, refusals ----

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        for fresh in (False, True):
            answer = self._wire.ask(method, path, body, self._let_in() | dict(headers or {}))
            if answer.status != 401 or fresh:
                return answer
            self._session = ""  # it ended before its time: a centre that was started again
        raise LookupError("unreachable")

    def _let_in(self) -> dict[str, str]:
        """The header that says who we are; opens a session when there is none.

        One signature of the token an hour, whatever is sent.
        """
        if not self._session or self._clock.monotonic() >= self._session_ends:
            asked = self._post("/v1/challenges", {"station": self._station}, Challenge)
            lines = ("print-station session 1", self._wire.host_header, self._station, asked.challenge)
            signature = base64.b64encode(self._signer.sign(signed_text(lines))).decode("ascii")
            wish = {"station": self._station, "challenge": asked.challenge, "signature": signature}
            session = self._post("/v1/sessions", wish, Session)
            self._session = session.session
            self._session_ends = self._clock.monotonic() + max(session.expires_in - RENEW_BEFORE, 1.0)
        return {"Authorization": f"Bearer {self._session}"}

    def _post(self, path: str, wish: Mapping[str, str], model: type[Document]) -> Document:
        answer = self._wire.ask(
            "POST", path, json.dumps(wish).encode("ascii"), {"Content-Type": "application/json"}
        )
        if answer.status != 201:
            raise self._refusal(answer, "POST", path)
        return self._document(answer, "POST", path, model)

    def _document(self, answer: Answer, method: str, path: str, model: type[Document]) -> Document:
        """Read a signed answer.

        Raises:
            OutcomeUnknown: CENTRE_ANSWER_UNUSABLE.
        """
        lines = ("print-station answer 1", f"{method} {path}", str(answer.status), digest(answer.body))
        if not self._identity.has_signed(lines, answer.headers.get("Centre-Signature", "")):
            self.close()
            raise faults.answer_unusable(f"HTTP {answer.status} without the centre's signature")
        try:
            return model.model_validate_json(answer.body)
        except ValidationError:
            raise faults.answer_unusable("signed, but not as the protocol has it") from None

    def _refusal(self, answer: Answer, method: str, path: str) -> Exception:
        """What an answer that is no yes means; what is not signed is never taken for the centre's word."""
        status = answer.status
        if status >= 500 and "Centre-Signature" not in answer.headers:
            self.close()
            return faults.centre_fault(status)
        error = self._document(answer, method, path, ErrorDocument).error
        if status in WAITING_STATUSES:
            return faults.not_receiving(error)
        if status in LINK_STATUSES or method != "PUT":
            return faults.station_refused(error)
        return faults.delivery_refused(error) if 400 <= status < 500 else faults.centre_fault(status)
