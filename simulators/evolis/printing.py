"""The print job between `Ss` and `Se`: panels arrive, and the arrival of one starts the one before (G)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulators.evolis.errors import MachineFault, Refused
from simulators.evolis.loading import Loading
from simulators.evolis.machine import Machine
from simulators.evolis.memory import Job, Panel
from simulators.evolis.raster import Ink
from simulators.evolis.ribbons import ribbon_named
from simulators.evolis.status import Error
from simulators.evolis.truth import Side


class PrintJobs:
    """Turns the commands of a job into steps of the machine."""

    def __init__(self, machine: Machine, loading: Loading) -> None:
        self._machine = machine
        self._loading = loading

    def open(self, owner: object, given_up: Callable[[], bool]) -> None:
        """Obey `Ss`.

        While an earlier card is under way the host is kept waiting (assumed: one job at a time).

        Raises:
            Refused: a job is open, an error is latched, or the ribbon is not the one asked for.
        """
        machine = self._machine
        self._refuse_second_job()
        machine.wait_until_idle(given_up)
        with machine.changed:
            self._refuse_second_job()
            self._refuse_after_error()
            if given_up():
                raise Refused("ERR COMMAND")
            wanted, mounted = machine.memory.ribbon, machine.mechanism.truth.ribbon.kind
            if wanted not in {None, mounted}:
                machine.memory.errors |= Error.BAD_RIBBON
                raise Refused("ERR RIBBON")
            machine.memory.job = Job(owner)

    def download(self, name: str, ink: Ink) -> None:
        """Take a panel; the one before it starts to be printed.

        Raises:
            Refused: no job is open or it has failed, or the ribbon has no such panel after the last one.
        """
        job = self._open_job()
        panels = ribbon_named(self._machine.mechanism.truth.ribbon.kind).panels
        arrived = job.arrived[job.side]
        position = -1
        for earlier in [*arrived, name]:
            # the ribbon runs one way (assumed: a panel out of its order is refused)
            position = panels.find(earlier, position + 1)
            if position < 0:
                raise Refused("ERR PARAMETER")
        arrived.append(name)
        self._start_pending(job)
        job.pending = Panel(job.side, name, ink)

    def turn(self, side: Side) -> None:
        """Obey `Sr` or `Sv`: the downloads that follow are for this side.

        Raises:
            Refused: no job is open, or the model cannot turn cards over.
        """
        job = self._open_job()
        if side == "back" and not self._machine.mechanism.model.has_flip:
            raise Refused("ERR OPTION")
        self._start_pending(job)
        job.side = side

    def end(self) -> None:
        """Obey `Se`: print the last panel and eject to the tray that is set.

        Raises:
            Refused: no job is open, it has failed, or there is nothing to print and nothing to eject.
        """
        memory = self._machine.memory
        if memory.job is not None and memory.job.failed:
            memory.job.ended = True
        job = self._open_job()
        if not any(job.arrived.values()) and self._machine.mechanism.truth.inside is None:
            memory.job = None
            raise Refused("NO CARD")
        self._start_pending(job)
        self._start_fills(job)
        with self._machine.changed:
            job.ended = True
            self._machine.perform(lambda: self._finish(job), None, lambda fault: self._fail(job, fault))

    def abandon(self, owner: object) -> None:
        """The connection that opened the job is gone: what has not begun is not printed (assumed)."""
        with self._machine.changed:
            job = self._machine.memory.job
            if job is None or job.owner is not owner or job.ended or not self._machine.powered:
                return
            job.pending = None
            job.ended = True
            self._machine.perform(lambda: self._drop(job))

    def _refuse_second_job(self) -> None:
        job = self._machine.memory.job
        if job is not None and not job.ended and not job.failed:
            raise Refused("ERR COMMAND")

    def _refuse_after_error(self) -> None:
        if self._machine.memory.errors:
            # assumed: no new job before the error line is cleared with Scs
            raise Refused("ERR STATUS")

    def _open_job(self) -> Job:
        job = self._machine.memory.job
        if job is None or job.ended:
            raise Refused("ERR STATUS" if job is not None and job.failed else "ERR COMMAND")
        if job.failed:
            raise Refused("ERR STATUS")
        return job

    def _start_pending(self, job: Job) -> None:
        panel, job.pending = job.pending, None
        if panel is not None:
            self._start(job, panel)

    def _start(self, job: Job, panel: Panel) -> None:
        self._machine.perform(
            lambda: self._print(job, panel),
            lambda: self._reprint(job, panel),
            lambda fault: self._fail(job, fault),
        )

    def _start_fills(self, job: Job) -> None:
        """Print what `Wcb` has filled and no download has replaced (G: full varnish without a download)."""
        mechanism = self._machine.mechanism
        for name in ribbon_named(mechanism.truth.ribbon.kind).panels:
            value = self._machine.memory.fills.get(name, 0)
            if value and name not in job.arrived[job.side] and job.arrived[job.side]:
                shape = (mechanism.model.lines, mechanism.model.dots)
                job.arrived[job.side].append(name)
                self._start(job, Panel(job.side, name, np.full(shape, value, dtype=np.uint8)))

    def _print(self, job: Job, panel: Panel) -> None:
        if job.failed:
            return
        mechanism = self._machine.mechanism
        if panel.side not in job.sides_begun:
            mechanism.begin_side(panel.side, panel.name, self._loading.bring_in)
            job.sides_begun.add(panel.side)
        mechanism.print_panel(panel.side, panel.name, panel.ink)
        job.printed.append(panel)

    def _reprint(self, job: Job, panel: Panel) -> None:
        """Try the card again after a person has mended the fault (G: in mode 0 the printer may do so)."""
        job.again = max(job.again, job.printed, key=len)
        if job.printed and self._machine.mechanism.truth.inside is not None:
            self._machine.mechanism.abandon_run()
            self._loading.reject_spoiled()
        if job.printed:
            job.printed = []
            job.sides_begun.clear()
        for earlier in [*job.again, panel]:
            self._print(job, earlier)
        job.again = []

    def _finish(self, job: Job) -> None:
        if not job.failed and self._machine.mechanism.truth.inside is not None:
            self._loading.eject()
        self._drop(job)

    def _drop(self, job: Job) -> None:
        self._machine.mechanism.abandon_run()
        with self._machine.changed:
            if self._machine.memory.job is job and not job.failed:
                self._machine.memory.job = None

    def _fail(self, job: Job, fault: MachineFault) -> None:
        """The job is lost; the card stays where it is, with what is on it."""
        self._machine.mechanism.abandon_run()
        with self._machine.changed:
            job.failed = True
            job.pending = None
            # a job that a mere warning has stopped is lost too (facts: ERROR = job lost)
            self._machine.memory.errors |= fault.error or Error.FEEDER
            self._machine.changed.notify_all()
