"""Finding a sensor's baud rate, and asking for a larger one."""

from drivers.zhiantec.codes import BAUD_PARAMETER, Confirmation, Instruction
from drivers.zhiantec.conversation import BAUD_STEP, Conversation
from drivers.zhiantec.errors import BadFrameError, NoAnswerError, RefusedError

_USUAL_BAUDS = (57600, 115200, 9600)
_GREETINGS = 2  # a module that has just got power is deaf for about 50 ms (facts)


def find_baud(conversation: Conversation, configured: int) -> None:
    """Greet the sensor at its configured baud rate, then at those where a killed program may have left it.

    Raises:
        NoAnswerError: It answers at none of them.
        ZhianTecError: It answers, and refuses.
    """
    for baud in dict.fromkeys((configured, *_USUAL_BAUDS)):
        conversation.set_baud(baud)
        if _greeted(conversation):
            return
    raise NoAnswerError(f"no sensor answers at {configured} baud or at {_USUAL_BAUDS}")


def change_baud(conversation: Conversation, wanted: int) -> bool:
    """Ask the sensor for another baud rate; tell whether it has it. Else the one before goes on.

    Raises:
        NoAnswerError: It answers at neither of them any more.
    """
    before = conversation.baud
    if wanted == before:
        return True
    try:
        accepted = ask_for_baud(conversation, wanted)
    except (BadFrameError, NoAnswerError):
        accepted = True  # perhaps: the answer may have come at the other baud rate already (facts: unknown)
    for baud in (wanted, before) if accepted else (before,):
        conversation.set_baud(baud)
        if _greeted(conversation):
            return baud == wanted
    raise NoAnswerError(f"the sensor answers neither at {wanted} nor at {before} baud")


def ask_for_baud(conversation: Conversation, wanted: int) -> bool:
    """Ask the sensor for another baud rate, once; tell whether it agrees. This end keeps its own.

    Raises:
        ZhianTecError: There was no good answer.
    """
    command = bytes([Instruction.SET_PARAMETER, BAUD_PARAMETER, wanted // BAUD_STEP])
    return conversation.ask_once(command) == Confirmation.OK


def _greeted(conversation: Conversation) -> bool:
    for _ in range(_GREETINGS):
        try:
            conversation.verify_password()
        except (BadFrameError, NoAnswerError):
            continue
        except RefusedError as refusal:
            if refusal.code != Confirmation.PACKET_ERROR:  # it heard the end of something else
                raise
            continue
        return True
    return False
