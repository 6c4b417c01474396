"""Frames of the ZhianTec protocol: the table of the fact sheet, strictness, resynchronisation, mutations."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from drivers.zhiantec import BadFrameError
from drivers.zhiantec.codes import PacketKind
from drivers.zhiantec.frames import Frame, FrameBuffer, build_frame
from drivers.zhiantec.readings import image_of
from simulators.zhiantec.codes import Pid
from simulators.zhiantec.frames import FrameParser, frame_bytes
from tests.fuzz import sensor_frames
from tests.fuzz.sensor_frames import Broken, accepted_rightly, hunt, main, stream

ADDRESS = 0xFFFFFFFF
ANY = tuple(PacketKind)
ACK_OK = bytes.fromhex("ef01 ffffffff 07 0003 00 000a")


def taken(data: bytes, stray_allowed: bool = True, address: int = ADDRESS) -> Frame | None:
    buffer = FrameBuffer(address)
    buffer.add(data)
    return buffer.take(ANY, stray_allowed)


def test_the_password_command_as_in_the_manual() -> None:
    frame = build_frame(ADDRESS, PacketKind.COMMAND, bytes.fromhex("13 00000000"))
    assert frame == bytes.fromhex("ef01 ffffffff 01 0007 13 00000000 001b")


def test_the_smallest_answer() -> None:
    assert len(ACK_OK) == 12
    assert taken(ACK_OK) == Frame(PacketKind.ACKNOWLEDGEMENT, b"\0")


@given(some.binary(min_size=1, max_size=256), some.sampled_from(list(Pid)), some.integers(0, 0xFFFFFFFF))
def test_two_readings_of_the_protocol_agree(payload: bytes, kind: Pid, address: int) -> None:
    theirs = frame_bytes(address, kind, payload)
    assert build_frame(address, PacketKind(kind), payload) == theirs
    assert taken(theirs, address=address) == Frame(PacketKind(kind), payload)
    parser = FrameParser()
    frames = [frame for byte in theirs if (frame := parser.feed(byte)) is not None]
    assert [(one.address, one.pid, one.payload, one.sound) for one in frames] == [
        (address, kind, payload, True)
    ]


@given(some.integers(0, 11), some.integers(1, 255))
def test_no_single_hurt_byte_passes(place: int, change: int) -> None:
    hurt = bytearray(ACK_OK)
    hurt[place] ^= change
    try:
        assert taken(bytes(hurt)) is None  # it waits for a frame that is longer, or for a start
    except BadFrameError:
        return


@pytest.mark.parametrize("stray", [b"\x55", b"\xef", b"\xef\xef", b"\x01\xef\x00", b"\xef\x55\xef"])
def test_bytes_before_a_frame_are_skipped_only_where_they_may_be(stray: bytes) -> None:
    assert taken(stray + ACK_OK) == Frame(PacketKind.ACKNOWLEDGEMENT, b"\0")
    with pytest.raises(BadFrameError):
        taken(stray + ACK_OK, stray_allowed=False)


def test_a_start_may_come_in_two_pieces() -> None:
    buffer = FrameBuffer(ADDRESS)
    for byte in b"\x55\x55" + ACK_OK[:-1]:
        buffer.add(bytes([byte]))
        assert buffer.take(ANY, stray_allowed=True) is None
    buffer.add(ACK_OK[-1:])
    assert buffer.take(ANY, stray_allowed=True) is not None


@pytest.mark.parametrize("length", [0, 1, 2, 259, 0xFFFF])
def test_lengths_that_cannot_be(length: int) -> None:
    with pytest.raises(BadFrameError):
        taken(ACK_OK[:7] + length.to_bytes(2, "big") + ACK_OK[9:])


def test_noise_without_end_is_an_error() -> None:
    with pytest.raises(BadFrameError):
        taken(bytes(5000))


def test_high_nibble_is_left_and_sixteen_levels_reach_white() -> None:
    image = image_of(bytes([0x0F]) + bytes([0x87]) * 127 + bytes(128 * 287), 500)
    assert image.pixels.shape == (288, 256)
    assert image.pixels[0, :4].tolist() == [0, 255, 8 * 17, 7 * 17]
    assert image.pixels[1:].max() == 0


def test_hurt_frames_end_in_an_error_of_the_drivers_or_in_sound_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--mutations", "1500", "--seed", "3"]) == 0
    told = capsys.readouterr().out
    assert "ended in BadFrameError" in told
    assert "ended in NoAnswerError" in told
    assert "ended in mended" in told
    assert "ended in accepted" in told  # a hurt that the driver never comes to read


def test_the_hunt_finds_a_driver_that_checks_no_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(FrameBuffer):
        def take(self, kinds: object, stray_allowed: bool) -> Frame | None:
            if len(self._bytes) < 12:
                return None
            length = int.from_bytes(self._bytes[7:9], "big")
            kind, payload = PacketKind(self._bytes[6]), bytes(self._bytes[9 : 7 + length])
            del self._bytes[: 9 + length]
            return Frame(kind, payload)

    monkeypatch.setattr("drivers.zhiantec.conversation.FrameBuffer", Careless)
    with pytest.raises(Broken, match="seed 1, mutation"):
        hunt(500, 1)


def test_the_second_reader_sees_a_wrong_sum() -> None:
    data = bytes(range(256)) * 2
    whole = stream(data, 128)
    assert accepted_rightly(whole, data)
    assert not accepted_rightly(whole[:-1] + b"\xff", data)
    assert sensor_frames.IMAGE == 256 * 288 // 2
