"""`station blanks count|adjust`: what is really there, and correcting the books by it."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.counts.counting import BookedCount, CountedPlace, CountLine
    from station.local_time import TimeZone


def add(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("count", marked("keep what was counted at the beginning or the end of a shift"), _count)
        .option("--stock", marked("how many blanks lie in stock"), kind=number)
        .option("--lane", marked("a lane and how many blanks lie in its hopper: NAME=N"), many=True)
        .option(
            "--kind", marked("beginning or end of the shift"), required=True, choices=("opening", "closing")
        )
        .option("--by", marked("who counted"), required=True)
    )
    (
        noun.verb("adjust", marked("correct the books by the last count; two people sign"), _adjust)
        .option("--lane", marked("name of the lane; without it the stock is adjusted"))
        .option(
            "--cause",
            marked("of a shortage: nobody knows, or unusable blanks that lie there"),
            choices=("missing", "damaged"),
            default="missing",
        )
        .option("--reason", marked("what you have found out"), required=True)
        .option("--sign", marked("who signs; give it twice, one is a supervisor"), many=True)
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
    )


def counted_lane(text: str) -> tuple[str, int]:
    """Read NAME=N.

    Raises:
        UsageError: COUNT_MALFORMED.
    """
    name, _, amount = text.rpartition("=")
    if not name or not amount.isascii() or not amount.isdecimal() or len(amount) > 9:
        raise UsageError("COUNT_MALFORMED", text=text)
    return name, int(amount)


def _places(arguments: Arguments) -> "tuple[CountedPlace, ...]":
    from station.blanks.ledger import Account
    from station.counts.counting import CountedPlace

    stock = arguments.optional_number("stock")
    if stock is not None and stock < 0:
        raise UsageError("COUNT_MALFORMED", text=stock)
    places = [] if stock is None else [CountedPlace(account=Account.STOCK, counted=stock)]
    for name, amount in map(counted_lane, arguments.texts("lane")):
        places.append(CountedPlace(account=Account.IN_MACHINE, lane=name, counted=amount))
    return tuple(places)


def _count(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.counts.counting import CountKind
    from station.counts.store import open_differences, traces
    from station.local_time import local
    from station.service.control import carry_out
    from station.service.ledger_operations import CountBlanks, KeptCount, count_blanks

    kind = CountKind(arguments.text("kind"))
    request = CountBlanks(kind=kind, places=_places(arguments), by=arguments.text("by"))
    with office_of(context) as office:
        zone = office.settings.office.time_zone
        kept = carry_out(office, "count_blanks", count_blanks, request, KeptCount)
        with office.database.reading() as transaction:
            found = [
                (one, traces(transaction, one))
                for one in open_differences(transaction)
                if one.journal == kept.row
            ]
            skipped = _skipped([lane.name for lane in office.settings.lanes], kept.lines)
    output = context.output
    _say_lines(output, kept.lines, skipped)
    documents = []
    for count, suspects in found:
        say_difference(output, count, zone)
        for trace in suspects:
            last = ", ".join(
                f"{local(event.at, zone):%H:%M:%S} {output.word(event.name)}" for event in trace.events
            )
            output.say(
                marked("    perhaps the card {card} of job {job}: {events}"),
                card=trace.card or "?",
                job=trace.job,
                events=last,
            )
        documents.append({**difference_document(count), "cards": [trace.card for trace in suspects]})
    output.document(
        {
            "row": kept.row,
            "places": [
                {**line.model_dump(mode="json"), "expected": line.expected, "difference": line.difference}
                for line in kept.lines
            ],
            "not_counted": skipped,
            "open_differences": documents,
        }
    )
    return ExitStatus.WAITS_FOR_PERSON if found else ExitStatus.DONE


def _skipped(lanes: list[str], lines: "tuple[CountLine, ...]") -> list[str]:
    counted = {line.lane or "stock" for line in lines}
    return [place for place in ("stock", *lanes) if place not in counted]


def _say_lines(output: Output, lines: "tuple[CountLine, ...]", skipped: list[str]) -> None:
    output.table(
        (marked("place"), marked("expected"), marked("counted"), marked("difference")),
        [
            (
                _place(output, line.account.value, line.lane),
                line.expected,
                line.counted,
                f"{line.difference:+}",
            )
            for line in lines
        ],
    )
    for line in lines:
        for card in line.elsewhere:
            output.say(
                marked("  not in the hopper of lane {lane}, and not missing: {card}"),
                lane=line.lane,
                card=card,
            )
    if skipped:
        places = ", ".join(output.word(place) for place in skipped)
        output.say(marked("Not counted: {places}."), places=places)


def _place(output: Output, account: str, lane: str) -> str:
    return output.language.text(marked("lane {lane}"), lane=lane) if lane else output.word(account)


def say_difference(output: Output, count: "BookedCount", zone: "TimeZone") -> None:
    """Name an open difference: where, how many, since when in the office's time."""
    from station.local_time import shown

    message = (
        marked("  MISSING: {amount} blanks, {place}, counted {at} by {by}")
        if count.difference < 0
        else marked("  TOO MANY: {amount} blanks, {place}, counted {at} by {by}")
    )
    place = _place(output, count.account.value, count.lane)
    at = shown(count.at, zone)
    output.say(message, amount=abs(count.difference), place=place, at=at, by=count.by)


def difference_document(count: "BookedCount") -> dict[str, object]:
    """An open difference for programs."""
    return {
        "row": count.journal,
        "at": count.at,
        "by": count.by,
        "account": count.account.value,
        "lane": count.lane,
        "expected": count.expected,
        "counted": count.counted,
        "difference": count.difference,
    }


def _adjust(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.pins import PinSource
    from station.service.control import carry_out
    from station.service.ledger_operations import AdjustBlanks, Adjusted, adjust_blanks

    lane = arguments.optional_text("lane") or ""
    signatures = PinSource(context, arguments.optional_text("pins_from")).sign(arguments.texts("sign"))
    request = AdjustBlanks(
        lane=lane,
        cause="damaged" if arguments.text("cause") == "damaged" else "missing",
        reason=arguments.text("reason"),
        signatures=signatures,
    )
    with office_of(context) as office:
        if lane:
            office.require_lane(lane)
        adjusted = carry_out(office, "adjust_blanks", adjust_blanks, request, Adjusted)
    context.output.say(
        marked("Adjusted: {place}, {difference} blanks."),
        place=_place(context.output, adjusted.account.value, adjusted.lane),
        difference=f"{adjusted.difference:+}",
    )
    context.output.document(adjusted.model_dump(mode="json"))
    return ExitStatus.DONE
