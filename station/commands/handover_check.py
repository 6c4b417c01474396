"""`station handover start|exempt|old-card`: check a finger and hand the card over, or decide without it."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output, error_document
from station.commands.handover_finding import add_person, find_cards, names_person
from station.commands.handover_papers import add_receipt_ways, make_receipt, require_way
from station.commands.parsing import Noun, Verb, number
from station.errors import ExitStatus, Refused, StationError
from station.language import marked

if TYPE_CHECKING:
    from station.fingers.minutiae import Finger
    from station.handover.rows import OldCardKind, Touch
    from station.handover.store import Handover
    from station.office import Office
    from station.ports import TouchStage

REASONS = ("worn_finger", "wounded_finger", "disability", "other_reason")
OLD_CARDS = ("ktp_el", "old_ktp", "other_office")
STAGES = {
    "waiting_for_finger": marked("    Lay the finger on the plate and hold still."),
    "finger_taken": marked("    Taken; the finger may be lifted."),
    "picture_coming": marked("    The picture is on its way; please wait."),
    "lift_finger": marked("    Lift the finger first."),
}
FAILED = {"no_match": "HANDOVER_NO_MATCH", "no_picture": "HANDOVER_NO_PICTURE", "stopped": "HANDOVER_STOPPED"}


def add_to(noun: Noun) -> None:
    """Add the commands."""
    start = add_person(
        noun.verb(
            "start", marked("check the holder's finger, hand the card over, withdraw the letter"), _start
        ).option(
            "--job",
            marked("job of the card; without it and without a person the card on the reader"),
            kind=number,
        )
    )
    start.option("--by", marked("who hands over"), required=True).flag(
        "--from-record", marked("compare with the stored record, because the chip cannot be read")
    )
    add_receipt_ways(_add_old_cards(start))
    exempt = (
        noun.verb(
            "exempt",
            marked("hand over without the finger: after a failed check, with two signatures"),
            _exempt,
        )
        .option("--job", marked("job of the card"), kind=number, required=True)
        .option("--reason", marked("why the finger cannot be checked"), required=True, choices=REASONS)
        .option("--note", marked("anything else, without names and numbers of people"))
        .option("--sign", marked("who signs; give it twice, one is a supervisor"), many=True)
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
    )
    add_receipt_ways(_add_old_cards(exempt))
    (
        noun.verb("old-card", marked("note an old card that the holder brings back later"), _old_card)
        .option("--job", marked("job of the card that was handed over"), kind=number, required=True)
        .option("--kind", marked("what kind of old card"), required=True, choices=OLD_CARDS)
        .option("--by", marked("who takes it in"), required=True)
    )


def _add_old_cards(verb: Verb) -> Verb:
    return verb.option(
        "--old-card",
        marked("an old card that the holder gives back; once for each"),
        choices=OLD_CARDS,
        many=True,
    )


def _old_cards(arguments: Arguments) -> "tuple[OldCardKind, ...]":
    from station.handover.rows import OldCardKind

    return tuple(OldCardKind(kind) for kind in arguments.texts("old_card"))


def _start(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.handover.finding import the_one_to_give
    from station.service.handing_over import HandoverWish, hand_over

    require_way(arguments)
    with office_of(context) as office:
        job = arguments.optional_number("job")
        if job is None and names_person(arguments):
            job = the_one_to_give(find_cards(context, office, arguments)).ready.job
        wish = HandoverWish(job, arguments.text("by"), arguments.flag("from_record"), _old_cards(arguments))
        ended = hand_over(office, wish, Prompter(context.output))
        return _tell(context, office, ended, arguments, wish.by)


def _exempt(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.pins import PinSource
    from station.handover.book import Exempt
    from station.handover.rows import ExceptionReason
    from station.handover.store import Handover
    from station.service.control import carry_out
    from station.service.handing_over import handover_turn
    from station.service.handover_operations import ExemptSigned, exempt_handover, handover_book

    require_way(arguments)
    order = Exempt(
        job=arguments.number("job"),
        reason=ExceptionReason(arguments.text("reason")),
        note=arguments.optional_text("note") or "",
        old_cards=_old_cards(arguments),
    )
    with office_of(context) as office, handover_turn(office):
        handover_book(office).require_exempt(order)
        signatures = PinSource(context, arguments.optional_text("pins_from")).sign(arguments.texts("sign"))
        request = ExemptSigned(order=order, signatures=signatures)
        ended = carry_out(office, "exempt_handover", exempt_handover, request, Handover)
        return _tell(context, office, ended, arguments, ended.begun_by)


def _tell(context: Context, office: "Office", ended: "Handover", arguments: Arguments, by: str) -> ExitStatus:
    """Say how it ended, and make the receipt of what was done."""
    from station.journal import Outcome

    output = context.output
    if ended.outcome is Outcome.DONE:
        _say_given(output, ended, arguments)
        file = make_receipt(context, office, ended.job, arguments, by)
        output.document(_document(ended, None, output) | {"receipt": file})
        return ExitStatus.DONE
    if ended.outcome is Outcome.UNKNOWN:
        error: StationError = Refused("HANDOVER_CUT_OFF", job=ended.job)
        status = ExitStatus.WAITS_FOR_PERSON
    else:
        error = Refused(FAILED.get(ended.conclusion or "", "HANDOVER_STOPPED"))
        status = ExitStatus.REFUSED
    output.explain(error)
    output.document(_document(ended, error, output))
    return status


def _say_given(output: Output, ended: "Handover", arguments: Arguments) -> None:
    if ended.second_signer:
        output.say(
            marked("Two people have decided: hand card {card} of job {job} over."),
            card=ended.card,
            job=ended.job,
        )
    else:
        output.say(
            marked("The finger matches ({source}): hand card {card} of job {job} over."),
            source=output.word(f"handover_source_{ended.source.value}"),
            card=ended.card,
            job=ended.job,
        )
    if ended.letter:
        output.say(marked("Take letter {number} back: it is withdrawn."), number=ended.letter)
    for kind in arguments.texts("old_card"):
        output.say(marked("Keep the old card: {kind}."), kind=output.word(f"old_card_{kind}"))


def _document(ended: "Handover", error: StationError | None, output: Output) -> dict[str, object]:
    shown = ended.model_dump(mode="json", exclude={"attempt"})
    return shown | {"error": error and error_document(error, output.language)}


def _old_card(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.handover.rows import OldCardKind
    from station.service.control import carry_out
    from station.service.handover_operations import WithdrawOldCard, withdraw_old_card
    from station.service.operations import Done

    request = WithdrawOldCard(
        job=arguments.number("job"), kind=OldCardKind(arguments.text("kind")), by=arguments.text("by")
    )
    with office_of(context) as office:
        carry_out(office, "withdraw_old_card", withdraw_old_card, request, Done)
    output = context.output
    output.say(marked("Keep the old card: {kind}."), kind=output.word(f"old_card_{request.kind.value}"))
    output.document({"job": request.job, "kind": request.kind.value})
    return ExitStatus.DONE


class Prompter:
    """Says on the screen what the operator tells the person."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def asks(self, finger: "Finger", touch: int, most: int) -> None:
        """Ask for a finger."""
        self._output.say(
            marked("{finger}, touch {touch} of {most}:"),
            finger=self._output.word(f"finger_{int(finger)}"),
            touch=touch,
            most=most,
        )

    def stage(self, stage: "TouchStage") -> None:
        """Say how far the touch is."""
        self._output.say("{stage}", stage=self._output.language.text(STAGES[stage.value]))

    def failed(self, touch: "Touch", hints: tuple[str, ...]) -> None:
        """Say that this touch was no match."""
        self._output.say(marked("    No match. Quality {quality} of 100."), quality=touch.quality)
        for hint in hints:
            self._output.say(marked("    {hint}"), hint=self._output.language.text(hint))

    def fault(self, error: StationError) -> None:
        """Say why there was no picture."""
        self._output.explain(error)
