"""The calls of SBI 0.9.5: verb and path of each (facts: sbi.md 1)."""

from dataclasses import dataclass
from typing import Final

SPEC_VERSION: Final = "0.9.5"
LOOPBACK: Final = "127.0.0.1"  # the text forbids "localhost"
PORTS: Final = range(4501, 4601)  # a service takes the first free one


@dataclass(frozen=True)
class Call:
    """One kind of request."""

    verb: str
    path: str


DISCOVERY: Final = Call("MOSIPDISC", "/device")
DEVICE_INFO: Final = Call("MOSIPDINFO", "/info")
CAPTURE: Final = Call("RCAPTURE", "/capture")  # purpose Registration: the record comes in clear, signed
PREVIEW: Final = Call("STREAM", "/stream")
