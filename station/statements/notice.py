"""The notice at the counter, out of the facts about the centre and the letter policy in force."""

from datetime import datetime

from station.local_time import local
from station.outage.facts import Answer, Fact, Facts, Source
from station.outage.letters import LetterPolicy
from station.statements.paper import PaperWords
from templates.reports.centre_notice import NoticeValues


def notice_values(facts: Facts, policy: LetterPolicy, words: PaperWords, now: datetime) -> NoticeValues:
    """Put together what the notice says: since the oldest fact, by the letter if there is one."""
    down = [fact for fact in (facts.receiving, facts.printing) if fact.answer is Answer.NO]
    since = min((fact.since for fact in down), default=None)
    return NoticeValues(
        office=words.letterhead,
        on=local(now, words.zone).date(),
        since=local(since, words.zone).date() if since else None,
        letter=next((fact.how for fact in down if _is_letter(fact)), None),
        receives=facts.receiving.answer is not Answer.NO,
        may_print=facts.may_print,
        letters_ask_centre=policy.needs_central_record,
    )


def _is_letter(fact: Fact) -> bool:
    return fact.source is Source.PERSON and bool(fact.how)
