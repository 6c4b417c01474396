"""One group of a batch: numbers first, then pages drawn and signed side by side, then the books.

Nothing of a batch is written down as such. Who has a letter in force of the same record, reason and signer
has what the batch wants; a number that was begun is finished; so the same batch can be asked for again.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from station.errors import InputFault, Refused
from station.letters.bulk.verdicts import Became, Verdict
from station.letters.deciding import LetterOrder
from station.letters.files import LetterFile
from station.letters.issuing import Issuing, Made
from station.letters.making import Composed
from station.letters.numbers import Taken
from station.letters.rules import Person


class FilesSigner(Protocol):
    """Signs files in their order, some of them at a time."""

    def sign_all(self, files: Iterable[bytes]) -> Iterator[bytes]:
        """Sign files; the next ones are prepared while one is taken."""


class GroupIssuing:
    """Issues letters, a group in two transactions. A group's files are in memory together."""

    def __init__(self, issuing: Issuing, files: FilesSigner) -> None:
        self._issuing, self._files = issuing, files

    def issue(self, records: Sequence[str], order: LetterOrder) -> list[Verdict]:
        """Issue the letters of records, each named once; return a verdict for each, in their order.

        Raises:
            Refused: LETTER_SIGNER_UNKNOWN, RESTORE_HOLDS, LETTER_NUMBERS_UNKNOWN, DISK_STOPS_CARDS.
            InputFault: LETTER_CERTIFICATE_UNUSABLE, LETTER_FILE_UNSIGNABLE.
            DeviceAbsent, StationError: numbers that were taken stay for their records: ask again.
        """
        verdicts = self._before(records, order)
        people = list(self._opened([one for one in records if one not in verdicts], verdicts))
        taken = list(self._taken(people, order, verdicts)) if people else []
        made = list(self._made(taken, verdicts))
        for one, letter in zip(made, self._issuing.finish(made, order.by) if made else (), strict=True):
            became = Became.RESUMED if one.taken.resumed else Became.ISSUED
            verdicts[letter.record] = Verdict(letter.record, became, letter.number)
        return [verdicts[record] for record in records]

    def _before(self, records: Sequence[str], order: LetterOrder) -> dict[str, Verdict]:
        """Those that have the letter that is asked for; another letter of theirs is refused later."""
        signer = self._issuing.signer_of(order)
        return {
            record: Verdict(record, Became.BEFORE, letter.number)
            for record, letter in self._issuing.in_force_of(records).items()
            if (letter.reason, letter.signer) == (order.reason, signer)
        }

    def _opened(self, records: Sequence[str], verdicts: dict[str, Verdict]) -> Iterator[Person]:
        for record in records:
            try:
                yield self._issuing.open(record)
            except (Refused, InputFault) as error:
                verdicts[record] = Verdict(record, Became.REFUSED, error=error)

    def _taken(
        self, people: Sequence[Person], order: LetterOrder, verdicts: dict[str, Verdict]
    ) -> Iterator[tuple[Person, Taken]]:
        for person, outcome in zip(people, self._issuing.take(people, order), strict=True):
            if isinstance(outcome, Taken):
                yield person, outcome
            else:
                record = person.held.record
                verdicts[record] = Verdict(record, Became.REFUSED, error=outcome)

    def _made(self, taken: Sequence[tuple[Person, Taken]], verdicts: dict[str, Verdict]) -> Iterator[Made]:
        """Draw each page while those before it are being signed."""
        drawn = deque[tuple[Taken, Composed]]()

        def pages() -> Iterator[bytes]:
            for person, one in taken:
                try:
                    composed = self._issuing.compose(person, one)
                except (
                    InputFault
                ) as error:  # its number stays begun: `station letters void`, or mend the record
                    record = person.held.record
                    verdicts[record] = Verdict(record, Became.REFUSED, one.facts.number, error)
                    continue
                drawn.append((one, composed))
                yield composed.body

        for pdf in self._files.sign_all(pages()):
            one, composed = drawn.popleft()
            yield Made(one, LetterFile(composed.code, pdf))
