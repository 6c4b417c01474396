"""`station letters batch`: letters by the thousand; the same command again goes on where it ended."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context
from station.commands.letters_issuing import REASONS
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, InputFault, StationError, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.commands.letters_batch_sum import BatchSum
    from station.letters.printing.printing import LetterPrinting
    from station.office import Office
    from station.service.letter_batch import BatchWish, LetterBatch, Way

TURN: Final = "letter-batch.lock"  # beside the database
LARGEST_LIST: Final = 16 << 20  # bytes of a list of records


def add_to(noun: Noun) -> None:
    """Add the command."""
    (
        noun.verb("batch", marked("issue many letters; given again, it goes on where it ended"), _batch)
        .argument("records", marked("records that the station holds"), many=True, required=False)
        .option("--records-from", marked("text file with the id of a record on each line"))
        .flag("--all-eligible", marked("everybody whom the policy allows a letter for this reason"))
        .option("--reason", marked("why the persons have no card"), required=True, choices=REASONS)
        .option("--by", marked("who issues them"), required=True)
        .option("--signer", marked("who signs them, by the short name in the settings"))
        .option("--out", marked("folder to write each letter to, as NUMBER.pdf"))
        .option("--one-file", marked("one PDF file for all of them, for paper: it carries no signature"))
        .flag("--print", marked("print each letter on the paper printer"))
        .option("--again", marked("why letters that were given out before are written once more"))
        .option("--wait", marked("seconds that a letter may stand still at the printer"), kind=number)
    )


class StopWish:
    """Whether somebody has pressed Ctrl-C: the portion is finished first. Pressed again, it ends at once."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self, received: int, frame: FrameType | None) -> None:
        """Take a signal."""
        _ = received, frame
        if self.is_set:
            raise KeyboardInterrupt
        self.is_set = True

    @contextmanager
    def listening(self) -> Iterator["StopWish"]:
        """Take Ctrl-C and a request to end."""
        before = {one: signal.signal(one, self) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _batch(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.letters_batch_sum import BatchSum
    from station.commands.office import office_of
    from station.service.letter_batch import LetterBatch
    from station.service.lock import turn

    wish = _wish(arguments)
    with ExitStack() as opened:
        stop = opened.enter_context(StopWish().listening())
        office = opened.enter_context(office_of(context))
        opened.enter_context(turn(office.settings.data / TURN, "LETTER_BATCH_BUSY"))
        total = BatchSum(context.output, everybody=wish.records is None)
        ways = _ways(context, arguments, office, wish, opened, total)
        if total.completed_file is not None:
            return total.tell()
        try:
            _carry_out(LetterBatch(office, wish, ways), office, total, stop)
        except StationError:
            total.say_how_to_go_on()
            raise
        return total.tell()


def _carry_out(batch: "LetterBatch", office: "Office", total: "BatchSum", stop: StopWish) -> None:
    from station.commands.progress_bar import ProgressBar

    plan = batch.plan()
    total.planned = plan.count
    bar = ProgressBar(total.output, office.clock, plan.count)
    bar.show(0)
    try:
        for lines in batch.portions(plan):
            total.count(lines)
            bar.show(total.seen)
            if stop.is_set and total.seen < plan.count:
                total.stopped = True
                return
        total.note_troubles(batch.finish())
    finally:
        bar.clear()


def _wish(arguments: Arguments) -> "BatchWish":
    """What is asked for.

    Raises:
        UsageError: LETTER_BATCH_UNCLEAR.
        InputFault: LETTER_LIST_UNREADABLE.
        Refused: REASON_NAMES_NIK.
    """
    from station.letter_settings import LetterReason
    from station.records.nik import require_no_nik
    from station.service.letter_batch import BatchWish

    named, listed = arguments.texts("records"), arguments.optional_text("records_from")
    everybody = arguments.flag("all_eligible")
    others = bool(arguments.optional_text("out")) or arguments.flag("print")
    is_twice = others and bool(arguments.optional_text("one_file"))
    if [bool(named), listed is not None, everybody].count(True) != 1 or is_twice:
        raise UsageError("LETTER_BATCH_UNCLEAR")
    records = _listed(Path(listed)) if listed is not None else named
    again = (arguments.optional_text("again") or "").strip()
    require_no_nik(again)
    return BatchWish(
        reason=LetterReason(arguments.text("reason")),
        signer=arguments.optional_text("signer"),
        by=arguments.text("by"),
        records=None if everybody else tuple(dict.fromkeys(records)),
        again=again,
    )


def _listed(file: Path) -> list[str]:
    """The ids in a file, without empty lines."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_LIST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputFault("LETTER_LIST_UNREADABLE", file=file, problem=error.strerror) from error
    except UnicodeDecodeError as error:
        raise InputFault("LETTER_LIST_UNREADABLE", file=file, problem="it is no text") from error
    records = [line.strip() for line in text.splitlines() if line.strip()]
    if len(content) > LARGEST_LIST or not records:
        problem = "it is too large" if records else "it is empty"
        raise InputFault("LETTER_LIST_UNREADABLE", file=file, problem=problem)
    return records


def _ways(
    context: Context,
    arguments: Arguments,
    office: "Office",
    wish: "BatchWish",
    opened: ExitStack,
    total: "BatchSum",
) -> "list[Way]":
    """Where the letters go; what a death has left of them there is taken up first."""
    from station.letters.bulk.folder import LetterFolder
    from station.letters.bulk.one_file import OneFile
    from station.service.letter_delivery import FolderWay, GivingOut, OneFileWay, PrinterWay

    ways: list[Way] = []
    giving, to_folder = GivingOut(office, wish.by, wish.again), None
    if folder := arguments.optional_text("out"):
        total.folder = Path(folder)
        to_folder = FolderWay(office, LetterFolder(total.folder), giving)
        to_folder.recover()
        ways.append(to_folder)
    if file := arguments.optional_text("one_file"):
        total.file = Path(file)
        one_file = OneFileWay(office, OneFile(total.file), giving)
        total.completed_file = one_file.recover()
        ways.append(one_file)
    if arguments.flag("print"):
        printing = opened.enter_context(_printing(context, arguments, office))
        ways.append(PrinterWay(office, printing, wish.by, to_folder))
    return ways


@contextmanager
def _printing(context: Context, arguments: Arguments, office: "Office") -> "Iterator[LetterPrinting]":
    """The paper printer, held for this process.

    Raises:
        Refused: PAPER_BUSY. InputFault: PAPER_PRINTER_MISSING, PAPER_PRINTER_UNUSABLE.
    """
    from station.commands.letters_print import PATIENCE, reporter
    from station.service.letter_printing import letter_printing, paper_printer, printing_turn

    wait = arguments.optional_number("wait")
    patience = float(PATIENCE if wait is None else max(wait, 0))
    with printing_turn(office):
        yield letter_printing(office, paper_printer(office), patience, reporter(context.output))
