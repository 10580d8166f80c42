#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# A daemon on python-fuse: libfuse 2, high level.  One directory, one file, and each answer
# is good for an hour.  A line on stdin makes the file a line longer and names the
# notification that tells the kernel; see results/sending.md.
import errno
import stat
import sys
import threading

import fuse

import notify

fuse.fuse_python_api = (0, 2)
LINE = b"line\n"
lines = 1
lookups = 0


class Tree(fuse.Fuse):
    def fsinit(self):  # after it is mounted
        threading.Thread(target=change, daemon=True).start()

    def getattr(self, path):
        global lookups
        lookups += 1  # libfuse asks so for a LOOKUP, too
        if path == "/":
            return fuse.Stat(st_mode=stat.S_IFDIR | 0o755, st_nlink=2)
        if path == "/file":
            return fuse.Stat(st_mode=stat.S_IFREG | 0o444, st_nlink=1,
                             st_size=lines * len(LINE))
        return -errno.ENOENT

    def open(self, path, flags):
        return 0

    def read(self, path, size, off):
        return (LINE * lines)[off:off + size]


# page: high
# A library that hides its nodes leaves what needs none: the epoch, and names in the root,
# which is node 1.
def change():
    global lines
    dev = notify.fuse_device()
    for how in sys.stdin:
        how = how.strip()
        lines += 1
        result = 0
        try:
            if how == "epoch":
                notify.epoch(dev)
            elif how == "expire":
                notify.expire(dev, 1, b"file")
            elif how != "none":
                result = errno.EOPNOTSUPP
        except OSError as error:
            result = error.errno
        print(how, result, lookups, flush=True)
# page: end


tree = Tree()
tree.parse(["-f", "-o", "entry_timeout=3600,attr_timeout=3600", sys.argv[1]])
tree.main()  # until it is unmounted
