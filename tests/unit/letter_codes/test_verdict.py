"""What a verifier says of a letter, and of the status lists beside it."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.claim_keys import Algorithm
from station.letters.claim import cose
from station.letters.claim.code import write_code
from station.letters.claim.errors import ClaimRefused, Flaw
from station.letters.trust import KeyState
from station.letters.verification import Genuineness, Verdict, Withdrawal, judge_code
from station.letters.withdrawals import WithdrawalList, list_uri, read_list, set_bits, write_list
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey
from tests.unit.letter_codes.test_code import ISSUED, STATEMENT, nobody

KEY = SoftClaimKey(Algorithm.EDDSA)
KEYS = {KEY.key_id: KEY.trusted()}
DAY = 86_400
LIST = WithdrawalList(ISSUER, 2026, ISSUED + DAY, ISSUED + 31 * DAY, set_bits([7, 1233], 2000))


def judged(days: float, *lists: WithdrawalList, place: int = STATEMENT.place) -> Verdict:
    moment = datetime.fromtimestamp(ISSUED, UTC) + timedelta(days=days)
    return judge_code(write_code(replace(STATEMENT, place=place), KEY), KEYS.get, lists, moment)


def test_without_a_list_withdrawal_is_unknown_and_not_no() -> None:
    verdict = judged(2)
    assert verdict.genuineness is Genuineness.GENUINE
    assert (verdict.withdrawal, verdict.withdrawal_as_of) == (Withdrawal.UNKNOWN, None)


def test_a_withdrawn_letter_does_not_hold() -> None:
    verdict = judged(2, LIST)
    assert (verdict.genuineness, verdict.withdrawal) == (Genuineness.GENUINE, Withdrawal.WITHDRAWN)
    assert not verdict.holds


def test_not_withdrawn_is_said_with_its_date() -> None:
    verdict = judged(2, LIST, place=8)
    assert verdict.withdrawal is Withdrawal.NOT_WITHDRAWN
    assert verdict.withdrawal_as_of == datetime.fromtimestamp(LIST.issued, UTC)
    assert verdict.holds


@pytest.mark.parametrize(
    "other",
    [
        replace(LIST, issued=ISSUED - DAY),  # older than the letter
        replace(LIST, issuer=ISSUER + "9"),
        replace(LIST, year=2025),
        replace(LIST, expires=ISSUED + DAY + 1),  # over when it is asked
        replace(LIST, bits=b"\0"),  # too short for this letter
    ],
)
def test_a_list_that_cannot_know_says_unknown(other: WithdrawalList) -> None:
    assert judged(2, other, place=8).withdrawal is Withdrawal.UNKNOWN


def test_an_expired_list_still_tells_what_was_withdrawn() -> None:
    assert judged(40, LIST).withdrawal is Withdrawal.WITHDRAWN


def test_the_latest_list_counts() -> None:
    later = replace(LIST, issued=ISSUED + 2 * DAY, bits=set_bits([], 2000))
    assert judged(3, later, LIST).withdrawal is Withdrawal.NOT_WITHDRAWN


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, Genuineness.EXPIRED), (0, Genuineness.GENUINE), (182 * DAY - 1, Genuineness.GENUINE),
     (182 * DAY, Genuineness.EXPIRED)],
)  # fmt: skip
def test_a_letter_ends_to_the_second(seconds: int, expected: Genuineness) -> None:
    verdict = judged(seconds / DAY)
    assert verdict.genuineness is expected
    assert verdict.statement is not None and verdict.statement.nik == STATEMENT.nik


def test_what_is_altered_states_nothing() -> None:
    text = write_code(STATEMENT, KEY)
    changed = text[:-1] + ("0" if text[-1] != "0" else "1")
    verdict = judge_code(changed, KEYS.get, [], datetime.fromtimestamp(ISSUED, UTC))
    assert verdict.statement is None and not verdict.holds


def test_other_offices_and_other_codes() -> None:
    moment = datetime.fromtimestamp(ISSUED, UTC)
    assert judge_code(write_code(STATEMENT, KEY), nobody, [], moment).genuineness is Genuineness.KEY_UNKNOWN
    assert judge_code("https://example.id", KEYS.get, [], moment).genuineness is Genuineness.NO_LETTER


def test_a_stolen_key_is_said() -> None:
    keys = {KEY.key_id: KEY.trusted(KeyState.STOLEN)}
    verdict = judge_code(write_code(STATEMENT, KEY), keys.get, [], datetime.fromtimestamp(ISSUED, UTC))
    assert verdict.key_stolen and verdict.genuineness is Genuineness.GENUINE


def test_a_list_is_read_as_it_was_signed() -> None:
    assert read_list(write_list(LIST, KEY), KEYS.get) == LIST


def test_every_flipped_bit_of_a_list_is_found() -> None:
    content = write_list(LIST, KEY)
    for position in range(8 * len(content)):
        changed = bytearray(content)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(ClaimRefused):
            read_list(bytes(changed), KEYS.get)


def test_a_letter_is_no_list_and_a_list_no_letter() -> None:
    token = cose.sign(STATEMENT.claims(), KEY).encoded()
    with pytest.raises(ClaimRefused) as refused:
        read_list(token, KEYS.get)
    assert refused.value.flaw is Flaw.FOREIGN


def test_a_list_that_unpacks_without_end_is_refused() -> None:
    """Sixteen megabytes of zeros in sixteen kilobytes: memory is not given for it."""
    claims = {
        1: ISSUER, 2: list_uri(ISSUER, 2026), 4: LIST.expires, 6: LIST.issued, 65534: 1,
        65533: {"bits": 1, "lst": zlib.compress(bytes(1 << 24), 9)},
    }  # fmt: skip
    with pytest.raises(ClaimRefused) as refused:
        read_list(cose.sign(claims, KEY, {16: "application/statuslist+cwt"}).encoded(), KEYS.get)
    assert refused.value.flaw is Flaw.FOREIGN


def test_the_bits_stand_as_the_draft_says() -> None:
    """Index i is bit i mod 8 of byte i div 8, low bit first (fact sheet letters.md, 1)."""
    assert set_bits([0, 3, 9], 10) == bytes((0b1001, 0b10))


@given(st.sets(st.integers(0, 499)))
def test_each_letter_has_its_bit(places: set[int]) -> None:
    found = WithdrawalList(ISSUER, 2026, 0, 1, set_bits(places, 500))
    assert {place for place in range(500) if found.withdrawn(place)} == places
    assert found.withdrawn(504) is None


def test_ten_thousand_letters_fit_one_code() -> None:
    """With 2 % withdrawn (fact sheet: 294 bytes of list), the signed list fits one QR code."""
    content = write_list(replace(LIST, bits=set_bits(range(0, 10_000, 50), 10_000)), KEY)
    assert len(content) < 600


@given(st.binary(max_size=300))
def test_other_bytes_are_no_list(content: bytes) -> None:
    with pytest.raises(ClaimRefused):
        read_list(content, KEYS.get)


def test_cbor_of_depth_is_refused() -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ClaimRefused):
        read_list(cbor2.dumps(deep), KEYS.get)
