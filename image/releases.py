# SPDX-License-Identifier: Apache-2.0
"""Releases for update_test: of the system in a bundle another one is made, and bundles by other keys, for other boards, or
cut short. Keys are those of `image/build.sh` (WAYPOST_SIGNING_KEY, else build/image/keys)."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = os.path.join(HERE, "..", "build", "image", "keys")
KEY = os.environ.get("WAYPOST_SIGNING_KEY", os.path.join(KEYS, "key.pem"))
CERT = os.environ.get("WAYPOST_SIGNING_CERT", os.path.join(KEYS, "cert.pem"))


def call(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, "%s: %s" % (words[0], done.stdout)


class Releases:
    """Made in `work`, from the bundle that `image/build.sh` made; its name is that of the board."""

    def __init__(self, bundle, work):
        self.bundle, self.work, self.tree = bundle, work, os.path.join(work, "tree")
        self.board = os.path.splitext(os.path.basename(bundle))[0]
        os.makedirs(work, exist_ok=True)

    def path(self, name):
        return os.path.join(self.work, name)

    def unpack(self):
        if os.path.exists(self.tree):
            return
        content = self.path("content")
        shutil.rmtree(content, ignore_errors=True)
        call("rauc", "extract", "--keyring=" + CERT, self.bundle, content)
        call("unsquashfs", "-no-progress", "-quiet", "-d", self.tree, os.path.join(content, "root.img"))
        shutil.rmtree(content)

    def release(self, version, change=None):
        """waypost-VERSION.raucb: the same system under another name; `change` is given its tree, which is changed back by
        what it returns."""
        file = self.path("waypost-%s.raucb" % version)
        if os.path.exists(file):
            return file
        self.unpack()
        with open(os.path.join(self.tree, "usr/share/waypost/release"), "w") as name:
            name.write(version + "\n")
        undo = change(self.tree) if change else None
        root = self.path("root.img")
        # Fast to make, not small.
        call("mksquashfs", self.tree, root, "-comp", "gzip", "-Xcompression-level", "1", "-noappend", "-no-progress", "-quiet")
        if undo:
            undo()
        self.sign(root, file, version)
        os.unlink(root)
        return file

    def sign(self, root, file, version, board=None, key=KEY, cert=CERT):
        content = self.path("content")
        shutil.rmtree(content, ignore_errors=True)
        os.makedirs(content)
        os.link(root, os.path.join(content, "root.img"))
        with open(os.path.join(content, "manifest.raucm"), "w") as manifest:
            manifest.write("[update]\ncompatible=%s\nversion=%s\n\n[bundle]\nformat=verity\n\n"
                           "[image.rootfs]\nfilename=root.img\n" % (board or self.board, version))
        if os.path.exists(file):
            os.unlink(file)
        call("rauc", "bundle", "--cert=" + cert, "--key=" + key, content, file)
        shutil.rmtree(content)
        return file

    def small(self, name, **how):
        """A bundle with nothing of use in it."""
        root = self.path("small.img")
        with open(root, "wb") as file:
            file.write(os.urandom(300_000))
        self.sign(root, self.path(name), "9.9", **how)
        os.unlink(root)
        return self.path(name)

    def foreign_key(self):
        key, cert = self.path("foreign.key"), self.path("foreign.pem")
        call("openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "7300", "-subj", "/CN=Somebody else",
             "-keyout", key, "-out", cert)
        return {"key": key, "cert": cert}

    def cut_short(self, file, name):
        with open(file, "rb") as whole, open(self.path(name), "wb") as part:
            part.write(whole.read(os.path.getsize(file) // 2))
        return self.path(name)

    def stick(self, *files):
        """A disk with one FAT partition, as sticks are sold, and these files on it."""
        disk, mib = self.path("stick.img"), 1 << 20
        size = sum(os.path.getsize(file) for file in files) // mib + 40
        with open(disk, "wb") as file:
            file.truncate((size + 2) * mib)
        subprocess.run(["sfdisk", "--quiet", disk], input="label: dos\nstart=1MiB, size=%dMiB, type=c\n" % size,
                       text=True, check=True)
        part = self.path("stick.part")
        with open(part, "wb") as file:
            file.truncate(size * mib)
        call("mkfs.vfat", "-F", "32", "-n", "BLUE", part)
        for file in files:
            call("mcopy", "-i", part, file, "::/")
        call("dd", "if=" + part, "of=" + disk, "bs=1M", "seek=1", "conv=notrunc,sparse", "status=none")
        os.unlink(part)
        return disk
