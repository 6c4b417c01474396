"""The factory of blank cards: a UID and static keys in a folder of its own."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import ECB

from simulators.chip.state import ChipState
from simulators.chip.store import StaticKeys, save_keys, save_state

_UID_LENGTH = 7  # type A, double size (ISO/IEC 14443-3)
_KEY_LENGTH = 16


def manufacture(folder: Path, uid: bytes, batch_key: bytes) -> None:
    """Make the folder of one blank card: chip files and static keys diversified from the batch key.

    Args:
        folder: where the chip lives from then on; made when it is not there.
        uid: 7 bytes; on real cards the first names the maker.
        batch_key: AES-128, 16 bytes. It is not stored.

    Raises:
        ValueError: UID or key has another length.
        FileExistsError: the folder already holds a chip.
    """
    if len(uid) != _UID_LENGTH:
        raise ValueError(f"a UID has {_UID_LENGTH} bytes, not {len(uid)}")
    if len(batch_key) != _KEY_LENGTH:
        raise ValueError(f"a batch key has {_KEY_LENGTH} bytes, not {len(batch_key)}")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    state = ChipState(uid)
    save_keys(folder, diversify(state.card_uid, batch_key))
    save_state(folder, state)


def diversify(card_uid: bytes, batch_key: bytes) -> StaticKeys:
    """Derive the static keys of the card with this 8-byte UID from the batch key ("Keys", ours)."""
    encryptor = Cipher(AES128(batch_key), ECB()).encryptor()
    keys = [encryptor.update(card_uid + bytes(7) + bytes([number])) for number in (1, 2, 3)]
    return StaticKeys(*keys)
