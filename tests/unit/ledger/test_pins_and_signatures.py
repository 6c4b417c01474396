"""Two signatures are two people's PINs: one of them a supervisor's, five wrong tries lock, no PIN is kept."""

import base64
import os
import socket
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account
from station.commands.pins import read_pins
from station.errors import ExitStatus, InputFault, Refused
from station.journal.store import Journal
from station.office import Office
from station.service.control import ControlServer
from station.service.lock import StationLock
from station.settings import load_settings
from station.staff import pins, store
from station.staff.signatures import Signature, confirm, confirm_two
from tests.unit.ledger.ledger_counter import OPERATOR, PINS, SECOND, SUPERVISOR, Counter
from tests.unit.station.office_desk import assert_explained


def refused(counter: Counter, *signatures: Signature) -> str:
    with pytest.raises(Refused) as caught:
        confirm_two(counter.database, counter.journal, signatures)
    return caught.value.code


def sign(name: str, pin: str | None = None) -> Signature:
    return Signature(name=name, pin=PINS[name] if pin is None else pin)


def failures(counter: Counter, name: str) -> int:
    with counter.database.reading() as transaction:
        return store.pin_state(transaction, name).failures


def test_a_hash_names_its_parameters_and_fits_only_its_pin() -> None:
    stored = pins.hash_pin("482913", bytes(16))
    assert stored.startswith("scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$")
    assert pins.matches("482913", stored)
    assert not pins.matches("482914", stored)
    assert pins.hash_pin("482913") != pins.hash_pin("482913"), "every person has a salt of his own"


def test_a_hash_is_the_scrypt_of_rfc_7914() -> None:
    """Section 12, third vector, cut to our 32 bytes: another program can check our hashes."""
    key = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    salt = base64.b64encode(b"SodiumChloride").decode()
    assert pins.matches("pleaseletmein", f"scrypt$16384$8$1${salt}${base64.b64encode(key).decode()}")


@pytest.mark.parametrize(
    "pin",
    [
        *("", "12345", "1234567890123", "abcdef", "48291a", "111111", "123456", "987654", "48 913"),
        "\u0661\u0662\u0663\u0664\u0665\u0667",
    ],
)
def test_pins_that_anybody_guesses_are_not_taken(pin: str) -> None:
    with pytest.raises(Refused) as caught:
        pins.check_form(pin)
    assert caught.value.code == "PIN_UNSUITABLE"


@pytest.mark.parametrize("pin", ["482913", "112233", "135790", "000001", "123455", "482913771204"])
def test_other_pins_are_taken(pin: str) -> None:
    pins.check_form(pin)


def test_two_different_people_sign_and_one_is_a_supervisor(counter: Counter) -> None:
    names = confirm_two(counter.database, counter.journal, (sign(OPERATOR), sign(SUPERVISOR)))
    assert names == (OPERATOR, SUPERVISOR)
    assert refused(counter, sign(SUPERVISOR)) == "SIGNATURES_NEEDED"
    assert refused(counter) == "SIGNATURES_NEEDED"
    assert refused(counter, sign(SUPERVISOR), sign(SUPERVISOR)) == "SIGNATURES_NEEDED"
    assert refused(counter, sign(OPERATOR), sign(SECOND)) == "SUPERVISOR_NEEDED"
    assert refused(counter, sign(SUPERVISOR), Signature(name="Nobody", pin="1")) == "STAFF_UNKNOWN"
    assert refused(counter, sign(SUPERVISOR), Signature(name="Siti", pin="482913")) == "PIN_NOT_SET"
    three = (sign(SUPERVISOR), sign(OPERATOR), sign(SECOND))
    assert refused(counter, *three) == "SIGNATURES_NEEDED"


def test_ones_own_pin_does_not_sign_for_another(counter: Counter) -> None:
    assert refused(counter, sign(SUPERVISOR), sign(OPERATOR, PINS[SUPERVISOR])) == "PIN_WRONG"


def test_the_fifth_wrong_pin_locks_and_then_the_right_one_is_refused_too(counter: Counter) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused) as caught:
            confirm(counter.database, counter.journal, sign(OPERATOR, "000000"))
        assert (caught.value.code, caught.value.values["left"]) == ("PIN_WRONG", left)
    for pin in ("000000", PINS[OPERATOR], "000000"):
        with pytest.raises(Refused) as caught:
            confirm(counter.database, counter.journal, sign(OPERATOR, pin))
        assert caught.value.code == "PIN_LOCKED"
    assert failures(counter, OPERATOR) == 5, "a locked PIN is not even compared"
    assert _events(counter) == ["pin_wrong"] * 4 + ["pin_locked"]


def test_the_right_pin_forgets_earlier_wrong_ones(counter: Counter) -> None:
    for _ in range(3):
        with pytest.raises(Refused):
            confirm(counter.database, counter.journal, sign(OPERATOR, "000000"))
    confirm(counter.database, counter.journal, sign(OPERATOR))
    assert failures(counter, OPERATOR) == 0


def test_a_wrong_pin_is_counted_although_the_act_is_refused(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "9")
    words = ("blanks", "adjust", "--reason", "looked", "--sign", SUPERVISOR, "--sign", OPERATOR)
    said = counter.give(*words, pins=[PINS[SUPERVISOR], "000000"])
    assert_explained(said.complaints, "PIN_WRONG")
    assert failures(counter, OPERATOR) == 1
    assert counter.balances().totals[Account.STOCK] == 10


def test_a_supervisor_unlocks_and_an_operator_does_not(counter: Counter) -> None:
    _lock(counter, SECOND)
    said = counter.give("staff", "unlock", SECOND, "--by", OPERATOR, pins=[PINS[OPERATOR]])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    said = counter.give("staff", "unlock", OPERATOR, "--by", SUPERVISOR, pins=[PINS[SUPERVISOR]])
    assert_explained(said.complaints, "PIN_NOT_LOCKED")
    counter.must("staff", "unlock", SECOND, "--by", SUPERVISOR, pins=[PINS[SUPERVISOR]])
    confirm(counter.database, counter.journal, sign(SECOND))


def test_where_the_only_supervisor_is_locked_the_technician_unlocks(counter: Counter) -> None:
    add = ("staff", "add", "Agus", "--role", "technician", "--by", SUPERVISOR)
    counter.must(*add, pins=["660145", PINS[SUPERVISOR]])
    _lock(counter, SECOND)
    unlock = ("staff", "unlock", "--by", "Agus")
    said = counter.give(*unlock, SECOND, pins=["660145"])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    _lock(counter, SUPERVISOR)
    counter.must(*unlock, SUPERVISOR, pins=["660145"])
    confirm(counter.database, counter.journal, sign(SUPERVISOR))


def test_nobody_makes_himself_a_signer_once_there_is_a_supervisor(counter: Counter) -> None:
    said = counter.give("staff", "add", "Maling", "--role", "operator", pins=["660145"])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    said = counter.give("staff", "add", "Maling", "--role", "supervisor")
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    words = ("staff", "add", "Maling", "--role", "supervisor", "--by", OPERATOR)
    said = counter.give(*words, pins=["660145", PINS[OPERATOR]])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    said = counter.give("staff", "pin", "Siti", pins=["660145"])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    said = counter.give("staff", "pin", SUPERVISOR, "--by", OPERATOR, pins=[PINS[OPERATOR], "660145"])
    assert_explained(said.complaints, "SUPERVISOR_NEEDED")
    assert counter.must("staff", "add", "Joko", "--role", "operator").words, "without a PIN anybody may"


def test_a_pin_is_changed_with_the_old_one_or_by_a_supervisor(counter: Counter) -> None:
    counter.must("staff", "pin", OPERATOR, pins=[PINS[OPERATOR], "660145"])
    confirm(counter.database, counter.journal, sign(OPERATOR, "660145"))
    said = counter.give("staff", "pin", OPERATOR, pins=[PINS[OPERATOR], "750312"])
    assert_explained(said.complaints, "PIN_WRONG")
    _lock(counter, OPERATOR)
    counter.must("staff", "pin", OPERATOR, "--by", SUPERVISOR, pins=[PINS[SUPERVISOR], "750312"])
    confirm(counter.database, counter.journal, sign(OPERATOR, "750312"))


def test_people_are_listed_with_what_their_pin_is_and_never_with_it(counter: Counter) -> None:
    _lock(counter, SECOND)
    people = counter.must("staff", "list", "--json").document()
    assert isinstance(people, list)
    states = {one["name"]: (one["pin"], one["locked"]) for one in people}
    assert states == {
        OPERATOR: (True, False),
        SECOND: (True, True),
        "Siti": (False, False),
        SUPERVISOR: (True, False),
    }
    assert "scrypt" not in str(people)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o400, 0o700])
def test_a_file_of_pins_that_is_not_0600_is_refused_unread(counter: Counter, mode: int) -> None:
    file = counter.pins([PINS[OPERATOR], "660145"], mode)
    said = counter.run("staff", "pin", OPERATOR, "--pins-from", str(file))
    assert_explained(said.complaints, "PIN_FILE_UNSAFE")


def test_a_link_to_pins_a_folder_and_a_pipe_are_refused(counter: Counter, tmp_path: Path) -> None:
    link, folder, pipe = tmp_path / "link", tmp_path / "folder", tmp_path / "pipe"
    link.symlink_to(counter.pins(["482913"]))
    folder.mkdir(mode=0o600)
    os.mkfifo(pipe, 0o600)
    for file in (link, folder, pipe, tmp_path / "absent"):
        with pytest.raises(InputFault):
            read_pins(file)


def test_a_file_with_too_few_pins_is_named(counter: Counter) -> None:
    said = counter.give("staff", "pin", OPERATOR, pins=[PINS[OPERATOR]])
    assert_explained(said.complaints, "PIN_FILE_SHORT")


def test_without_a_terminal_nobody_is_asked(counter: Counter) -> None:
    assert_explained(counter.run("staff", "pin", OPERATOR).complaints, "PIN_NEEDS_TERMINAL")
    counter.must("staff", "add", "Rudi", "--role", "operator")


def test_at_a_terminal_a_new_pin_is_typed_twice(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[str] = []
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return typed.pop(0)

    monkeypatch.setattr("station.commands.pins.getpass.getpass", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed[:] = [PINS[OPERATOR], "660145", "660146"]
    assert_explained(counter.run("staff", "pin", OPERATOR).complaints, "PIN_REPEAT_DIFFERS")
    typed[:] = [PINS[OPERATOR], "660145", "660145"]
    assert counter.run("staff", "pin", OPERATOR).status == ExitStatus.DONE
    assert prompts[-3:] == [f"PIN {OPERATOR}: ", f"PIN baru {OPERATOR}: ", "Sekali lagi: "]
    assert counter.run("staff", "add", "Rudi", "--role", "operator", "--no-pin").status == ExitStatus.DONE
    assert len(prompts) == 6


def test_no_pin_is_in_any_file_nor_in_what_is_shown(counter: Counter) -> None:
    _lock(counter, SECOND)
    counter.must("staff", "pin", OPERATOR, pins=[PINS[OPERATOR], "660145"])
    counter.pin_file.unlink()
    secrets = [*PINS.values(), "660145"]
    for file in counter.office_folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [pin for pin in secrets if pin.encode() in content], file.name
    assert "482913" not in repr(sign(SUPERVISOR))


def test_signatures_cross_the_control_socket_which_only_its_user_opens(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "9")
    office = Office(load_settings(counter.config))
    server = ControlServer(office)
    with StationLock(office.settings.lock_file):
        server.start()
        try:
            mode = stat.S_IMODE(office.settings.control_socket.stat().st_mode)
            wrong = counter.give(
                *("blanks", "adjust", "--reason", "looked", "--sign", SUPERVISOR, "--sign", OPERATOR),
                pins=[PINS[SUPERVISOR], "000000"],
            )
            right = counter.signed("blanks", "adjust", "--reason", "looked", "--json")
            answers = [_answer(office.settings.control_socket, line) for line in GARBAGE]
        finally:
            server.stop()
            office.close()
    assert mode == 0o600
    assert_explained(wrong.complaints, "PIN_WRONG")
    assert right.fields()["difference"] == -1
    assert all("error" in answer and PINS[SUPERVISOR] not in answer for answer in answers)


# Requests that cannot be read: the answer says so without showing what came.
GARBAGE = (
    '{"operation": "adjust_blanks", "arguments": {"signatures": [{"name": 1, "pin": "482913"}]}}',
    '{"operation": "adjust_blanks", "arguments": "482913"}',
    '{"operation": "adjust_blanks", "arguments": {}, "pin": "482913"}',
    '{"pin": "482913"',
)


def _answer(path: Path, line: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(path))
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("rb") as stream:
            return stream.readline().decode()


def _lock(counter: Counter, name: str) -> None:
    for _ in range(store.MOST_FAILURES):
        with pytest.raises(Refused):
            confirm(counter.database, Journal(counter.clock), sign(name, "000000"))


def _events(counter: Counter) -> list[str]:
    with counter.database.reading() as transaction:
        found = transaction.execute(
            text("SELECT name FROM journal WHERE name LIKE 'pin_%' AND name != 'pin_set' ORDER BY sequence")
        )
        return [row.name for row in found]
