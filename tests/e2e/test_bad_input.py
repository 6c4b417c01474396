"""Bad input against real protocol stacks: a clear code, the right exit status, nothing used up, nothing lost.

A rig with a real pcscd and a real SoftHSM token stands for the whole session; each test has its own settings
and its own data. Commands are given in processes of their own, each of which may carry out several.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from simulators.rig import Rig
from station.blanks.ledger import Account
from station.cards.store import JobState
from station.centre.deliveries import Channel
from station.centre.documents import RecordStatus
from station.centre.store import hear_statuses
from station.database.engine import Database
from station.errors import ExitStatus, InputFault
from station.records.folder import read_record
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records
from tests.unit.station.bad_records import ALL, REFUSED
from tests.unit.station.office_desk import Said, assert_explained

pytest_plugins = ["tests.rig_plugin"]

PATIENCE = 60.0
BLANKS = 8
COMMANDS = """
import contextlib, io, json, sys
from station.commands.main import main
answers = []
for words in json.load(sys.stdin):
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = int(main(words))
    answers.append([status, said.getvalue(), complained.getvalue()])
json.dump(answers, sys.stdout)
"""
TOKEN_FLAGS = """
import sys
import pkcs11
token = pkcs11.lib(sys.argv[1]).get_token(token_label="station")
print(pkcs11.TokenFlag.USER_PIN_COUNT_LOW in token.flags)
if len(sys.argv) > 2:
    token.open(user_pin=sys.argv[2]).close()
"""
LOOSE_KEY = """
import sys
import pkcs11
from pkcs11 import Attribute, KeyType, MechanismFlag
loose = {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}
sign = MechanismFlag.SIGN
with pkcs11.lib(sys.argv[1]).get_token(token_label="station").open(rw=True, user_pin=sys.argv[2]) as session:
    kind = KeyType.GENERIC_SECRET
    session.generate_key(kind, 256, store=True, label="loose", capabilities=sign, template=loose)
"""


@dataclass
class Office:
    """An office of one test: settings that it may spoil, data of its own, the rig's devices."""

    rig: Rig
    folder: Path
    settings: str
    environment: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def change(self, old: str, new: str) -> None:
        """Change the settings."""
        assert old in self.settings
        self.settings = self.settings.replace(old, new)

    def changed(self, name: str, value: str) -> str:
        """The settings with another value of one setting: of the lanes, where the letters have it too."""
        lines = self.settings.splitlines()
        *_, at = [number for number, line in enumerate(lines) if line.startswith(f"{name} = ")]
        lines[at] = f"{name} = {json.dumps(value)}"
        return "\n".join(lines) + "\n"

    def setting(self, name: str, value: str) -> None:
        """Change a setting for good."""
        self.settings = self.changed(name, value)

    def run_with(self, variants: Sequence[str], command: Sequence[str]) -> list[Said]:
        """Give the same command with several settings, in one fresh process."""
        commands = []
        for number, settings in enumerate(variants):
            file = self.folder / f"variant-{number}.toml"
            file.write_text(settings, encoding="utf-8")
            commands.append(("--config", str(file), *command))
        return self.run(*commands)

    def run(self, *commands: Sequence[str], wrapper: Sequence[str] = ()) -> list[Said]:
        """Carry out commands in one fresh process."""
        (self.folder / "station.toml").write_text(self.settings, encoding="utf-8")
        done = subprocess.run(
            [*wrapper, sys.executable, "-c", COMMANDS],
            input=json.dumps(commands),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return [Said(*answer) for answer in json.loads(done.stdout)]

    @contextmanager
    def books(self) -> Iterator[FakeStation]:
        """Look at the books, or write in them, past the commands."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        station = FakeStation(self.data, FakeLane(0))
        try:
            yield station
        finally:
            station.close()

    def prepare(self, good: Path) -> None:
        """Book blanks, and put one job in the queue."""
        self.hear(good)
        with self.books() as station:
            station.prepare(BLANKS)
            station.add([good])

    def hear(self, folder: Path) -> None:
        """Have heard from the centre what this record says of itself; what is no record, it has not."""
        try:
            record = read_record(folder)
        except InputFault:
            return
        said = RecordStatus(
            record=record.data.record_id,
            digest=record.sha256,
            status=record.data.status,
            at="2026-01-01T00:00:00.000000Z",
        )
        with self.books() as station, station.database.transaction() as transaction:
            hear_statuses(transaction, station.clock, station.journal, [said], Channel.WIRE)

    def assert_untouched(self, jobs: int = 1) -> None:
        """Nothing was used up, nothing was begun, nothing was lost."""
        with self.books() as station:
            assert station.balances().totals[Account.IN_MACHINE] == BLANKS
            assert station.balances().difference == 0
            assert [station.job(number + 1).state for number in range(jobs)] == [JobState.QUEUED] * jobs
            with station.database.reading() as transaction:
                assert transaction.execute(text("SELECT COUNT(*) FROM attempts")).scalar() == 0
                assert transaction.execute(text("SELECT COUNT(*) FROM outbox")).scalar() == 0


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return folder


@pytest.fixture
def office(rig: Rig, tmp_path: Path) -> Iterator[Office]:
    before = _counts(rig)
    environment = {**os.environ, **rig.environment(), "STATION_CONFIG": str(tmp_path / "station.toml")}
    settings = rig.config.read_text(encoding="utf-8")
    office = Office(rig, tmp_path, settings, environment)
    office.setting("data", "data")
    yield office
    assert _counts(rig) == before, "a printer moved or printed something"


def _counts(rig: Rig) -> tuple[int, int, int]:
    truth = rig.admin().truth()
    return truth.cards_inserted, truth.panels_printed, truth.hopper_count


RUN = ("jobs", "run")
RUN_JSON = ("jobs", "run", "--json")


def _refused(said: Sequence[Said], code: str, status: ExitStatus) -> None:
    """The same refusal in words and as a document."""
    words, document = said
    assert (words.status, document.status) == (status, status)
    assert_explained(words.words + words.complaints, code)
    assert document.error()["code"] == code


# Records


def test_bad_records_are_refused_one_by_one_and_the_good_one_stays(
    office: Office, good: Path, tmp_path: Path
) -> None:
    folders = []
    for name, (_, spoil) in ALL.items():
        shutil.copytree(good, tmp_path / "records" / name)
        spoil(tmp_path / "records" / name)
        folders.append(str(tmp_path / "records" / name))
    with office.books() as station:
        station.prepare(BLANKS)
    office.hear(good)
    add, listed, blanks = office.run(
        ("jobs", "add", *folders, str(good)), ("jobs", "list", "--json"), ("blanks", "show", "--json")
    )
    assert add.status == ExitStatus.REFUSED
    explained = [line.split("]")[0].strip("[") for line in add.words.splitlines() if line.startswith("[")]
    assert explained == [code for code, _ in ALL.values()]
    states = [job["state"] for job in json.loads(listed.words)]
    assert states == ["refused"] * len(REFUSED) + ["queued"]
    assert (blanks.fields()["in_machine"], blanks.fields()["spoiled"]) == (BLANKS, 0)
    with office.books() as station, station.database.reading() as transaction:
        assert transaction.execute(text("SELECT COUNT(*) FROM attempts")).scalar() == 0


# Printers


class UnknownPrinter:
    """A printer on a network socket that knows who it is and nothing else; it keeps what it was asked."""

    ANSWERS: Mapping[bytes, bytes] = {b"Rok": b"OK", b"Rtp": b"Securion 9"}

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def url(self) -> str:
        return f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> "UnknownPrinter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(PATIENCE)
                asked = b""
                while not asked.endswith(b"\0") and (more := connection.recv(64)):
                    asked += more
                name = asked.strip(b"\x1b\r\0")
                self.asked.append(name)
                connection.sendall(self.ANSWERS.get(name, b"ERR COMMAND") + b"\0")


def test_a_printer_of_an_unknown_model_is_asked_its_name_and_nothing_more(office: Office, good: Path) -> None:
    office.prepare(good)
    with UnknownPrinter() as printer:
        office.setting("printer", printer.url)
        _refused(office.run(RUN, RUN_JSON), "PRINTER_MODEL_UNKNOWN", ExitStatus.REFUSED)
    assert set(printer.asked) == {b"Rok", b"Rtp"}
    office.assert_untouched()


def _nobody_listens() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_a_printer_or_reader_that_cannot_be_used_refuses_the_batch_before_a_blank_moves(
    office: Office, good: Path, tmp_path: Path
) -> None:
    office.prepare(good)
    never = tmp_path / "never-written"
    unusable = [
        ("printer", f"socket://{_nobody_listens()}", "PRINTER_ABSENT", ExitStatus.DEVICE_ABSENT),
        ("printer", f"usbip://{_nobody_listens()}/1-1", "PRINTER_ABSENT", ExitStatus.DEVICE_ABSENT),
        ("printer", f"file://{never}", "PRINTER_UNSUITABLE", ExitStatus.REFUSED),
        ("printer", "lpt1", "SETTINGS_MALFORMED", ExitStatus.REFUSED),
        ("reader", "pcsc:///No%20such%20reader%2000%2000", "READER_ABSENT", ExitStatus.DEVICE_ABSENT),
        ("reader", "pcsc://host/name", "SETTINGS_MALFORMED", ExitStatus.REFUSED),
        ("reader", "ccid:1", "SETTINGS_MALFORMED", ExitStatus.REFUSED),
        ("reader", "apdu://192.0.2.1:35963", "SETTINGS_MALFORMED", ExitStatus.REFUSED),
    ]
    variants = [office.changed(name, value) for name, value, _, _ in unusable]
    answers = office.run_with(variants, RUN)
    for (_, value, code, status), said in zip(unusable, answers, strict=True):
        assert (value, said.status) == (value, status)
        assert_explained(said.words + said.complaints, code)
    office.assert_untouched()
    assert not never.exists()


def test_a_reader_service_that_does_not_run_refuses_the_batch_before_a_blank_moves(
    office: Office, good: Path, tmp_path: Path
) -> None:
    office.prepare(good)
    office.environment["PCSCLITE_CSOCK_NAME"] = str(tmp_path / "nobody.comm")
    _refused(office.run(RUN, RUN_JSON), "PCSC_DAEMON_ABSENT", ExitStatus.DEVICE_ABSENT)
    office.assert_untouched()


# Tokens


class OwnToken:
    """A copy of the rig's token, so that its PIN can be tried."""

    def __init__(self, office: Office) -> None:
        source = office.rig.files
        self.folder, self._office = office.folder / "token", office
        shutil.copytree(source.token, self.folder)
        self.pin_file, self.pin = self.folder / source.pin.name, source.pin.read_text().strip()
        configuration = self.folder / source.configuration.name
        configuration.write_text(configuration.read_text().replace(str(source.token), str(self.folder)))
        office.environment["SOFTHSM2_CONF"] = str(configuration)
        office.change(str(source.token), str(self.folder))
        (line,) = [line for line in office.settings.splitlines() if line.startswith("person = ")]
        self._module = line.split("module-path=")[1].split("&")[0]

    def do(self, script: str, *arguments: str) -> str:
        """Do something with the token itself, past the station."""
        command = [sys.executable, "-c", script, self._module, *arguments]
        environment = self._office.environment
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def token(office: Office) -> OwnToken:
    return OwnToken(office)


def test_a_wrong_pin_is_tried_once_and_never_again(office: Office, token: OwnToken, good: Path) -> None:
    office.hear(good)
    add, add_json = ("jobs", "add", str(good)), ("jobs", "add", str(good), "--json")
    with office.books() as station:
        station.prepare(BLANKS)
    token.pin_file.write_text("00000000\n")
    (said,) = office.run(add)
    assert said.status == ExitStatus.DEVICE_ABSENT
    assert_explained(said.words, "TOKEN_PIN_WRONG")
    assert token.do(TOKEN_FLAGS, token.pin) == "True", "the token has counted one wrong PIN"
    # the good PIN has cleared the token's count: another wrong try would raise it again
    words, document = office.run(add, add_json)
    assert_explained(words.words, "TOKEN_PIN_WRONG")
    assert json.loads(document.words)[0]["error"]["code"] == "TOKEN_PIN_WRONG"
    assert token.do(TOKEN_FLAGS) == "False", "the wrong PIN was tried a second time"
    office.assert_untouched(jobs=0)
    token.pin_file.write_text(token.pin + "\n")
    assert [said.status for said in office.run(add)] == [ExitStatus.DONE]
    office.assert_untouched(jobs=1)


def test_a_wrong_pin_refuses_the_batch_before_a_blank_moves(
    office: Office, token: OwnToken, good: Path
) -> None:
    office.prepare(good)
    token.pin_file.write_text("00000000\n")
    _refused(office.run(RUN, RUN_JSON), "TOKEN_PIN_WRONG", ExitStatus.DEVICE_ABSENT)
    office.assert_untouched()


def test_a_token_or_key_that_cannot_be_used_adds_no_job(office: Office, good: Path) -> None:
    with office.books() as station:
        station.prepare(BLANKS)
    unusable = [
        ("token=station", "token=elsewhere", "TOKEN_ABSENT", ExitStatus.DEVICE_ABSENT),
        ("object=person", "object=nothing", "KEY_UNUSABLE", ExitStatus.DEVICE_ABSENT),
        ("object=person", "object=blanks", "KEY_UNUSABLE", ExitStatus.DEVICE_ABSENT),
        ("module-path=/", "module-path=/nowhere/", "TOKEN_ABSENT", ExitStatus.DEVICE_ABSENT),
        ("pkcs11:", "pkcs12:", "SETTINGS_MALFORMED", ExitStatus.REFUSED),
    ]
    (line,) = [line for line in office.settings.splitlines() if line.startswith("person = ")]
    variants = [office.settings.replace(line, line.replace(old, new, 1)) for old, new, _, _ in unusable]
    answers = office.run_with(variants, ("jobs", "add", str(good)))
    for (_, new, code, status), said in zip(unusable, answers, strict=True):
        assert (new, said.status) == (new, status)
        assert_explained(said.words, code)
    office.assert_untouched(jobs=0)


def test_a_key_that_can_be_taken_out_of_the_token_is_not_used(
    office: Office, token: OwnToken, good: Path
) -> None:
    with office.books() as station:
        station.prepare(BLANKS)
    token.do(LOOSE_KEY, token.pin)
    office.change("object=person", "object=loose")
    (said,) = office.run(("jobs", "add", str(good)))
    assert said.status == ExitStatus.DEVICE_ABSENT
    assert_explained(said.words, "KEY_UNUSABLE")
    office.assert_untouched(jobs=0)


def test_a_missing_chip_key_refuses_the_batch_before_a_blank_moves(office: Office, good: Path) -> None:
    office.prepare(good)
    variants = [office.settings.replace(f"object={key}", "object=nothing") for key in ("blanks", "signature")]
    for said in office.run_with(variants, RUN):
        assert said.status == ExitStatus.DEVICE_ABSENT
        assert_explained(said.complaints, "KEY_UNUSABLE")
    office.assert_untouched()


# Data


def _obeying_permissions() -> Sequence[str]:
    """A wrapper under which root obeys the bits of a folder like everybody else."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root obeys no permissions, and there is no setpriv to make it")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_data_folder_without_permission_is_an_error_with_a_code(
    office: Office, good: Path, mode: int
) -> None:
    office.prepare(good)
    office.data.chmod(mode)
    try:
        said = office.run(
            ("jobs", "add", str(good)), RUN, ("jobs", "list"), ("doctor",), wrapper=_obeying_permissions()
        )
    finally:
        office.data.chmod(0o700)
    for one in said[:2]:
        assert one.status == ExitStatus.REFUSED
        assert_explained(one.words + one.complaints, "DATABASE_UNUSABLE")
    assert said[3].status in (ExitStatus.REFUSED, ExitStatus.DEVICE_ABSENT)
    assert "[DATABASE_UNUSABLE]" in said[3].words
    office.assert_untouched()


def test_a_data_folder_that_cannot_be_made_is_an_error_with_a_code(office: Office, good: Path) -> None:
    (office.folder / "file").touch()
    office.setting("data", "file/data")
    add, listed, doctor = office.run(("jobs", "add", str(good)), ("jobs", "list", "--json"), ("doctor",))
    assert_explained(add.words, "DATABASE_UNUSABLE")
    assert listed.error()["code"] == "DATABASE_UNUSABLE"
    assert "[DATABASE_UNUSABLE]" in doctor.words


def test_a_database_of_a_newer_program_is_left_alone(office: Office, good: Path) -> None:
    office.prepare(good)
    database = Database("sqlite:///station.db", office.data)
    with database.transaction() as transaction:
        version = transaction.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for said in office.run(("jobs", "list"), ("jobs", "add", str(good)), RUN):
        assert said.status == ExitStatus.REFUSED
        assert_explained(said.words + said.complaints, "DATABASE_UNUSABLE")
    with database.transaction() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    database.close()
    office.assert_untouched()


# A real disk that is full; the same at every point of a card is in tests/unit/station/test_full_disk.py.
FULL_DISK = """
set -e
mount -t tmpfs -o size=512k none "$1"
cp -a "$2"/. "$1"
head -c 1000000 /dev/zero > "$1/filler" 2>/dev/null || true
"${@:3}"
rm "$1/filler"
cp -a "$1"/. "$2"
"""


def test_a_full_disk_changes_nothing(office: Office, good: Path, tmp_path: Path) -> None:
    namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespace can be made here")
    office.prepare(good)
    small = tmp_path / "small"
    small.mkdir(mode=0o700)
    office.setting("data", "small")
    wrapper = [*namespace, "bash", "-c", FULL_DISK, "bash", str(small), str(office.data)]
    for said in office.run(("jobs", "add", str(good)), RUN, ("jobs", "list"), wrapper=wrapper):
        assert said.status == ExitStatus.REFUSED
        assert_explained(said.words + said.complaints, "DATABASE_UNUSABLE")
    office.assert_untouched()
