"""What must hold whatever has died: the simulators' own truth beside the journal and the ledger."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simulators.chip.store import load_state
from simulators.rig import CardView, PrinterView
from station.audit.heads import HeadKey
from station.audit.verify import verify
from station.blanks import store as blanks
from station.blanks.ledger import Account, Balances
from station.cards import store
from station.cards.store import Attempt, AttemptState, Job, JobState
from station.database import Database
from station.journal.store import broken_at, open_questions
from station.records.folder import read_record
from tests.fakes.software_keys import SoftSigner
from tests.reliability.person import FACE, came_out_good

BIODATA = 0x6FF1
LOCKED = frozenset({"activated", "terminated"})
AT_REST = frozenset({JobState.READY, JobState.REFUSED, JobState.GIVEN_UP})


@dataclass
class Counts:
    """What is published; the last three must be 0."""

    cards: int = 0
    duplicates: int = 0
    unaccounted: int = 0
    unverified: int = 0

    def add(self, other: "Counts") -> None:
        self.cards += other.cards
        self.duplicates += other.duplicates
        self.unaccounted += other.unaccounted
        self.unverified += other.unverified


@dataclass
class Examination:
    """One comparison of what is with what is written."""

    counts: Counts = field(default_factory=Counts)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Books:
    """What the station has written."""

    jobs: list[Job]
    attempts: list[Attempt]
    accounts: Mapping[str, Account | None]
    balances: Balances
    hopper: int

    @property
    def ready(self) -> dict[str, Attempt]:
        """The attempts that became ready, by their card."""
        return {
            attempt.card: attempt
            for attempt in self.attempts
            if attempt.state is AttemptState.READY and attempt.card
        }


@dataclass(frozen=True)
class WordOfPeople:
    """What people have done to cards and blanks that no printer knows of.

    Attributes:
        condemned: cards that came out good, and that a person has rejected.
        burnt: cards that were destroyed; `burnt_nameless` blanks without a known chip.
        laid_back: spoiled cards that somebody has laid into a hopper again.
        spoiled_by_count: blanks booked as spoiled because a count did not find them, less those of them that
            the printer knows to be out.
    """

    condemned: frozenset[str] = frozenset()
    burnt: frozenset[str] = frozenset()
    laid_back: frozenset[str] = frozenset()
    burnt_nameless: int = 0
    spoiled_by_count: int = 0

    def account(self, card: CardView) -> Account | None:
        """Where a card belongs when nothing is under way."""
        if card.card_uid in self.burnt:
            return Account.DESTROYED
        if card.card_uid in self.laid_back:
            return Account.SPOILED
        if card.place == "hopper":
            return None
        good = came_out_good(card) and card.card_uid not in self.condemned
        return Account.ISSUED if good else Account.SPOILED


NOBODY_DID_ANYTHING = WordOfPeople()


def read_books(database: Database, lane: str, cards: tuple[CardView, ...]) -> Books:
    """Read what the station has written about these cards."""
    with database.reading() as transaction:
        jobs = store.all_jobs(transaction)
        return Books(
            jobs=jobs,
            attempts=[one for job in jobs for one in store.attempts_of_job(transaction, job.id)],
            accounts={card.card_uid: blanks.account_of_card(transaction, card.card_uid) for card in cards},
            hopper=blanks.balance(transaction, Account.IN_MACHINE, lane),
            balances=blanks.balances(transaction),
        )


def examine(
    database: Database,
    lane: str,
    anchor: Path,
    truth: PrinterView,
    cards: Path,
    key: HeadKey | None = None,
    words: WordOfPeople = NOBODY_DID_ANYTHING,
) -> Examination:
    """Compare everything, when nothing is under way any more.

    Args:
        database, lane, anchor: the station's.
        truth: of the lane's printer.
        cards: folder of the printer's cards, with their chips.
        key: of the journal's heads; by default the one in software.
        words: what people have done besides.
    """
    found = Examination(Counts(cards=sum(bool(card.prints["front"].panels) for card in truth.cards)))
    books = read_books(database, lane, truth.cards)
    found.faults += _jobs(books, found.counts)
    for check in (_prints, _blanks):
        found.faults += check(books, truth, words, found.counts)
    found.faults += _chips(books, truth, cards, found.counts)
    found.faults += _journal(database, anchor, key or SoftSigner())
    return found


def _jobs(books: Books, counts: Counts) -> Iterator[str]:
    """One ready card for each job, and nothing left half done."""
    ready = Counter(attempt.job for attempt in books.attempts if attempt.state is AttemptState.READY)
    for job in books.jobs:
        if job.state not in AT_REST:
            yield f"job {job.id} is left {job.state}"
        if ready[job.id] != (job.state is JobState.READY):
            yield f"job {job.id} is {job.state} with {ready[job.id]} ready cards"
        if ready[job.id] > 1:
            counts.duplicates += 1
    for attempt in books.attempts:
        if attempt.state in (AttemptState.OPEN, AttemptState.CHECKING):
            yield f"attempt {attempt.id} is left {attempt.state}"
    persons = Counter((job.person, job.issue) for job in books.jobs if job.state is JobState.READY)
    for _, times in persons.items():
        if times > 1:
            counts.duplicates += 1
            yield "a person has two cards of one issue"


def _prints(books: Books, truth: PrinterView, words: WordOfPeople, counts: Counts) -> Iterator[str]:
    """No card was printed twice, and what is whole and usable is what the books call ready."""
    ready = books.ready
    for card in truth.cards:
        panels = card.prints["front"].panels
        if len(panels) != len(set(panels)):
            counts.duplicates += 1
            yield f"card {card.card_uid} was printed twice: {panels}"
        usable = panels == FACE and card.life_cycle == "activated" and came_out_good(card)
        usable = usable and card.card_uid not in words.condemned
        if usable and card.card_uid not in ready:
            counts.duplicates += 1
            yield f"card {card.card_uid} is good, and the books know nothing of it"
        if card.card_uid in ready and not usable:
            yield f"card {card.card_uid} is ready in the books, but {card.place} {panels} {card.life_cycle}"


def _blanks(books: Books, truth: PrinterView, words: WordOfPeople, counts: Counts) -> Iterator[str]:
    """Every blank is in exactly one account, and where the simulator says."""
    if books.balances.difference:
        counts.unaccounted += abs(books.balances.difference)
        yield f"the blanks equation is off by {books.balances.difference}"
    if books.hopper != truth.hopper_count:
        counts.unaccounted += abs(books.hopper - truth.hopper_count)
        yield f"{truth.hopper_count} blanks are in the hopper, the books say {books.hopper}"
    where = Counter(words.account(card) for card in truth.cards)
    where[Account.SPOILED] += words.spoiled_by_count - words.burnt_nameless
    where[Account.DESTROYED] += words.burnt_nameless
    for account in (Account.ISSUED, Account.SPOILED, Account.DESTROYED):
        if books.balances.totals[account] != where[account]:
            counts.unaccounted += abs(books.balances.totals[account] - where[account])
            yield f"{where[account]} cards are {account}, the books say {books.balances.totals[account]}"
    if truth.inside is not None:
        yield f"card {truth.inside} is left inside"
    for card in truth.cards:
        expected, booked = words.account(card), books.accounts[card.card_uid]
        bound = any(attempt.card == card.card_uid for attempt in books.attempts)
        if booked is not expected and (bound or booked is not None):
            counts.unaccounted += 1
            yield f"card {card.card_uid} is {card.place} ({expected}), the books say {booked}"


def _chips(books: Books, truth: PrinterView, cards: Path, counts: Counts) -> Iterator[str]:
    """No card was printed before its chip was verified and locked, and each chip is its holder's."""
    people = {job.id: job for job in books.jobs}
    for card in truth.cards:
        if not card.prints["front"].panels:
            continue
        if card.life_cycle not in LOCKED:
            counts.unverified += 1
            yield f"card {card.card_uid} was printed and its chip is {card.life_cycle}"
        attempt = books.ready.get(card.card_uid)
        if attempt is None or card.life_cycle != "activated":
            continue
        content = load_state(cards / card.uid / "chip").files[BIODATA].content
        nik = read_record(Path(people[attempt.job].folder)).data.nik
        if nik.encode("ascii") not in content:
            counts.unverified += 1
            yield f"card {card.card_uid} carries another person's chip"


def _journal(database: Database, anchor: Path, key: HeadKey) -> Iterator[str]:
    """Nobody is asked anything any more, and the journal is whole."""
    with database.reading() as transaction:
        if (row := broken_at(transaction)) is not None:
            yield f"the journal's chain is broken at row {row}"
        for question in open_questions(transaction):
            yield f"question {question.sequence} ({question.name}) is left open"
    for fault in verify(database, key, anchor).faults:
        yield f"the audit finds {fault.kind} at row {fault.row}"
