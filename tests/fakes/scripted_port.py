"""A serial port that answers the nth command with the nth run of bytes, and then is silent at once."""

from drivers.zhiantec.errors import NoAnswerError

SLICE = 97  # bytes that one read gives; no frame has this length


class ScriptedPort:
    """Gives out what was prepared; `sent` holds what the driver wrote."""

    def __init__(self, answers: list[bytes]) -> None:
        self.sent: list[bytes] = []
        self.bauds: list[int] = []
        self.closed = False
        self._answers = list(answers)
        self._waiting = b""

    def write(self, data: bytes) -> None:
        self.sent.append(data)
        self._waiting += self._answers.pop(0) if self._answers else b""

    def read(self, deadline: float) -> bytes:
        if not self._waiting:
            raise NoAnswerError("silence")
        piece, self._waiting = self._waiting[:SLICE], self._waiting[SLICE:]
        return piece

    def discard(self) -> None:
        self._waiting = b""

    def set_baud(self, baud: int) -> None:
        self.bauds.append(baud)

    def close(self) -> None:
        self.closed = True
