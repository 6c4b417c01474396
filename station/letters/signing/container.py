"""The CMS in a signed letter (RFC 5652), in the one form that we write and accept.

But for the digest of the file and the signature value, every byte of it follows from the certificate. So it
is written from them, and a file is judged by writing it again: nothing in it can be loose. pyHanko's own CMS
has the same bytes (a test compares them), and takes most of the time of a signature to make.
"""

import hashlib
from typing import Final

from station.letters.signing.certificate import LetterCertificate

LONGEST_SIGNATURE: Final = 71  # DER of (r, s) on P-256; s in its lower half never needs a 33rd byte

_SEQUENCE, _SET, _OCTETS, _INTEGER = 0x30, 0x31, 0x04, 0x02
_VERSION_1: Final = bytes.fromhex("020101")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")  # RFC 5652 clause 4
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")  # clause 5.1
_CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")  # clause 11.1
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")  # clause 11.2
_SIGNING_CERTIFICATE_V2: Final = bytes.fromhex("060b2a864886f70d010910022f")  # RFC 5035 clause 3
# RFC 5754 clause 2 lets the parameters of SHA-256 be NULL or absent; pyHanko writes NULL.
_SHA_256: Final = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_WITH_SHA_256: Final = bytes.fromhex("300a06082a8648ce3d040302")  # RFC 5758 clause 3.2


def signed_attributes(certificate: LetterCertificate, digest: bytes) -> bytes:
    """Return what is signed: the SET OF attributes (RFC 5652 clause 5.4) that PAdES B-B asks for.

    `digest` is the SHA-256 of the file without the gap that takes the container.
    """
    return _der(_SET, _attributes(certificate, digest))


def write_container(certificate: LetterCertificate, digest: bytes, signature: bytes) -> bytes:
    """Return the ContentInfo; `signature` is the DER of the ECDSA signature over `signed_attributes`."""
    issuer, serial = certificate.issuer_and_serial
    signer = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SEQUENCE, issuer, _integer(serial)),
        _SHA_256,
        _der(0xA0, _attributes(certificate, digest)),  # [0] IMPLICIT, clause 5.3
        _ECDSA_WITH_SHA_256,
        _der(_OCTETS, signature),
    )
    signed_data = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, _SHA_256),
        _der(_SEQUENCE, _DATA),  # the content is not repeated: it is the file
        _der(0xA0, certificate.der),
        _der(_SET, signer),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(0xA0, signed_data))


def room_for(certificate: LetterCertificate) -> int:
    """Hexadecimal digits that a file keeps free for the container."""
    return 2 * len(write_container(certificate, bytes(32), bytes(LONGEST_SIGNATURE)))


def _attributes(certificate: LetterCertificate, digest: bytes) -> bytes:
    issuer, serial = certificate.issuer_and_serial
    # RFC 5035 clause 4: ESSCertIDv2, whose hash algorithm SHA-256 is the default and therefore left out
    names = _der(_SEQUENCE, _der(_SEQUENCE, _der(0xA4, issuer)), _integer(serial))
    identity = _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(certificate.der).digest()), names)
    attributes = (
        _der(_SEQUENCE, _CONTENT_TYPE, _der(_SET, _DATA)),
        _der(_SEQUENCE, _MESSAGE_DIGEST, _der(_SET, _der(_OCTETS, digest))),
        _der(
            _SEQUENCE,
            _SIGNING_CERTIFICATE_V2,
            _der(_SET, _der(_SEQUENCE, _der(_SEQUENCE, identity))),
        ),
    )
    return b"".join(sorted(attributes))  # DER of a SET OF, X.690 clause 11.6


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _der(tag: int, *parts: bytes) -> bytes:
    """One element in DER, X.690 clauses 8.1 and 10.1."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content
