"""Several threads at one token: a module that is called twice at once kills the process."""

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.token.soft_token import SoftToken

CHILD = """
import sys, threading
from pathlib import Path
from drivers.token import HmacKey, Pkcs11Url, SigningKey, TokenSession

person, signature = (Pkcs11Url.parse(text) for text in sys.argv[1:3])
session = TokenSession(person, Path(sys.argv[3]))
key, done = HmacKey(session, person.selector), threading.Event()

def sign() -> None:
    while not done.is_set():
        key.hmac_sha256(b"somebody")

threads = [threading.Thread(target=sign) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(300):
    HmacKey(session, person.selector)
    SigningKey(session, signature.selector)
done.set()
for thread in threads:
    thread.join()
print("alive")
"""


def test_keys_are_opened_while_others_are_used(filled: SoftToken) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, filled.text("person"), filled.text("chip-data"), str(filled.state)],
        cwd=Path(__file__).parents[3],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr[-2000:]
