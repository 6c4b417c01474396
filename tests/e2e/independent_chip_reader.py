"""Reads a card of `ktp-el-open` as a card laboratory would: a program that shares no code with the writer.

It is written from docs/reference/ktp-el-open.md and GPC 2.2 Amendment D alone, imports nothing of this
project, speaks to the reader through pyscard's own classes, and has the batch key in a file. It prints one
JSON object and exits with 0 if everything on the card is authentic, 1 if not, 2 for wrong usage.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from smartcard.System import readers

LIFE_CYCLES = {0x01: "creation", 0x05: "activated", 0x0C: "terminated"}
SIGNED_FILES = (0x6FF1, 0x6FF2, 0x6FF3, 0x6FF4, 0x6FF5)
SIZES = {0x6FF0: 53, 0x6FF1: 802, 0x6FF2: 4098, 0x6FF3: 514, 0x6FF4: 322, 0x6FF5: 322, 0x6FF6: 82}
PLAIN_CHUNK, PROTECTED_CHUNK = 240, 208


class NotAuthentic(Exception):
    """Something on the card is not as it must be."""


def aes_cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC, SP 800-38B."""
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def aes_block(key: bytes, block: bytes) -> bytes:
    """AES of one block."""
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)


def derive(key: bytes, constant: int, length: int, context: bytes) -> bytes:
    """Amendment D 4.1.5: label (12), separator, length in bits, counter, context."""
    label = b"\x00" * 11 + bytes([constant])
    return aes_cmac(key, label + b"\x00" + (8 * length).to_bytes(2, "big") + b"\x01" + context)[:length]


class Card:
    """The card in one reader, in the clear."""

    def __init__(self, reader_name: str) -> None:
        """Connect.

        Raises:
            NotAuthentic: no such reader.
        """
        found = [reader for reader in readers() if str(reader) == reader_name]
        if not found:
            raise NotAuthentic(f"no reader {reader_name!r}")
        self._connection = found[0].createConnection()
        self._connection.connect()

    def send(self, apdu: bytes) -> tuple[bytes, int]:
        """Send a command, return data and status word."""
        data, sw1, sw2 = self._connection.transmit(list(apdu))
        return bytes(data), sw1 << 8 | sw2

    def ask(self, apdu: bytes) -> bytes:
        """Send a command that must end with 9000."""
        data, status = self.send(apdu)
        if status != 0x9000:
            raise NotAuthentic(f"{apdu[:4].hex()} answered {status:04X}")
        return data


class Channel:
    """SCP03 with all protections, host side."""

    def __init__(self, card: Card, batch_key: bytes, uid: bytes) -> None:
        """Authenticate card and host.

        Raises:
            NotAuthentic: the card is not of this batch.
        """
        self._card = card
        enc, mac = (aes_block(batch_key, uid + bytes(7) + bytes([index])) for index in (1, 2))
        mine = os.urandom(8)
        answer = card.ask(b"\x80\x50\x30\x00\x08" + mine + b"\x00")
        self.diversification, self.key_information = answer[:10], answer[10:13]
        theirs, proof = answer[13:21], answer[21:29]
        both = mine + theirs
        if derive(enc, 0x02, 8, answer[29:32] + b"\x7f\x0a") != theirs:
            raise NotAuthentic("the card challenge is not the pseudo-random one")
        self._enc = derive(enc, 0x04, 16, both)
        self._mac = derive(mac, 0x06, 16, both)
        self._rmac = derive(mac, 0x07, 16, both)
        if derive(self._mac, 0x00, 8, both) != proof:
            raise NotAuthentic("the card cryptogram is wrong")
        header = b"\x84\x82\x33\x00\x10" + derive(self._mac, 0x01, 8, both)
        self._chain = aes_cmac(self._mac, bytes(16) + header)
        card.ask(header + self._chain[:8])
        self._number = 0

    def ask(self, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None) -> bytes:
        """Send a protected command; the answer must be 9000 or 6282 and authentic."""
        self._number += 1
        if data:
            data = self._cbc(0x00).encryptor().update(data + b"\x80" + bytes(-(len(data) + 1) % 16))
        head = bytes([0x84, ins, p1, p2, len(data) + 8])
        self._chain = aes_cmac(self._mac, self._chain + head + data)
        tail = b"" if le is None else bytes([le])
        answer, status = self._card.send(head + data + self._chain[:8] + tail)
        if status not in (0x9000, 0x6282):
            raise NotAuthentic(f"{head[:4].hex()} answered {status:04X}")
        body, proof = answer[:-8], answer[-8:]
        if aes_cmac(self._rmac, self._chain + body + status.to_bytes(2, "big"))[:8] != proof:
            raise NotAuthentic("an R-MAC is wrong")
        if not body:
            return b""
        return self._cbc(0x80).decryptor().update(body).rstrip(b"\x00")[:-1]

    def _cbc(self, mark: int) -> Cipher[modes.CBC]:
        counter = bytes([mark]) + self._number.to_bytes(15, "big")
        return Cipher(algorithms.AES(self._enc), modes.CBC(aes_block(self._enc, counter)))


def read_file(size: int, chunk: int, read: Callable[[int, int], bytes]) -> bytes:
    """Read a whole selected file and return its content.

    Raises:
        NotAuthentic: length prefix or padding are wrong.
    """
    image = b""
    while len(image) < size:
        part = read(len(image), min(chunk, size - len(image)))
        if not part:
            raise NotAuthentic("a file is shorter than the profile says")
        image += part
    length = int.from_bytes(image[:2], "big")
    if length + 2 > size or any(image[length + 2 :]):
        raise NotAuthentic("length prefix or padding is wrong")
    return image[2 : length + 2]


def read_plain(card: Card, fid: int) -> bytes:
    """Read a public file without the channel."""
    card.ask(b"\x00\xa4\x00\x0c\x02" + fid.to_bytes(2, "big"))
    return read_file(
        SIZES[fid],
        PLAIN_CHUNK,
        lambda offset, length: card.ask(b"\x00\xb0" + offset.to_bytes(2, "big") + bytes([length])),
    )


def read_protected(channel: Channel, fid: int) -> bytes:
    """Read a file over the channel."""
    channel.ask(0xA4, 0x00, 0x0C, fid.to_bytes(2, "big"))
    return read_file(
        SIZES[fid],
        PROTECTED_CHUNK,
        lambda offset, length: channel.ask(0xB0, offset >> 8, offset & 0xFF, le=length),
    )


def life_cycle(card: Card) -> str:
    """Select the application and return the life cycle of its FCP template."""
    template, status = card.send(b"\x00\xa4\x00\x04\x02\x7f\x0a\x00")
    if status not in (0x9000, 0x6285) or template[:1] != b"\x62":
        raise NotAuthentic(f"SELECT 7F0A answered {status:04X}")
    position = 2
    while position < len(template):
        tag, length = template[position], template[position + 1]
        if tag == 0x8A:
            return LIFE_CYCLES.get(template[position + 2], "unknown")
        position += 2 + length
    raise NotAuthentic("the FCP template tells no life cycle")


def manifest_of(files: dict[int, bytes], uid: bytes, nik: str) -> bytes:
    """Recompute the manifest from what was read."""
    issue = int.from_bytes(files[0x6FF0][15:17], "big")
    entries = ",".join(f'"{fid:04X}":"{hashlib.sha256(files[fid]).hexdigest()}"' for fid in SIGNED_FILES)
    nik_hash = hashlib.sha256(nik.encode()).hexdigest()
    return (
        f'{{"files":{{{entries}}},"issue":{issue},"nik_sha256":"{nik_hash}",'
        f'"profile":"ktp-el-open/1","uid":"{uid.hex()}"}}'
    ).encode()


def is_signed(public_key: Path, manifest: bytes, signature: bytes) -> bool:
    """Check r || s with the station's public key."""
    key = serialization.load_pem_public_key(public_key.read_bytes())
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 64:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), manifest, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def read_card(reader: str, batch_key: bytes, public_key: Path) -> dict[str, object]:
    """Read everything and judge it.

    Raises:
        NotAuthentic: it cannot be read as the reference says.
    """
    card = Card(reader)
    uid = b"\x80" + card.ask(b"\xff\xca\x00\x00\x00")
    state = life_cycle(card)
    open_files = {fid: read_plain(card, fid) for fid in (0x6FF0, 0x6FF2)}
    channel = Channel(card, batch_key, uid)
    files = {fid: read_protected(channel, fid) for fid in SIZES}
    control = files[0x6FF0]
    biodata = files[0x6FF1].decode("ascii")[1:-1].split('","')
    manifest = manifest_of(files, uid, biodata[0])
    checks = {
        "public_files_equal": all(files[fid] == content for fid, content in open_files.items()),
        "diversification": channel.diversification == uid + b"\x00\x00",
        "key_information": channel.key_information == b"\x30\x03\x70",
        "control": control[:7] == b"KEO1\x00\x01\x30"
        and control[7:15] == uid
        and control[49:] == b"\x00\x00",
        "manifest_hash": control[17:49] == hashlib.sha256(manifest).digest(),
        "signature": is_signed(public_key, manifest, files[0x6FF6]),
    }
    return {
        "uid": uid.hex(),
        "life_cycle": state,
        "issue": int.from_bytes(control[15:17], "big"),
        "biodata": biodata,
        "files": {
            f"{fid:04X}": {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for fid, content in files.items()
        },
        "checks": checks,
        "authentic": all(checks.values()),
    }


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", required=True, help="name of the reader as the card daemon has it")
    parser.add_argument("--batch-key-file", type=Path, required=True, help="32 hexadecimal digits")
    parser.add_argument("--public-key", type=Path, required=True, help="PEM")
    options = parser.parse_args(arguments)
    batch_key = bytes.fromhex(options.batch_key_file.read_text())
    try:
        finding = read_card(options.reader, batch_key, options.public_key)
    except NotAuthentic as error:
        finding = {"authentic": False, "error": str(error)}
    sys.stdout.write(json.dumps(finding, sort_keys=True) + "\n")
    return 0 if finding["authentic"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
