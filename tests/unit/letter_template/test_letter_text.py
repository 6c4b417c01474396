"""What a reader gets out of a letter, and in which order."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.unit.letter_template.cases import LONG_ADDRESS, LONGEST_NAME, foreigner, longest
from tests.unit.letter_template.tools import run, text_of


@pytest.fixture
def letter(press: Press, values: LetterValues, tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(press.one_letter(replace(values, specimen=False)))
    return path


ORDER = """\
PEMERINTAH KABUPATEN CONTOHARJO
DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL
Jalan Contoh Raya Nomor 12, Contoharjo 00000
Telepon (000) 000000, pos elektronik kantor@contoharjo.example
SURAT KETERANGAN PENGGANTI KTP-el
Nomor: 471.13/01234/99.01.325/2026
Yang bertanda tangan di bawah ini, Kepala Dinas Kependudukan dan Pencatatan Sipil
Kabupaten Contoharjo, menerangkan dengan sebenarnya bahwa:
NIK : 9901015208900001
Nama : SITI NURAINI RAHMAWATI
Tempat/Tanggal Lahir : CONTOHARJO, 12-08-1990
Jenis Kelamin : PEREMPUAN
Golongan Darah : AB+
Agama : ISLAM
Status Perkawinan : BELUM KAWIN
Pekerjaan : KARYAWAN SWASTA
Kewarganegaraan : WNI
Alamat : JL. MELATI NO. 12
RT/RW : 001/002
Desa/Kelurahan : SUMBERCONTOH
Kecamatan : KALICONTOH
Kabupaten/Kota : KABUPATEN CONTOHARJO
Provinsi : JAWA REKAAN
Orang tersebut di atas:
1. benar-benar telah melakukan perekaman KTP-el; dan
2. telah tercatat dalam basis data kependudukan Kabupaten Contoharjo.
Surat keterangan ini berlaku sebagai pengganti KTP-el sampai dengan tanggal 28 Mei 2027 dan
ditarik kembali pada saat KTP-el diserahkan.
Demikian surat keterangan ini dibuat untuk dipergunakan sebagaimana mestinya.
Contoharjo, 28 November 2026
Kepala Dinas Kependudukan
dan Pencatatan Sipil
Drs. H. BUDI CONTOH, M.Si.
Pembina Utama Muda
NIP 196501011990011001
Kode QR memuat pokok isi surat ini dan tanda tangan digital penerbit. Keaslian surat dapat
diperiksa tanpa jaringan dengan memindainya di kantor penerbit.
9901015208900001
Kode status
SFE
"""


def test_text_is_read_in_order(letter: Path) -> None:
    assert text_of(letter).rstrip("\f") == ORDER


def test_label_and_value_stand_on_one_line(letter: Path) -> None:
    lines = [" ".join(line.split()) for line in text_of(letter, "-layout").splitlines()]
    assert "Nama : SITI NURAINI RAHMAWATI" in lines
    assert "Tempat/Tanggal Lahir : CONTOHARJO, 12-08-1990" in lines


def test_a_screen_reader_gets_whole_words_pictures_and_the_language(letter: Path) -> None:
    told = run("pdfinfo", "-struct-text", letter)
    assert told.index('"Nama : SITI') < told.index('"Demikian surat') < told.index('"Contoharjo, 28 November')
    assert "sampai dengan tanggal 28 Mei 2027 dan ditarik kembali" in told
    assert "Kepala Dinas Kependudukan dan Pencatatan Sipil" in told
    assert "H1" in told
    kinds = run("pdfinfo", "-struct", letter)
    assert kinds.count("Figure") == 3
    assert "Tagged:          yes" in run("pdfinfo", letter)
    data = letter.read_bytes()
    for text in (b"(Pas foto pemegang surat)", b"(Kode QR pemeriksaan keaslian)", b"(Kode batang NIK)"):
        assert b"/Alt" + text in data
    assert b"/Lang(id-ID)" in data
    assert b"/DisplayDocTitle true" in data


def test_it_states_two_facts(letter: Path) -> None:
    assert re.findall(r"^\d\. (.*)$", text_of(letter), re.MULTILINE) == [
        "benar-benar telah melakukan perekaman KTP-el; dan",
        "telah tercatat dalam basis data kependudukan Kabupaten Contoharjo.",
    ]


def test_a_specimen_says_so_twice(press: Press, values: LetterValues, tmp_path: Path) -> None:
    path = tmp_path / "specimen.pdf"
    path.write_bytes(press.one_letter(values))
    text = text_of(path)
    assert "SPESIMEN, BUKAN DOKUMEN RESMI." in text
    assert "S\nP\nE\nS\nI\nM\nE\nN" in text


def test_long_values_come_out_whole(press: Press, values: LetterValues, tmp_path: Path) -> None:
    path = tmp_path / "longest.pdf"
    path.write_bytes(press.one_letter(longest(values)))
    text = " ".join(text_of(path).split())
    assert LONGEST_NAME in text
    assert LONG_ADDRESS in text
    assert "KEPERCAYAAN TERHADAP TUHAN YME" in text


def test_letters_beyond_ascii_are_read_back(press: Press, values: LetterValues, tmp_path: Path) -> None:
    path = tmp_path / "foreigner.pdf"
    path.write_bytes(press.one_letter(foreigner(values)))
    assert "Nama : RENÉ O'SAMPLE-ŁUKASZEWIČ" in text_of(path)


def test_no_name_stands_in_the_documents_properties(letter: Path) -> None:
    told = run("pdfinfo", letter) + run("pdfinfo", "-meta", letter)
    assert "SITI" not in told
    assert "9901015208900001" not in told
    assert "Surat Keterangan Pengganti KTP-el 471.13/01234/99.01.325/2026" in told
