"""Creating, selecting, reading and writing files: status words and access conditions."""

import pytest

from simulators.chip.card import Card
from tests.unit.chip_simulator.chip_maker import (
    BATCH_KEY,
    CREATE,
    CREATE_DF,
    READ,
    UPDATE,
    create_ef,
    created,
    opened,
    select,
)
from tests.unit.chip_simulator.scp03_host import Host


def test_both_template_variants_make_the_same_file(card: Card) -> None:
    host = created(card, 0x6FF0)
    host.secured(CREATE, data=bytes.fromhex("6F0B 81020064 820101 83026FF3"))
    assert host.status == 0x9000
    host.secured(CREATE, data=bytes.fromhex("620B 80020064 820101 83026FF4"))
    assert host.status == 0x9000
    assert select(host, 0x6FF3)[:-7] == select(host, 0x6FF4)[:-7].replace(b"\x6f\xf4", b"\x6f\xf3")
    assert select(host, 0x6FF3).hex() == "6213" + "80020064" + "820101" + "83026ff3" + "8a0101" + "8c03034040"


def test_the_outer_tag_of_the_answer_follows_p2(card: Card) -> None:
    host = created(card, 0x6FF0)
    assert host.plain("00A40000026FF000")[0] == 0x6F
    assert host.plain("00A40004026FF000")[0] == 0x62
    assert host.plain("00A4000C026FF000") == b""
    assert host.plain("00A40000026FF0") == b""
    assert host.status == 0x9000
    assert host.plain("00A40000023F0000").hex() == "6f0a82013883023f008a0105"


def test_further_tags_and_longer_descriptors_are_passed_over(card: Card) -> None:
    host = created(card, 0x6FF0)
    template = "62 1C 8002000A 82050121000101 83026FF7 8801F0 A503C00101 5F2D026964"
    host.secured(CREATE, data=bytes.fromhex(template))
    assert host.status == 0x9000
    assert select(host, 0x6FF7).hex().startswith("62138002000a")


@pytest.mark.parametrize(
    "template",
    [
        "",
        "62",
        "6200",
        "610B 80020064 820101 83026FF3",  # another template
        "620A 80020064 820101 83026FF3",  # length too short
        "620C 80020064 820101 83026FF3",  # length too long
        "620B 80020064 820101 83026FF3 00",  # something behind it
        "6208 80020064 820101 8300",  # no identifier
        "6207 820101 83026FF3",  # no size
        "620B 80020000 820101 83026FF3",  # no bytes
        "620B 80020064 820102 83026FF3",  # a record file
        "620B 80020064 820101 83023F00",  # the master file's identifier
        "620B 80020064 820101 83027F0A",  # the application's
        "620E 80020064 820101 83026FF3 8A0105",  # born activated
        "620E 80020064 820101 83026FF3 8C0100",  # access cut off
        "6210 80020064 820101 83026FF3 8C030310FF",  # unknown condition
        "620F 80020064 80020064 820101 83026FF3",  # twice the same tag
        "6207 820138 83027F0B",  # another application
    ],
)
def test_faulty_templates(card: Card, template: str) -> None:
    host = created(card, 0x6FF0)
    before = card.state
    host.secured(CREATE, data=bytes.fromhex(template))
    assert host.status == 0x6A80
    assert card.state == before


def test_creation_needs_the_channel_the_directory_and_room(card: Card) -> None:
    host = opened(card)
    host.secured(CREATE, data=create_ef(0x6FF0, 53))
    assert host.status == 0x6986
    host.plain("00E000000C" + CREATE_DF.hex())
    assert host.status == 0x6982
    host.secured(CREATE, data=CREATE_DF)
    host.secured(CREATE, data=CREATE_DF)
    assert host.status == 0x6A89
    host.secured(CREATE, data=create_ef(0x6FF2, 8192 - 32 - 32 + 1))
    assert host.status == 0x6A84
    host.secured(CREATE, data=create_ef(0x6FF2, 8192 - 32 - 32))
    assert host.status == 0x9000
    host.secured(CREATE, data=create_ef(0x6FF2, 1))
    assert host.status == 0x6A89
    host.secured(CREATE, data=create_ef(0x6FF3, 1))
    assert host.status == 0x6A84


def test_access_conditions(card: Card) -> None:
    host = created(card, 0x6FF0, 0x6FF1)
    for identifier, update, read in ((0x6FFA, 0x00, 0x00), (0x6FFB, 0xFF, 0xFF)):
        host.secured(CREATE, data=create_ef(identifier, 10, update, read))
    seen = {}
    for identifier in (0x6FF0, 0x6FF1, 0x6FFA, 0x6FFB):
        select(host, identifier)
        statuses = []
        for ins in (READ, UPDATE):
            host.plain("00B0000001" if ins == READ else "00D600000101")
            statuses.append(host.status)
            host.secured(ins, 0, b"" if ins == READ else b"\x01", 1 if ins == READ else None)
            statuses.append(host.status)
        seen[identifier] = [f"{status:04X}" for status in statuses]
    assert seen == {  # plain READ, secured READ, plain UPDATE, secured UPDATE
        0x6FF0: ["9000", "9000", "6982", "9000"],
        0x6FF1: ["6982", "9000", "6982", "9000"],
        0x6FFA: ["9000", "9000", "9000", "9000"],
        0x6FFB: ["6982", "6982", "6982", "6982"],
    }


@pytest.mark.parametrize(
    ("apdu", "status", "length"),
    [
        ("00B0000035", 0x9000, 53),
        ("00B0000000", 0x6282, 53),
        ("00B0003405", 0x6282, 1),
        ("00B0003501", 0x6B00, 0),
        ("00B0010001", 0x6B00, 0),
        ("00B0800001", 0x6A86, 0),
        ("00B00000", 0x6700, 0),
        ("00B000000101", 0x6700, 0),
        ("00B1000001", 0x6D00, 0),
        ("10B0000001", 0x6E00, 0),
    ],
)
def test_reading(card: Card, apdu: str, status: int, length: int) -> None:
    host = created(card, 0x6FF0)
    select(host, 0x6FF0)
    assert len(host.plain(apdu)) == length
    assert host.status == status


@pytest.mark.parametrize(
    ("offset", "length", "status"),
    [(0, 53, 0x9000), (52, 1, 0x9000), (52, 2, 0x6A84), (53, 1, 0x6B00), (0, 0, 0x6700), (0x8000, 1, 0x6A86)],
)
def test_writing(card: Card, offset: int, length: int, status: int) -> None:
    host = created(card, 0x6FF0)
    select(host, 0x6FF0)
    host.secured(UPDATE, offset, b"\xaa" * length)
    assert host.status == status
    written = card.state.files[0x6FF0].content.count(0xAA)
    assert written == (length if status == 0x9000 else 0)


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00A40004023F0000", 0x9000),
        ("00A40004027F0A00", 0x6A82),
        ("00A40004026FF000", 0x6A82),
        ("00A40104023F0000", 0x6A86),
        ("00A40002023F0000", 0x6A86),
        ("00A4000403A0000000", 0x6700),
        ("00A4000400", 0x6700),
        ("00A40004023F0005", 0x6C0C),
        ("00B0000001", 0x6986),
        ("84B0000008" + "00" * 8, 0x6982),
        ("0044000000", 0x6982),
        ("00E60000", 0x6982),
        ("FFCA000000", 0x9000),
        ("FFCA000007", 0x9000),
        ("FFCA000004", 0x6C07),
        ("FFCA0000", 0x6700),
        ("FFCA010000", 0x6A86),
        ("FF00000000", 0x6D00),
        ("0020000000", 0x6D00),
        ("A0A40000023F00", 0x6E00),
    ],
)
def test_a_blank_answers(card: Card, apdu: str, status: int) -> None:
    host = Host(card, BATCH_KEY)
    host.plain(apdu)
    assert f"{host.status:04X}" == f"{status:04X}"
