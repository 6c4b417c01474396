"""Letters of a batch on their way out: into a folder, into one file, to the printer."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from station.errors import Refused, StationError
from station.journal import Outcome
from station.letters import store
from station.letters.bulk.folder import LetterFolder
from station.letters.bulk.one_file import OneFile
from station.letters.bulk.store import issued_digest
from station.letters.printing import store as prints
from station.letters.printing.book import PrintWish
from station.letters.printing.printing import LetterPrinting
from station.letters.printing.store import PrintAttempt
from station.letters.rows import LetterState
from station.letters.store import Letter
from station.letters.withdrawing import require_letter
from station.office import Office
from station.service.control import carry_out, rebuilt
from station.service.letter_batch_operations import PORTION, GivenOut, GiveOutLetters, give_out_letters
from station.service.letter_operations import is_out
from station.service.letter_print_operations import print_book
from station.service.letter_printing import printer_url
from station.service.letter_reading import letter_pdf

if TYPE_CHECKING:
    from templates.letters.values import LetterValues


class GivingOut:
    """Writes into the journal that copies leave the register, before they do."""

    def __init__(self, office: Office, by: str, again: str) -> None:
        self._office, self._by, self.again = office, by, again

    def note(self, numbers: Sequence[str]) -> dict[str, StationError]:
        """Note the copies of these letters; return why some of them are not to be made."""
        refused: dict[str, StationError] = {}
        for begin in range(0, len(numbers), PORTION):
            request = GiveOutLetters(
                numbers=tuple(numbers[begin : begin + PORTION]), again=self.again, by=self._by
            )
            found = carry_out(self._office, "give_out_letters", give_out_letters, request, GivenOut)
            refused |= {number: rebuilt(report) for number, report in found.refused.items()}
        return refused

    def is_out(self, number: str) -> bool:
        """Whether there is, or may be, a copy of a letter outside of the register."""
        with self._office.database.reading() as transaction:
            return is_out(transaction, require_letter(transaction, number))

    def require_first(self, number: str) -> None:
        """Refuse another copy without a reason.

        Raises:
            Refused: LETTER_OUT_ALREADY.
        """
        if not self.again and self.is_out(number):
            raise Refused("LETTER_OUT_ALREADY", number=number)


class FolderWay:
    """Each letter as a file of its own in a folder."""

    def __init__(self, office: Office, folder: LetterFolder, giving: GivingOut) -> None:
        self._office, self._folder, self._giving = office, folder, giving

    def recover(self) -> None:
        """Take up what a death has left in the folder: what the journal has let out gets its name.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        self._folder.make()
        left = self._folder.left_behind()
        for year, place in left:
            with self._office.database.reading() as transaction:
                letter = store.at(transaction, year, place)
                is_going = (
                    letter is not None
                    and letter.state is LetterState.ISSUED
                    and store.was_given_out(transaction, letter)
                    and self._folder.has_staged(letter, issued_digest(transaction, letter))
                )
            if letter is not None:
                self._settle(letter, is_going=is_going)
        if left:
            self._folder.sync()

    def waits(self, number: str) -> bool:
        """Whether no copy of a letter is out."""
        return not self._giving.is_out(number)

    def has(self, number: str) -> bool:
        """Whether a file of a letter lies in this folder."""
        return self._folder.file_of(number).exists()

    def hand_on(self, numbers: Sequence[str]) -> Mapping[str, StationError]:
        """Write letters that are not in the folder yet."""
        troubles: dict[str, StationError] = {}
        staged = list(self._staged(numbers, troubles))
        if not staged:
            return troubles
        self._folder.sync()
        refused = self._giving.note([letter.number for letter in staged])
        for letter in staged:
            if letter.number in refused:
                self._folder.drop(letter)
            else:
                self._folder.publish(letter)
        self._folder.sync()
        return troubles | refused

    def finish(self) -> Mapping[str, StationError]:
        """Each portion was finished."""
        return {}

    def _staged(self, numbers: Sequence[str], troubles: dict[str, StationError]) -> Iterator[Letter]:
        for number in numbers:
            try:
                with self._office.database.reading() as transaction:
                    letter = require_letter(transaction, number)
                    digest = issued_digest(transaction, letter)
                if self._folder.holds(number, digest):
                    continue
                self._giving.require_first(number)
                self._folder.stage(letter, self._office.letter_files.open(letter).pdf)
            except Refused as error:
                troubles[number] = error
                continue
            yield letter

    def _settle(self, letter: Letter, *, is_going: bool) -> None:
        if is_going:
            try:
                self._folder.publish(letter)
            except Refused:  # it has its name already, or somebody else's file has
                self._folder.drop(letter)
        else:
            self._folder.drop(letter)


class OneFileWay:
    """All letters as pages of one file, drawn when the last one is issued."""

    def __init__(self, office: Office, file: OneFile, giving: GivingOut) -> None:
        self._office, self._file, self._giving = office, file, giving
        self._numbers: list[str] = []

    def recover(self) -> list[str] | None:
        """Finish a file that a death has left whole; return its letters, None where there was none.

        Raises:
            Refused: FILE_EXISTS.
            InputFault: FILE_UNWRITABLE.
        """
        self._file.require_free()
        numbers = self._file.drawn()
        if numbers is not None:
            self._giving.note([number for number in numbers if not self._giving.is_out(number)])
            self._file.publish()
        return numbers

    def waits(self, number: str) -> bool:
        """Whether no copy of a letter is out."""
        return not self._giving.is_out(number)

    def hand_on(self, numbers: Sequence[str]) -> Mapping[str, StationError]:
        """Remember letters for the file."""
        troubles: dict[str, StationError] = {}
        for number in numbers:
            try:
                self._giving.require_first(number)
            except Refused as error:
                troubles[number] = error
            else:
                self._numbers.append(number)
        return troubles

    def finish(self) -> Mapping[str, StationError]:
        """Draw the file, write into the journal whose letters are in it, and put it into its place.

        Returns:
            Letters that are in it and no longer count: they were withdrawn while it was drawn.

        Raises:
            Refused: FILE_EXISTS. InputFault: FILE_UNWRITABLE, LETTER_PAGE_CHANGED.
            DeviceAbsent: the token is not there. The letters stay issued.
        """
        if not self._numbers:
            return {}
        maker = self._office.letter_maker()

        def pages() -> "Iterator[LetterValues]":
            for number in self._numbers:
                with self._office.database.reading() as transaction:
                    letter = require_letter(transaction, number)
                    facts = store.taken_payload(transaction, letter)
                record = self._office.holding.content(letter.record)
                yield maker.page_again(record, facts, self._office.letter_files.open(letter))

        self._file.draw(self._numbers, lambda target: maker.write_pages(pages(), target))
        refused = self._giving.note(self._numbers)
        self._file.publish()
        return refused


class PrinterWay:
    """Each letter to the paper printer, one after the other, each followed to its end."""

    def __init__(
        self, office: Office, printing: LetterPrinting, by: str, folder: FolderWay | None = None
    ) -> None:
        """Print; `folder` is where the same batch writes its letters to before."""
        self._office, self._printing, self._by, self._folder = office, printing, by, folder

    def waits(self, number: str) -> bool:
        """Whether it was to be printed: it never left the register, or only into this batch's folder."""
        attempts = self._attempts(number)
        if attempts:
            return not any(attempt.may_be_paper for attempt in attempts)
        with self._office.database.reading() as transaction:
            given_out = store.was_given_out(transaction, require_letter(transaction, number))
        return not given_out or (self._folder is not None and self._folder.has(number))

    def hand_on(self, numbers: Sequence[str]) -> Mapping[str, StationError]:
        """Print letters of which there can be no sheet.

        Raises:
            DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown: the printer does not go on; so would none
                after it.
        """
        troubles: dict[str, StationError] = {}
        for number in numbers:
            if any(attempt.may_be_paper for attempt in self._attempts(number)):
                continue
            try:
                error = self._print(number)
            except Refused as refused:
                error = refused
            if error is not None and not isinstance(error, Refused):
                raise error
            if error is not None:
                troubles[number] = error
        return troubles

    def finish(self) -> Mapping[str, StationError]:
        """Each letter was finished."""
        return {}

    def _attempts(self, number: str) -> list[PrintAttempt]:
        with self._office.database.reading() as transaction:
            letter = require_letter(transaction, number)
            return prints.of_letter(transaction, letter.year, letter.place)

    def _print(self, number: str) -> StationError | None:
        if self._went_elsewhere(number):
            return Refused("PAPER_JOB_OPEN", number=number)
        settled = self._printing.settle(number)
        if settled is not None and settled.attempt.outcome is not Outcome.NOT_DONE:
            return settled.error
        pdf = letter_pdf(self._office, number)
        wish = PrintWish(
            number=number, printer=printer_url(self._office), sha256=sha256(pdf).hexdigest(), size=len(pdf),
            by=self._by,
        )  # fmt: skip
        return self._printing.print(wish, pdf).error

    def _went_elsewhere(self, number: str) -> bool:
        """Whether a try is open at a printer that was set before: `station letters print` asks there."""
        attempt = print_book(self._office).open_attempt(number)
        return attempt is not None and attempt.printer != printer_url(self._office)
