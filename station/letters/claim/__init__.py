"""The signed claim in a letter's QR code: a CWT with claim 169 (MOSIP identity data), one encoding only.

Chain (mosip/id-claim-169, QR code specification 1.2.2): claims -> CBOR -> CWT (RFC 8392) -> COSE_Sign1
(RFC 9052) -> zlib -> Base45 (RFC 9285) -> QR code in alphanumeric mode.
"""
