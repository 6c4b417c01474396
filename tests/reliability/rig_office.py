"""One office on a standing rig: the real `station run`, killed while things go wrong, and a person.

The person fills the hopper, mends, answers and books with the `station` command, always truthfully.
At the end the simulators' truth is held against the books.
"""

import random
from pathlib import Path
from time import monotonic, sleep

from simulators.rig import Rig, RigError
from station.journal.store import open_questions
from station.settings import load_settings
from tests.reliability.invariants import Examination, examine
from tests.reliability.mass_office import MassTally
from tests.reliability.person import truthful_verdict
from tests.reliability.rig_books import Books, PublicHeadKey, Standing
from tests.reliability.rig_caretaker import Habits, RigCaretaker
from tests.reliability.rig_troubles import Killers, Planned, Trouble, Troubles
from tests.reliability.station_command import StationCommand

LANE, OPERATOR, SUPERVISOR = "A", "Siti", "Budi"
PINS = {OPERATOR: "771204", SUPERVISOR: "482913"}
HANDFUL = 40
TICK = 0.05
HEADWAY = 90.0  # seconds in which the journal must grow


class NoHeadway(RuntimeError):
    """The office has come to a stop that nobody can end; the text tells what one must know."""


class PcscdOffice:
    """Makes cards on one standing rig."""

    def __init__(self, rig: Rig, folder: Path, seed: int, quality_check_every: int) -> None:
        self._rig, self._folder, self._seed = rig, folder, seed
        config = rig.config.with_name("office.toml")  # relative paths start where it lies
        policy = f"[policy]\nquality_check_every = {quality_check_every}\n"
        config.write_text(rig.config.read_text() + "\n" + policy)
        self._settings = load_settings(config, {})
        self._books = Books(self._settings.data)
        self._printer = rig.admin(LANE)
        habits = Habits(random.Random(f"{seed} habits"), handful=HANDFUL)
        self._caretaker = RigCaretaker(self._printer, habits)
        self._caretaker.filled = HANDFUL  # before the first start
        self._station = StationCommand(config, rig.environment(), folder / "station.log")
        self._troubles: Troubles | None = None
        self._tally = MassTally()

    def prepare(self, records: list[Path]) -> None:
        """Take on two people who can sign, book the first blanks and bring the records in."""
        must = self._station.must
        must("staff", "add", SUPERVISOR, "--role", "supervisor", *self._signed_by(SUPERVISOR))
        authority = ("--by", SUPERVISOR, *self._signed_by(OPERATOR, SUPERVISOR))
        must("staff", "add", OPERATOR, "--role", "operator", *authority)
        self._book_filled(self._books.standing())
        self._book_filled(self._books.standing())
        self._rig.announce(records)
        must("centre", "sync")
        must("jobs", "add", *map(str, records))
        self._tally.jobs = len(records)

    def work(self, planned: list[Planned]) -> None:
        """Make every card, while what was planned goes wrong.

        Raises:
            NoHeadway: nothing moves any more.
            RuntimeError: the station has ended by itself.
        """
        self._troubles = Troubles(
            planned,
            self._printer,
            random.Random(f"{self._seed} faults"),
            Killers(self._kill_daemon, self._station.kill),
        )
        begun, rows, since = monotonic(), 0, monotonic()
        while (standing := self._books.standing()).left or standing.questions:
            if standing.rows != rows:
                rows, since = standing.rows, monotonic()
            if monotonic() - since > HEADWAY:
                raise NoHeadway(f"no row for {HEADWAY} s: {standing}")
            self._one_look(standing)
            sleep(TICK)
        self._tally.seconds = monotonic() - begun

    def _one_look(self, standing: Standing) -> None:
        if not self._station.runs:
            self._station.start()
        if self._troubles is not None:
            self._troubles.card_begun(standing.attempts)
            self._troubles.come()
        self._caretaker.come_by()
        self._book_filled(standing)
        if standing.broken:
            self._give("lanes", "clear", LANE, "--by", OPERATOR, "--reason", "looked at it")
        if standing.questions and not self._caretaker.look().moving:
            self._answer()

    def finish(self) -> MassTally:
        """Stop the station, count the hopper by hand, settle what differs, and compare everything."""
        if self._troubles is not None:
            self._troubles.end()
            self._tally.struck = self._troubles.struck
            self._tally.deaths = self._tally.struck.pop(Trouble.STATION_KILLED.value, 0)
        self._station.stop()
        self._count_by_hand()
        self._tally.questions = self._books.count("kind = 'question' AND name != 'quality_check'")
        self._tally.checks = self._books.count("kind = 'question' AND name = 'quality_check'")
        self._tally.latches = self._books.count("name = 'lane_latched'")
        self._tally.attempts = self._books.standing().attempts
        self._tally.examination = self._examine()
        return self._tally

    def story(self, what: str) -> str:
        """What one must know to look into a failure."""
        told = self._troubles.told if self._troubles else []
        return "\n".join(
            (
                f"office of seed {self._seed} in {self._folder}: {what}",
                f"the printer: {self._seen()}",
                "what went wrong: " + "; ".join(told[-12:]),
                self._station.last_words(),
            )
        )

    def _seen(self) -> str:
        try:
            return str(self._caretaker.look())
        except RigError as error:
            return str(error)

    def close(self) -> None:
        """Leave no process behind."""
        self._station.kill()
        self._books.database.close()

    # ---- the person ----

    def _give(self, *words: str) -> bool:
        """Give a command while the world goes on; one that failed is thought over at the next look."""
        come = self._troubles.come if self._troubles else lambda: None
        return self._station.run(*words, meanwhile=come).status == 0

    def _book_filled(self, standing: Standing) -> None:
        """Book what lies in the hopper and not in the books; a carton first, where the stock is too small.

        The books are asked what they hold, since a command that has met the station's death says nothing.
        """
        missing = self._caretaker.filled - standing.loaded
        if missing <= 0:
            return
        if standing.stock < missing:
            wanted = str(missing - standing.stock)
            self._give(
                "blanks", "receive", "--carton", f"K-{standing.rows}", "--count", wanted, "--by", OPERATOR
            )
        else:
            self._give("blanks", "load", "--lane", LANE, "--count", str(missing), "--by", OPERATOR)

    def _answer(self) -> None:
        with self._books.database.reading() as transaction:
            questions = open_questions(transaction)
        self._books.database.close()
        for question in questions:
            verdict = truthful_verdict(question, self._caretaker.find_card)
            words = ("--verdict", verdict, "--by", OPERATOR, "--reason", "looked at it")
            self._give("questions", "answer", str(question.sequence), *words)

    def _count_by_hand(self) -> None:
        """A second card that a double feed has squeezed is missed by counting, and settled by two people."""
        truth, standing = self._printer.truth(), self._books.standing()
        places = ("--stock", str(standing.stock), "--lane", f"{LANE}={truth.hopper_count}")
        counted = self._station.run("blanks", "count", "--kind", "closing", "--by", OPERATOR, *places)
        if counted.status == 0:
            return
        squeezed = sum(
            self._caretaker.find_card(card.card_uid) is not None and card.taken_from == "hopper"
            for card in truth.cards
        )
        if f"MISSING: {squeezed} blanks" not in counted.said:
            raise NoHeadway(f"{squeezed} blanks were squeezed, but counted: {counted.said}")
        signs = ("--sign", SUPERVISOR, "--sign", OPERATOR, *self._signed_by(SUPERVISOR, OPERATOR))
        reason = ("--cause", "damaged", "--reason", "squeezed by double feeds")
        self._station.must("blanks", "adjust", "--lane", LANE, *reason, *signs)

    def _examine(self) -> Examination:
        key = PublicHeadKey(self._rig.files.journal_key)
        cards = self._rig.options.printer_folder(LANE) / "cards"
        truth = self._printer.truth()
        found = examine(self._books.database, LANE, self._settings.head_anchor, truth, cards, key)
        self._books.database.close()
        verified = self._station.run("audit", "verify")
        if verified.status:
            found.faults.append(f"station audit verify: {verified.said}")
        return found

    def _signed_by(self, *names: str) -> tuple[str, str]:
        """The words that give these people's PINs."""
        file = self._folder / "pins"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text("".join(PINS[name] + "\n" for name in names))
        return "--pins-from", str(file)

    def _kill_daemon(self) -> bool:
        try:
            self._rig.kill_pcscd()
        except RigError:
            return False  # it is dead from the last time
        return True
