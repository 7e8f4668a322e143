# SPDX-License-Identifier: Apache-2.0
"""Three sessions of one person who write to another on a box whose plug is pulled: what it acknowledged has to be there afterwards, whole; what it
did not, whole or not at all; and nothing twice."""
import http.client
import random
import threading
import urllib.error

from console_client import Refused

WRITERS = 3


class Letters:
    """`acknowledged`: number -> text of what the box said is kept. It outlives the box, in the caller's hands."""

    def __init__(self, acknowledged, first, seed):
        self.acknowledged, self.next, self.dice = acknowledged, first, random.Random(seed)
        self.lock, self.stopped, self.refused = threading.Lock(), threading.Event(), []
        self.writers = []

    def new(self):
        with self.lock:
            number, self.next = self.next, self.next + 1
            words = "".join(self.dice.choices("abcdefghij klmnopqr stuvwxyz ", k=self.dice.randrange(20, 300)))
        return number, "letter %d: %s." % (number, words.strip())

    def write(self, console):
        while not self.stopped.is_set():
            number, text = self.new()
            try:
                answer = console.ask("POST", "/me/messages", {"to": ["ben"], "text": text})
            except Refused as no:
                self.refused.append(str(no))
                return
            except (OSError, urllib.error.URLError, http.client.HTTPException, ValueError):
                if self.stopped.wait(0.2):
                    return
                continue
            if answer.get("id"):
                with self.lock:
                    self.acknowledged[str(number)] = text

    def start(self, consoles):
        self.writers = [threading.Thread(target=self.write, args=(each,), daemon=True) for each in consoles]
        for each in self.writers:
            each.start()

    def stop(self):
        self.stopped.set()
        for each in self.writers:
            each.join(60)


def on_the_box(console):
    """number -> how often and what, of all letters that carl wrote."""
    found, before = {}, ""
    while True:
        page = console.ask("GET", "/me/messages?box=out&limit=200" + before)
        for each in page["messages"]:
            if each["text"].startswith("letter "):
                found.setdefault(each["text"].split(":")[0][len("letter "):], []).append(each["text"])
        if not page["next"]:
            return found
        before = "&before=%d" % page["next"]


def missing(acknowledged, found):
    """What is wrong: acknowledged and not there or not whole, or anything twice."""
    return (["%s is not there as it was acknowledged" % number for number, text in acknowledged.items()
             if found.get(number) != [text]] +
            ["%s is there %d times" % (number, len(texts)) for number, texts in found.items() if len(texts) > 1])
