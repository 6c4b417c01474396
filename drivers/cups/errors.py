"""What can go wrong between us and cupsd. Three matter: not there, says no, did not say."""


class CupsError(Exception):
    """Something is wrong with the print server or with what it says."""


class AddressUnusable(CupsError):
    """The printer's address is none that this client can use."""


class ServerAbsent(CupsError):
    """Nobody listens there, or the host is unknown: nothing was sent."""


class AnswerLost(CupsError):
    """The request went out, wholly or in part, and no whole answer came: it may have been carried out."""


class MessageMalformed(CupsError):
    """The bytes are no IPP message."""


class RequestRefused(CupsError):
    """The server says no.

    Attributes:
        status: status code of RFC 8011, appendix B; 0 where the refusal is one of HTTP.
    """

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


class ObjectUnknown(RequestRefused):
    """There is no such queue or no such job (client-error-not-found, client-error-gone)."""
