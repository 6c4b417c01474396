"""The admin client against the admin server of the simulators."""

import socket
from collections.abc import Iterator, Mapping

import pytest

from simulators.admin import AdminError, AdminServer
from simulators.rig import AdminClient, AdminRefusal, RigError


class Subject:
    """Something to administer, which remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def truth(self) -> object:
        return {"model": "Primacy 2"}

    def fault(self, name: str, at: int, count: int) -> None:
        if name == "unheard of":
            raise AdminError("no such fault: unheard of")
        self.asked.append((name, at, count))

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        self.asked.append((action, arguments.get("count")))
        return ["04aa"]


@pytest.fixture
def subject() -> Subject:
    return Subject()


@pytest.fixture
def client(subject: Subject) -> Iterator[AdminClient]:
    server = AdminServer(subject)
    yield AdminClient(server.port)
    server.close()


def test_fault_and_person_arrive(client: AdminClient, subject: Subject) -> None:
    client.fault("jam_in_print", at=7)
    assert client.person("fill_hopper", count=20) == ["04aa"]
    assert subject.asked == [("jam_in_print", 7, 1), ("fill_hopper", 20)]


def test_refusal_says_why(client: AdminClient) -> None:
    with pytest.raises(AdminRefusal, match="no such fault: unheard of"):
        client.fault("unheard of")


def test_a_proxy_of_the_environment_is_not_asked(
    client: AdminClient, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client.fault("jam_in_print")
    assert subject.asked


def test_truth_of_another_shape_is_told(client: AdminClient) -> None:
    with pytest.raises(RigError, match="not as expected"):
        client.truth()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(RigError, match="no answer from the admin port"):
        AdminClient(port).truth()
