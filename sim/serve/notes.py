"""The notes that an address may ask for; nothing else is shown from it."""

from __future__ import annotations

from starlette.requests import Request

SAID = {
    "late": "That was no longer asked: here is what stands.",
    "soon": "Too fast: try again in a second.",
    "empty": "There was nothing to send.",
    "saved": "Kept. Nobody sees it until you send it.",
    "sent": "Sent.",
    "sure": "Tick the box to say that you mean it.",
    "full": "Every seat is taken. Ask your teacher for one.",
    "taken": "Somebody of that name has a seat. Is it you? Open your seat's address again, or ask your teacher to free "
    "it, and come back with the same name. Else add a letter to your name.",
    "wrong": "No class here has that code.",
    "mandate": "You have no mandate for that: see the red lines below.",
    "nothing": "There is nothing to sign in that package: change it first.",
    "apart": "That package does not hang together: what is wrong stands under your form.",
    "name": "Type a name of 1 to 24 letters.",
}


def note_of(request: Request) -> str | None:
    """The note that an address asks for, if it is one of ours."""
    return SAID.get(request.query_params.get("note", ""))
