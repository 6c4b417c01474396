"""Many files: in order, few at a time, the token here and pyHanko elsewhere."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.errors import DeviceAbsent, InputFault, StationError
from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.pool import SigningPool
from station.letters.signing.signer import TokenPdfSigner
from tests.letter_flips.letter import StoppedClock
from tests.unit.letter_signing.signing_keys import SoftFileKey, letter_certificate


def bodies(body: bytes, count: int) -> Iterator[bytes]:
    """Letters that are told apart by a comment before their end."""
    for number in range(count):
        yield body.replace(b"trailer\n", b"%% letter %05d\ntrailer\n" % number)


def test_files_come_in_their_order_each_signed(body: bytes, signer: TokenPdfSigner) -> None:
    with SigningPool(signer, workers=2) as pool:
        for number, signed in enumerate(pool.sign_all(bodies(body, 9))):
            assert b"%% letter %05d\n" % number in signed
            assert check_signature(signed, [signer.certificate]).signedness is Signedness.SIGNED
    assert number == 8


def test_no_more_is_taken_than_is_worked_on(body: bytes, signer: TokenPdfSigner) -> None:
    """A batch of ten thousand is never in memory."""
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for one in bodies(body, 40):
            taken += 1
            yield one

    with SigningPool(signer, workers=1) as pool:
        for number, _ in enumerate(pool.sign_all(counted())):
            assert taken <= number + 1 + 2 + 1
            if number == 6:
                break


def test_one_bad_file_is_said_and_the_others_stay_signed(body: bytes, signer: TokenPdfSigner) -> None:
    with SigningPool(signer, workers=1) as pool:
        signed = pool.sign_all([body, b"no pdf", body])
        assert next(signed).startswith(body)
        with pytest.raises(InputFault) as refused:
            next(signed)
        assert refused.value.code == "LETTER_FILE_UNSIGNABLE"
        assert "problem" in refused.value.values  # it has come through from the other process
        assert next(pool.sign_all([body])).startswith(body)


def test_a_token_that_is_gone_ends_the_batch(body: bytes) -> None:
    class Pulled(SoftFileKey):
        def sign(self, data: bytes) -> bytes:
            raise DeviceAbsent("TOKEN_ABSENT", token="station")

    key = Pulled()
    signer = TokenPdfSigner(letter_certificate(key.certificate()), key, StoppedClock())
    with SigningPool(signer, workers=1) as pool, pytest.raises(DeviceAbsent):
        next(pool.sign_all([body]))


def test_a_worker_that_dies_is_said(body: bytes, signer: TokenPdfSigner) -> None:
    with SigningPool(signer, workers=1) as pool:
        next(pool.sign_all([body]))
        for worker in list(pool._workers._processes.values()):
            os.kill(worker.pid or 0, signal.SIGKILL)
        with pytest.raises(StationError) as said:
            list(pool.sign_all([body] * 4))
    assert said.value.code == "LETTER_WORKER_DIED"


STATION = """
import sys
from tests.letter_flips.letter import FILE_KEY, StoppedClock, make_letter
from tests.unit.letter_signing.signing_keys import letter_certificate
from station.letters.signing.pool import SigningPool
from station.letters.signing.signer import TokenPdfSigner
if __name__ == "__main__":
    body = make_letter().body
    signer = TokenPdfSigner(letter_certificate(FILE_KEY.certificate()), FILE_KEY, StoppedClock())
    with SigningPool(signer, workers=2) as pool:
        for _ in pool.sign_all(body for _ in range(100_000)):
            print(*(one.pid for one in pool._workers._processes.values()), flush=True)
"""


def test_workers_end_with_a_station_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "station_like.py"
    program.write_text(STATION)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    station = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert station.stdout is not None
    workers = [int(pid) for pid in station.stdout.readline().split()]
    assert workers
    station.kill()
    station.wait()
    station.stdout.close()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    alive = [worker for worker in workers if Path(f"/proc/{worker}/cmdline").exists()]
    for worker in alive:
        os.kill(worker, signal.SIGKILL)
    assert alive == []
