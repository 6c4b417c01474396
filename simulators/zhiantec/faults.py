"""What a simulated sensor can be made to do wrong."""

from typing import Final

FAULTS: Final = {
    "bad_sum": "a frame's sum is wrong; argument: only an ack, or only data",
    "lost_byte": "a byte of a frame is lost; argument as above",
    "doubled_byte": "a byte of a frame comes twice; argument as above",
    "wrong_address": "a frame has another address; argument as above",
    "stray_bytes": "noise stands before a frame; argument as above",
    "no_answer": "a command is not answered",
    "slow": "an answer comes late; argument: seconds (2)",
    "no_finger": "GetImage finds no finger though one lies there",
    "storm": "GetImage is answered with 02 many times in a row; argument: how many (40)",
    "finger_lifted": "the finger goes in mid-scan; argument: 03 at GetImage (default) or 06 at Img2Tz",
    "wrong_password": "the password is refused",
    "no_last_packet": "an upload lacks its last packet",
    "cut_upload": "an upload stops; argument: after how many packets (20)",
    "deaf": "after the next power-on nothing is heard; argument: seconds (3)",
    "unplugged": "the cable is pulled: at once, or with the argument upload in the middle of the next one",
    "dirty_platen": "grains and an old print on the plate at once, until a person cleans it",
    "dots_490": "490 dots per inch at once, until it is repaired",
    "gradient": "20 % less light at the lower edge at once, until it is repaired",
    "dead_row": "a row sees nothing, at once, until it is repaired; argument: its number (140)",
    "noise": "three times the noise at once, until it is repaired",
    "smear": "a smear on the plate at once, until a person cleans it",
}
DEFECTS: Final = ("dirty_platen", "dots_490", "gradient", "dead_row", "noise", "smear")
