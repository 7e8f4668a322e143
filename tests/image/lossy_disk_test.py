#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""image/lossy_disk.py: what is read is what was last written; what was flushed or had to be on the disk is in the file; of the
rest a part is lost when the program ends, and only that."""
import os
import random
import sys
import tempfile
import types

FUA = 2
sys.modules["nbdkit"] = types.SimpleNamespace(FLAG_FUA=FUA, FUA_NATIVE=2, THREAD_MODEL_SERIALIZE_ALL_REQUESTS=1)
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "image"))
import lossy_disk  # noqa: E402

SIZE = 64 * lossy_disk.BLOCK
dice = random.Random(7)


def read(offset, count):
    buffer = bytearray(count)
    lossy_disk.pread(None, buffer, offset, 0)
    return bytes(buffer)


with tempfile.NamedTemporaryFile() as file:
    file.truncate(SIZE)
    lossy_disk.config("file", file.name)
    lossy_disk.get_ready()
    assert lossy_disk.get_size(None) == SIZE
    wanted = bytearray(SIZE)
    lost = 0
    for number in range(2000):
        offset = dice.randrange(SIZE // 512) * 512
        piece = dice.randbytes(min(dice.choice((512, 1024, 4096, 12288)), SIZE - offset))
        wanted[offset:offset + len(piece)] = piece
        lossy_disk.pwrite(None, piece, offset, FUA if number % 50 == 0 else 0)
        assert read(0, SIZE) == bytes(wanted), "read is not what was written"
        on_disk = open(file.name, "rb").read()
        if number % 50 == 0:
            assert on_disk[offset:offset + len(piece)] == piece, "it had to be on the disk"
        lost += on_disk != bytes(wanted)
        for at in range(0, SIZE, lossy_disk.BLOCK):
            here = slice(at, at + lossy_disk.BLOCK)
            assert at // lossy_disk.BLOCK in lossy_disk.waiting or on_disk[here] == wanted[here], "lost without waiting"
        if number % 20 == 19:
            lossy_disk.flush(None, 0)
            assert open(file.name, "rb").read() == bytes(wanted), "flushed is on the disk"
    assert lost > 1000, "nothing would be lost: %d" % lost
