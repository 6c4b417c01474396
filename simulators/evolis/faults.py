"""What a simulated printer can be made to do wrong."""

# name -> where it strikes; what may follow a colon is its argument
FAULTS = {
    "no_answer": "a reply is not sent; argument: only for this mnemonic, status for the status text",
    "cut_answer": "a reply stops in its middle; argument: only for this mnemonic",
    "late_answer": "a reply comes late; argument: seconds of wall time (3)",
    "wrong_answer": "a reply is that of another command; argument: only for this mnemonic",
    "double_answer": "a reply is sent twice; argument: only for this mnemonic",
    "split_answer": "a reply is split over packets; argument: only for this mnemonic",
    "disconnect": "the connection ends inside the data of a bitmap",
    "stall": "USB: the bulk OUT endpoint stalls at a transfer",
    "feeder_empty": "a feed finds nothing, though cards may lie there",
    "double_feed": "a feed takes two cards and jams",
    "jam_before_print": "the card jams on its way to the print station",
    "jam_in_print": "the card jams in the print station; argument: after how many panels (2)",
    "jam_after_print": "the card jams on its way out",
    "jam_at_station": "the card jams on its way to a chip station",
    "ribbon_out_between_panels": "the ribbon ends; argument: after how many panels (2)",
    "cover_open": "the cover is opened at once, and stays so until a person closes it",
    "reject_box_full": "the reject box is full at once, until a person empties it",
    "head_too_hot": "the head is too hot at once, until it has cooled",
    "cleaning_due": "cleaning is due at once, until a person cleans",
    "power_cut": "the power fails at a step; argument: feed, move, panel, eject or reply",
    "chip": "argument: a fault of the card that next reaches a station: name[:nth APDU[:times[:FID in hex]]]",
    "reader": "argument: a fault of the reader slot at the next card there: name[:nth APDU[:times]]",
}
