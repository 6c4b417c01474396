"""The main job: twelve records in, ten cards out, two faults on the way, one holder; every number compared."""

from __future__ import annotations

import time
from collections.abc import Sequence

from simulators.demo import plan
from simulators.demo.accounts import Check, check_all
from simulators.demo.counter import give_first_card
from simulators.demo.errors import DemoError
from simulators.demo.evidence import Evidence, collect
from simulators.demo.faces import check_faces, copy_faces
from simulators.demo.office import Office
from simulators.demo.recording import write_bundle
from simulators.demo.records import DemoRecord, write_records
from simulators.demo.station_command import wait_for
from simulators.demo.summary import explain, summary, write_summary
from simulators.demo.technician import Technician


def run_main_job(office: Office, begun: float) -> bool:
    """Do all of it; `begun` is when, on the monotonic clock. Return whether every number was right.

    Raises:
        DemoError, RigError: it did not come to its end.
    """
    records = _make_records(office)
    office.open_up()
    _arm_faults(office)
    statuses = [
        _take_in(office, records),
        _add_jobs(office, records),
        _run_jobs(office),
        give_first_card(office),
    ]
    evidence = collect(office)
    cards = office.rig.options.printer_folder(plan.LANE) / "cards"
    faces = copy_faces(cards, evidence.attempts("ready"), office.folders.cards)
    explain(evidence, office.screen)
    statuses.append(_verify_journal(office))
    checks = [*statuses, *check_all(evidence, records), *check_faces(faces)]
    write_summary(office.folders.summary, summary(evidence, time.monotonic() - begun))
    return _report(office, evidence, checks, time.monotonic() - begun)


def _make_records(office: Office) -> list[DemoRecord]:
    office.screen.title(
        f"{plan.RECORDS} rekaman masuk, satu belum siap cetak",
        f"{plan.RECORDS} records come in, one is not print-ready",
    )
    records = write_records(office.folders.records, 1, plan.RECORDS, plan.NOT_READY_RECORD)
    office.screen.say(
        "Semua orang di sini buatan komputer; tidak ada yang nyata.",
        "Everybody here is made up by the computer; nobody is real.",
    )
    return records


def _arm_faults(office: Office) -> None:
    office.printer.fault(plan.CHIP_FAULT, at=plan.CHIP_FAULT_CARD)
    office.printer.fault(plan.JAM, at=plan.JAM_PRINT)
    office.screen.title("Dua gangguan dipasang", "Two faults are armed")
    office.screen.say(
        f"Chip kartu ke-{plan.CHIP_FAULT_CARD} akan salah baca; kartu ke-{plan.JAM_CARD} akan macet saat "
        "dicetak.",
        f"The chip of card {plan.CHIP_FAULT_CARD} will read back wrong; card {plan.JAM_CARD} will jam.",
    )


def _take_in(office: Office, records: Sequence[DemoRecord]) -> Check:
    office.screen.title(
        "Rekaman datang di diska, tersegel untuk stasiun ini",
        "The records come on a disk, sealed for this station",
    )
    write_bundle(office, records)
    status = office.station.show("records", "import", str(office.folders.disk))
    return Check("exit status of records import", 0, status)


def _add_jobs(office: Office, records: Sequence[DemoRecord]) -> Check:
    office.screen.title(
        "Rekaman dikirim ke pusat; pusat mencari rekaman ganda dan menyatakan status",
        "The records go to the centre; it searches for duplicates and says each status",
    )
    not_ready = {one.record_id: one.status for one in records if one.status != plan.PRINT_READY}
    office.let_centre_search(not_ready)
    office.screen.title("Rekaman masuk antrean; gerbang menolak satu", "Into the queue; the gate refuses one")
    named = [word for record in records for word in ("--record", record.record_id)]
    status = office.station.show("jobs", "add", *named)
    return Check("exit status of jobs add", plan.EXIT_REFUSED, status)


def _run_jobs(office: Office) -> Check:
    office.screen.title("Stasiun cetak bekerja", "The station works")

    def check() -> None:
        office.check_rig()
        if technician.trouble is not None:
            raise DemoError(f"the technician cannot see the printer: {technician.trouble}")

    with Technician(office) as technician:
        status = wait_for(office.station.start("jobs", "run"), check, plan.LIMIT)
    return Check("exit status of jobs run", plan.EXIT_WAITS, status)


def _verify_journal(office: Office) -> Check:
    office.screen.title("Jurnal diperiksa: rantai dan tanda tangan", "The journal: its chain and signatures")
    return Check("exit status of audit verify", 0, office.station.show("audit", "verify"))


def _report(office: Office, evidence: Evidence, checks: Sequence[Check], seconds: float) -> bool:
    wrong = [check for check in checks if not check.holds]
    screen = office.screen
    screen.title("Hasil", "The result")
    for check in wrong:
        screen.say(
            f"BEDA: {check.name}: seharusnya {check.expected}, ternyata {check.found}",
            f"DIFFERENT: {check.name}: expected {check.expected}, found {check.found}",
        )
    if not wrong:
        screen.say(
            f"Semua {len(checks)} perbandingan antara stasiun cetak, printer dan chip cocok, setelah "
            f"{seconds:.0f} detik.",
            f"All {len(checks)} comparisons between station, printer and chips hold, after {seconds:.0f} s.",
        )
    for question in evidence.questions:
        screen.say(
            f"Masih terbuka: pertanyaan {question.question}: {question.text}",
            f"Still open: question {question.question} ({question.name}), answered by: "
            f"station questions answer {question.question} --verdict ...",
        )
    screen.line(f"    {office.folders.summary}  {office.folders.cards}/*.png")
    return not wrong
