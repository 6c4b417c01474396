"""Deadlines for calls that cannot be interrupted.

A PC/SC call blocks inside the C library and nothing in Python can end it. So each reader owns one thread that
makes its calls, and the caller waits for the result from outside, with a deadline. When the deadline passes,
the caller gets control back and the reader counts as hung: nothing more is asked of it until the stuck call
returns by itself (the card answers, the card is pulled, or the daemon ends, which ends every call at once).
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")


class CallStuck(Exception):
    """A call did not return before its deadline, or an earlier one still has not returned.

    Attributes:
        begun: this call was begun, so it may take effect later.
    """

    def __init__(self, *, begun: bool) -> None:
        super().__init__("call is still running" if begun else "an earlier call is still running")
        self.begun = begun


class WatchedThread:
    """The one thread that makes a reader's blocking calls. Not usable in a forked child."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._idle = threading.Event()
        self._idle.set()
        self._thread: threading.Thread | None = None

    @property
    def stuck(self) -> bool:
        """A call whose deadline has passed is still running."""
        return not self._idle.is_set()

    def call(self, function: Callable[[], Result], timeout: float) -> Result:
        """Run `function` in the thread and return its result, or raise what it raised.

        Raises:
            CallStuck: not back after `timeout` seconds, or the thread is not free.
        """
        if self.stuck:
            raise CallStuck(begun=False)
        self._start()
        answers: SimpleQueue[Result | BaseException] = SimpleQueue()
        self._idle.clear()
        self._calls.put(lambda: self._run(function, answers))
        try:
            answer = answers.get(timeout=timeout)
        except Empty:
            raise CallStuck(begun=True) from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self, last: Callable[[], None]) -> None:
        """Let the thread make one last call and end, as soon as it is free; do not wait for it."""
        if self._thread is not None:
            self._calls.put(last)
            self._calls.put(None)
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            # A daemon thread: a stuck call must not keep the process from ending.
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def _run(self, function: Callable[[], Result], answers: "SimpleQueue[Result | BaseException]") -> None:
        answer: Result | BaseException
        try:
            answer = function()
        except Exception as error:
            # Handed to the caller, who raises it in its own thread.
            answer = error
        self._idle.set()
        answers.put(answer)
