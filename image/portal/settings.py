# SPDX-License-Identifier: Apache-2.0
"""settings.py SECTION KEY=VALUE... [-KEY=SECRET]: changes settings by the box's own socket, as the page does."""
import http.client
import json
import socket
import sys


class OnTheBox(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/run/waypost/waypost.sock")


def ask(method, path, body=None):
    box = OnTheBox("localhost")
    box.request(method, path, body=json.dumps(body) if body else None, headers={"Content-Type": "application/json"})
    answer = box.getresponse()
    return answer.status, json.load(answer)


def change(word):
    key, value = word.lstrip("-").split("=", 1)
    return {"section": sys.argv[1], "key": key, "secret" if word.startswith("-") else "value": value}


_, now = ask("GET", "/settings")
status, said = ask("PATCH", "/settings", {"version": now["version"], "changes": [change(each) for each in sys.argv[2:]]})
print(status, json.dumps(said))
