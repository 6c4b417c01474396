"""One queue of a cupsd, over HTTP/1.1 (RFC 8010 section 4)."""

import contextlib
import http.client
from collections.abc import Iterator, Mapping, Sequence

from drivers.cups import requests
from drivers.cups.address import Address, parse
from drivers.cups.errors import AnswerLost, MessageMalformed, ObjectUnknown, RequestRefused, ServerAbsent
from drivers.cups.message import Group, Message, decode, encode
from drivers.cups.readings import JobReading, QueueReading, read_job, read_queue
from drivers.cups.tags import GONE, LAST_SUCCESS, NOT_FOUND, GroupTag, Operation
from drivers.cups.values import Attributes

LARGEST_ANSWER = 2 * 1024 * 1024  # 500 jobs, which cupsd keeps, take about 100 kB
MEDIA_TYPE = "application/ipp"


class CupsQueue:
    """Speaks with one queue as one user. A connection lasts one request: cupsd is on this machine."""

    def __init__(self, url: str, user: str, patience: float = 10.0) -> None:
        """Name the queue; nothing is sent.

        Args:
            url: `ipp://HOST[:PORT]/printers/NAME`.
            user: requesting-user-name; the owner of the jobs, who alone may cancel them and see their titles.
            patience: seconds to wait for the server at each step.

        Raises:
            AddressUnusable: the address is none.
        """
        self.address: Address = parse(url)
        self._user, self._patience, self._number = user, patience, 0

    def look(self) -> QueueReading:
        """Look at the queue.

        Raises:
            ServerAbsent, AnswerLost, MessageMalformed, ObjectUnknown, RequestRefused: see `errors`.
        """
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, requests.get_queue())
        return read_queue(_only(answer, GroupTag.PRINTER))

    def create_job(self, title: str, options: Mapping[str, str]) -> int:
        """Make a job without a document; return its number. Nothing is printed yet.

        Raises:
            ServerAbsent, ObjectUnknown, RequestRefused: there is no job.
            AnswerLost, MessageMalformed: there may be one; it is found by its title.
        """
        answer = self._ask(Operation.CREATE_JOB, requests.create_job(title, options))
        return _only(answer, GroupTag.JOB).required_number("job-id")

    def send_document(self, job: int, document: bytes) -> None:
        """Send the job's only document: from here on it prints.

        Raises:
            ServerAbsent, ObjectUnknown, RequestRefused: it was not taken.
            AnswerLost, MessageMalformed: it may have been taken; look at the job.
        """
        self._ask(Operation.SEND_DOCUMENT, requests.send_document(job), document)

    def look_at_job(self, job: int) -> JobReading:
        """Look at a job.

        Raises:
            ServerAbsent, AnswerLost, MessageMalformed, ObjectUnknown, RequestRefused: see `errors`.
        """
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, requests.get_job(job))
        return read_job(_only(answer, GroupTag.JOB))

    def jobs(self) -> list[JobReading]:
        """All jobs of this user that the server still knows, of every state.

        Raises:
            ServerAbsent, AnswerLost, MessageMalformed, ObjectUnknown, RequestRefused: see `errors`.
        """
        answer = self._ask(Operation.GET_JOBS, requests.get_jobs())
        return [read_job(Attributes(group)) for group in answer.groups if group.tag == GroupTag.JOB]

    def cancel_job(self, job: int) -> None:
        """Cancel a job; one that has ended already is refused with client-error-not-possible.

        Raises:
            ServerAbsent, AnswerLost, MessageMalformed, ObjectUnknown, RequestRefused: see `errors`.
        """
        self._ask(Operation.CANCEL_JOB, requests.cancel_job(job))

    # ---- one request ----

    def _ask(self, operation: Operation, groups: Sequence[Group], document: bytes = b"") -> Message:
        self._number += 1
        wish = requests.addressed(operation, self._number, self.address.uri, self._user, groups, document)
        with self._connected() as connection:
            answer = decode(self._exchange(connection, encode(wish)))
        if answer.request != self._number or answer.version[0] not in (1, 2):
            raise MessageMalformed("this is the answer to something else")
        if answer.code > LAST_SUCCESS:
            raise _refusal(answer)
        return answer

    @contextlib.contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=self._patience)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise ServerAbsent(f"{self.address.host}:{self.address.port}: {error}") from error
        try:
            yield connection
        finally:
            connection.close()

    def _exchange(self, connection: http.client.HTTPConnection, content: bytes) -> bytes:
        """Send the bytes and read the answer whole.

        Raises:
            AnswerLost: the connection broke, or nothing came in time.
            MessageMalformed: it is no IPP.
            RequestRefused: HTTP itself says no.
        """
        try:
            connection.request("POST", self.address.path, content, {"Content-Type": MEDIA_TYPE})
            response = connection.getresponse()
            _require_message(response)
            # Only a read without a limit tells an answer that is cut off from one that has ended.
            return response.read() if response.length is not None else _bounded(response)
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(f"{type(error).__name__}: {error}") from error


def _require_message(response: http.client.HTTPResponse) -> None:
    """Refuse what HTTP says no with, and what cannot be an IPP message."""
    if response.status != http.client.OK:
        raise RequestRefused(0, f"HTTP {response.status} {response.reason}")
    if response.headers.get_content_type() != MEDIA_TYPE:
        raise MessageMalformed("the answer is no IPP message")
    if response.length is not None and response.length > LARGEST_ANSWER:
        raise MessageMalformed("the answer is larger than any of an IPP server")


def _bounded(response: http.client.HTTPResponse) -> bytes:
    """Read an answer in chunks, or one that ends with its connection."""
    body = response.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        raise MessageMalformed("the answer is larger than any of an IPP server")
    return body


def _only(answer: Message, tag: GroupTag) -> Attributes:
    """The group of this kind that an answer must have."""
    for group in answer.groups:
        if group.tag == tag:
            return Attributes(group)
    raise MessageMalformed(f"the answer has no group {tag:#x}")


def _refusal(answer: Message) -> RequestRefused:
    """What the server says no with: its status-message is for people (RFC 8011 section 4.1.6.2)."""
    told = next((Attributes(group) for group in answer.groups if group.tag == GroupTag.OPERATION), None)
    problem = f"{answer.code:#06x} {told.text('status-message') if told else ''}".strip()
    kind = ObjectUnknown if answer.code in (NOT_FOUND, GONE) else RequestRefused
    return kind(answer.code, problem)
