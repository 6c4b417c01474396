"""A person who fills the chip: every file as full as its coding lets it be. Nobody's data."""

import io
import struct
from dataclasses import replace
from typing import Final

from PIL import Image

from drivers.chip import CardProfile, ChipFiles
from drivers.chip.biodata import Biodata
from drivers.chip.samples import BIODATA, JPEG
from tests.unit.chip_driver.chip_cards import NIK, jpeg_of

SIGNATURE_SIZE: Final = (64, 48)  # dots; noise that does not compress
RECORD_HEADER, VIEW_HEADER, MINUTIA, EXTENSION = 24, 4, 6, 2  # bytes; ISO/IEC 19794-2:2005, clause 7


def full_files(profile: CardProfile) -> ChipFiles:
    """Return contents that fill the files of the profile.

    Raises:
        ValueError: one of them is larger than its file.
    """
    finger = _minutiae(profile.named("minutiae_1").capacity)
    files = ChipFiles(
        biodata=_biodata(profile.named("biodata").capacity),
        photo=jpeg_of(max(len(JPEG), profile.named("photo").capacity)),
        signature_image=_signature(),
        minutiae_1=finger,
        minutiae_2=finger,
        issue=1,
        nik=NIK,
    )
    for fid, content in files.contents(profile).items():
        if len(content) > profile.file(fid).capacity:
            raise ValueError(f"{fid:04X}: {len(content)} bytes do not fit")
    return files


def content_lengths(profile: CardProfile, files: ChipFiles) -> dict[int, int]:
    """Return the bytes of content of every file by FID, those that the driver makes itself included."""
    lengths = {fid: len(content) for fid, content in files.contents(profile).items()}
    # "Content" of the profile: 51 bytes of card control, 64 of signature
    return lengths | {profile.named("card_control").fid: 51, profile.named("data_signature").fid: 64}


def _biodata(length: int) -> bytes:
    biodata = Biodata.decode(BIODATA)
    return replace(biodata, address=biodata.address + "X" * (length - len(biodata.encode()))).encode()


def _signature() -> bytes:
    width, height = SIGNATURE_SIZE
    noise = bytes((index * index * 197 + index * 89) >> 3 & 0xFF for index in range(width // 8 * height))
    target = io.BytesIO()
    Image.frombytes("1", SIGNATURE_SIZE, noise).save(target, "PNG")
    return target.getvalue()


def _minutiae(length: int) -> bytes:
    count = (length - RECORD_HEADER - VIEW_HEADER - EXTENSION) // MINUTIA
    total = RECORD_HEADER + VIEW_HEADER + count * MINUTIA + EXTENSION
    header = b"FMR\0 20\0" + struct.pack(">IHHHHHBB", total, 0, 300, 360, 197, 197, 1, 0)
    points = b"".join(struct.pack(">HHBB", 0x4000 | 5 * n, 6 * n, 4 * n % 256, 80) for n in range(count))
    return header + bytes((2, 0, 80, count)) + points + bytes(EXTENSION)
