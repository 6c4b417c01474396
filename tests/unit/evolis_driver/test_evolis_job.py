"""Jobs, byte for byte and by the totals seen on the vendor library's wire."""

import re

import pytest

from drivers.evolis.commands import Side
from drivers.evolis.errors import CapabilityError, RasterError
from drivers.evolis.job import JobForm, SideJob, download, encode_job
from drivers.evolis.models import PrinterModel, find_model
from drivers.evolis.panels import Panel, make_panels
from drivers.evolis.ribbons import K_BLACK, YMCK, YMCKO, YMCKOK, Ribbon
from tests.unit.evolis_driver.evolis_faces import photo_face, white_face

PRIMACY = find_model("Primacy 2")
TIME = 1781255559

GOLDEN_K = (
    b"\x1bPsync;1;0\r<HEADER>\x1bPsmgr;1\r\x1bPpws;1781255559\r\x1bPcla;1\r\x1bPpmode;0\r\x1bPr;100;t\r"
    b"\x1bPwres;300;300;100\r\x1bPsk;10\r\x1bPiqla;a;d\r\x1bPmc;h\r\x1bPeoic;k;D\r\x1bPsync;2\r</HEADER>"
    b"\x1bPsync;12;1\r<OPTION Dpi=300x300>\x1bPsync;13;0\r</OPTION>"
    b"\x1bPsync;3;1\r<DOC Duplex=0>\x1bPsync;3;0\r"
    b"\x1bPsync;5;1\r<CARD>\x1bPsync;5;0\r\x1bSs\r\x1bMr;s\r\x1bPsync;9;1\r<FACE>\x1bPsync;9;0\r\x1bSr\r"
    b"\x1bPc;a;=;10\r\x1bPl;a;=;10\r\x1bPc;k;=;10\r\x1bPc;o;=;10\r\x1bPc;l;=;10\r\x1bPc;f;=;10\r\x1bPl;f;=;10\r"
    b"<BINARY Size=82305>\x1bDb;k;2;" + bytes(82_296) + b"\r</BINARY>\x1bPsync;10;1\r</FACE>\x1bPsync;10;0\r"
    b"\x1bSe\r\x1bPsync;6;1\r</CARD>\x1bPsync;6;0\r\x1bPsync;4;1\r</DOC>\x1bPsync;4;0\r\x1bPcla;0\r"
    b"\x1bPsync;11;1\r<END>\x1bPsync;11;0\r"
)


def front(model: PrinterModel, ribbon: Ribbon) -> SideJob:
    return SideJob(Side.FRONT, make_panels(white_face(model), model, ribbon.front))


def back(model: PrinterModel, ribbon: Ribbon) -> SideJob:
    return SideJob(Side.BACK, make_panels(white_face(model), model, ribbon.back))


def encoded(model: PrinterModel, ribbon: Ribbon, *sides: SideJob, form: JobForm = JobForm.TAGGED) -> bytes:
    job = encode_job(model, ribbon, sides, form, TIME)
    whole = b"".join(job.pieces)
    assert job.size == len(whole)
    return whole


def without_pida_digits(job: bytes) -> int:
    """Return a job's length with each Pida counted without its digits."""
    values = re.findall(rb"\x1bPida;([0-9;]+)\r", job)
    return len(job) - sum(len(value) - 3 for value in values)


def test_black_job_is_the_vendor_librarys_byte_for_byte() -> None:
    job = encoded(PRIMACY, K_BLACK, front(PRIMACY, K_BLACK))
    assert job == GOLDEN_K
    assert len(job) == 82_845


def test_colour_job_has_the_vendor_librarys_length() -> None:
    job = encoded(PRIMACY, YMCKO, front(PRIMACY, YMCKO))
    # the sheet's 2,140,359 and its Pida;88;21;26;6 agree but for one digit ("a byte or so")
    assert without_pida_digits(job) + 7 == 2_140_358
    assert job.count(b"<BINARY Size=1975137>\x1bDb;y;256;") == 1
    assert job.count(b"<BINARY Size=82305>\x1bDb;k;2;") == 1
    assert job.count(b"<BINARY Size=82305>\x1bDb;o;2;") == 1
    assert b"\x1bPr;0;t\r\x1bPwres;300;300;0\r" in job


def test_two_sides_have_the_vendor_librarys_length() -> None:
    job = encoded(PRIMACY, YMCKO, front(PRIMACY, YMCKO), back(PRIMACY, YMCKO))
    assert without_pida_digits(job) + 2 * 7 == 4_280_350 - 2
    assert b"<DOC Duplex=1>" in job
    assert job.index(b"\x1bSr\r") < job.index(b"\x1bSv\r")
    assert job.count(b"<FACE>") == 2


def test_a_back_on_ymckok_is_black_only() -> None:
    job = encoded(PRIMACY, YMCKOK, front(PRIMACY, YMCKOK), back(PRIMACY, YMCKOK))
    behind = job[job.index(b"\x1bSv\r") :]
    assert b"Db;k;2;" in behind
    assert b"Db;y" not in behind
    assert b"Pida" not in behind


def test_pida_is_the_per_cent_of_ink_in_each_panel() -> None:
    face = white_face(PRIMACY)
    face.colour[:, : 1016 // 2] = (255, 255, 0)  # full yellow on half of the card
    face.black[:, 508 : 508 + 127] = True  # an eighth in black
    side = SideJob(Side.FRONT, make_panels(face, PRIMACY, YMCKO.front))
    assert b"\x1bPida;50;0;0;12\r" in encoded(PRIMACY, YMCKO, side)


def test_the_bare_form_of_a_black_card() -> None:
    job = encoded(PRIMACY, K_BLACK, front(PRIMACY, K_BLACK), form=JobForm.BARE)
    assert job == (
        b"\x1bPr;k\r\x00\x1bPc;k;=;10\r\x00\x1bPdt;DU\r\x00\x1bMr;s\r\x00\x1bPpws;1781255559\r\x00\x1bSs\r\x00"
        b"\x1bSr\r\x00\x1bDb;k;2;" + bytes(82_296) + b"\r\x00\x1bSe;1\r\x00"
    )


def test_the_bare_form_of_a_colour_card_downloads_in_ribbon_order() -> None:
    job = encoded(PRIMACY, YMCKO, front(PRIMACY, YMCKO), form=JobForm.BARE)
    assert re.findall(rb"\x1bDb;([ymcko]);(?:256|2);", job) == [b"y", b"m", b"c", b"k", b"o"]
    assert job.startswith(b"\x1bPr;ymcko\r\x00")


def test_other_resolutions_use_dbx() -> None:
    badgy = find_model("Badgy200")
    job = encoded(badgy, YMCKO, front(badgy, YMCKO))
    assert b"\x1bDbx;y;128;300;260;" in job
    assert b"\x1bPwres;300;260;0\r" in job
    assert b"<OPTION Dpi=300x260>" in job


def test_agilia_prints_four_panels_at_600_dpi() -> None:
    agilia = find_model("Agilia")
    side = front(agilia, YMCK)
    assert [len(panel.data) for panel in side.panels] == [2_633_472] * 3 + [329_184]
    assert b"\x1bDbx;k;2;600;600;" in encoded(agilia, YMCK, side)


def test_zenius_takes_seven_bits_a_dot() -> None:
    zenius = find_model("Zenius")
    panels = make_panels(photo_face(zenius), zenius, YMCKO.front)
    assert len(download(zenius, panels[0])) == len(b"\x1bDb;y;128;") + 576_072 + 1


@pytest.mark.parametrize(
    "panel",
    [
        Panel("k", 2, bytes(82_295)),
        Panel("k", 2, bytes(84_624)),  # the guide's own, wrong size
        Panel("y", 128, bytes(576_072)),  # right for a Zenius
        Panel("y", 256, bytes(658_369)),
    ],
)
def test_a_panel_of_another_size_never_reaches_the_wire(panel: Panel) -> None:
    with pytest.raises(RasterError, match="takes"):
        encode_job(PRIMACY, YMCKO, (SideJob(Side.FRONT, (panel,)),), JobForm.TAGGED, TIME)


def test_a_job_starts_with_the_front() -> None:
    side = back(PRIMACY, K_BLACK)
    with pytest.raises(CapabilityError, match="front"):
        encode_job(PRIMACY, K_BLACK, (side,), JobForm.TAGGED, TIME)


def test_a_ribbon_without_a_word_has_no_bare_form() -> None:
    side = SideJob(Side.FRONT, make_panels(white_face(PRIMACY), PRIMACY, YMCK.front))
    with pytest.raises(CapabilityError, match="no word"):
        encode_job(PRIMACY, YMCK, (side,), JobForm.BARE, TIME)
