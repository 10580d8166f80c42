# SPDX-License-Identifier: GPL-2.0-only
# Notifications by plain os.write(), whatever the library; see results/sending.md.
import os
import struct


# page: send
# The library keeps its descriptor to itself, so it is found by its name.  Where a process
# has several mounts, "fuse_connection" in /proc/self/fdinfo/N tells them apart.
def fuse_device():
    for fd in os.listdir("/proc/self/fd"):
        try:
            if os.readlink("/proc/self/fd/" + fd) == "/dev/fuse":
                return int(fd)
        except FileNotFoundError:
            pass  # that of the folder itself
    raise FileNotFoundError("/dev/fuse")


# One write is one message: its header, in which the code is where a reply has its error,
# and what belongs to it.  "=": in the byte order of the machine, without gaps.
def send(dev, code, body=b""):
    os.write(dev, struct.pack("=IiQ", 16 + len(body), code, 0) + body)


def epoch(dev):  # Linux 6.16
    send(dev, 8)


def expire(dev, parent, name):  # 6.2; before, it invalidates
    send(dev, 3, struct.pack("=QII", parent, len(name), 1) + name + b"\0")


def prune(dev, *nodes):  # 6.18
    send(dev, 9, struct.pack(f"=IIQ{len(nodes)}Q", len(nodes), 0, 0, *nodes))
# page: end
