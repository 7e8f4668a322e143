# SPDX-License-Identifier: Apache-2.0
"""The administrator before a box's page, as its browser asks: by HTTP, with cookie and CSRF token."""
import http.cookiejar
import json
import time
import urllib.error
import urllib.request

PASSWORD = "seven green lanterns"
PIECE = 256 * 1024


class Refused(Exception):
    def __init__(self, status, answer):
        super().__init__("%d %s" % (status, answer))
        self.status, self.answer = status, answer


class Console:
    def __init__(self, box):
        self.box, self.csrf = box, ""
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        session = self.ask("GET", "/session")
        if session["claimed"]:
            session = self.ask("POST", "/session", {"handle": "carl", "password": PASSWORD})
        else:
            session = self.ask("POST", "/claim", {"code": box.claim_code(), "handle": "carl", "name": "Carl",
                                                  "password": PASSWORD, "language": "en"})
        self.csrf = session.get("csrf") or self.ask("GET", "/session")["csrf"]

    def ask(self, method, path, body=None, bytes_=None):
        request = urllib.request.Request("http://127.0.0.1:%d/api%s" % (self.box.port, path), method=method)
        if method != "GET":
            request.add_header("X-CSRF-Token", self.csrf)
            request.add_header("Content-Type", "application/octet-stream" if bytes_ is not None else "application/json")
            request.data = bytes_ if bytes_ is not None else json.dumps(body or {}).encode()
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, refused.read().decode(errors="replace")) from None

    def update(self):
        return self.ask("GET", "/update")

    def upload(self, file):
        """In pieces, as the page does; how many seconds it took."""
        began = time.monotonic()
        with open(file, "rb") as bundle:
            size = bundle.seek(0, 2)
            bundle.seek(0)
            self.ask("POST", "/update/upload", {"name": file.rsplit("/", 1)[-1], "bytes": size})
            at = 0
            while at < size:
                at = self.ask("PUT", "/update/upload?at=%d" % at, bytes_=bundle.read(PIECE))["there"]
        return time.monotonic() - began

    def until_job(self, *states):
        """Waits until the image's side is at one of these; the job."""
        found = {}

        def is_so():
            found.update(self.update().get("job", {}))
            return found.get("doing") in states

        self.box.until("the update to be " + " or ".join(states), is_so)
        return found
