# SPDX-License-Identifier: Apache-2.0
"""A disk with a cache of its own, as cards and cheap SSDs have, for nbdkit's Python plugin:

    nbdkit -U SOCKET python lossy_disk.py file=DISK.img seed=1 share=50

Of what is written each block goes to the file at once with that chance in a hundred, in whatever order; the others wait for the
next flush, or for an order that has to be on the disk (FUA). kill -9 is the power cut: what waited is gone, so that a write may
be on the disk while an older one is not, and a large one in part.
"""
import os
import random

import nbdkit

API_VERSION = 2
BLOCK = 4096
ROOM = 16384  # blocks: a disk's cache has an end

settings = {"seed": "1", "share": "50"}
waiting = {}  # number of a block -> its bytes
disk = size = coin = None


def config(key, value):
    settings[key] = value


def get_ready():
    global disk, size, coin
    disk = os.open(settings["file"], os.O_RDWR)
    size = os.fstat(disk).st_size
    coin = random.Random(int(settings["seed"]))


def thread_model():
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(readonly):
    return 1


def get_size(_):
    return size


def can_write(_):
    return True


def can_flush(_):
    return True


def can_fua(_):
    return nbdkit.FUA_NATIVE


def blocks(offset, count):
    """(number, where in it, how many bytes, where in the request) of each block."""
    done = 0
    while done < count:
        number, at = divmod(offset + done, BLOCK)
        here = min(BLOCK - at, count - done)
        yield number, at, here, done
        done += here


def whole(number):
    return waiting.get(number) or os.pread(disk, BLOCK, number * BLOCK)


def pread(_, buffer, offset, flags):
    buffer[:] = os.pread(disk, len(buffer), offset)
    for number, at, here, where in blocks(offset, len(buffer)):
        if number in waiting:
            buffer[where:where + here] = waiting[number][at:at + here]


def put_down(number):
    os.pwrite(disk, waiting.pop(number), number * BLOCK)


def pwrite(_, buffer, offset, flags):
    share = 100 if flags & nbdkit.FLAG_FUA else int(settings["share"])
    for number, at, here, where in blocks(offset, len(buffer)):
        old = b"" if here == BLOCK else whole(number)
        waiting.pop(number, None)
        waiting[number] = old[:at] + bytes(buffer[where:where + here]) + old[at + here:]
        if coin.random() * 100 < share:
            put_down(number)
    while len(waiting) > ROOM:
        put_down(next(iter(waiting)))


def flush(_, flags):
    for number in list(waiting):
        put_down(number)
