"""The signature on a letter's file, with a key in a token: one, many in processes, and the check."""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from simulators.rig.letter_files import CERTIFICATE, make_letter_files
from simulators.rig.token_files import KEYS, TokenFiles, make_batch_key, write_secret
from station.clock import SystemClock
from station.devices.keys import TokenKeys
from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.container import room_for
from station.letters.signing.pool import SigningPool
from station.letters.signing.signer import TokenPdfSigner, open_signer, signature_der
from station.letters.signing.writing import prepare
from station.settings import KeySettings
from templates.letters.press import Press
from tests.bench.clocking import Spent, best_of_each, spent_on
from tests.bench.letters_content import FOLDERS, make_letters
from tests.bench.rows import BenchFailed, Row

LETTERS: Final = 20
MANY: Final = 200
ROUNDS: Final = 3
WORKERS: Final = 2


def rows() -> Iterator[Row]:
    """Make a token and measure in a process that has it in its environment."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        files = TokenFiles(Path(name))
        write_secret(files.batch_key, make_batch_key(1).hex())
        _run("simulators.rig.token_maker", files)
        make_letter_files(files.folder, files)
        figures = json.loads(_run("tests.bench.letters_signing", files))
    for name, ours, peer, against in figures:
        yield Row(name, ours, peer, against)


def _run(module: str, files: TokenFiles) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", module, "--folder", str(files.folder)],
        env={**os.environ, "SOFTHSM2_CONF": str(files.configuration)},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"{module}: {done.stderr.decode(errors='replace')[-400:]}")
    return done.stdout


class _PyHankoSigner(Signer):
    """pyHanko's own way to the container."""

    def __init__(self, signer: TokenPdfSigner, keys: TokenKeys) -> None:
        certificate = asn1_x509.Certificate.load(signer.certificate.der)
        super().__init__(signing_cert=certificate, embed_roots=False)
        self._keys = keys

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return signature_der(self._keys.letter_signature.sign(data))


def main() -> None:
    """Measure, and write the figures as JSON."""
    folder = Path(sys.argv[-1])
    files = TokenFiles(folder)
    keys = TokenKeys(KeySettings.model_validate({name: files.url(name) for name in KEYS}), folder)
    signer = open_signer(folder / CERTIFICATE, keys.letter_signature, SystemClock())
    press = Press.load(FOLDERS)
    bodies = [press.one_letter(letter) for letter in make_letters(LETTERS)]
    sys.stdout.write(json.dumps([*_one(signer, keys, press, bodies), *_many(signer, bodies)]))


Figure = tuple[str, float, float, str]


def _one(signer: TokenPdfSigner, keys: TokenKeys, press: Press, bodies: list[bytes]) -> Iterator[Figure]:
    theirs = _PyHankoSigner(signer, keys)
    room = room_for(signer.certificate)

    def by_pyhanko(body: bytes) -> None:
        prepared = prepare(body, signer.moment(), room)
        prepared.filled(asyncio.run(theirs.async_sign(prepared.digest, "sha256", use_pades=True)).dump())

    letters = make_letters(LETTERS)
    ours, other, drawn = best_of_each(
        [
            lambda: _each(signer.sign, bodies),
            lambda: _each(by_pyhanko, bodies),
            lambda: spent_on(lambda: [press.one_letter(letter) for letter in letters]).less(
                Spent(0, 0), LETTERS
            ),
        ],
        ROUNDS,
    )
    yield "letter signed (PAdES B-B) and checked: ms", ours.wall, other.wall, "pyHanko's own CMS, not checked"
    yield "the same: ms of CPU", ours.cores, other.cores, "the same"
    yield "the same: ms of CPU beside drawing it", ours.cores, drawn.cores, "the letter drawn, a file each"
    signed = signer.sign(bodies[0])
    checked, validated = best_of_each(
        [lambda: _each(lambda pdf: _check(signer, pdf), [signed]), lambda: _each(_validate, [signed])], ROUNDS
    )
    yield (
        "signed file checked: ms of CPU",
        checked.cores,
        validated.cores,
        "pyHanko's validation, less strict",
    )


def _many(signer: TokenPdfSigner, bodies: list[bytes]) -> Iterator[Figure]:
    batch = [bodies[number % len(bodies)] for number in range(MANY)]
    with SigningPool(signer, WORKERS) as pool, ThreadPoolExecutor(WORKERS) as threads:
        list(pool.sign_all(bodies))  # the workers have imported pyHanko
        pooled, alone, threaded = best_of_each(
            [
                lambda: spent_on(lambda: [*pool.sign_all(batch)]).less(Spent(0, 0), MANY),
                lambda: _each(signer.sign, batch),
                lambda: spent_on(lambda: [*threads.map(signer.sign, batch)]).less(Spent(0, 0), MANY),
            ],
            ROUNDS,
        )
    yield (
        f"{MANY} letters signed in {WORKERS} processes: ms each",
        pooled.wall,
        alone.wall,
        "one after the other",
    )
    yield f"{MANY} letters signed in {WORKERS} processes: ms each", pooled.wall, threaded.wall, "in 2 threads"
    yield "of that in the station's process: ms of CPU", pooled.cores, alone.cores, "one after the other"
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "a worker's memory at its most: MB", memory, own, "this process"


def _each(work: Callable[[bytes], object], files: list[bytes]) -> Spent:
    return spent_on(lambda: [work(one) for one in files]).less(Spent(0, 0), len(files))


def _check(signer: TokenPdfSigner, pdf: bytes) -> None:
    if check_signature(pdf, [signer.certificate]).signedness is not Signedness.SIGNED:
        raise BenchFailed("a signed file is not good")


def _validate(pdf: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    if not (status.intact and status.valid):
        raise BenchFailed("pyHanko does not find it good")


if __name__ == "__main__":
    main()
