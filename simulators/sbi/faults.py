"""The fault menu of the scanner."""

from __future__ import annotations

from simulators.request_faults import RequestFaults

# Faults of an RCAPTURE answer. Evidence: facts sbi.md 5.
CAPTURE_FAULTS = {
    "wrong_signature": "signed by another key than its certificate's",
    "foreign_chain": "the certificate leads to a root that nobody has installed",
    "expired_certificate": "the device's certificate ended yesterday",
    "authority_signs": "the certificate is the provider's own",
    "x5c_missing": "no certificate in the token",
    "x5c_several": "the provider's certificate stands behind the device's; this is allowed",
    "x5c_many": "ten certificates in the token",
    "wrong_alg": "the header says HS256",
    "no_alg": "the header says none, and there is no signature",
    "altered_payload": "a score is changed after signing",
    "stale_timestamp": "its time is ten minutes ago",
    "future_timestamp": "its time is in ten minutes",
    "local_timestamp": "its time has no zone",
    "other_transaction": "its transactionId is another",
    "other_environment": "its env is another",
    "other_purpose": "its purpose is Auth",
    "other_device": "its deviceCode is another",
    "other_identity": "its digitalId is another device's, rightly signed",
    "unsigned_identity": "its digitalId is not signed",
    "other_version": "its specVersion is another",
    "broken_hash": "its hash does not follow from the one before",
    "lower_hash": "its hash is written in lower case",
    "wrong_finger": "its bioSubType is another than asked for",
    "position_mismatch": "the record's position byte is another finger's",
    "size_mismatch": "the record's width is another than the image's",
    "huge_claim": "a small image that claims 3000 by 3000",
    "lossy_marked_lossless": "a lossy image under the mark of a lossless one",
    "lossy": "a lossy image, marked so",
    "truncated_image": "the image's last tenth is missing",
    "cut_record": "the record's last ten bytes are missing",
    "low_resolution": "the record says 300 dpi",
    "marked_unusable": "the record marks the finger as unusable",
    "number_for_string": "scores are JSON numbers",
    "missing_item": "the last finger is missing",
    "extra_item": "the first finger stands there twice",
    "empty_data": "neither data nor an error",
    "low_score": "the quality score is 12",
    "timeout": "701, as if nobody had pressed a finger",
    "busy": "111",
    "refuse": "another error; value: its code (102)",
}
# Faults of any answer.
LINE_FAULTS = {
    "chunked": "the body comes in chunks; this is allowed",
    "slow": "the answer comes late; value: seconds (3)",
    "drip": "the answer comes in small pieces; value: seconds between two (0.2)",
    "hang": "nothing comes, and the connection stays open",
    "hang_up": "the connection ends before anything comes",
    "cut_body": "the connection ends inside the body; value: bytes that are sent (200)",
    "nested_reply": "the body is a whole second HTTP answer",
    "not_json": "a page of HTML",
    "not_http": "bytes that are no HTTP",
    "huge": "a body of 64 MiB",
    "server_error": "HTTP 500",
}


def scanner_faults() -> RequestFaults:
    """The menu of one scanner; what names no verb strikes RCAPTURE."""
    return RequestFaults((*CAPTURE_FAULTS, *LINE_FAULTS), usual="RCAPTURE")
