"""A folder in a printer's place: each letter is a PDF file there, unchanged, and none replaces another."""

import contextlib
import hashlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from station.errors import DeviceAbsent, InputFault, Refused
from station.folders import letter_file_name, name_once, private_file, sync_names
from station.ports import PaperJob, PaperJobReading, PaperJobState, PaperPrinterReading

HANDED_OVER = PaperJobReading(PaperJobState.HANDED_OVER, has_begun=True)
NOTHING = PaperJobReading(PaperJobState.CANCELLED, has_begun=False)


class PaperFolder:
    """Writes NUMBER.pdf. What is not there whole is not there at all, so nothing is ever under way."""

    def __init__(self, url: str) -> None:
        """Name the folder.

        Raises:
            InputFault: PAPER_PRINTER_UNUSABLE.
        """
        parts = urlsplit(url)
        if parts.netloc not in ("", "localhost") or not parts.path.startswith("/") or parts.query:
            problem = "a folder is named as file:///FOLDER"
            raise InputFault("PAPER_PRINTER_UNUSABLE", printer=url, problem=problem)
        self._folder = Path(unquote(parts.path))

    def read(self) -> PaperPrinterReading:
        """See whether files can be written there.

        Raises:
            DeviceAbsent: PAPER_FOLDER_UNUSABLE.
        """
        if not self._folder.is_dir():
            raise DeviceAbsent("PAPER_FOLDER_UNUSABLE", folder=self._folder, problem=os.strerror(2))
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise DeviceAbsent("PAPER_FOLDER_UNUSABLE", folder=self._folder, problem=os.strerror(13))
        return PaperPrinterReading(name=str(self._folder), stopped=False)

    def open_job(self, title: str) -> int:
        """A file needs no number.

        Raises:
            DeviceAbsent: PAPER_FOLDER_UNUSABLE.
        """
        _ = title
        self.read()
        return 0

    def drop_empty_jobs(self, title: str) -> None:
        """Take away the half file that a crash has left."""
        with contextlib.suppress(OSError):
            self._partial(self.file_of(title)).unlink(missing_ok=True)

    def send(self, job: PaperJob, pdf: bytes) -> None:
        """Write the file whole, and have it on the disk; the same file again is no other.

        Raises:
            Refused: PAPER_FILE_TAKEN.
            DeviceAbsent: PAPER_FOLDER_UNUSABLE.
        """
        target = self.file_of(job.title)
        try:
            self._write(target, pdf)
        except FileExistsError as error:
            if self.look(job) != HANDED_OVER:
                raise Refused("PAPER_FILE_TAKEN", file=target) from error
        except OSError as error:
            raise DeviceAbsent(
                "PAPER_FOLDER_UNUSABLE", folder=self._folder, problem=error.strerror
            ) from error

    def look(self, job: PaperJob) -> PaperJobReading:
        """See whether the letter lies there.

        Raises:
            DeviceAbsent: PAPER_FOLDER_UNUSABLE.
        """
        try:
            with self.file_of(job.title).open("rb") as file:
                there = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return NOTHING
        except OSError as error:
            raise DeviceAbsent(
                "PAPER_FOLDER_UNUSABLE", folder=self._folder, problem=error.strerror
            ) from error
        return HANDED_OVER if there == job.sha256 else NOTHING

    def cancel(self, job: PaperJob) -> None:
        """A file that lies there stays."""

    def file_of(self, title: str) -> Path:
        """The file of a letter."""
        return self._folder / letter_file_name(title)

    def _partial(self, target: Path) -> Path:
        return target.with_name(f".{target.name}.partial")

    def _write(self, target: Path, pdf: bytes) -> None:
        """Fill a file beside it and give it the name, unless something has that name already.

        Raises:
            FileExistsError: something has it.
            OSError: it cannot be written.
        """
        partial = self._partial(target)
        try:
            with private_file(partial) as file:
                file.write(pdf)
            name_once(partial, target)
        finally:
            partial.unlink(missing_ok=True)
        sync_names(self._folder)
