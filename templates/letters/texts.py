"""The words of the letter. It states two facts and no third (facts: domain.md section 4)."""

import unicodedata
from typing import Final

from templates.reports.words import in_capitals, long_date

from .layout import FontRole
from .values import LetterValues

TITLE: Final = "SURAT KETERANGAN PENGGANTI KTP-el"
NAME: Final = "Surat Keterangan Pengganti KTP-el"
OPENING: Final = "Yang bertanda tangan di bawah ini, {signer}, menerangkan dengan sebenarnya bahwa:"
INTRODUCTION: Final = "Orang tersebut di atas:"
RECORDED: Final = "benar-benar telah melakukan perekaman KTP-el; dan"
REGISTERED: Final = "telah tercatat dalam basis data kependudukan {regency}."
VALIDITY: Final = (
    "Surat keterangan ini berlaku sebagai pengganti KTP-el sampai dengan tanggal {until} "
    "dan ditarik kembali pada saat KTP-el diserahkan."
)
CLOSING: Final = "Demikian surat keterangan ini dibuat untuk dipergunakan sebagaimana mestinya."
NOTE: Final = (
    "Kode QR memuat pokok isi surat ini dan tanda tangan digital penerbit. Keaslian surat dapat "
    "diperiksa tanpa jaringan dengan memindainya di kantor penerbit."
)
SPECIMEN_NOTE: Final = "SPESIMEN, BUKAN DOKUMEN RESMI."
STATUS: Final = "Kode status"
PHOTO: Final = "Pas foto pemegang surat"
QR: Final = "Kode QR pemeriksaan keaslian"
BARCODE: Final = "Kode batang NIK"

Rows = tuple[tuple[str, str, str], ...]
"""The particulars: field name, label, value."""


def printed(text: str) -> str:
    """Return a text as the particulars show it: composed characters, capitals."""
    return unicodedata.normalize("NFC", text).upper()


def rows(values: LetterValues) -> Rows:
    """Return the particulars of a letter."""
    holder = values.holder
    birth = f"{holder.birthplace}, {holder.birth_date:%d-%m-%Y}"
    fields = (
        ("nik", "NIK", holder.nik),
        ("name", "Nama", holder.name),
        ("birth", "Tempat/Tanggal Lahir", birth),
        ("sex", "Jenis Kelamin", holder.sex),
        ("blood_group", "Golongan Darah", holder.blood_group),
        ("religion", "Agama", holder.religion),
        ("marital_status", "Status Perkawinan", holder.marital_status),
        ("occupation", "Pekerjaan", holder.occupation),
        ("nationality", "Kewarganegaraan", holder.nationality),
        ("address", "Alamat", holder.address),
        ("rt_rw", "RT/RW", holder.rt_rw),
        ("village", "Desa/Kelurahan", holder.village),
        ("district", "Kecamatan", holder.district),
        ("regency", "Kabupaten/Kota", holder.regency),
        ("province", "Provinsi", holder.province),
    )
    return tuple((field, label, printed(value)) for field, label, value in fields)


def opening(values: LetterValues) -> str:
    """Return the sentence before the particulars. It names the regency once."""
    signer = " ".join(values.signer.position.split())
    regency = in_capitals(values.letterhead.regency)
    if regency.lower() not in signer.lower():
        signer = f"{signer} {regency}"
    return OPENING.format(signer=signer)


def registered(values: LetterValues) -> str:
    """Return the second fact."""
    return REGISTERED.format(regency=in_capitals(values.letterhead.regency))


def validity(values: LetterValues) -> str:
    """Return until when the letter is good."""
    return VALIDITY.format(until=long_date(values.valid_until))


def place_and_date(values: LetterValues) -> str:
    """Return what stands above the signer."""
    return f"{values.letterhead.town}, {long_date(values.issued)}"


def signer_lines(values: LetterValues) -> tuple[tuple[str, FontRole], ...]:
    """Return name, rank and NIP of the signer as they stand below the seal, with their fonts."""
    signer = values.signer
    return (signer.name, "bold"), (signer.rank, "regular"), (f"NIP {signer.nip}", "regular")


def head_lines(values: LetterValues) -> tuple[str, ...]:
    """Return the lines of the letterhead."""
    head = values.letterhead
    lines = (f"PEMERINTAH {head.regency}", head.office, head.address, head.contact)
    return tuple(line for line in lines if line)
