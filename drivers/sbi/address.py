"""The address of a scanner: `sbi://127.0.0.1[:PORT][?serial=NUMBER]`."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from drivers.sbi.calls import LOOPBACK, PORTS
from drivers.sbi.errors import AddressUnusable, Reason


@dataclass(frozen=True)
class Address:
    """Where a scanner is.

    Attributes:
        port: of its service; None where it is to be searched for.
        serial: its deviceCode; empty where any scanner will do.
    """

    port: int | None
    serial: str


def parse(url: str) -> Address:
    """Take an address apart.

    Raises:
        AddressUnusable: it is none of a scanner's service on this machine.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        questions = parse_qs(parts.query, strict_parsing=bool(parts.query), max_num_fields=4)
    except ValueError as error:
        raise _unusable(str(error)) from error
    if parts.scheme != "sbi" or host != LOOPBACK:
        raise _unusable(f"a scanner is named as sbi://{LOOPBACK}:PORT, without localhost or another host")
    if parts.username is not None or parts.password is not None or parts.path not in ("", "/"):
        raise _unusable("an address holds no password and no path")
    if parts.fragment or set(questions) - {"serial"} or len(questions.get("serial", [])) > 1:
        raise _unusable("an address holds nothing but ?serial=NUMBER behind the port")
    if port is not None and port not in PORTS:
        raise _unusable(f"the port of a service is one of {PORTS.start} to {PORTS.stop - 1}")
    return Address(port, questions.get("serial", [""])[0])


def _unusable(problem: str) -> AddressUnusable:
    return AddressUnusable(Reason.ADDRESS_UNUSABLE, problem)
