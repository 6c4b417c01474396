"""The words and the document of one verdict on a letter."""

from datetime import UTC, datetime
from typing import Final

from station.commands.context import Output, error_document
from station.errors import ExitStatus
from station.language import Language, marked
from station.letters.presented.answers import Answer, Kind, Presented, SignatureVerdict, answer_of
from station.letters.verification import Verdict, Withdrawal
from station.local_time import TimeZone, local

STATUSES: Final = {
    Answer.GENUINE: ExitStatus.DONE,
    Answer.EXPIRED: ExitStatus.LETTER_EXPIRED,
    Answer.WITHDRAWN: ExitStatus.LETTER_WITHDRAWN,
    Answer.KEY_UNKNOWN: ExitStatus.LETTER_KEY_UNKNOWN,
    Answer.KEY_NOT_VALID: ExitStatus.LETTER_KEY_NOT_VALID,
    Answer.UNSIGNED: ExitStatus.LETTER_UNSIGNED,
    Answer.NO_LETTER: ExitStatus.NO_LETTER,
    Answer.UNREADABLE: ExitStatus.LETTER_UNREADABLE,
    Answer.CONTRADICTION: ExitStatus.LETTER_CONTRADICTION,
    Answer.ALTERED: ExitStatus.LETTER_ALTERED,
}
ANSWERS: Final = {
    Answer.GENUINE: marked("GENUINE"),
    Answer.EXPIRED: marked("GENUINE, BUT EXPIRED"),
    Answer.WITHDRAWN: marked("GENUINE, BUT WITHDRAWN"),
    Answer.KEY_UNKNOWN: marked("NOT BELIEVED: signed by nobody whom the list of trusted keys names"),
    Answer.KEY_NOT_VALID: marked("NOT BELIEVED: signed at a time when the key was not to be used"),
    Answer.UNSIGNED: marked("NOT BELIEVED: a file without a signature that is no scan of paper"),
    Answer.NO_LETTER: marked("NO LETTER: no code of a letter was found"),
    Answer.UNREADABLE: marked("UNREADABLE"),
    Answer.CONTRADICTION: marked("FALSE: the code is of another letter than the file"),
    Answer.ALTERED: marked("ALTERED"),
}
WITHDRAWALS: Final = {
    Withdrawal.WITHDRAWN: marked("  Withdrawn: yes, as of {date}."),
    Withdrawal.NOT_WITHDRAWN: marked("  Withdrawn: no, as of {date}."),
    Withdrawal.UNKNOWN: marked("  Withdrawn: unknown; no list at hand knows this letter."),
}


def status_of(answer: Answer) -> ExitStatus:
    """The exit status of an answer; of several the highest counts."""
    return STATUSES[answer]


def say(output: Output, name: str, found: Presented, zone: TimeZone | None) -> None:
    """Say a verdict; its times are the office's, or UTC where no office is known."""
    output.say("{name}: {answer}", name=name, answer=output.language.text(ANSWERS[found.answer]))
    if found.signature is not None:
        _say_signature(output, found.signature, zone)
    for verdict in found.codes:
        _say_code(output, verdict, zone)
    if found.kind is not Kind.PDF and any(verdict.statement for verdict in found.codes):
        output.say(
            marked("  The code is judged, not the paper: compare what it states with what is printed.")
        )
    if found.problem is not None:
        output.explain(found.problem)


def _say_signature(output: Output, signature: SignatureVerdict, zone: TimeZone | None) -> None:
    if signature.moment is None:
        answer = output.language.text(ANSWERS[signature.answer])
        output.say(marked("  Signature of the file: {answer}."), answer=answer)
        return
    output.say(
        marked("  Signature of the file: over all of it, {moment}, {signer}: {answer}."),
        moment=_shown(signature.moment, zone),
        signer=signature.signer,
        answer=output.language.text(ANSWERS[signature.answer]),
    )
    _say_stolen(output, stolen=signature.key_stolen)


def _say_code(output: Output, verdict: Verdict, zone: TimeZone | None) -> None:
    answer = output.language.text(ANSWERS[answer_of(verdict)])
    statement = verdict.statement
    if statement is None:
        output.say(marked("  Code: {answer}."), answer=answer)
        return
    output.say(marked("  Code: {answer}; {issuer}"), answer=answer, issuer=statement.issuer)
    output.say(
        marked("  Letter {number}, from {first} to {last}."),
        number=statement.number,
        first=_shown(_moment(statement.issued), zone),
        last=_shown(_moment(statement.expires), zone),
    )
    output.say(
        marked("  It states: {name}, NIK {nik}, born {born}."),
        name=statement.name,
        nik=statement.nik,
        born=f"{statement.birth_date:%d-%m-%Y}",
    )
    as_of = _shown(verdict.withdrawal_as_of, zone) if verdict.withdrawal_as_of else ""
    output.say(WITHDRAWALS[verdict.withdrawal], date=as_of)
    _say_stolen(output, stolen=verdict.key_stolen)


def _say_stolen(output: Output, *, stolen: bool) -> None:
    if stolen:
        output.say(
            marked(
                "  This key was stolen later: a thief can write an earlier date. Ask the office's register."
            )
        )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _shown(moment: datetime, zone: TimeZone | None) -> str:
    return f"{moment:%d-%m-%Y %H:%M} UTC" if zone is None else f"{local(moment, zone):%d-%m-%Y %H:%M} {zone}"


def document(name: str, found: Presented, language: Language) -> dict[str, object]:
    """A verdict as a JSON object. It holds what the code states of a person, as the screen does."""
    return {
        "file": name,
        "kind": found.kind.value,
        "answer": found.answer.value,
        "signature": _signature_document(found.signature) if found.signature else None,
        "codes": [_code_document(verdict) for verdict in found.codes],
        "problem": error_document(found.problem, language) if found.problem else None,
    }


def _signature_document(signature: SignatureVerdict) -> dict[str, object]:
    return {
        "answer": signature.answer.value,
        "issuer": signature.issuer,
        "signer": signature.signer,
        "moment": signature.moment.isoformat() if signature.moment else None,
        "key_stolen": signature.key_stolen,
    }


def _code_document(verdict: Verdict) -> dict[str, object]:
    as_of = verdict.withdrawal_as_of
    found: dict[str, object] = {
        "genuineness": verdict.genuineness.value,
        "withdrawal": verdict.withdrawal.value,
        "withdrawal_as_of": as_of.isoformat() if as_of else None,
        "key_stolen": verdict.key_stolen,
    }
    if (statement := verdict.statement) is not None:
        found |= {
            "issuer": statement.issuer,
            "number": statement.number,
            "nik": statement.nik,
            "name": statement.name,
            "birth_date": statement.birth_date.isoformat(),
            "issued": _moment(statement.issued).isoformat(),
            "expires": _moment(statement.expires).isoformat(),
        }
    return found
