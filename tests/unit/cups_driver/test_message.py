"""The encoding of IPP: what we read we can write again exactly, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cups.errors import MessageMalformed
from drivers.cups.message import Attribute, Group, Message, Value, decode, encode
from drivers.cups.requests import addressed, create_job, send_document
from drivers.cups.tags import Operation, ValueTag
from drivers.cups.values import Attributes, boolean, integer, text

# The form of RFC 8010 appendix A.2, an answer to Print-Job of an IPP/1.1 printer, put together by hand
ANSWER = bytes.fromhex("01010000 00000001 01") + (
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
    b"\x41\x00\x0estatus-message\x00\x0dsuccessful-ok"
    b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93"
    b"\x45\x00\x07job-uri\x00\x19ipp://printer.example/147"
    b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x03\x03"
)

NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
SIMPLE = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(
        lambda n: Value(ValueTag.INTEGER, n.to_bytes(4, "big", signed=True))
    ),
    st.booleans().map(lambda b: Value(ValueTag.BOOLEAN, bytes([b]))),
    st.text(max_size=40).map(lambda t: Value(ValueTag.NAME, t.encode())),
    st.binary(max_size=60).map(lambda b: Value(0x30, b)),
    st.just(Value(0x13, b"")),
)
MEMBERS = st.lists(
    st.tuples(NAMES, SIMPLE).map(lambda m: (Value(ValueTag.MEMBER_NAME, m[0].encode()), m[1])), max_size=3
)
COLLECTIONS = MEMBERS.map(
    lambda members: (
        Value(ValueTag.BEGIN_COLLECTION, b""),
        *(value for member in members for value in member),
        Value(ValueTag.END_COLLECTION, b""),
    )
)
ATTRIBUTES = st.builds(
    Attribute, NAMES, st.one_of(st.lists(SIMPLE, min_size=1, max_size=4).map(tuple), COLLECTIONS)
)
GROUPS = st.builds(
    Group, st.sampled_from([1, 2, 4, 5, 6, 7, 9, 10]), st.lists(ATTRIBUTES, max_size=4).map(tuple)
)
MESSAGES = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
    st.lists(GROUPS, max_size=4).map(tuple),
    st.binary(max_size=200),
)


@given(MESSAGES)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_written_back_exactly(content: bytes) -> None:
    try:
        message = decode(content)
    except MessageMalformed:
        return
    assert encode(message) == content


@given(MESSAGES, st.data())
def test_a_hurt_message_is_refused_or_written_back_exactly(message: Message, data: st.DataObject) -> None:
    content = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode(bytes(content))
    except MessageMalformed:
        return
    assert encode(found) == bytes(content)


def test_an_answer_put_together_by_hand_is_read() -> None:
    message = decode(ANSWER)
    assert (message.version, message.code, message.request, message.data) == ((1, 1), 0, 1, b"")
    said, job = (Attributes(group) for group in message.groups)
    assert said.text("status-message") == "successful-ok"
    assert job.required_number("job-id") == 147
    assert job.required_number("job-state") == 3
    assert job.text("job-uri") == "ipp://printer.example/147"


def test_every_cut_is_found() -> None:
    for length in range(len(ANSWER)):
        with pytest.raises(MessageMalformed):
            decode(ANSWER[:length])


HEAD = bytes.fromhex("0200000000000001")


@pytest.mark.parametrize(
    ("tail", "problem"),
    [
        (b"", "cut off"),
        (b"\x21\x00\x01a\x00\x04\x00\x00\x00\x01\x03", "before the first group"),
        (b"\x01\x21\x00\x00\x00\x04\x00\x00\x00\x01\x03", "no name"),
        (b"\x01\x21\x00\x01a\x00\x03\x00\x00\x01\x03", "3 bytes where its type has 4"),
        (b"\x01\x22\x00\x01a\x00\x00\x03", "0 bytes where its type has 1"),
        (b"\x01\x44\x00\x01\xff\x00\x01x\x03", "not ASCII"),
        (b"\x01\x44\xff\xff", "negative"),
        (b"\x01\x44\x00\x01a\x7f\xff", "cut off"),
        (b"\x00\x03", "before the first group"),
        (b"\x01\x34\x00\x01a\x00\x00\x03", "without an end"),
        (b"\x01\x37\x00\x01a\x00\x00\x03", "not begun"),
        (b"\x01\x4a\x00\x01a\x00\x01b\x03", "not begun"),
        (b"\x01\x44\x00\x01a\x00\x01b", "without its end tag"),
    ],
)
def test_what_the_standard_forbids_is_refused(tail: bytes, problem: str) -> None:
    with pytest.raises(MessageMalformed, match=problem):
        decode(HEAD + tail)


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute("", (Value(ValueTag.NAME, b"x"),)),
        Attribute("ä", (Value(ValueTag.NAME, b"x"),)),
        Attribute("a", ()),
        Attribute("a", (Value(ValueTag.INTEGER, b"x"),)),
        Attribute("a", (Value(0x01, b"x"),)),
        Attribute("a", (Value(0x30, bytes(0x8000)),)),
    ],
)
def test_nothing_malformed_is_written(attribute: Attribute) -> None:
    with pytest.raises(MessageMalformed):
        encode(Message((2, 0), 2, 1, (Group(1, (attribute,)),)))


def test_values_are_read_by_their_type() -> None:
    group = Group(4, (integer("n", 7), boolean("b", value=True), text("t", ValueTag.KEYWORD, "one", "two")))
    read = Attributes(group)
    assert (read.number("n"), read.truth("b", default=False), read.texts("t")) == (7, True, ("one", "two"))
    assert (read.number("t"), read.text("n"), read.truth("n", default=False)) == (None, "", False)
    with pytest.raises(MessageMalformed, match="missing"):
        read.required_number("t")
    with pytest.raises(MessageMalformed, match="twice"):
        Attributes(Group(4, (integer("n", 1), integer("n", 2))))
    with pytest.raises(MessageMalformed, match="UTF-8"):
        Attributes(Group(4, (Attribute("t", (Value(ValueTag.TEXT, b"\xff"),)),))).text("t")


def test_a_request_begins_as_the_standard_asks() -> None:
    """RFC 8011 section 4.1.4: charset and language come first, the target third; the job's target is two."""
    wish = addressed(Operation.SEND_DOCUMENT, 9, "ipp://h/printers/p", "u", send_document(12), b"%PDF")
    names = [attribute.name for attribute in wish.groups[0].attributes]
    assert names[:5] == [
        "attributes-charset",
        "attributes-natural-language",
        "printer-uri",
        "job-id",
        "requesting-user-name",
    ]
    assert encode(wish).endswith(b"\x03%PDF")
    job = addressed(
        Operation.CREATE_JOB, 1, "ipp://h/printers/p", "u", create_job("471.13/1", {"sides": "x"})
    )
    assert [group.tag for group in job.groups] == [1, 2]
