"""Our IPP client and the station's paper printer against a real cupsd; Debian's own programs judge."""

import hashlib
import subprocess
from pathlib import Path
from random import Random

import pytest

from drivers.cups.client import CupsQueue
from drivers.cups.errors import ObjectUnknown, RequestRefused, ServerAbsent
from drivers.cups.readings import JobState, QueueState
from station.devices.paper_printer import (
    USER,
    CupsPaperPrinter,
    choose_medium,
    complaints,
    open_paper_printer,
)
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.ports import PaperJob, PaperJobState, PaperPrinter
from tests.paper_fixture import PaperOffice, listening_addresses, wait_for

pytest_plugins = ["tests.paper_plugin"]

PDF = b"%PDF-1.7\n" + Random(1).randbytes(60_000) + b"\n%%EOF\n"
SHA256 = hashlib.sha256(PDF).hexdigest()


def printer_of(office: PaperOffice) -> PaperPrinter:
    return open_paper_printer(office.url, "a4")


def sent(office: PaperOffice, title: str) -> PaperJob:
    """A job with its document at the print server."""
    printer = printer_of(office)
    job = PaperJob(printer.open_job(title), title, SHA256)
    printer.send(job, PDF)
    return job


def state_of(office: PaperOffice, job: PaperJob) -> PaperJobState:
    return printer_of(office).look(job).state


def test_the_bytes_arrive_unchanged_with_our_options(paper: PaperOffice) -> None:
    job = sent(paper, "471.13/00001/2026")
    wait_for(lambda: state_of(paper, job) is PaperJobState.HANDED_OVER)
    (run,) = paper.runs("471.13/00001/2026")
    assert (run.job, run.copies, run.paper, run.sha256) == (job.job, 1, "whole", SHA256)
    assert paper.document(len(paper.admin.truth().runs)) == PDF
    wanted = {"media=iso_a4_210x297mm", "print-color-mode=color", "print-scaling=none", "sides=one-sided"}
    assert wanted <= set(run.options)


def test_the_queue_keeps_its_own_defaults_from_us(paper: PaperOffice) -> None:
    """What our options are for: the queue prints two-sided, in grey and with a cover sheet by default."""
    defaults = ("sides-default=two-sided-long-edge", "job-sheets-default=standard")
    paper.tool("lpadmin", "-p", "kantor", *(word for one in defaults for word in ("-o", one)))
    try:
        job = sent(paper, "471.13/00002/2026")
        wait_for(lambda: state_of(paper, job) is PaperJobState.HANDED_OVER)
    finally:
        paper.tool("lpadmin", "-p", "kantor", "-o", "job-sheets-default=none,none")
        paper.tool("lpadmin", "-p", "kantor", "-R", "sides-default")
    (run,) = paper.runs("471.13/00002/2026")
    assert "sides=one-sided" in run.options
    assert run.sha256 == SHA256


def test_debians_own_programs_see_what_we_see(paper: PaperOffice, tmp_path: Path) -> None:
    """ipptool reads the job that we made, and we read the job that lp made."""
    job = sent(paper, "471.13/00003/2026")
    wait_for(lambda: state_of(paper, job) is PaperJobState.HANDED_OVER)
    assert f"kantor-{job.job} " in paper.tool("lpstat", "-W", "completed", "-u", USER)
    question = tmp_path / "job.test"
    question.write_text(
        "{ OPERATION Get-Job-Attributes GROUP operation-attributes-tag"
        " ATTR charset attributes-charset utf-8"
        " ATTR language attributes-natural-language en ATTR uri printer-uri $uri"
        f" ATTR integer job-id {job.job} ATTR name requesting-user-name {USER}"
        " STATUS successful-ok EXPECT job-state OF-TYPE enum WITH-VALUE 9"
        ' EXPECT job-name OF-TYPE name WITH-VALUE "471.13/00003/2026"'
        " EXPECT document-format WITH-VALUE application/pdf"
        f' EXPECT job-originating-user-name WITH-VALUE "{USER}" }}'
    )
    assert "[PASS]" in paper.tool("ipptool", "-tv", paper.url, str(question))
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    said = paper.tool("lp", "-d", "kantor", "-U", USER, "-t", "471.13/00004/2026", str(letter))
    number = int(said.split("kantor-")[1].split()[0])
    queue = CupsQueue(paper.url, USER)
    wait_for(lambda: queue.look_at_job(number).state is JobState.COMPLETED)
    assert queue.look_at_job(number).title == "471.13/00004/2026"
    assert (number, job.job) == tuple(sorted({one.number for one in queue.jobs()})[-1:-3:-1])


def test_the_standards_own_suite_accepts_the_simulated_queue(paper: PaperOffice) -> None:
    """`get-printer-attributes.test` of CUPS itself: the simulated queue is one that other clients accept."""
    assert "[PASS]" in paper.tool("ipptool", "-t", paper.url, "get-printer-attributes.test")


def test_a_title_and_nothing_else_is_known_to_others(paper: PaperOffice) -> None:
    job = sent(paper, "471.13/00005/2026")
    wait_for(lambda: state_of(paper, job) is PaperJobState.HANDED_OVER)
    assert CupsQueue(paper.url, "somebody").look_at_job(job.job).title == ""
    with pytest.raises(RequestRefused):
        CupsQueue(paper.url, "somebody").cancel_job(job.job)
    spool = [name for name in (paper.folder / "cups/spool").iterdir() if name.name.startswith("d")]
    assert spool == []  # the document does not stay in the spool


def test_a_job_without_a_document_prints_nothing(own_paper: PaperOffice) -> None:
    """What a crash leaves between opening and sending. Even a document that comes after it is not printed."""
    printer = printer_of(own_paper)
    job = PaperJob(printer.open_job("471.13/00006/2026"), "471.13/00006/2026", SHA256)
    assert printer.look(job).state is PaperJobState.EMPTY
    printer.drop_empty_jobs("471.13/00007/2026")
    assert printer.look(job).state is PaperJobState.EMPTY
    printer.drop_empty_jobs("471.13/00006/2026")
    reading = printer.look(job)
    assert (reading.state, reading.has_begun) == (PaperJobState.CANCELLED, False)
    try:
        printer.send(job, PDF)
    except StationError as error:
        assert error.code == "PAPER_PRINTER_REFUSED"
    other = sent(own_paper, "471.13/00008/2026")
    wait_for(lambda: state_of(own_paper, other) is PaperJobState.HANDED_OVER)
    assert own_paper.runs("471.13/00006/2026") == []
    assert not printer.look(job).has_begun


@pytest.mark.parametrize(
    ("fault", "state", "paper_out"),
    [
        ("aborts-after-printing", PaperJobState.ABORTED, "whole"),
        ("aborts-half-printed", PaperJobState.ABORTED, "half"),
        ("aborts", PaperJobState.ABORTED, "none"),
        ("cancels-after-printing", PaperJobState.CANCELLED, "whole"),
    ],
)
def test_a_job_that_fails_under_way_never_says_that_nothing_came_out(
    aborting: PaperOffice, fault: str, state: PaperJobState, paper_out: str
) -> None:
    title = f"471.13/{fault}/2026"
    aborting.admin.fault(fault)
    job = sent(aborting, title)
    wait_for(lambda: state_of(aborting, job) is state)
    assert printer_of(aborting).look(job).has_begun
    assert [run.paper for run in aborting.runs(title)] == [paper_out]
    aborting.mend()


def test_what_the_printer_complains_of(paper: PaperOffice) -> None:
    for number, (fault, reason) in enumerate((("media-empty", "media-empty"), ("jam", "media-jam"))):
        paper.admin.fault(fault)
        job = sent(paper, f"471.13/0001{number}/2026")
        wait_for(lambda: printer_of(paper).read().reasons == (reason,))  # noqa: B023
        assert state_of(paper, job) is PaperJobState.PRINTING
        paper.mend()
        wait_for(lambda: state_of(paper, job) is PaperJobState.HANDED_OVER)  # noqa: B023
    assert printer_of(paper).read().reasons == ()


def test_a_stopped_queue_prints_the_job_when_it_is_switched_on(own_paper: PaperOffice) -> None:
    own_paper.admin.fault("stops")
    job = sent(own_paper, "471.13/00020/2026")
    wait_for(lambda: printer_of(own_paper).read().stopped)
    assert state_of(own_paper, job) is PaperJobState.WAITING
    own_paper.mend()
    own_paper.enable()
    wait_for(lambda: state_of(own_paper, job) is PaperJobState.HANDED_OVER)
    assert own_paper.sheets("471.13/00020/2026") == 1


def test_a_held_job_and_its_cancelling(paper: PaperOffice) -> None:
    paper.admin.fault("held")
    job = sent(paper, "471.13/00021/2026")
    wait_for(lambda: state_of(paper, job) is PaperJobState.HELD)
    printer_of(paper).cancel(job)
    wait_for(lambda: state_of(paper, job) is PaperJobState.CANCELLED)
    printer_of(paper).cancel(job)  # again: it stays as it is
    paper.mend()


def test_a_print_server_that_is_gone(own_paper: PaperOffice) -> None:
    own_paper.admin.person("switch_off")
    wait_for(lambda: not own_paper.admin.truth().cupsd)
    with pytest.raises(ServerAbsent):
        CupsQueue(own_paper.url, USER).look()
    printer = printer_of(own_paper)
    job = PaperJob(1, "x", SHA256)
    for act in (
        printer.read,
        lambda: printer.open_job("x"),
        lambda: printer.send(job, PDF),
        lambda: printer.look(job),
        lambda: printer.cancel(job),
    ):
        with pytest.raises(DeviceAbsent) as caught:
            act()
        assert caught.value.code == "PAPER_PRINTER_ABSENT"


def test_a_job_that_the_server_forgot_in_its_crash_is_gone_and_not_undone(own_paper: PaperOffice) -> None:
    """cupsd writes its list of jobs late: what it printed a moment ago it may not know after a crash."""
    own_paper.admin.fault("media-empty")
    job = sent(own_paper, "471.13/00030/2026")
    wait_for(lambda: printer_of(own_paper).read().reasons == ("media-empty",))
    own_paper.kill_cupsd()
    reading = printer_of(own_paper).look(job)
    assert reading.state in (PaperJobState.GONE, PaperJobState.PRINTING, PaperJobState.WAITING)
    assert reading.has_begun or reading.state is not PaperJobState.GONE
    own_paper.mend()
    other = sent(own_paper, "471.13/00031/2026")  # it may get the number of the job that was forgotten
    wait_for(lambda: state_of(own_paper, other) is PaperJobState.HANDED_OVER)
    if other.job == job.job:
        assert state_of(own_paper, job) is PaperJobState.GONE


def test_a_queue_that_was_removed(own_paper: PaperOffice) -> None:
    job = sent(own_paper, "471.13/00032/2026")
    wait_for(lambda: state_of(own_paper, job) is PaperJobState.HANDED_OVER)
    own_paper.tool("lpadmin", "-x", "kantor")
    with pytest.raises(DeviceAbsent) as caught:
        printer_of(own_paper).read()
    assert caught.value.code == "PAPER_QUEUE_UNKNOWN"
    with pytest.raises(ObjectUnknown):
        CupsQueue(own_paper.url, USER).create_job("x", {})
    assert state_of(own_paper, PaperJob(999, "x", SHA256)) is PaperJobState.GONE


def test_a_queue_that_takes_no_jobs(own_paper: PaperOffice) -> None:
    own_paper.tool("cupsreject", "kantor")
    with pytest.raises(DeviceFault) as caught:
        printer_of(own_paper).read()
    assert caught.value.code == "PAPER_PRINTER_REFUSED"
    with pytest.raises(RequestRefused):
        CupsQueue(own_paper.url, USER).create_job("x", {})


def test_a_backend_that_is_gone(own_paper: PaperOffice) -> None:
    """As after an update that took the printer's program away: the job stops, and the queue says nothing."""
    own_paper.admin.person("unplug")
    job = sent(own_paper, "471.13/00033/2026")
    wait_for(lambda: state_of(own_paper, job) is PaperJobState.STOPPED)
    assert not printer_of(own_paper).read().stopped
    printer_of(own_paper).cancel(job)
    wait_for(lambda: state_of(own_paper, job) is PaperJobState.CANCELLED)
    assert own_paper.runs("471.13/00033/2026") == []


def test_a_queue_that_a_technician_adds(own_paper: PaperOffice) -> None:
    """As docs/howto/teknisi.md says it: a raw queue and one without paper sizes print too."""
    device = f"station-sim:{own_paper.folder}/printer"
    own_paper.tool("lpadmin", "-p", "baru", "-E", "-v", device)
    printer = open_paper_printer(own_paper.url.replace("kantor", "baru"), "folio")
    job = PaperJob(printer.open_job("471.13/00034/2026"), "471.13/00034/2026", SHA256)
    printer.send(job, PDF)
    wait_for(lambda: printer.look(job).state is PaperJobState.HANDED_OVER)
    assert [run.sha256 for run in own_paper.runs("471.13/00034/2026")] == [SHA256]


def test_folio_is_chosen_from_what_the_queue_offers(paper: PaperOffice) -> None:
    printer = open_paper_printer(paper.url, "folio")
    job = PaperJob(printer.open_job("471.13/00035/2026"), "471.13/00035/2026", SHA256)
    printer.send(job, PDF)
    wait_for(lambda: printer.look(job).state is PaperJobState.HANDED_OVER)
    (run,) = paper.runs("471.13/00035/2026")
    assert "media=na_foolscap_8.5x13in" in run.options
    assert choose_medium("folio", ("iso_a4_210x297mm", "custom_f4_215x330mm")) == "custom_f4_215x330mm"
    assert choose_medium("folio", ("iso_a4_210x297mm",)) is None
    assert choose_medium("a4", ()) == "iso_a4_210x297mm"


def test_complaints_are_what_a_person_must_mend() -> None:
    said = (
        "none",
        "paused",
        "media-empty-error",
        "toner-low-warning",
        "offline-report",
        "cups-waiting-for-job-completed",
        "cover-open",
        "media-empty",
        "connecting-to-device",
        "toner-low-report",
    )
    assert complaints(said) == ("media-empty", "offline", "cover-open")


def test_cupsd_is_nobody_and_listens_on_the_loopback_alone(paper: PaperOffice) -> None:
    pid = int((paper.folder / "cups/state/cupsd.pid").read_text())
    assert listening_addresses(pid) == {"0100007F"}
    rights = Path(f"/proc/{pid}/status").read_text()
    assert "CapEff:\t0000000000000000" in rights
    assert CupsQueue(paper.url, USER).look().state in (QueueState.IDLE, QueueState.PROCESSING)


def test_an_address_that_cannot_be() -> None:
    for url in ("ipps://localhost/printers/a", "ipp://localhost/", "file://elsewhere/folder"):
        with pytest.raises(InputFault) as caught:
            open_paper_printer(url, "a4")
        assert caught.value.code == "PAPER_PRINTER_UNUSABLE"


def test_silence_is_never_a_no(own_paper: PaperOffice) -> None:
    """A cupsd that stands still: SIGSTOP. Nobody knows what it will do with what was sent."""
    printer = CupsPaperPrinter(own_paper.url, "a4", patience=0.3)
    pid = (own_paper.folder / "cups/state/cupsd.pid").read_text().strip()
    subprocess.run(["kill", "-STOP", pid], check=True)
    try:
        with pytest.raises(OutcomeUnknown) as caught:
            printer.open_job("471.13/00040/2026")
        assert caught.value.code == "PAPER_PRINTER_SILENT"
    finally:
        subprocess.run(["kill", "-CONT", pid], check=True)
