# SPDX-License-Identifier: Apache-2.0
"""mdns.py NAME OWN: the addresses that NAME has by multicast DNS (RFC 6762), as a phone asks for them."""
import socket
import struct
import sys
import time

GROUP, PORT = "224.0.0.251", 5353


def question(name):
    labels = b"".join(bytes([len(each)]) + each.encode() for each in name.split("."))
    return struct.pack(">6H", 0, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def addresses(packet, name):
    """Of the A records whose name stands there in full, as that of the first answer does."""
    labels = b"".join(bytes([len(each)]) + each.encode() for each in name.split(".")) + b"\0"
    at = packet.lower().find(labels.lower(), 12)
    while at >= 0:
        kind, _, _, size = struct.unpack(">HHIH", packet[at + len(labels):at + len(labels) + 10])
        if kind == 1 and size == 4:
            yield socket.inet_ntoa(packet[at + len(labels) + 10:at + len(labels) + 14])
        at = packet.lower().find(labels.lower(), at + 1)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
    mine = sys.argv[2]
    asks.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    asks.bind(("", PORT))
    asks.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(mine))
    asks.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(mine))
    asks.settimeout(2)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        asks.sendto(question(sys.argv[1]), (GROUP, PORT))
        try:
            packet, sender = asks.recvfrom(9000)
        except socket.timeout:
            continue
        if sender[0] != mine and len(packet) > 12 and packet[2] & 0x80:
            found = list(addresses(packet, sys.argv[1]))
            if found:
                print(" ".join(found))
                sys.exit(0)
sys.exit("nobody answers for " + sys.argv[1])
