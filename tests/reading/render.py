#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A mail's text as numbered lines, by Python's own mail and HTML parsers: the ground that a person
marks. It knows nothing of Waypost's reader, so that the marks stay independent of it."""
import email
import email.policy
import html.parser
import sys

BLOCKS = {"p", "div", "br", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
          "blockquote", "pre", "center", "td", "th", "dd", "dt", "form", "title"}
SILENT = {"script", "style", "head", "title"}


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.silent = [], []

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent.append(tag)
        elif tag == "body":
            self.silent = []
        if tag in BLOCKS:
            self.out.append("\n")

    def handle_endtag(self, tag):
        if tag in self.silent:
            self.silent.remove(tag)
        if tag in BLOCKS:
            self.out.append("\n")

    def handle_data(self, data):
        if not self.silent:
            self.out.append(" ".join(data.split()) + " " if data.strip() else " ")


def decoded(part):
    raw = part.get_payload(decode=True) or b""
    charset = part.get_content_charset() or "utf-8"
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode("latin-1")


def lines(raw):
    if raw.startswith(b"From "):
        raw = raw.split(b"\n", 1)[1]
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    plain, rich = [], []
    for part in message.walk():
        if part.is_multipart() or part.get_filename():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and part.get_content_disposition() != "attachment":
            plain.append(decoded(part))
        elif kind == "text/html":
            rich.append(decoded(part))
    if any(text.strip() for text in plain):
        text = "\n".join(plain)
    else:
        text = ""
        for source in rich:
            parser = Text()
            parser.feed(source)
            text += "".join(parser.out) + "\n"
    return [line.rstrip() for line in text.splitlines()]


if __name__ == "__main__":
    for number, line in enumerate(lines(open(sys.argv[1], "rb").read()), 1):
        print(f"{number}\t{line}")
