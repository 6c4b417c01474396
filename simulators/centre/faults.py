"""The fault menu of the centre."""

from __future__ import annotations

from random import Random

from simulators.request_faults import Fault, RequestFaults

# name -> what happens; `name:METHOD` strikes only at this method, `name:METHOD:VALUE` has a value besides
FAULTS = {
    "hang_up": "the connection ends before anything of the request is read",
    "slow": "the answer comes late; value: seconds of wall time (3)",
    "drip": "the answer comes byte by byte; value: seconds between two bytes (0.2)",
    "no_answer": "the request is ignored and the connection stays open, until the station gives up",
    "server_error": "a 5xx answer without a signature; value: the status (500)",
    "cut_body": "the connection ends inside the body of the request; value: bytes that are read (1000)",
    "cut_answer": "the connection ends inside the answer; value: bytes that are sent (40)",
    "lost_receipt": "a PUT is received and kept, and the connection ends without an answer",
    "repeated_receipt": "the answer of a PUT is sent twice",
    "wrong_receipt": "the receipt of a PUT is another record's, rightly signed",
    "wrong_number": "the receipt of a PUT has another number than the signed one",
    "wrong_signature": "receipts and answers are signed by another key",
    "redirect": "302 to another address",
    "garbage": "bytes that are no HTTP",
    "not_json": "200 with a page of HTML",
    "huge_answer": "200 with an endless body",
}
ONLY_PUT = frozenset({"cut_body", "lost_receipt", "repeated_receipt", "wrong_receipt", "wrong_number"})
AT_RANDOM = ("hang_up", "server_error", "cut_body", "cut_answer", "lost_receipt", "wrong_receipt", "not_json")
"""What a failing centre draws from: each ends at once, so that a long run is not spent waiting."""


class CentreFaults(RequestFaults):
    """The armed faults of one centre; with `one_in`, one request of so many fails at random besides."""

    def __init__(self, seed: int = 1, one_in: int = 0) -> None:
        super().__init__(FAULTS, dict.fromkeys(ONLY_PUT, "PUT"))
        self._random, self._one_in = Random(f"centre faults {seed}"), one_in

    def strike(self, method: str) -> Fault | None:
        """Count one request; return the fault that strikes it."""
        return super().strike(method) or self._by_chance(method)

    def _by_chance(self, method: str) -> Fault | None:
        with self._lock:
            if not self._one_in or self._random.randrange(self._one_in):
                return None
            name = self._random.choice(AT_RANDOM)
        return Fault("server_error") if name in ONLY_PUT and method != "PUT" else Fault(name)
