"""Simulated cards behind the real pcscd, seen through the real client library."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from smartcard.Exceptions import CardConnectionException
from smartcard.System import readers

from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.chip.reader_slot import ReaderSlot
from simulators.pcsc.broker import connect
from tests.e2e.pcsc_client import NO_SERVICE, NOT_TRANSACTED, REMOVED, SUCCESS, Client, PcscError
from tests.pcscd_fixture import CONTACT, CONTACTLESS, ROOT, PrivatePcscd
from tests.unit.chip_simulator.scp03_host import Host

pytest_plugins = ["tests.pcscd_plugin"]

BATCH_KEY = bytes(range(16))
GET_UID = bytes.fromhex("FFCA000000")
OpenSlot = Callable[[int, int], ReaderSlot]


@pytest.fixture
def open_slot(private_pcscd: PrivatePcscd) -> Iterator[OpenSlot]:
    slots: list[ReaderSlot] = []

    def open_one(index: int, slot: int) -> ReaderSlot:
        slots.append(private_pcscd.open_slot(index, slot))
        return slots[-1]

    yield open_one
    client = Client()
    for slot in slots:
        slot.close()
    for reader in client.readers():  # leave the session's readers empty for the next test
        client.wait(reader, False)
    client.release()


@pytest.fixture
def client(private_pcscd: PrivatePcscd) -> Iterator[Client]:
    client = Client()
    yield client
    client.release()


def make_card(folder: Path, number: int) -> Card:
    uid = bytes.fromhex("04AA00000000") + bytes([number])
    manufacture(folder / uid.hex(), uid, BATCH_KEY)
    return Card(folder / uid.hex())


def test_readers_and_the_way_of_a_card(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    assert client.readers() == [private_pcscd.reader(index, slot) for index in (0, 1) for slot in (0, 1)]
    card, reader = make_card(tmp_path, 1), private_pcscd.reader(0, CONTACTLESS)
    client.wait(reader, False)
    slot = open_slot(0, CONTACTLESS)
    slot.insert(card)
    assert client.wait(reader, True) == bytes.fromhex("3B80800101")
    connection = client.connect(reader)
    assert connection.transmit(GET_UID) == (SUCCESS, card.uid + b"\x90\x00")
    assert connection.transmit(bytes.fromhex("00A40004027F0A00")) == (SUCCESS, b"\x6a\x82")
    slot.remove()
    client.wait(reader, False)
    assert connection.transmit(GET_UID)[0] in (NOT_TRANSACTED, REMOVED)


def test_the_contact_station_speaks_t1_too(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    card, reader = make_card(tmp_path, 1), private_pcscd.reader(0, CONTACT)
    open_slot(0, CONTACT).insert(card)
    assert client.wait(reader, True) == bytes.fromhex("3B90968181")
    assert client.connect(reader).exchange(GET_UID)[:7] == card.uid


def test_a_channel_through_pcscd(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    card = make_card(tmp_path, 1)
    open_slot(0, CONTACTLESS).insert(card)
    connection = client.connect(private_pcscd.reader(0, CONTACTLESS))
    host = Host(card, BATCH_KEY, connection.exchange)
    host.open()
    host.secured(0xE0, data=bytes.fromhex("620A82013883027F0A8A0101"))
    host.secured(0xE0, data=bytes.fromhex("6F0B8102100282010183026FF2"))
    host.secured(0xA4, 0x000C, b"\x6f\xf2")
    picture = bytes(range(256)) * 16
    for start in range(0, len(picture), 223):
        host.secured(0xD6, start, picture[start : start + 223])
        assert host.status == 0x9000
    read = b"".join(host.secured(0xB0, start, le=128) for start in range(0, len(picture), 128))
    assert read == picture
    assert card.state.files[0x6FF2].content == picture + bytes(2)


def test_lengths_at_the_limit_of_the_wire(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    open_slot(0, CONTACTLESS).insert(make_card(tmp_path, 1))
    connection = client.connect(private_pcscd.reader(0, CONTACTLESS))
    longest = bytes.fromhex("00D6000000FFF8") + bytes(65528)  # 65,535 in all
    assert connection.transmit(longest) == (SUCCESS, b"\x67\x00")
    for malformed in (b"\x00\xa4", b"\x00\xa4\x00", b"\x00\xa4\x00\x00\x00\x00\x00"):
        assert connection.transmit(malformed) == (SUCCESS, b"\x67\x00")
    assert connection.exchange(GET_UID)[-2:] == b"\x90\x00"


def _delayed_acknowledgements(pid: int) -> int:
    """A counter of the kernel for the network namespace in which this process lives."""
    names, values = [
        line.split()
        for line in Path(f"/proc/{pid}/net/netstat").read_text().splitlines()
        if line.startswith("TcpExt:")
    ]
    return int(dict(zip(names, values, strict=True))["DelayedACKs"])


def test_no_command_waits_for_a_delayed_acknowledgement(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    card = make_card(tmp_path, 1)
    open_slot(0, CONTACTLESS).insert(card)
    connection = client.connect(private_pcscd.reader(0, CONTACTLESS))
    before = _delayed_acknowledgements(private_pcscd.pid)
    for _ in range(200):
        connection.exchange(GET_UID)
    assert _delayed_acknowledgements(private_pcscd.pid) - before < 20  # 44 ms each, one an APDU without care
    assert 0.2 < card.elapsed < 0.6  # modelled: 200 times 14 bytes at 106 kbit/s


def test_four_cards_at_once(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    places = [(index, slot) for index in (0, 1) for slot in (CONTACT, CONTACTLESS)]
    cards = [make_card(tmp_path, number) for number in range(4)]
    for place, card in zip(places, cards, strict=True):
        open_slot(*place).insert(card)
    seen: dict[tuple[int, int], set[bytes]] = {}

    def talk(place: tuple[int, int]) -> None:
        own = Client()
        connection = own.connect(private_pcscd.reader(*place))
        seen[place] = {connection.exchange(GET_UID) for _ in range(50)}
        own.release()

    threads = [threading.Thread(target=talk, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == {place: {card.uid + b"\x90\x00"} for place, card in zip(places, cards, strict=True)}


@pytest.mark.parametrize("fault", ["pulled_in_update", "tear_after_update"])
def test_pulled_in_mid_command_is_success_with_nothing(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path, fault: str
) -> None:
    card, reader = make_card(tmp_path, 1), private_pcscd.reader(0, CONTACTLESS)
    slot = open_slot(0, CONTACTLESS)
    slot.insert(card)
    connection = client.connect(reader)
    card.faults.arm(fault)
    assert connection.transmit(bytes.fromhex("00D600000101")) == (SUCCESS, b"")
    client.wait(reader, False)
    assert connection.transmit(GET_UID)[0] == REMOVED
    if fault.startswith("pulled"):
        assert not slot.occupied
        return
    client.wait(reader, True)  # back by itself
    assert connection.reconnect() == SUCCESS
    assert connection.exchange(GET_UID)[:7] == card.uid


def test_pyscard_raises_on_an_empty_answer(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    card, name = make_card(tmp_path, 1), private_pcscd.reader(0, CONTACTLESS)
    open_slot(0, CONTACTLESS).insert(card)
    client.wait(name, True)
    reader = next(reader for reader in readers() if reader.name == name)
    connection = reader.createConnection()
    connection.connect()
    data, sw1, sw2 = connection.transmit(list(GET_UID))
    assert (bytes(data), sw1, sw2) == (card.uid, 0x90, 0x00)
    card.faults.arm("tear")
    with pytest.raises(CardConnectionException, match="no valid response"):
        connection.transmit(list(GET_UID))
    client.wait(name, False)


def test_a_swapped_card_is_seen_only_by_its_uid(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    first, second = make_card(tmp_path, 1), make_card(tmp_path, 2)
    reader, slot = private_pcscd.reader(0, CONTACTLESS), open_slot(0, CONTACTLESS)
    slot.insert(first)
    connection = client.connect(reader)
    slot.remove()
    slot.insert(second)  # faster than any hand
    client.wait(reader, False)
    client.wait(reader, True)
    assert connection.transmit(GET_UID)[0] == REMOVED
    assert connection.reconnect() == SUCCESS  # without complaint
    assert connection.exchange(GET_UID)[:7] == second.uid


def test_one_byte_and_double_replies(
    private_pcscd: PrivatePcscd, client: Client, open_slot: OpenSlot, tmp_path: Path
) -> None:
    card, slot = make_card(tmp_path, 1), open_slot(0, CONTACTLESS)
    slot.insert(card)
    connection = client.connect(private_pcscd.reader(0, CONTACTLESS))
    slot.faults.arm("one_byte")
    assert connection.transmit(GET_UID) == (SUCCESS, b"\x90")
    slot.faults.arm("double_reply")
    uid = card.uid + b"\x90\x00"
    assert connection.transmit(GET_UID) == (SUCCESS, uid)
    replies = [connection.transmit(bytes.fromhex("00A4000C023F00"))[1] for _ in range(3)]
    assert replies[0] != b"\x90\x00"  # shifted by one: the former answer, or an ATR


def test_the_wire_is_not_reachable_from_outside(private_pcscd: PrivatePcscd) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 0x9000), 1)
    connect(private_pcscd.broker, 0, CONTACT).close()
    for reader, slot in ((2, 0), (0, 2)):
        with pytest.raises(ConnectionRefusedError):
            connect(private_pcscd.broker, reader, slot)


def live_through_a_kill(broker: Path, reader: str, pid: int, folder: Path) -> tuple[list[int], bool]:
    """In a child: the codes that a client sees when pcscd is killed, and whether the card came back."""
    card = make_card(folder, 1)
    slot = ReaderSlot(lambda: connect(broker, 0, CONTACTLESS), "contactless")
    slot.insert(card)
    connection = Client().connect(reader)
    codes = [connection.transmit(GET_UID)[0]]
    os.kill(pid, signal.SIGKILL)
    while codes[-1] != NO_SERVICE:  # a call that meets the daemon in its death may end otherwise
        codes.append(connection.transmit(GET_UID)[0])
    back = None
    while back is None:
        try:
            back = Client()
        except PcscError as refusal:
            codes.append(refusal.code)
            threading.Event().wait(0.2)
    uid = back.connect(reader).exchange(GET_UID)[:7]
    slot.close()
    return codes, uid == card.uid


def test_pcscd_killed_and_back(own_pcscd: PrivatePcscd, tmp_path: Path) -> None:
    first = own_pcscd.pid
    codes, same_card = own_pcscd.call(
        live_through_a_kill, own_pcscd.broker, own_pcscd.reader(0, CONTACTLESS), first, tmp_path
    )
    own_pcscd.wait_until_ready()
    assert codes[0] == SUCCESS
    assert SUCCESS not in codes[1:]
    assert codes[-1] == NO_SERVICE
    assert same_card
    assert own_pcscd.pid != first


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_term_signal_leaves_nothing_behind(own_pcscd: PrivatePcscd) -> None:
    pid = own_pcscd.pid
    assert own_pcscd.stop() == 0
    assert not _runs(pid)
    left = {path.name for path in own_pcscd.folder.iterdir()}
    assert not left & {"pcscd.comm", "vpcd.broker", "pcscd.pid"}


def test_pcscd_does_not_outlive_a_killed_supervisor(own_pcscd: PrivatePcscd) -> None:
    pid = own_pcscd.pid
    assert own_pcscd.stop(signal.SIGKILL) == -signal.SIGKILL
    for _ in range(50):
        if not _runs(pid):
            break
        threading.Event().wait(0.1)
    assert not _runs(pid)
    own_pcscd.start()  # over what the killed one has left
    assert own_pcscd.stop() == 0


def test_an_ordinary_user_gets_namespaces_of_his_own(tmp_path: Path) -> None:
    python = Path("/usr/bin/python3")  # ours may lie where nobody else can read it
    if os.geteuid() != 0 or not python.exists():
        pytest.skip("the other tests are this test when they run as an ordinary user")
    with tempfile.TemporaryDirectory(prefix="pcscd-") as name:
        home = Path(name)
        home.chmod(0o777)
        (home / "simulators").mkdir()
        for program in ("__init__.py", "stopping.py", "pcsc"):
            source, copy = ROOT / "simulators" / program, home / "simulators" / program
            shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
        drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
        if subprocess.run([*drop, "unshare", "-rnm", "true"], capture_output=True, check=False).returncode:
            pytest.skip("this machine gives ordinary users no namespaces")
        daemon = PrivatePcscd(home / "run", program=[*drop, str(python), "-m", "simulators.pcsc"], cwd=home)
        daemon.start()
        assert daemon.call(list_readers) == [
            daemon.reader(index, slot) for index in (0, 1) for slot in (0, 1)
        ]
        assert daemon.stop() == 0


def list_readers() -> list[str]:
    """In a child: the readers that a client sees."""
    return Client().readers()


@pytest.mark.parametrize(
    "readers", [[], ["Same", "Same"], ['Quo"te'], [""], ["x" * 101], [str(number) for number in range(9)]]
)
def test_wrong_usage(tmp_path: Path, readers: list[str]) -> None:
    words = [word for reader in readers for word in ("--reader", reader)]
    command = [sys.executable, "-m", "simulators.pcsc", "--folder", str(tmp_path), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "usage" in done.stderr
    assert not list(tmp_path.iterdir())
