"""The words for codes that people see: states, steps, causes, and what devices complain of.

Codes stay English in the database, in JSON and in logs; on the screen each has its words, through gettext.
"""

from station.language import Language, marked

STATES = {
    "queued": marked("in the queue"),
    "working": marked("in the making"),
    "waiting": marked("waiting for a person"),
    "ready": marked("ready"),
    "refused": marked("refused"),
    "given_up": marked("given up"),
    "open": marked("begun"),
    "checking": marked("waiting for its quality check"),
    "spoiled": marked("spoiled"),
    "not_done": marked("not done"),
    "attention": marked("waits for somebody"),
    "broken": marked("broken"),
    "warning": marked("well, with a warning"),
    "error": marked("in error"),
    "off": marked("off"),
}

ROWS = {
    "event": marked("event"),
    "intent": marked("intent"),
    "outcome": marked("outcome"),
    "question": marked("question"),
    "answer": marked("answer"),
    "job_added": marked("job added"),
    "job_refused": marked("job refused"),
    "job_queued": marked("back in the queue"),
    "job_given_up": marked("job given up"),
    "attempt_opened": marked("try begun"),
    "attempt_not_done": marked("try without a blank"),
    "card_bound": marked("blank bound by its chip number"),
    "card_known": marked("known card from the hopper"),
    "chip_verified": marked("chip read back and compared"),
    "chip_unreachable": marked("chip not reachable"),
    "condemned": marked("blank found spoiled"),
    "card_ready": marked("card ready"),
    "card_spoiled": marked("blank booked as spoiled"),
    "blanks_moved": marked("blanks booked"),
    "lane_attention": marked("lane waits for somebody"),
    "lane_ready": marked("lane goes on"),
    "lane_latched": marked("lane latched"),
    "lane_cleared": marked("lane cleared"),
    "card_identified": marked("found card identified"),
    "batch_made": marked("batch made"),
    "batch_paused": marked("batch paused"),
    "batch_resumed": marked("batch goes on"),
    "staff_added": marked("person added"),
    "pin_set": marked("PIN set"),
    "pin_wrong": marked("wrong PIN"),
    "pin_locked": marked("PIN locked"),
    "pin_unlocked": marked("PIN unlocked"),
    "blanks_counted": marked("blanks counted"),
    "blanks_adjusted": marked("books adjusted to a count"),
    "blanks_destroyed": marked("spoiled blanks destroyed"),
    "stock_handed_over": marked("stock handed over"),
}

STEPS = {
    "load": marked("loading a blank"),
    "lock": marked("locking the chip"),
    "print": marked("printing"),
    "reject": marked("rejecting the card"),
    "recall": marked("moving the card back to the chip station"),
    "terminate": marked("killing the chip"),
    "print_unknown": marked("was it printed?"),
    "load_unknown": marked("where is the blank?"),
    "card_missing": marked("where is the card?"),
    "reject_unknown": marked("is it in the reject box?"),
    "quality_check": marked("quality check"),
    "print_again": marked("print again?"),
    "feed": marked("feeding a card"),
    "connect": marked("connecting to the chip"),
    "write": marked("writing the chip"),
    "read back": marked("reading the chip back"),
    "read the life cycle": marked("reading the chip's life cycle"),
    "activate": marked("locking the chip"),
    "identify": marked("naming itself"),
    "read_status": marked("reading its status"),
    "read_supplies": marked("reading its supplies"),
    "clear_errors": marked("clearing its error"),
}

CAUSES = {
    "chip_readback": marked("the chip failed its read-back"),
    "chip_write": marked("the chip could not be written"),
    "chip_silent": marked("the chip stopped answering"),
    "chip_lock": marked("the chip did not lock"),
    "chip_lost": marked("the locked chip stopped answering"),
    "no_chip": marked("no chip answered"),
    "foreign_card": marked("not one of our blanks"),
    "known_card": marked("a card that is in the books already"),
    "load_jam": marked("jam while loading"),
    "print_jam": marked("jam or stop while printing"),
    "print_spoiled": marked("print spoiled, by a person's word"),
    "removed_by_hand": marked("taken out by hand"),
    "missing": marked("cannot be found"),
    "damaged": marked("unusable before it was used"),
    "found": marked("found in surplus"),
    "surplus": marked("given back without a loan"),
    "quality": marked("failed the quality check"),
    "specimen": marked("specimen card"),
    "unknown": marked("unknown cause"),
}

TROUBLES = {
    "mechanical": marked("card jam"),
    "feeder_error": marked("feeding failed"),
    "feeder_empty": marked("the hopper is empty"),
    "feeder_open": marked("the hopper is open"),
    "cover_open": marked("the cover is open"),
    "ribbon_ended": marked("the ribbon is at its end"),
    "ribbon_error": marked("ribbon fault"),
    "no_ribbon": marked("there is no ribbon"),
    "bad_ribbon": marked("wrong ribbon"),
    "ribbon_unsupported": marked("a ribbon that does not fit"),
    "remove_ribbon": marked("the ribbon must be taken out"),
    "reject_box_full": marked("the reject box is full"),
    "reject_box_cover_open": marked("the reject box is open"),
    "hopper_full": marked("the good tray is full"),
    "head_temperature": marked("the print head is too hot"),
    "head_cooling": marked("the print head is cooling down"),
    "card_on_eject": marked("a card lies in the exit"),
    "card_in_path": marked("a card stands in the path"),
    "power_supply": marked("power supply fault"),
    "locked": marked("the printer is locked"),
    "internal": marked("internal fault"),
    "hardware": marked("hardware fault"),
    "READER_ABSENT": marked("the chip reader is not there"),
    "READER_BUSY": marked("another program uses the chip reader"),
    "PCSC_DAEMON_ABSENT": marked("the chip reader service is not running"),
    "TOKEN_ABSENT": marked("the key token is not there"),
    "HOPPER_UNBOOKED": marked("no blank is booked in the hopper"),
    "PRINTER_ABSENT": marked("the printer does not answer"),
    "PRINTER_REFUSED": marked("the printer refused"),
    "PRINTER_FAULT": marked("the printer reported a fault"),
}

POSITIONS = {
    "at_none": marked("none in the path"),
    "at_feeder": marked("at the feeder"),
    "at_chip_station": marked("at the chip station"),
    "at_print": marked("in the print station"),
    "at_flip": marked("in the flip station"),
    "at_eject": marked("in the exit"),
    "at_unknown": marked("not known"),
}

AUDIT = {
    "row_changed": marked("the row was changed"),
    "row_missing": marked("the row is missing"),
    "chain_broken": marked("the row does not follow the one before"),
    "head_signature_wrong": marked("the signature of this head is wrong"),
    "head_differs": marked("the row is not the one that was signed or noted"),
    "anchor_damaged": marked("the file of signed heads is damaged"),
    "ledger_differs": marked("the blanks ledger says something else than the journal"),
    "balance_differs": marked("a balance of the blanks ledger is wrong"),
    "counts_differ": marked("the table of counts says something else than the journal"),
    "acts_differ": marked("the table of signed acts says something else than the journal"),
    "staff_differs": marked("the table of the staff says something else than the journal"),
    "jobs_differ": marked("the table of jobs says something else than the journal"),
    "attempts_differ": marked("the table of attempts says something else than the journal"),
    "outbox_differs": marked("the messages to the centre are not those that the journal asks for"),
    "batches_differ": marked("the table of batches says something else than the journal"),
    "lanes_differ": marked("the table of lanes says something else than the journal"),
}

FINDINGS = {
    "unused_blank": marked("an empty blank that no job has touched"),
    "in_the_making": marked("a card in the making"),
    "waits_for_answer": marked("a card that a question is open about"),
    "waits_for_check": marked("a card that waits for its quality check"),
    "finished": marked("a finished card"),
    "spoiled_alive": marked("a spoiled card whose chip is still alive"),
    "contradiction": marked("a card that contradicts the journal"),
    "blank": marked("empty"),
    "creation": marked("begun, not locked"),
    "activated": marked("locked"),
    "terminated": marked("dead"),
    "foreign": marked("foreign"),
}

NOTES = {
    "religion_unknown": marked("The religion is not in the known list."),
    "name_too_long": marked("The name has more than 60 letters."),
    "name_not_only_letters": marked("The name has characters other than letters; old names may."),
    "photo_background": marked("The photo's background does not fit the birth year or nationality."),
    "signature_blank": marked("The signature has no ink."),
}

ROLES = {
    "operator": marked("operator"),
    "supervisor": marked("supervisor"),
    "technician": marked("technician"),
}

ACCOUNTS = {
    "received": marked("received"),
    "lent_in": marked("borrowed"),
    "lent_out": marked("lent"),
    "returned": marked("returned"),
    "stock": marked("in stock"),
    "in_machine": marked("in the printers"),
    "issued": marked("issued"),
    "destroyed": marked("destroyed"),
}

# What a move of the ledger is, by its two accounts.
WAYS = {
    "received>stock": marked("receipt"),
    "lent_in>stock": marked("borrowed from another office"),
    "stock>in_machine": marked("put into a hopper"),
    "in_machine>stock": marked("taken out of a hopper"),
    "stock>lent_out": marked("lent to another office"),
    "lent_out>stock": marked("came back from a loan"),
    "stock>returned": marked("given back to another office"),
    "stock>spoiled": marked("adjusted to a count"),
    "in_machine>issued": marked("made into a card"),
    "in_machine>spoiled": marked("spoiled in the making"),
    "issued>spoiled": marked("spoiled after the making"),
    "spoiled>destroyed": marked("burnt"),
    "opening": marked("opening count"),
    "closing": marked("closing count"),
}

WORDS = {
    **WAYS,
    **STATES,
    **ROWS,
    **STEPS,
    **CAUSES,
    **TROUBLES,
    **POSITIONS,
    **AUDIT,
    **FINDINGS,
    **NOTES,
    **ROLES,
    **ACCOUNTS,
}


def word(language: Language, code: str) -> str:
    """The words for a code in a language; a code without words shows itself."""
    return language.text(WORDS.get(code, code))
