"""Sample contents that the codings carry as their vectors; made up, of nobody."""

from typing import Final

BIODATA: Final = (
    b'"3201019999990001","JL. CONTOH 1","001","002","BOGOR","CIBINONG","PAKANSARI","KAB. BOGOR","PEREMPUAN",'
    b'"O","ISLAM","BELUM KAWIN","PELAJAR/MAHASISWA","CONTOH SPESIMEN","31-01-1990","JAWA BARAT",'
    b'"SEUMUR HIDUP","KAB. BOGOR","01-02-2026","WNI",""'
)

# Magic, version 1, KVN 30, card UID, issue 1, hash, end.
CARD_CONTROL: Final = (
    b"KEO1\x00\x01\x30\x80\x04\x11\x22\x33\x44\x55\x66\x00\x01" + bytes(range(32)) + b"\x00\x00"
)

# A grey baseline picture of one pixel.
JPEG: Final = (
    b"\xff\xd8"
    b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xdb\x00\x43\x00" + b"\xff" * 64 + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    b"\xff\xc4\x00\x14\x00\x01"
    + bytes(16)
    + b"\xff\xc4\x00\x14\x10\x01"
    + bytes(16)
    + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f"
    b"\xff\xd9"
)

# A white picture of one pixel, one bit.
PNG: Final = (
    b"\x89PNG\r\n\x1a\n"
    b"\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x01\x00\x00\x00\x00\x37\x6e\xf9\x24"
    b"\x00\x00\x00\x0aIDAT\x78\x9c\x63\x68\x00\x00\x00\x82\x00\x81\x77\xcd\x72\xb6"
    b"\x00\x00\x00\x00IEND\xae\x42\x60\x82"
)

# One view of the right index finger, one minutia, no extended data.
MINUTIAE: Final = (
    b"FMR\x00 20\x00\x00\x00\x00\x24\x00\x00\x01\x00\x01\x20\x00\xc5\x00\xc5\x01\x00"
    b"\x02\x00\x50\x01"
    b"\x40\x80\x00\x90\x2d\x50"
    b"\x00\x00"
)

SIGNATURE: Final = b"\x11" * 32 + b"\x22" * 32
