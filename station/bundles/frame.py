"""The outer form of a bundle: magic, manifest, signature, sealed records (docs/reference/bundle.md, "File").

| offset | bytes | |
|---|---|---|
| 0 | 8 | magic `BUNDLE1` and a line feed |
| 8 | 4 | M, length of the manifest, unsigned, big-endian |
| 12 | 2 | S, length of the signature, unsigned, big-endian |
| 14 | M | manifest, JSON |
| 14 + M | S | signature over the M bytes of the manifest: ECDSA P-256 with SHA-256, DER |
| 14 + M + S | | the sealed records, one after the other, in the order of the manifest |
"""

import struct
from dataclasses import dataclass

from station.bundles.faults import incomplete, malformed
from station.bundles.manifest import LARGEST_MANIFEST, Manifest, read_manifest
from station.bundles.plain_file import PlainFile

MAGIC = b"BUNDLE1\n"
LENGTHS = struct.Struct(">IH")
HEAD = len(MAGIC) + LENGTHS.size
SHORTEST_MANIFEST = 2
SIGNATURE_SIZES = range(8, 73)  # DER of two integers of 1 to 33 bytes (X9.62; SEC 1, C.5)


@dataclass(frozen=True)
class Frame:
    """A bundle whose outer form is right and whose file is as long as its manifest says.

    Attributes:
        manifest_bytes, signature: as they stand in the file.
        start: offset of the first sealed record.
    """

    manifest: Manifest
    manifest_bytes: bytes
    signature: bytes
    start: int


def read_frame(file: PlainFile) -> Frame:
    """Read everything before the records.

    Every length is checked before anything of that length is read.

    Raises:
        InputFault: BUNDLE_MALFORMED; BUNDLE_INCOMPLETE when what is there is the beginning of a bundle.
        OSError: the medium fails.
    """
    size = file.size
    head = file.take(0, min(HEAD, size))
    if not MAGIC.startswith(head[: len(MAGIC)]):
        raise malformed("it does not begin as a bundle does")
    if len(head) < HEAD:
        raise incomplete(size, HEAD)
    manifest_size, signature_size = LENGTHS.unpack_from(head, len(MAGIC))
    if not SHORTEST_MANIFEST <= manifest_size <= LARGEST_MANIFEST:
        raise malformed("the length of its manifest cannot be")
    if signature_size not in SIGNATURE_SIZES:
        raise malformed("the length of its signature cannot be")
    start = HEAD + manifest_size + signature_size
    if size < start:
        raise incomplete(size, start)
    both = file.take(HEAD, manifest_size + signature_size)
    manifest_bytes, signature = both[:manifest_size], both[manifest_size:]
    manifest = read_manifest(manifest_bytes)
    _require_size(size, start + sum(record.size for record in manifest.records))
    return Frame(manifest, manifest_bytes, signature, start)


def _require_size(size: int, wanted: int) -> None:
    if size < wanted:
        raise incomplete(size, wanted)
    if size > wanted:
        raise malformed("bytes after the last record")


def frame_bytes(manifest: bytes, signature: bytes) -> bytes:
    """Write everything before the records."""
    return MAGIC + LENGTHS.pack(len(manifest), len(signature)) + manifest + signature
