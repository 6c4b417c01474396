"""What the operator does at the station, from the menu."""

from __future__ import annotations

from simulators.demo import plan
from simulators.demo.documents import QUESTIONS
from simulators.demo.menu import MenuItem, Prompt
from simulators.demo.office import Office
from simulators.demo.records import count_records, write_records
from simulators.rig import RigError

NEW_RECORDS = 5


class Desk:
    """Feeds records in, looks, and answers."""

    def __init__(self, office: Office, prompt: Prompt) -> None:
        self._office, self._prompt = office, prompt

    def items(self) -> list[MenuItem]:
        """The part of the menu that is about the station."""
        return [
            MenuItem(f"{NEW_RECORDS} rekaman baru masuk", f"{NEW_RECORDS} new records come in", self._add),
            MenuItem("lihat keadaan", "show the state", self.show_state),
            MenuItem("jawab pertanyaan", "answer a question", self._answer),
        ]

    def show_state(self) -> None:
        """Show jobs, lanes, blanks, questions and the centre, and what the printer itself knows."""
        for words in (
            ("jobs", "list"),
            ("lanes", "show"),
            ("blanks", "show"),
            ("questions", "list"),
            ("centre", "status"),
        ):
            self._office.station.show(*words)
        self._show_printer()

    def _show_printer(self) -> None:
        screen = self._office.screen
        try:
            seen = self._office.printer.truth()
        except RigError:
            screen.say("Printer mati.", "The printer is off.")
            return
        inside = f"{seen.inside} ({seen.place})" if seen.inside else "-"
        screen.say(
            f"Isi printer: wadah {seen.hopper_count}, baki {seen.tray}, kotak tolak {seen.reject_box}, "
            f"di dalam {inside}, pita {seen.ribbon.sets_left}.",
            f"In the printer: hopper {seen.hopper_count}, good tray {seen.tray}, "
            f"reject box {seen.reject_box}, inside {inside}, ribbon {seen.ribbon.sets_left}.",
        )

    def _add(self) -> None:
        first = count_records(self._office.folders.records) + 1
        records = write_records(self._office.folders.records, first, NEW_RECORDS)
        self._office.make_known([record.folder for record in records])
        self._office.station.show("jobs", "add", *(str(record.folder) for record in records))

    def _answer(self) -> None:
        questions = self._office.station.ask(QUESTIONS, "questions", "list")
        self._office.station.show("questions", "list")
        if not questions:
            return
        number = self._prompt.ask("Nomor pertanyaan", "Number of the question", str(questions[0].question))
        chosen = next((one for one in questions if str(one.question) == number), questions[0])
        verdict = self._prompt.ask("Putusan", f"Verdict ({', '.join(chosen.verdicts)})", chosen.verdicts[0])
        by = self._prompt.ask("Oleh", "By", plan.OPERATOR)
        reason = self._prompt.ask("Alasan: apa yang Anda lihat", "Reason: what you have seen")
        self._office.station.show(
            *("questions", "answer", number, "--verdict", verdict, "--by", by, "--reason", reason)
        )
