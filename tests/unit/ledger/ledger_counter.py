"""The counter where blanks are booked: a whole office on its command line, with people who can sign."""

from pathlib import Path

from station.cards.questions import QUESTIONS
from tests.fakes.devices import FakeLane
from tests.unit.station.office_desk import Desk, Said

SUPERVISOR, OPERATOR, SECOND = "Siti Rahayu", "Budi Santoso", "Dewi Lestari"
TWO = (SUPERVISOR, OPERATOR)
PINS = {SUPERVISOR: "482913", OPERATOR: "771204", SECOND: "905316"}


class Counter(Desk):
    """An office with a supervisor and two operators who have PINs, and one person who has none."""

    def __init__(self, folder: Path, devices: FakeLane) -> None:
        super().__init__(folder, devices)
        self.pin_file = folder / "pins"

    def hire(self) -> None:
        """Add the three who can sign; `Siti`, whom `prepare` adds, cannot."""
        self.must("staff", "add", SUPERVISOR, "--role", "supervisor", pins=[PINS[SUPERVISOR]])
        for name in (OPERATOR, SECOND):
            words = ("staff", "add", name, "--role", "operator", "--by", SUPERVISOR)
            self.must(*words, pins=[PINS[name], PINS[SUPERVISOR]])

    def give(self, *words: str, pins: list[str] | None = None) -> Said:
        """Give a command, with PINs from a file."""
        if pins is None:
            return self.run(*words)
        return self.run(*words, "--pins-from", str(self.pins(pins)))

    def must(self, *words: str, pins: list[str] | None = None) -> Said:
        """Give a command that must go well."""
        said = self.give(*words, pins=pins)
        assert said.status == 0, said
        return said

    def pins(self, pins: list[str], mode: int = 0o600) -> Path:
        """Write a file of PINs."""
        self.pin_file.unlink(missing_ok=True)
        self.pin_file.touch(mode=mode)
        self.pin_file.chmod(mode)
        self.pin_file.write_text("\n".join(pins) + "\n", encoding="ascii")
        return self.pin_file

    def signed(self, *words: str, by: tuple[str, ...] = TWO) -> Said:
        """Give a command that two people sign."""
        signs = [word for name in by for word in ("--sign", name)]
        return self.give(*words, *signs, pins=[PINS[name] for name in by])

    def receive(self, amount: int, carton: str = "K-0001") -> None:
        """Book a carton."""
        words = ("blanks", "receive", "--carton", carton, "--count", str(amount), "--by", OPERATOR)
        self.must(*words)

    def listed(self) -> list[dict[str, object]]:
        """The destruction list."""
        found = self.must("blanks", "destruction-list", "--json").document()
        assert isinstance(found, list)
        return found

    def destroy(
        self, *words: str, out: str = "burnt.pdf", by: tuple[str, ...] = (SUPERVISOR, OPERATOR)
    ) -> Said:
        """Book a destruction before one witness."""
        witness = ("--place", "halaman kantor", "--burnt-by", "Slamet", "--witness", "Joko, Satpol PP")
        target = str(self.office_folder / out)
        return self.signed("blanks", "destroy", *witness, "--out", target, "--json", *words, by=by)

    def count(self, *places: str, kind: str = "opening") -> Said:
        """Count by hand."""
        return self.run("blanks", "count", *places, "--kind", kind, "--by", OPERATOR, "--json")

    def answer_everything(self) -> None:
        """A person answers every open question with its first verdict that condemns, or else the last."""
        for row in self.questions():
            verdicts = QUESTIONS[row.name].verdicts
            condemning = [code for code, verdict in verdicts.items() if verdict.condemns]
            verdict = condemning[0] if condemning else list(verdicts)[-1]
            self.answering.answer(row.sequence, verdict, OPERATOR, "looked")
