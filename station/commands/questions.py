"""`station questions`: what the station cannot know and a person must say."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "questions", marked("questions that wait for a person"))
    noun.verb("list", marked("open questions, with the evidence and the possible verdicts"), _list)
    (
        noun.verb("answer", marked("answer a question"), _answer)
        .argument("question", marked("number of the question"), kind=number)
        .option("--verdict", marked("one of the verdicts that the list shows"), required=True)
        .option("--by", marked("who answers"), required=True)
        .option("--reason", marked("what you have seen"), required=True)
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.cards.questions import QUESTIONS, QuestionEvidence
    from station.commands.office import office_of
    from station.journal.store import open_questions

    with office_of(context) as office, office.database.reading() as transaction:
        rows = open_questions(transaction)
    output, text, word = context.output, context.output.language.text, context.output.word
    documents = []
    for row in rows:
        kind, evidence = QUESTIONS[row.name], QuestionEvidence.model_validate_json(row.payload)
        asked = text(kind.text, job=row.job, card=evidence.card or "-")
        output.say(marked("[{number}] {text}"), number=row.sequence, text=asked)
        if evidence.card or evidence.cause:
            output.say(
                marked("    card {card}, cause: {cause}"),
                card=evidence.card or "-",
                cause=word(evidence.cause) if evidence.cause else "-",
            )
        _say_evidence(context, evidence.evidence)
        for code, verdict in kind.verdicts.items():
            output.say(marked("    --verdict {code}: {text}"), code=code, text=text(verdict.text))
        documents.append(
            {
                "question": row.sequence,
                "name": row.name,
                "job": row.job,
                "lane": row.lane,
                "asked_at": row.at,
                "text": asked,
                "card": evidence.card,
                "cause": evidence.cause,
                "evidence": evidence.evidence,
                "verdicts": list(kind.verdicts),
            }
        )
    if not rows:
        output.say(marked("No open question."))
    output.document(documents)
    return ExitStatus.DONE


def _say_evidence(context: Context, evidence: str) -> None:
    """Say what the printer showed when the question arose, if a printer's reading raised it."""
    from pydantic import ValidationError

    from station.cards.once import PrinterReport

    try:
        report = PrinterReport.model_validate_json(evidence)
    except ValidationError:
        return
    word = context.output.word
    context.output.say(
        marked("    the printer showed: {condition}; card: {position}; panels printed: {panels}"),
        condition=word(report.reading.condition.value),
        position=word(f"at_{report.reading.position.value}"),
        panels=report.reading.panels_printed,
    )
    if report.faults:
        context.output.say(
            marked("    it had complained of: {faults}"),
            faults=", ".join(word(fault) for fault in report.faults),
        )


def _answer(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import AnsweredQuestion, AnswerQuestion, answer_question

    request = AnswerQuestion(
        question=arguments.number("question"),
        verdict=arguments.text("verdict"),
        by=arguments.text("by"),
        reason=arguments.text("reason"),
    )
    with office_of(context) as office:
        answered = carry_out(office, "answer_question", answer_question, request, AnsweredQuestion)
    state = answered.state.value if answered.state else "-"
    context.output.say(marked("Thank you. The job is {state}."), state=context.output.job_word(state))
    context.output.document({"question": request.question, "job_state": state})
    return ExitStatus.DONE
