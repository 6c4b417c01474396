"""The request for a certificate (PKCS#10, RFC 2986), signed with the token's key."""

from typing import Final

from asn1crypto import algos, csr, keys, pem, x509

from station.letters.signing.plug import RawSigner
from station.letters.signing.signer import signature_der

COUNTRY: Final = "ID"
USAGES: Final = {"digital_signature", "non_repudiation"}  # RFC 5280 clause 4.2.1.3


def write_request(key: RawSigner, name: str, organisation: str) -> bytes:
    """Return a request as PEM.

    Args:
        key: of which the certificate shall be.
        name: common name, as the authority shall write it.
        organisation: for example the regency.

    Raises:
        DeviceAbsent: TOKEN_ABSENT.
    """
    subject = x509.Name.build(
        {"country_name": COUNTRY, "organization_name": organisation, "common_name": name}
    )
    usage = x509.Extension({"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(USAGES)})
    attribute = csr.CRIAttribute(
        {"type": "extension_request", "values": [x509.Extensions([usage])]}  # RFC 2985 clause 5.4.2
    )
    information = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": subject,
            "subject_pk_info": keys.PublicKeyInfo.load(key.public_key()),
            "attributes": [attribute],
        }
    )
    request = csr.CertificationRequest(
        {
            "certification_request_info": information,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signature_der(key.sign(information.dump())),
        }
    )
    written: bytes = pem.armor("CERTIFICATE REQUEST", request.dump())
    return written
