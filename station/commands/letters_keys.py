"""`station letters trust` and `station letters certificate-request`: the keys of letters."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context, Output
from station.commands.letters_verifying import add_trust_options, trust_files
from station.commands.parsing import Noun
from station.errors import ExitStatus, InputFault
from station.language import marked

if TYPE_CHECKING:
    from station.letters.standing import Standing
    from station.letters.trust import TrustedCertificate, TrustedKey, TrustList

CERTIFICATE, CODES = "certificate", "codes"
OWN_KEYS: Final = {
    CERTIFICATE: marked("this station's certificate of files"),
    CODES: marked("this station's key of codes"),
}
STANDINGS: Final = {
    "believed": marked("believed"),
    "not_listed": marked("NOT IN THE LIST: letters that it signs are not believed"),
    "not_yet": marked("NOT YET BELIEVED: its time begins later"),
    "ended": marked("NO LONGER BELIEVED: its time has ended"),
    "verifies_only": marked("NOT TO SIGN ANY MORE: it was replaced"),
    "stolen": marked("STOLEN: it must not sign"),
}


def add_to(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb(
            "certificate-request",
            marked("write a request for the certificate of the letters' signature"),
            _request,
        )
        .option("--out", marked("file to write; one that is there is never written over"), required=True)
        .option("--name", marked("common name; otherwise the office of the letterhead"))
    )
    trust = noun.group("trust", marked("the list of keys that letters are believed from"))
    add_trust_options(trust.verb("show", marked("show the list and the root's fingerprint"), _show))
    add_trust_options(
        trust.verb("check", marked("is the list good, and does it hold this station's keys?"), _check)
    ).flag("--token", marked("ask the token for its keys too"))


def _request(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import keys_of
    from station.letters.signing.request import write_request

    target = Path(arguments.text("out"))
    with keys_of(context) as office:
        letters, regency = office.settings.letters, office.settings.office.regency
        name = arguments.optional_text("name") or (letters.letterhead.office if letters else regency)
        request = write_request(office.keys.letter_signature, name, regency)
    try:
        with target.open("xb") as file:
            file.write(request)
    except OSError as error:
        raise InputFault("LETTER_REQUEST_UNWRITTEN", file=target, problem=error.strerror) from error
    context.output.say(marked("Request written: {file}. Bring it to the authority."), file=target)
    context.output.document({"file": str(target), "name": name, "organisation": regency})
    return ExitStatus.DONE


def _read(context: Context, arguments: Arguments) -> "tuple[TrustList, Path, str]":
    from station.letters.trust import read_trust, root_fingerprint

    file, root, _ = trust_files(context, arguments)
    return read_trust(file, root), file, root_fingerprint(root)


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    trust, file, fingerprint = _read(context, arguments)
    output = context.output
    output.say(marked("List {file}, signed by the root on {date}."), file=file, date=_day(trust.issued))
    output.say(marked("The root's fingerprint: {fingerprint}"), fingerprint=fingerprint)
    output.table(
        (marked("key"), marked("kind"), marked("issuer"), marked("from"), marked("to"), marked("may")),
        [
            (row["key"], row["kind"], row["issuer"], row["valid_from"], row["valid_to"], row["state"])
            for row in _rows(trust)
        ],
    )
    output.document({"issued": trust.issued.isoformat(), "root": fingerprint, "keys": _rows(trust)})
    return ExitStatus.DONE


def _rows(trust: "TrustList") -> list[dict[str, str]]:
    codes = [(key.key_id.hex(), key.algorithm.name, key) for key in trust.keys]
    files = [(one.certificate.subject, "PAdES", one) for one in trust.certificates]
    entries: list[tuple[str, str, TrustedKey | TrustedCertificate]] = [*codes, *files]
    return [
        {
            "key": name,
            "kind": kind,
            "issuer": entry.issuer,
            "valid_from": _day(entry.valid_from),
            "valid_to": _day(entry.valid_to),
            "state": entry.state.value,
        }
        for name, kind, entry in entries
    ]


def _check(context: Context, arguments: Arguments) -> ExitStatus:
    from station.clock import SystemClock
    from station.letters.standing import Standing

    trust, file, fingerprint = _read(context, arguments)
    output = context.output
    output.say(marked("The root has signed the list {file}."), file=file)
    output.say(marked("The root's fingerprint: {fingerprint}"), fingerprint=fingerprint)
    found = dict(_own_keys(context, trust, SystemClock().now(), token=arguments.flag("token")))
    for key, how in found.items():
        output.say("{key}: {standing}", key=output.language.text(OWN_KEYS[key]), standing=_words(output, how))
    output.document({"file": str(file), "root": fingerprint, "keys": found})
    return ExitStatus.DONE if set(found.values()) <= {Standing.BELIEVED} else ExitStatus.REFUSED


def _own_keys(
    context: Context, trust: "TrustList", moment: datetime, *, token: bool
) -> Iterator["tuple[str, Standing]"]:
    """This station's keys: that of the files by its certificate, that of the codes only with the token."""
    from station.commands.office import keys_of, settings_of
    from station.letters.signing.certificate import read_certificate
    from station.letters.standing import standing

    letters = settings_of(context).letters
    if letters is not None and letters.certificate is not None:
        entry = trust.find_certificate(read_certificate(letters.certificate))
        yield CERTIFICATE, standing(entry, moment)
    if token:
        with keys_of(context) as office:
            yield CODES, standing(trust.find(office.keys.letters.key_id), moment)


def _words(output: Output, how: "Standing") -> str:
    return output.language.text(STANDINGS[how.value])


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
