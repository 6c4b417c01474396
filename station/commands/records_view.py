"""`station records list`, `show` and `search`: what the station holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.commands.record_view import held_document, show_record
from station.commands.records_person import NIK, typed_unseen
from station.errors import ExitStatus, InputFault, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.intake.store import AsideRow
    from station.local_time import TimeZone
    from station.vault.store import HeldRecord

HELD, ASIDE, ERASED = "held", "set_aside", "erased"
MOST_SHOWN: Final = 100


def add_to(noun: Noun) -> None:
    """Add the commands to `station records`."""
    (
        noun.verb("list", marked("records, oldest first"), _list)
        .option("--state", marked("only these"), choices=(HELD, ASIDE, ERASED), default=HELD)
        .option("--most", marked("at most this many"), kind=number, default=MOST_SHOWN)
    )
    (
        noun.verb("show", marked("one record; with --by and --reason its biodata too"), _show)
        .argument("record", marked("a record that the station holds"))
        .option("--by", marked("who looks at the biodata"))
        .option("--reason", marked("why, without names and numbers of people"))
    )
    (
        noun.verb("search", marked("find records of a person"), _search)
        .option("--nik", marked("the person's NIK, or - to type it unseen"))
        .option("--name", marked("whole words of the name, in any order"))
        .option("--birth-date", marked("YYYY-MM-DD"))
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.intake import store as intake_store
    from station.vault import store

    state, most = arguments.text("state"), arguments.number("most")
    with office_of(context) as office:
        zone = office.settings.office.time_zone
        with office.database.reading() as transaction:
            if state == ASIDE:
                return _list_aside(context, intake_store.waiting(transaction), most, zone)
            held = store.page(transaction, most=max(most, 0), erased=state == ERASED)
            count = store.count(transaction, erased=state == ERASED)
    _show_held(context, held, zone)
    if count > len(held):
        context.output.say(
            marked("{shown} of {count} are shown; --most shows more."), shown=len(held), count=count
        )
    context.output.document({"count": count, "records": [held_document(one) for one in held]})
    return ExitStatus.DONE


def _list_aside(context: Context, rows: "Sequence[AsideRow]", most: int, zone: "TimeZone") -> ExitStatus:
    from station.local_time import shown

    context.output.table(
        (marked("number"), marked("record"), marked("since"), marked("code"), marked("reason")),
        [(row.number, row.record, shown(row.at, zone), row.code, row.reason) for row in rows[:most]],
    )
    context.output.document(
        {
            "count": len(rows),
            "records": [
                {
                    "number": row.number,
                    "record": row.record,
                    "content_hash": row.content_hash,
                    "at": row.at,
                    "code": row.code,
                    "reason": row.reason,
                }
                for row in rows[:most]
            ],
        }
    )
    return ExitStatus.DONE


def _show_held(context: Context, held: "Sequence[HeldRecord]", zone: "TimeZone") -> None:
    from station.local_time import shown

    context.output.table(
        (
            marked("record"),
            marked("issue"),
            marked("taken in"),
            marked("status here"),
            marked("status at the centre"),
        ),
        [
            (
                one.record,
                one.issue,
                shown(one.received_at, zone),
                one.local_status,
                one.centre_status or "-",
            )
            for one in held
        ],
    )


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    by, reason = arguments.optional_text("by"), arguments.optional_text("reason")
    return show_record(context, arguments.text("record"), by, reason)


def _search(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.records.record import read_day

    nik, name = arguments.optional_text("nik"), arguments.optional_text("name")
    day = arguments.optional_text("birth_date")
    if nik is None and name is None and day is None:
        raise UsageError("SEARCH_EMPTY")
    nik = typed_unseen(context) if nik == "-" else nik
    if nik is not None and not NIK.fullmatch(nik):
        raise InputFault("NIK_MALFORMED")
    try:
        born = read_day(day) if day is not None else None
    except ValueError as error:
        raise InputFault("DATE_WRONG", date=day) from error
    with office_of(context) as office:
        found = office.holding.search(nik=nik, name=name, birth_date=born)
        _show_held(context, found, office.settings.office.time_zone)
    context.output.document({"count": len(found), "records": [held_document(one) for one in found]})
    return ExitStatus.DONE
