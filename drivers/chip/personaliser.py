"""Writes a chip, reads it back, and blows its fuses."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from drivers.chip.commands import CardCommands
from drivers.chip.errors import (
    ForeignCard,
    FuseNotBlown,
    FuseOutcomeUnknown,
    ProfileForbids,
    SecureMessagingError,
    WrongLifeCycle,
)
from drivers.chip.file_store import FileStore
from drivers.chip.images import ChipFiles, content_of, image_of, prepare
from drivers.chip.keys import KeyService, ManifestSigner
from drivers.chip.profile import CardProfile, FileSpecification
from drivers.chip.session import ChipSession, ChipState, state_of
from drivers.pcsc.connection import CardConnection
from drivers.pcsc.errors import ReaderError
from drivers.pcsc.status import StatusWordError

SIGNATURE_FILE: Final = "data_signature"
WRITABLE: Final = frozenset({ChipState.BLANK, ChipState.CREATION})
TERMINABLE: Final = frozenset({ChipState.CREATION, ChipState.ACTIVATED})


@dataclass(frozen=True)
class Difference:
    """A file that is not as it must be.

    Attributes:
        fid, name: which file.
        offset: first byte that differs, counted from the length prefix; 0 for a file that is missing.
    """

    fid: int
    name: str
    offset: int


class ChipPersonaliser:
    """One card in a reader, on which one person's files are written.

    Every verb can be called again after the reader was reconnected: the secure channel is opened when it is
    needed, and what is on the chip is asked of the chip. The object stays bound to the first card it saw.

    Args:
        connection: the card.
        profile: what a chip of this kind looks like.
        keys: derives the card's keys inside the token.
        signer: signs the manifest.
        challenge: gives random bytes.
    """

    def __init__(
        self,
        connection: CardConnection,
        profile: CardProfile,
        keys: KeyService,
        signer: ManifestSigner,
        *,
        challenge: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._profile = profile
        self._signer = signer
        self._session = ChipSession(connection, profile, keys, challenge)

    def read_uid(self) -> bytes:
        """Return the card UID, 8 bytes; asked once for each power-up.

        Raises:
            ForeignCard: the card tells none that the profile knows.
            UidMismatch: another card than at first.
            ReaderError: no answer.
        """
        return self._session.read_uid()

    def read_state(self) -> ChipState:
        """Return the life cycle of the application, as the card tells everybody.

        Raises:
            ChipBlocked: a blank that opens no channel any more.
            ReaderError: no answer.
        """
        return self._session.probe()[0]

    def write(self, files: ChipFiles) -> None:
        """Create what is missing and write what differs; goes on where an earlier attempt ended.

        Raises:
            ContentError: content does not fit; nothing was written.
            ForeignCard, UidMismatch, KeyMismatch: this is no card for us; nothing was written.
            WrongLifeCycle: the card is activated or terminated.
            LayoutMismatch: the card has a file with other properties.
            StatusWordError, SecureMessagingError, ReaderError: the writing stopped; `outcome_unknown` says
                whether the last command may have been carried out. Calling again goes on.
        """
        if not self._profile.writable:
            raise ProfileForbids(f"{self._profile.name} is for reading only")
        contents, manifest = prepare(self._profile, files, self.read_uid())
        state, greeting = self._session.probe()
        if state is ChipState.FOREIGN:
            raise ForeignCard("neither a blank nor a card of this profile")
        if state not in WRITABLE:
            raise WrongLifeCycle("blank or in creation", state.value)
        store = FileStore(self._session.secure_commands(greeting), self._profile)
        created = store.create(blank=state is ChipState.BLANK)
        for fid in self._profile.write_order:
            file = self._profile.file(fid)
            if file.name == SIGNATURE_FILE:
                self._write_signature(store, file, manifest, is_created=fid in created)
            else:
                store.write(file, contents[fid], is_created=fid in created)

    def read_back(self, files: ChipFiles) -> tuple[Difference, ...]:
        """Read every whole file over the secure channel and compare; return what differs, in file order.

        Size and access conditions are compared as well.

        The data signature is right if it verifies, since two signatures of the same data differ.

        Raises:
            ContentError, ForeignCard, UidMismatch, KeyMismatch, LayoutMismatch: as for `write`.
            StatusWordError, SecureMessagingError, ReaderError: it could not be read.
        """
        contents, manifest = prepare(self._profile, files, self.read_uid())
        card = self._session.secure_commands()
        if card.find(self._profile.application) is None:
            return tuple(Difference(file.fid, file.name, 0) for file in self._profile.files)
        found = (self._compare(card, file, contents, manifest) for file in self._profile.files)
        return tuple(item for item in found if item is not None)

    def read_files(self) -> dict[int, bytes]:
        """Return the content of every file by FID, without prefix and padding.

        Raises:
            ContentError: a length prefix is too large.
            StatusWordError, SecureMessagingError, ReaderError: it could not be read.
        """
        card = self._session.secure_commands()
        card.select(self._profile.application)
        store = FileStore(card, self._profile)
        return {file.fid: store.read_content(file) for file in self._profile.files}

    def activate(self) -> None:
        """Blow the fuse that ends personalisation, then read the life cycle. Never sends it twice.

        The caller has read everything back and found no difference.

        Raises:
            WrongLifeCycle: the application is not in creation; nothing was sent.
            StatusWordError: the chip refused, or failed half-way (`outcome_unknown`).
            FuseOutcomeUnknown: no trustworthy answer; only `read_state` on a fresh connection tells.
            FuseNotBlown: the chip said yes, but its life cycle is another.
        """
        self._blow(
            "ACTIVATE FILE",
            frozenset({ChipState.CREATION}),
            ChipState.ACTIVATED,
            lambda card: card.activate(self._profile.application),
        )

    def terminate(self) -> None:
        """Blow the fuse that ends the chip's life, then read the life cycle. Never sends it twice.

        Raises:
            WrongLifeCycle, StatusWordError, FuseOutcomeUnknown, FuseNotBlown: as for `activate`.
        """
        self._blow("TERMINATE DF", TERMINABLE, ChipState.TERMINATED, lambda card: card.terminate())

    def _blow(
        self,
        fuse: str,
        allowed: frozenset[ChipState],
        wanted: ChipState,
        send: Callable[[CardCommands], None],
    ) -> None:
        state = self.read_state()
        if state not in allowed:
            raise WrongLifeCycle(" or ".join(sorted(item.value for item in allowed)), state.value)
        card = self._session.secure_commands()
        card.select(self._profile.application)
        try:
            send(card)
        except (ReaderError, SecureMessagingError) as error:
            raise FuseOutcomeUnknown(fuse) from error
        try:
            control = card.find(self._profile.application)
        except (ReaderError, SecureMessagingError, StatusWordError, ValueError) as error:
            raise FuseOutcomeUnknown(fuse) from error
        after = ChipState.FOREIGN if control is None else state_of(control)
        if after is not wanted:
            raise FuseNotBlown(fuse, after.value)

    def _write_signature(
        self, store: FileStore, file: FileSpecification, manifest: bytes, *, is_created: bool
    ) -> None:
        """Keep a signature that verifies, so that a resumed writing ends with the same bytes."""
        if is_created or not self._is_signed(file, store.read_image(file), manifest):
            store.write(file, self._signer.sign(manifest), is_created=is_created)

    def _is_signed(self, file: FileSpecification, image: bytes, manifest: bytes) -> bool:
        try:
            signature = content_of(file, image)
        except ValueError:
            return False
        return len(image) == file.size and self._signer.verify(manifest, signature)

    def _compare(
        self, card: CardCommands, file: FileSpecification, contents: Mapping[int, bytes], manifest: bytes
    ) -> Difference | None:
        control = card.find(file.fid)
        if control is None:
            return Difference(file.fid, file.name, 0)
        file.control.check_same_layout(control)
        image = FileStore(card, self._profile).read_selected(file)
        if file.name == SIGNATURE_FILE:
            good = self._is_signed(file, image, manifest)
            return None if good else Difference(file.fid, file.name, 0)
        offset = _first_difference(image_of(file, contents[file.fid]), image)
        return None if offset is None else Difference(file.fid, file.name, offset)


def _first_difference(wanted: bytes, found: bytes) -> int | None:
    if wanted == found:
        return None
    pairs = zip(wanted, found, strict=False)
    shorter = min(len(wanted), len(found))
    return next((index for index, (left, right) in enumerate(pairs) if left != right), shorter)
