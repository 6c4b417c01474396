"""Whatever a host sends, the printer answers it and lives on; the README names all there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulators.evolis
from simulators.admin import AdminError
from simulators.evolis.faults import FAULTS
from tests.unit.evolis_simulator.printer_rig import (
    Rig,
    bare_job,
    command,
    equipment,
    plain_panels,
    running,
    simulated_printer,
)

# Psc and Srs are left out: after them the next command looks different, or a fault waits for a person.
MNEMONICS = """
Psync Psmgr Ppws Pcla Ppmode Pwres Psk Piqla Peoic Pida Pdt Mr Pps Pwr Pmc Pmt Pos Poc Scs Pcim Pcem Pcrm Pmi
Pr Pc Pl Ps Wcb Rtp Rfv Rsn Rkn Rmac Rok Roem Rzp Rpst Rco Rr Rrt Rcr Rse Rlr Rem Rcim Rcem Rcrm Rmi Si Sib
Sis Sic Siscan Sce Ser Seb Sie Ss Se Sr Sv Nonsense
"""
PARAMETERS = st.lists(
    st.one_of(st.sampled_from(["", "y", "k", "o", "F", "D", "R", "s", "t", "=", "1", "2", "255", "p", "all"]),
              st.text("0123456789ymckoFDRN=+-", max_size=12)), max_size=4,
)  # fmt: skip
COMMANDS = st.lists(st.tuples(st.sampled_from(MNEMONICS.split()), PARAMETERS), min_size=1, max_size=12)


@settings(max_examples=60)
@given(COMMANDS)
def test_every_command_gets_one_reply(shared_rig: Rig, commands: list[tuple[str, list[str]]]) -> None:
    shared_rig.send(command("Srs") + command("Pem;2"))
    for action in ("empty_reject_box", "empty_tray"):
        shared_rig.person(action)
    sent = [";".join([name, *parameters]) for name, parameters in commands]
    replies = shared_rig.send(b"".join(command(text) for text in sent))
    assert len(replies) == len(sent)
    assert all(replies)
    shared_rig.wait_idle()
    assert shared_rig.ask("Rok") == "OK"


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_noise_does_no_harm(shared_rig: Rig, noise: bytes) -> None:
    shared_rig.send(noise)
    shared_rig.send(b"\x1bPsc\r")
    assert shared_rig.ask("Rok") == "OK"


@pytest.fixture(scope="module")
def shared_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with running(
        replace(equipment(tmp_path_factory.mktemp("printer"), hopper=2000), tray_capacity=5000)
    ) as rig:
        yield rig


def test_a_printer_that_does_not_answer_the_commands_of_a_job(tmp_path: Path) -> None:
    """The other reading of the sources: a driver must live with both."""
    with running(replace(equipment(tmp_path), quiet_jobs=True)) as rig:
        assert rig.send(command("Pem;2") + bare_job(plain_panels()) + command("Rfv")) == ["OK", "SIM-1.0"]
        rig.wait_idle()
        assert rig.truth().panels_printed == 5


def test_the_readme_names_every_fault_and_action(tmp_path: Path) -> None:
    readme = (Path(simulators.evolis.__file__).parent / "README.md").read_text()
    named = {name.split(":")[0] for name in re.findall(r"`([a-z_A-Z:]+)`", readme)}
    assert set(FAULTS) <= named
    with simulated_printer(tmp_path) as rig, pytest.raises(AdminError) as refusal:
        rig.person("nonsense")
    actions = str(refusal.value).partition("known: ")[2].rstrip(")").split(", ")
    assert len(actions) > 10
    assert set(actions) <= named
