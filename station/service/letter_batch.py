"""A batch of letters from the selection to the files: portion by portion, each issued and then handed on.

A batch has no rows of its own. What is still to do is seen in the register each time: the same command again
goes on where the last one ended, however that was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.errors import Refused, StationError
from station.letter_settings import LetterReason
from station.letters.bulk import store
from station.letters.bulk.verdicts import Became, Verdict
from station.local_time import local
from station.office import Office
from station.service.control import carry_out, rebuilt
from station.service.letter_batch_operations import PORTION, IssuedLetters, IssueLetters, issue_letters


@dataclass(frozen=True)
class BatchWish:
    """What a batch is asked for.

    Attributes:
        records: ids, each once; None for all of whom the policy allows a letter.
        signer: key of a signer; None for the first.
        again: why letters that are out already are written once more; empty where they are not.
    """

    reason: LetterReason
    signer: str | None
    by: str
    records: tuple[str, ...] | None
    again: str = ""


@dataclass(frozen=True)
class BatchPlan:
    """What there is to do: numbers of letters that were issued and never left the register, then records."""

    numbers: tuple[str, ...]
    records: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many letters there may be."""
        return len(self.numbers) + len(self.records)


@dataclass(frozen=True)
class BatchLine:
    """What has become of one record, and of its letter on the ways out."""

    verdict: Verdict
    troubles: tuple[StationError, ...] = field(default=())


class Way(Protocol):
    """A way out of the register: a folder, one file, the printer."""

    def waits(self, number: str) -> bool:
        """Whether a letter has not gone this way, so that an unfinished batch goes on with it."""

    def hand_on(self, numbers: Sequence[str]) -> Mapping[str, StationError]:
        """Hand letters on that have not gone this way yet; return why some of them do not go.

        Raises:
            StationError: nothing more goes this way at present.
        """

    def finish(self) -> Mapping[str, StationError]:
        """There are no more letters; return what there is to say of some that went.

        Raises:
            StationError: they did not go.
        """


class LetterBatch:
    """Carries a batch out."""

    def __init__(self, office: Office, wish: BatchWish, ways: Sequence[Way]) -> None:
        self._office, self._wish, self._ways = office, wish, ways

    def plan(self) -> BatchPlan:
        """See what there is to do; records whose number is begun come first.

        Raises:
            Refused: LETTER_SIGNER_UNKNOWN.
            InputFault: LETTERS_NOT_CONFIGURED.
        """
        wish, office = self._wish, self._office
        signer = _signer(office, wish.signer)
        today = local(office.clock.now(), office.settings.office.time_zone).date().isoformat()
        with office.database.reading() as transaction:
            begun = store.begun_records(transaction, wish.reason, signer)
            if wish.records is None:
                numbers = store.numbers_in_force(transaction, wish.reason, signer, today)
                records = store.without_letter(transaction, today)
            else:
                numbers, records = [], list(wish.records)
        wanted = set(records)
        first = [record for record in begun if record in wanted]
        return BatchPlan(
            numbers=tuple(number for number in numbers if any(way.waits(number) for way in self._ways)),
            records=tuple(dict.fromkeys([*first, *records])),
        )

    def portions(self, plan: BatchPlan) -> Iterator[list[BatchLine]]:
        """Carry a plan out; after each portion the caller may stop.

        Raises:
            StationError: the batch cannot go on; what was yielded is done, and so may be some of the next.
        """
        for numbers in _portions(plan.numbers):
            yield self._handed_on([Verdict("", Became.BEFORE, number) for number in numbers])
        for records in _portions(plan.records):
            yield self._handed_on(self._issued(records))

    def finish(self) -> dict[str, StationError]:
        """Close the ways after the last portion; return what there is to say of some letters.

        Raises:
            StationError: as the ways.
        """
        return {number: error for way in self._ways for number, error in way.finish().items()}

    def _issued(self, records: Sequence[str]) -> list[Verdict]:
        wish = self._wish
        request = IssueLetters(records=tuple(records), reason=wish.reason, signer=wish.signer, by=wish.by)
        done = carry_out(self._office, "issue_letters", issue_letters, request, IssuedLetters)
        return [
            Verdict(one.record, one.became, one.number, rebuilt(one.error) if one.error else None)
            for one in done.verdicts
        ]

    def _handed_on(self, verdicts: Sequence[Verdict]) -> list[BatchLine]:
        numbers = [one.number for one in verdicts if one.became is not Became.REFUSED]
        troubles = [way.hand_on(numbers) for way in self._ways] if numbers else []
        return [
            BatchLine(one, tuple(found[one.number] for found in troubles if one.number in found))
            for one in verdicts
        ]


def _signer(office: Office, wanted: str | None) -> str:
    signers = [signer.key for signer in office.letter_settings.signers]
    if wanted is None:
        return signers[0]
    if wanted not in signers:
        raise Refused("LETTER_SIGNER_UNKNOWN", signer=wanted, known=", ".join(signers))
    return wanted


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[begin : begin + PORTION] for begin in range(0, len(items), PORTION))
