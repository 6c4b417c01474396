"""The address of a queue: `ipp://HOST[:PORT]/printers/NAME`."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from drivers.cups.errors import AddressUnusable

DEFAULT_PORT = 631  # RFC 3510 section 4


@dataclass(frozen=True)
class Address:
    """Where a queue is.

    Attributes:
        host, port: where cupsd listens.
        path: of the queue, for HTTP.
        uri: the `printer-uri` of every request.
    """

    host: str
    port: int
    path: str
    uri: str


def parse(url: str) -> Address:
    """Take an address apart.

    Raises:
        AddressUnusable: it is none of a queue; a password in it is refused, and ipps:// too: no certificate
            of a print server is known here, and one that is not checked protects nobody.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise AddressUnusable(f"{error}") from error
    if parts.scheme == "ipps":
        raise AddressUnusable("ipps:// is not supported: print through the cupsd of this machine with ipp://")
    if parts.scheme != "ipp" or not host:
        raise AddressUnusable("a queue is named as ipp://HOST/printers/NAME")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise AddressUnusable("an address holds no password, no query and no fragment")
    if not parts.path.isascii() or not parts.path.isprintable() or " " in parts.path:
        raise AddressUnusable("the path holds characters that must be written with %")
    shown = f"[{host}]" if ":" in host else host
    if len(parts.path.strip("/")) == 0:
        raise AddressUnusable("the queue is missing: ipp://HOST/printers/NAME")
    return Address(host, port, parts.path, f"ipp://{shown}:{port}{parts.path}")
