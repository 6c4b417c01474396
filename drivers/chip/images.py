"""From values to the bytes of every file, and the signed manifest over them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.chip.card_control import CardControl
from drivers.chip.codings import CODINGS
from drivers.chip.errors import ContentError, ContentTooLong
from drivers.chip.profile import LENGTH_PREFIX, CardProfile, FileSpecification


@dataclass(frozen=True)
class ChipFiles:
    """What goes on one chip.

    Attributes:
        biodata, photo, signature_image, minutiae_1, minutiae_2: contents without prefix and padding.
        issue: issue number of the card.
        nik: 16 digits.
    """

    biodata: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    signature_image: bytes = field(repr=False)
    minutiae_1: bytes = field(repr=False)
    minutiae_2: bytes = field(repr=False)
    issue: int
    nik: str = field(repr=False)

    def contents(self, profile: CardProfile) -> dict[int, bytes]:
        """Return content by FID."""
        by_name = {
            "biodata": self.biodata,
            "photo": self.photo,
            "signature_image": self.signature_image,
            "minutiae_1": self.minutiae_1,
            "minutiae_2": self.minutiae_2,
        }
        return {profile.named(name).fid: content for name, content in by_name.items()}


def check_content(file: FileSpecification, content: bytes) -> None:
    """Make sure that content fits its file and keeps its coding.

    Raises:
        ContentTooLong: it does not fit.
        ContentError: it breaks the coding.
    """
    if len(content) > file.capacity:
        raise ContentTooLong(file.name, len(content), file.capacity)
    CODINGS[file.coding].check(content)


def manifest(profile: CardProfile, files: ChipFiles, card_uid: bytes) -> bytes:
    """Return the manifest that the data signature covers: JSON, keys sorted, no blanks.

    Raises:
        ContentError: the NIK is not 16 ASCII digits.
    """
    if len(files.nik) != 16 or not files.nik.isascii() or not files.nik.isdigit():
        raise ContentError("manifest", "the NIK is not 16 digits")
    hashes = {f"{fid:04X}": _sha256(content) for fid, content in files.contents(profile).items()}
    body = {
        "files": hashes,
        "issue": files.issue,
        "nik_sha256": _sha256(files.nik.encode("ascii")),
        "profile": profile.name,
        "uid": card_uid.hex(),
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode("utf-8")


def image_of(file: FileSpecification, content: bytes) -> bytes:
    """Return the whole file: length, content, and 00 up to its size."""
    return (len(content).to_bytes(LENGTH_PREFIX, "big") + content).ljust(file.size, b"\x00")


def content_of(file: FileSpecification, image: bytes) -> bytes:
    """Return the content of a whole file.

    Raises:
        ContentError: its length does not fit, or something stands behind the content.
    """
    end = LENGTH_PREFIX + int.from_bytes(image[:LENGTH_PREFIX], "big")
    if end > len(image):
        raise ContentError(file.coding, f"{file.name}: the length prefix is too large")
    if any(image[end:]):
        raise ContentError(file.coding, f"{file.name}: something stands behind the content")
    return image[LENGTH_PREFIX:end]


def prepare(profile: CardProfile, files: ChipFiles, card_uid: bytes) -> tuple[Mapping[int, bytes], bytes]:
    """Return the contents of all files but the data signature, by FID, and the manifest to sign.

    Raises:
        ContentError: something does not fit or breaks its coding.
    """
    contents = files.contents(profile)
    to_sign = manifest(profile, files, card_uid)
    control = CardControl(
        profile.secure_channel.key_version, card_uid, files.issue, hashlib.sha256(to_sign).digest()
    )
    contents[profile.named("card_control").fid] = control.encode()
    for fid, content in contents.items():
        check_content(profile.file(fid), content)
    return contents, to_sign


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
