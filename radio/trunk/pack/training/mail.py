#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mail.py HAM OUT: mail.txt.zst in the folder OUT, from the mails that tests/reading/fetch_ham.sh put into HAM.

Seven headers, an empty line and the body of each mail of easy-ham-1 that is plain text of one part. For
measuring, of mails of easy-ham-2 whose bodies are not among these: mail.inside.txt, a hundred of 1 to 4 KiB, and
short.outside.txt, their paragraphs of 20 to 200 bytes that quote nobody. The same mails give the same bytes. These mails
belong to their senders: they are fetched, never kept in this tree.
"""
import glob, hashlib, os, re, subprocess, sys

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Content-Type"]
SEPARATOR = "\x1e"
MOST = 800_000  # bytes
LONGEST = 4096


def carried(raw):
    head, _, body = raw.replace("\r\n", "\n").partition("\n\n")
    fields = {}
    for line in re.sub(r"\n[ \t]+", " ", head).split("\n"):
        name, colon, value = line.partition(":")
        if colon: fields.setdefault(name.lower(), value.strip())
    kind = fields.get("content-type", "text/plain").lower()
    coded = fields.get("content-transfer-encoding", "7bit").lower() not in ("7bit", "8bit")
    if not kind.startswith("text/plain") or coded or SEPARATOR in raw: return None
    lines = [f"{name}: {fields[name.lower()]}" for name in HEADERS if name.lower() in fields]
    return "\n".join(lines) + "\n\n" + body


def mails_of(folder):
    for path in sorted(glob.glob(f"{folder}/*.txt")):
        with open(path, encoding="latin1", newline="") as file:
            mail = carried(file.read())
        if mail and len(mail) <= LONGEST: yield mail


def mixed(texts):
    """In an order that has nothing to do with lists and dates."""
    return sorted(dict.fromkeys(texts), key=lambda text: hashlib.sha256(text.encode()).digest())


def body(mail):
    return mail.partition("\n\n")[2]


def paragraphs(mail):
    for paragraph in re.split(r"\n\s*\n", body(mail)):
        text = re.sub(r"\s+", " ", paragraph).strip()
        if 20 <= len(text) <= 200 and not re.search(r"[>@_|]|http|--|==", text):
            yield text


def write(path, texts):
    with open(path, "w", encoding="utf8", newline="") as file:
        file.write(SEPARATOR.join(texts))


def main(ham, out):
    os.makedirs(out, exist_ok=True)
    learned = mixed(mails_of(f"{ham}/easy-ham-1"))
    bodies = set(map(body, learned))
    fresh = [mail for mail in mixed(mails_of(f"{ham}/easy-ham-2")) if body(mail) not in bodies]
    known = {text for mail in learned for text in paragraphs(mail)}
    write(f"{out}/mail.inside.txt", [mail for mail in fresh if len(mail) >= 1024][:100])
    write(f"{out}/short.outside.txt", mixed(text for mail in fresh for text in paragraphs(mail) if text not in known)[:300])
    plain = f"{out}/mail.txt"
    write(plain, [SEPARATOR.join(learned).encode()[:MOST].decode(errors="ignore")])
    subprocess.run(["zstd", "-q", "-f", "-19", "--single-thread", "--rm", plain, "-o", f"{plain}.zst"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
