"""From the ledger's values to what stands on paper: words instead of codes, the office's own time."""

from collections.abc import Iterable

from station.blanks.ledger import SOURCES, Account
from station.cards.questions import QUESTIONS, QuestionEvidence
from station.counts.counting import BookedCount, Trace
from station.journal import JournalRow
from station.language import Language, LanguageCode, marked
from station.local_time import TimeZone, local
from station.settings import OfficeSettings
from station.statements import daily
from station.statements.daily import DailyStatement, Flow, OpenDifference
from station.words import WAYS, word
from templates.reports import daily_values as paper
from templates.reports.page import Letterhead
from templates.reports.words import long_date, sentence

SIGNATURE_SHOWN = 24
# The order of the equation in the architecture.
PAPER_ORDER = (
    Account.STOCK,
    Account.IN_MACHINE,
    Account.ISSUED,
    Account.SPOILED,
    Account.DESTROYED,
    Account.RETURNED,
    Account.LENT_OUT,
)
PAPER_LANGUAGE: LanguageCode = "id"


class PaperWords:
    """The words and the clock of one office's paper."""

    def __init__(self, office: OfficeSettings) -> None:
        self._language = Language(PAPER_LANGUAGE)
        self.zone: TimeZone = office.time_zone
        self.letterhead = Letterhead(office.province, office.regency)

    def word(self, code: str) -> str:
        """The words for a code."""
        return word(self._language, code)

    def text(self, message: str, **values: object) -> str:
        """A message in the paper's language."""
        return self._language.text(message, **values)

    def place(self, account: Account, lane: str) -> str:
        """The words for a place."""
        return self.text(marked("lane {lane}"), lane=lane) if lane else self.word(account.value)

    def time(self, at: str) -> str:
        """A time of day: 14.05."""
        return f"{local(at, self.zone):%H.%M}"

    def moment(self, at: str) -> str:
        """A day and a time."""
        here = local(at, self.zone)
        return f"{long_date(here.date())} {here:%H.%M} {self.zone.value}"


def daily_values(statement: DailyStatement, words: PaperWords) -> paper.DailyValues:
    """Put a daily statement into words."""
    return paper.DailyValues(
        office=words.letterhead,
        on=statement.on,
        until=None if statement.is_over else f"{words.time(statement.until)} {words.zone.value}",
        accounts=tuple(_accounts(statement, words)),
        moves=tuple(_move(flow, words) for flow in sorted(statement.during, key=_order)),
        lanes=tuple(_lanes(statement)),
        equation=_equation(statement, words),
        counts=tuple(_count(count, words) for count in statement.counts),
        differences=tuple(_difference(one, words) for one in statement.differences),
        spoilage=_spoilage(statement, words),
        loans=tuple(
            paper.LoanRow(one.office, one.lent, one.borrowed) for one in daily.open_loans(statement.all_flows)
        ),
        questions=tuple(_question(row, words) for row in statement.questions),
        head=_head(statement),
        handovers=paper.HandoverRow(
            statement.handovers.handed_over,
            statement.handovers.without_finger,
            statement.handovers.old_taken,
            statement.handovers.old_kept,
        ),
    )


def _accounts(statement: DailyStatement, words: PaperWords) -> Iterable[paper.AccountRow]:
    opening, closing = statement.opening, statement.closing
    for account in (*SOURCES, *PAPER_ORDER):
        came = sum(flow.quantity for flow in statement.during if flow.target is account)
        went = sum(flow.quantity for flow in statement.during if flow.source is account)
        if account in SOURCES:
            came, went = went, 0
        yield paper.AccountRow(
            sentence(words.word(account.value)), opening[account], came, went, closing[account]
        )


def _order(flow: Flow) -> tuple[int, str, str, str]:
    """The order of `WAYS`: what comes in, what moves, what goes out."""
    return (
        list(WAYS).index(f"{flow.source}>{flow.target}"),
        flow.source_lane,
        flow.target_lane,
        flow.cause or "",
    )


def _move(flow: Flow, words: PaperWords) -> paper.MoveRow:
    source = words.place(flow.source, flow.source_lane)
    target = words.place(flow.target, flow.target_lane)
    return paper.MoveRow(
        kind=sentence(words.word(f"{flow.source}>{flow.target}")),
        way=f"{source} \u2192 {target}",
        detail=_detail(flow, words),
        quantity=flow.quantity,
        bookings=flow.bookings,
    )


def _detail(flow: Flow, words: PaperWords) -> str:
    known: list[str] = [flow.counterpart] if flow.counterpart else []
    if flow.cause:
        cause = words.word(flow.cause)
        is_carton = flow.source is Account.RECEIVED and cause == flow.cause
        known.append(words.text(marked("carton {carton}"), carton=cause) if is_carton else cause)
    return ", ".join(known)


def _lanes(statement: DailyStatement) -> Iterable[paper.LaneRow]:
    opening = daily.lane_balances(statement.before)
    closing = daily.lane_balances(statement.all_flows)
    issued = daily.issued_by_lane(statement.during)
    for lane, amount in closing.items():
        spoiled = sum(
            flow.quantity
            for flow in statement.during
            if flow.source_lane == lane and flow.target is Account.SPOILED
        )
        yield paper.LaneRow(lane, opening.get(lane, 0), amount, issued.get(lane, 0), spoiled)


def _equation(
    statement: DailyStatement, words: PaperWords
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    def side(accounts: Iterable[Account]) -> tuple[tuple[str, int], ...]:
        return tuple((words.word(account.value), closing[account]) for account in accounts)

    closing = statement.closing
    return side(SOURCES), side(PAPER_ORDER)


def _count(count: BookedCount, words: PaperWords) -> paper.CountRow:
    return paper.CountRow(
        at=words.time(count.at),
        kind=sentence(words.word(count.kind.value)),
        place=sentence(words.place(count.account, count.lane)),
        expected=count.expected,
        counted=count.counted,
        by=count.by,
    )


def _difference(one: OpenDifference, words: PaperWords) -> paper.DifferenceRow:
    return paper.DifferenceRow(
        place=words.place(one.count.account, one.count.lane),
        difference=one.count.difference,
        since=words.moment(one.count.at),
        traces=tuple(trace_text(trace, words) for trace in one.traces),
    )


def trace_text(trace: Trace, words: PaperWords) -> str:
    """The last that is known of a card that may be missing."""
    last = "; ".join(
        f"{words.time(event.at)} {words.word(event.name)}"
        + (f" ({event.signed_by})" if event.signed_by else "")
        for event in trace.events
    )
    return words.text(
        marked("job {job}, chip {card}: {events}"), job=trace.job, card=trace.card or "?", events=last
    )


def _spoilage(statement: DailyStatement, words: PaperWords) -> paper.Spoilage:
    today = daily.spoiled_by_cause(statement.during)
    ever = daily.spoiled_by_cause(statement.all_flows)
    return paper.Spoilage(
        rows=tuple(
            paper.SpoilRow(sentence(words.word(cause)), today.get(cause, 0), ever[cause]) for cause in ever
        ),
        used_today=daily.used(statement.during),
        used_ever=daily.used(statement.all_flows),
        benchmark_spoiled=daily.BENCHMARK_SPOILED,
        benchmark_used=daily.BENCHMARK_USED,
    )


def _question(row: JournalRow, words: PaperWords) -> paper.QuestionRow:
    evidence = QuestionEvidence.model_validate_json(row.payload)
    text = words.text(QUESTIONS[row.name].text, job=row.job, card=evidence.card or "-")
    return paper.QuestionRow(row.sequence, words.moment(row.at), text)


def _head(statement: DailyStatement) -> paper.HeadRow | None:
    if statement.head is None:
        return None
    signature = statement.head.signature
    shown = signature[:SIGNATURE_SHOWN] if signature else None
    return paper.HeadRow(statement.head.sequence, statement.head.hash, shown)
