"""What came out of the demo, in a file and on the screen."""

from __future__ import annotations

import json
from pathlib import Path

from simulators.demo.evidence import Evidence
from simulators.demo.screen import Screen

CONSEQUENCES = {
    "chip_readback": (
        "isi chip tidak cocok saat dibaca ulang: ditolak sebelum dicetak, tugas mengambil blangko lain "
        "dengan sendirinya",
        "the chip read back differently: rejected before printing, the job took another blank by itself",
    ),
    "print_jam": (
        "macet di unit cetak: chip yang sudah terkunci dimatikan, kartu di kotak tolak, tugas menunggu "
        "keputusan orang",
        "jam in the print station: the locked chip was terminated, the card is in the reject box, the job "
        "waits for a person",
    ),
}
UNEXPLAINED = ("tidak dikenal", "unknown")


def summary(evidence: Evidence, seconds: float) -> dict[str, object]:
    """Return the summary as a JSON object; every number is counted from the evidence."""
    return {
        "cards_ready": len(evidence.in_state("ready")),
        "refused": len(evidence.in_state("refused")),
        "waiting": len(evidence.in_state("waiting")),
        "chips_verified": len(evidence.chips_verified()),
        "handed_over": len(evidence.handed_over()),
        "blanks": evidence.blanks.accounts(),
        "spoiled_by_cause": evidence.blanks.spoiled_by_cause,
        "faults": [
            {
                "cause": attempt.cause,
                "job": job.job,
                "card": attempt.card,
                "consequence": CONSEQUENCES.get(attempt.cause or "", UNEXPLAINED)[1],
            }
            for job, attempt in evidence.attempts("spoiled")
        ],
        "panels_printed": evidence.truth.panels_printed,
        "seconds": round(seconds, 1),
    }


def write_summary(path: Path, value: dict[str, object]) -> None:
    """Write the summary."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def explain(evidence: Evidence, screen: Screen) -> None:
    """Say what became of every record and every blank."""
    screen.title(
        "Pertanggungjawaban: setiap rekaman, setiap blangko", "The account: every record, every blank"
    )
    ready, blanks = len(evidence.in_state("ready")), evidence.blanks
    screen.say(
        f"{ready} kartu siap, {len(evidence.in_state('refused'))} ditolak di gerbang (belum siap cetak), "
        f"{len(evidence.in_state('waiting'))} menunggu keputusan orang.",
        f"{ready} cards ready, {len(evidence.in_state('refused'))} refused by the gate (not print-ready), "
        f"{len(evidence.in_state('waiting'))} waiting for a person.",
    )
    for job, attempt in evidence.attempts("spoiled"):
        indonesian, english = CONSEQUENCES.get(attempt.cause or "", UNEXPLAINED)
        screen.say(
            f"Tugas {job.job}, kartu {attempt.card}: {indonesian}.",
            f"Job {job.job}, card {attempt.card}: {english}.",
        )
    for card in evidence.spoiled:
        screen.line(f"    {card.sentence}")
    screen.say(
        f"Blangko: {blanks.received} diterima = {blanks.stock} persediaan + {blanks.in_machine} di wadah + "
        f"{blanks.issued} terbit + {blanks.spoiled} rusak.",
        f"Blanks: {blanks.received} received = {blanks.stock} in stock + {blanks.in_machine} in the hopper + "
        f"{blanks.issued} issued + {blanks.spoiled} spoiled.",
    )
    verified = len(evidence.chips_verified())
    screen.say(
        f"{verified} chip dibaca ulang tanpa stasiun: isi lengkap, terkunci, tanda tangan cocok.",
        f"{verified} chips read again without the station: complete, locked, and their signatures hold.",
    )
