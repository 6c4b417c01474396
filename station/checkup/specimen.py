"""One specimen card through the whole chain: nobody's record, a silhouette, a line for a signature."""

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw

from station.batches.preflight import require_supplies
from station.cards import store
from station.cards.intake import Order
from station.cards.store import AttemptState, JobPurpose, JobState
from station.errors import DeviceFault, Refused
from station.fingers.minutiae import Finger, MinutiaKind
from station.fingers.record import FingerRecord, FingerView, Minutia, write_record
from station.office import Office
from station.service.lock import StationLock
from station.staff import store as staff

NIK = "9999990101900001"  # region 99.99.99 is in no table of regions
FIRST = 0  # before every other job


def make_specimen(office: Office, lane_name: str | None, by: str | None) -> str:
    """Make one specimen card on a lane; return its UID. The blank is booked as spoiled, cause `specimen`.

    Raises:
        Refused: LANE_UNKNOWN, STAFF_UNKNOWN, a supply that is missing.
        DeviceFault: SPECIMEN_FAILED with what became of it.
    """
    lane = office.require_lane(lane_name) if lane_name else office.settings.lanes[0]
    with office.database.reading() as transaction:
        staff.require(transaction, by or "")
        if store.count_jobs(transaction, JobState.WORKING) or store.open_attempt_of_lane(
            transaction, lane.name
        ):
            raise Refused("LANE_WAITS", lane=lane.name)
    tools = office.lane_tools(lane)
    with StationLock(office.settings.lock_file):
        try:
            require_supplies(office.database, lane.name, tools.printer, 1)
            job, refusal, _ = office.intake().add(_write_record(office), Order(FIRST, JobPurpose.SPECIMEN))
            if refusal is not None:
                raise refusal
            office.worker(tools).run_batch(limit=1)
        finally:
            tools.encoder.release()
            tools.printer.close()
    with office.database.reading() as transaction:
        attempts = store.attempts_of_job(transaction, job.id)
    last = attempts[-1] if attempts else None
    if last is None or last.state is not AttemptState.READY or last.card is None:
        raise DeviceFault(
            "SPECIMEN_FAILED", job=job.id, cause=(last.cause or last.state.value) if last else "-"
        )
    return last.card


def _write_record(office: Office) -> Path:
    """Write the specimen's record folder; a crash in the middle of the card finds it again."""
    with office.database.reading() as transaction:
        issue = store.count_purpose(transaction, JobPurpose.SPECIMEN) + 1
    folder = office.settings.data / "specimen" / str(issue)
    folder.mkdir(parents=True, exist_ok=True)
    today = office.clock.now().date().isoformat()
    (folder / "record.json").write_text(
        json.dumps(
            {
                "format": "record/1",
                "record_id": f"SPESIMEN-{issue}",
                "nik": NIK,
                "name": "SPESIMEN",
                "birthplace": "SPESIMEN",
                "birth_date": "1990-01-01",
                "sex": "LAKI-LAKI",
                "blood_group": "-",
                "address": "JALAN SPESIMEN",
                "rt": "000",
                "rw": "000",
                "village": "SPESIMEN",
                "district": "SPESIMEN",
                "regency": office.settings.office.regency,
                "province": office.settings.office.province,
                "religion": "ISLAM",
                "marital_status": "BELUM KAWIN",
                "occupation": "SPESIMEN",
                "nationality": "WNI",
                "valid_until": "SEUMUR HIDUP",
                "place_issued": office.settings.office.regency,
                "date_issued": today,
                "status": "PRINT_READY_RECORD",
                "issue_number": issue,
                "synthetic": True,
            }
        ),
        encoding="utf-8",
    )
    (folder / "photo.jpg").write_bytes(_photo())
    (folder / "signature.png").write_bytes(_signature())
    (folder / "fingers.iso").write_bytes(_fingers())
    return folder


def _photo() -> bytes:
    picture = Image.new("RGB", (480, 640), (40, 70, 190))  # blue: even birth year
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 130, 330, 370), fill=(200, 200, 200))
    draw.ellipse((60, 400, 420, 900), fill=(120, 120, 120))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=85)
    return target.getvalue()


def _signature() -> bytes:
    picture = Image.new("1", (240, 120), 1)
    ImageDraw.Draw(picture).line([(20, 80), (80, 30), (120, 90), (160, 40), (220, 70)], fill=0, width=4)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def _fingers() -> bytes:
    """A regular grid of twelve endings: well-formed, and nobody's."""
    minutiae = tuple(
        Minutia(MinutiaKind.ENDING, 60 + 50 * column, 60 + 50 * row, 20 * (row + column), 60)
        for row in range(4)
        for column in range(3)
    )
    views = tuple(FingerView(finger, 0, 60, minutiae) for finger in (Finger.RIGHT_INDEX, Finger.LEFT_INDEX))
    return write_record(FingerRecord(0, 256, 360, 197, 197, views))
