"""The way of a good card: load a blank, bind it, write and verify the chip, lock it, print.

Every step may be entered again after a crash: what is done is read from the journal, never from memory.
"""

from collections.abc import Callable

from station.blanks import store as blanks
from station.blanks.ledger import Account
from station.cards import store
from station.cards.chip_steps import CHIP_TRIES, Answer, LockChip, ask_chip, read_state
from station.cards.desk import AttemptDesk
from station.cards.hopper import booked_in_hopper
from station.cards.printer_steps import OUT_OF_PATH, LoadBlank, PrintAndEject, Recall
from station.cards.questions import QuestionEvidence
from station.errors import ChipFault, DeviceFault, InputFault, Refused
from station.journal import Outcome
from station.lanes.tools import DeviceWait, settle
from station.language import marked
from station.ports import CardPosition, ChipContent, ChipState
from station.restoration import store as restorations
from templates.card.face import CardFace

MOVE_TRIES = 5


class KnownCard(Exception):
    """A card that is in the books already came out of the hopper."""


class Making:
    """Makes one card."""

    def __init__(self, desk: AttemptDesk, content: ChipContent, face: CardFace, face_sha256: str) -> None:
        self._desk, self._tools = desk, desk.tools
        self._content, self._face, self._face_sha256 = content, face, face_sha256

    def make(self) -> None:
        """Do every step that is not done.

        Raises:
            CardCondemned, Asked, KnownCard: the ways out.
            InputFault: FACE_CHANGED.
            StopRequested: the lane is to stop.
        """
        self._keep_face()
        self._load()
        self._bind()
        self._write_and_verify()
        self._lock()
        self._print()

    def print_step(self) -> PrintAndEject:
        """The print step of this card."""
        return PrintAndEject(self._tools, self._desk.place, self._face, self._face_sha256)

    def _keep_face(self) -> None:
        """Keep the SHA-256 of the rendered face; another one after a restart stops the job."""
        if self._desk.attempt.face_sha256 in (None, store.UNTOLD_FACE):
            with self._tools.database.transaction() as transaction:
                store.set_face(transaction, self._desk.attempt.id, self._face_sha256)
            self._desk.reload()
        elif self._desk.attempt.face_sha256 != self._face_sha256:
            raise InputFault("FACE_CHANGED")

    def _load(self) -> None:
        while self._desk.outcome("load") is not Outcome.DONE:
            self._limit_tries("load")
            self._require_booked_blanks()
            self._desk.perform(LoadBlank(self._tools, self._desk.place))

    def _require_booked_blanks(self) -> None:
        """A blank that nobody has booked into this hopper is not taken: the ledger would lose it."""
        wait = DeviceWait(self._tools, self._desk.place)
        while self._booked_blanks() < 1:
            wait.go_on(Refused("HOPPER_UNBOOKED", lane=self._tools.name))
        wait.end()

    def _booked_blanks(self) -> int:
        with self._tools.database.reading() as transaction:
            return booked_in_hopper(transaction, self._tools.name)

    def _bind(self) -> None:
        """Read the chip's UID and bind the blank to this attempt; it is its serial from then on."""
        if self._desk.attempt.card is None:
            card, state = self._first_look()
            self._turn_known_card_away(card.hex())
            if state not in (ChipState.BLANK, ChipState.CREATION):
                fault = ChipFault("CHIP_FOREIGN", problem=state.value)
                self._desk.condemn("foreign_card", f"{card.hex()}: {state.value}", fault)
            with self._tools.database.transaction() as transaction:
                bound = QuestionEvidence(card=card.hex())
                self._tools.journal.event(transaction, "card_bound", bound, self._desk.place)
                store.set_card(transaction, self._desk.attempt.id, card.hex())
            self._desk.reload()
        if self._desk.outcome("print") is not Outcome.DONE:
            self._require_presence()

    def _turn_known_card_away(self, card: str) -> None:
        with self._tools.database.transaction() as transaction:
            account = blanks.account_of_card(transaction, card)
            if account is None and store.attempts_of_card(transaction, card):
                account = Account.IN_MACHINE  # it waits for its quality check, and lay in the wrong pile
            if account is None:
                return
            known = QuestionEvidence(card=card)
            self._tools.journal.event(transaction, "card_known", known, self._desk.place)
        fault = ChipFault("CARD_KNOWN", uid=card, account=account.value)
        self._desk.say(marked("Job {job}: a known card came out of the hopper."), fault)
        raise KnownCard

    def _first_look(self) -> tuple[bytes, ChipState]:
        try:
            seen = self._ask(self._see_card)
        except (DeviceFault, ChipFault) as error:
            self._desk.condemn("no_chip", str(error), error)
        if seen is None:
            self._desk.condemn("no_chip", "no answer")
        return seen

    def _see_card(self) -> tuple[bytes, ChipState]:
        card = self._tools.encoder.wait_for_card()
        return card, self._tools.encoder.state(card)

    def _require_presence(self) -> None:
        """The bound card must still be inside before anything more is done with it."""
        if settle(self._tools, self._desk.place).reading.position in OUT_OF_PATH:
            self._desk.ask("card_missing")

    def _write_and_verify(self) -> None:
        if self._desk.outcome("lock") is not None:
            return
        try:
            differing = self._ask(self._write_chip)
        except (ChipFault, DeviceFault) as error:
            self._desk.condemn("chip_write", str(error), error)
        if differing is None:
            self._desk.condemn("chip_silent", "no answer")
        if differing:
            fault = ChipFault("CHIP_READBACK_DIFFERS", files=", ".join(differing))
            self._desk.condemn("chip_readback", str(fault), fault)
        self._desk.note("chip_verified")

    def _write_chip(self) -> tuple[str, ...]:
        if not self._is_locked_unknown():
            self._tools.encoder.write(self._desk.card, self._content)
        return self._tools.encoder.read_back(self._desk.card, self._content)

    def _is_locked_unknown(self) -> bool:
        """After a restore the chip may be further than the journal: a locked one is only read back."""
        with self._tools.database.reading() as transaction:
            if restorations.latest(transaction) is None:
                return False
        return self._tools.encoder.state(self._desk.card) is ChipState.ACTIVATED

    def _lock(self) -> None:
        while self._desk.outcome("lock") is not Outcome.DONE:
            if self._desk.progress().not_done.get("lock", 0) >= CHIP_TRIES:
                self._desk.condemn("chip_lock", "does not lock", ChipFault("CHIP_NOT_LOCKED"))
            self._desk.perform(LockChip(self._tools, self._desk.place, self._desk.card.hex()))

    def _print(self) -> None:
        while self._desk.outcome("print") is not Outcome.DONE:
            self._limit_tries("print")
            self._bring_to_chip_station()
            if read_state(self._tools, self._desk.place, self._desk.card.hex()) is not ChipState.ACTIVATED:
                self._desk.condemn("chip_lost", "the locked chip does not answer before printing")
            self._tools.encoder.release()
            self._desk.perform(self.print_step())

    def _bring_to_chip_station(self) -> None:
        """A print that did not begin may have moved the card: its chip must be read before the next one."""
        while settle(self._tools, self._desk.place).reading.position is not CardPosition.CHIP_STATION:
            self._require_presence()
            self._limit_tries("recall")
            self._desk.perform(Recall(self._tools, self._desk.place))

    def _limit_tries(self, step: str) -> None:
        if self._desk.progress().not_done.get(step, 0) >= MOVE_TRIES:
            raise DeviceFault("PRINTER_IDLE", operation=step, tries=MOVE_TRIES)

    def _ask(self, ask: Callable[[], Answer]) -> Answer | None:
        return ask_chip(self._tools, self._desk.place, ask)
