"""Hurt frames of a fingerprint sensor: `python -m tests.fuzz.sensor_frames --mutations 100000 --seed 1`.

What a sensor sends is hurt and given to the driver. It must end in an error of the driver's own, or in a
picture; and a picture is only right where a second reader, the simulator's, finds every frame sound and the
same bytes in them.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from drivers.zhiantec.codes import Instruction
from drivers.zhiantec.conversation import Conversation, Timing, parameters_of
from drivers.zhiantec.errors import ZhianTecError
from simulators.zhiantec.codes import BROADCAST, Pid
from simulators.zhiantec.frames import FrameParser, frame_bytes
from tests.fakes.scripted_port import ScriptedPort
from tests.fuzz.bytes_hurt import HURTS, hurt

PACKETS: Final = (32, 64, 128, 256)
SIZES: Final = (512, 1024, 2048)  # of the data; a whole image now and then
IMAGE: Final = 36_864
WHOLE_IMAGES: Final = 0.01
ANSWERS: Final = 0.1  # share of the mutations that hurt an answer, not a transfer
MENDED: Final = 0.2  # share of the transfers that the driver may mend
PARAMETERS: Final = bytes.fromhex("00 0000 0009 00c8 0003 ffffffff 0002 0006")
AT_ONCE: Final = Timing(answer=0, silence=0, drain=3600, pause=0, wire_factor=0, wire_slack=3600, tries=1)


class Broken(AssertionError):
    """A mutation that the driver did not stand; the text says which."""


def stream(data: bytes, packet: int) -> bytes:
    """Return what a sensor sends for this data: an acknowledgement and the packets."""
    starts = range(0, len(data), packet)
    kinds = [Pid.DATA] * (len(starts) - 1) + [Pid.LAST_DATA]
    frames = [
        frame_bytes(BROADCAST, kind, data[at : at + packet]) for at, kind in zip(starts, kinds, strict=True)
    ]
    return frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, b"\0") + b"".join(frames)


def accepted_rightly(sent: bytes, data: bytes) -> bool:
    """Tell whether a second reader finds the same data in sound frames of what was sent."""
    parser, found = FrameParser(), b""
    for byte in sent:
        frame = parser.feed(byte)
        if frame is None:
            continue
        if not frame.sound or frame.address != BROADCAST:
            return False
        if frame.pid in (Pid.DATA, Pid.LAST_DATA):
            found += frame.payload
            if len(found) >= len(data):
                break
    return found == data


def try_one(random: Random, tally: Counter[str]) -> None:
    """Hurt one transfer, let the driver fetch it, once or with tries of its own.

    Raises:
        Broken: anything but an error of the driver's or a right picture came of it.
    """
    if random.random() < ANSWERS:
        _try_answer(random, tally)
        return
    packet = random.choice(PACKETS)
    size = IMAGE if random.random() < WHOLE_IMAGES else random.choice(SIZES)
    true = random.randbytes(size)
    whole = stream(true, packet)
    sent = hurt(random, whole)
    if random.random() < 0.2:
        sent = hurt(random, sent)
    mends = random.random() < MENDED
    try:
        data = _fetched([sent, *(_afterwards(whole) if mends else ())], size, packet, 2 if mends else 1)
    except ZhianTecError as error:
        tally[type(error).__name__] += 1
        return
    except Exception as error:
        raise Broken(f"{type(error).__name__}: {error}") from error
    if accepted_rightly(sent, data):
        tally["accepted"] += 1
    elif mends and data == true:
        tally["mended"] += 1
    else:
        raise Broken("data were accepted whose frames are not sound")


def _try_answer(random: Random, tally: Counter[str]) -> None:
    """Hurt the answer that holds the sensor's parameters."""
    sent = hurt(random, frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, PARAMETERS))
    conversation = Conversation(ScriptedPort([sent]), BROADCAST, 0, 57600, AT_ONCE)
    try:
        found = conversation.read_parameters()
    except ZhianTecError as error:
        tally[type(error).__name__] += 1
        return
    except Exception as error:
        raise Broken(f"answer: {type(error).__name__}: {error}") from error
    parser = FrameParser()
    sound = [frame for byte in sent if (frame := parser.feed(byte)) and frame.sound]
    if not any(parameters_of(frame.payload) == found for frame in sound):
        raise Broken("parameters were accepted whose frame is not sound")
    tally["accepted"] += 1


def _fetched(answers: list[bytes], size: int, packet: int, tries: int) -> bytes:
    timing = replace(AT_ONCE, tries=tries)
    conversation = Conversation(ScriptedPort(answers), BROADCAST, 0, 57600, timing)
    return conversation.fetch(bytes([Instruction.UPLOAD_IMAGE]), size, packet, lambda done, total: None)


def _afterwards(whole: bytes) -> list[bytes]:
    """What the sensor answers to the driver's way back into step: password, parameters, the data again."""
    acknowledged = [frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, one) for one in (b"\0", PARAMETERS)]
    return [*acknowledged, whole]


def hunt(mutations: int, seed: int) -> Counter[str]:
    """Try so many mutations; return how many ended in what.

    Raises:
        Broken: with the seed and the number of the mutation.
    """
    tally: Counter[str] = Counter()
    for number in range(mutations):
        try:
            try_one(Random(f"{seed}/{number}"), tally)
        except Broken as broken:
            raise Broken(f"seed {seed}, mutation {number}: {broken}") from broken
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutations; exit status 0 when each ended in an error of the driver's or in sound data, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.sensor_frames", description=__doc__)
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        tally = hunt(options.mutations, options.seed)
    except Broken as broken:
        sys.stdout.write(f"{broken}\n")
        return 1
    sys.stdout.write(f"{options.mutations} mutations in {len(HURTS)} ways\n")
    for name, count in tally.most_common():
        sys.stdout.write(f"ended in {name}: {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
