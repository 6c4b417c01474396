"""Reading and writing whole EFs of the selected application, in chunks."""

from drivers.chip.commands import CardCommands
from drivers.chip.images import content_of, image_of
from drivers.chip.profile import LENGTH_PREFIX, CardProfile, FileSpecification


class FileStore:
    """The EFs on one card.

    Args:
        card: commands under the secure channel.
        profile: gives files and chunk sizes.
    """

    def __init__(self, card: CardCommands, profile: CardProfile) -> None:
        self._card = card
        self._profile = profile

    def create(self, *, blank: bool) -> frozenset[int]:
        """Create what is missing and return the FIDs of it; select the application.

        Args:
            blank: the card has no application yet.

        Raises:
            LayoutMismatch: a file is there with other properties.
            StatusWordError, SecureMessagingError, ReaderError: as the names say.
        """
        if blank:
            self._card.create_file(self._profile.control)
        self._card.select(self._profile.application)
        created = set()
        for file in self._profile.files:
            found = None if blank else self._card.find(file.fid)
            if found is None:
                self._card.create_file(file.control)
                created.add(file.fid)
            else:
                file.control.check_same_layout(found)
        return frozenset(created)

    def write(self, file: FileSpecification, content: bytes, *, is_created: bool) -> None:
        """Write content into a file, leaving out chunks that are right already.

        Args:
            file: which one.
            content: without prefix and padding.
            is_created: the file has just been created.

        Raises:
            StatusWordError, SecureMessagingError, ReaderError: as the names say.
        """
        wanted = image_of(file, content)
        if is_created and self._profile.created_files_are_zero:
            self._card.select(file.fid)
            self._update(wanted[: LENGTH_PREFIX + len(content)], b"")
        else:
            self._update(wanted, self.read_image(file))

    def read_image(self, file: FileSpecification) -> bytes:
        """Select a file and read all of it; fewer bytes than the profile says if the card has fewer.

        Raises:
            StatusWordError, SecureMessagingError, ReaderError: as the names say.
        """
        self._card.select(file.fid)
        return self.read_selected(file)

    def read_selected(self, file: FileSpecification) -> bytes:
        """Read all of the file that is selected already; raises as `read_image`."""
        return self._read_up_to(file.size)

    def read_content(self, file: FileSpecification) -> bytes:
        """Select a file and read its content only.

        Raises:
            ContentError: the length prefix is too large.
            StatusWordError, SecureMessagingError, ReaderError: as the names say.
        """
        self._card.select(file.fid)
        head = self._card.read_binary(0, min(self._profile.chunks.secure_read, file.size))
        end = LENGTH_PREFIX + int.from_bytes(head[:LENGTH_PREFIX], "big")
        return content_of(file, self._read_up_to(min(end, file.size), head))

    def _read_up_to(self, end: int, start: bytes = b"") -> bytes:
        """Read the selected file up to `end`; `start` is what was read of it already."""
        data = start
        while len(data) < end:
            part = self._card.read_binary(len(data), min(self._profile.chunks.secure_read, end - len(data)))
            if not part:
                break
            data += part
        return data

    def _update(self, wanted: bytes, found: bytes) -> None:
        size = self._profile.chunks.secure_update
        for offset in range(0, len(wanted), size):
            chunk = wanted[offset : offset + size]
            if found[offset : offset + size] != chunk:
                self._card.update_binary(offset, chunk)
