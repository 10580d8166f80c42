#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# A daemon on pyfuse3: one directory, one file, and each answer is good for an hour.  A
# line on stdin makes the file a line longer and names the notification that tells the
# kernel; see results/sending.md.
import errno
import stat
import sys
import threading

import pyfuse3
import trio

import notify

HOUR = 3600
FILE_NODE = pyfuse3.ROOT_INODE + 1
LINE = b"line\n"
lines = 1
lookups = 0


class Tree(pyfuse3.Operations):
    async def getattr(self, inode, ctx=None):
        entry = pyfuse3.EntryAttributes()
        entry.st_ino = inode
        entry.entry_timeout = entry.attr_timeout = HOUR
        entry.st_mode = stat.S_IFDIR | 0o755
        if inode == FILE_NODE:
            entry.st_mode = stat.S_IFREG | 0o444
            entry.st_size = lines * len(LINE)
        return entry

    async def lookup(self, parent_inode, name, ctx=None):
        global lookups
        lookups += 1
        if parent_inode == pyfuse3.ROOT_INODE and name == b"file":
            return await self.getattr(FILE_NODE)
        raise pyfuse3.FUSEError(errno.ENOENT)

    async def open(self, inode, flags, ctx):
        return pyfuse3.FileInfo(fh=inode)

    async def read(self, fh, off, size):
        return (LINE * lines)[off:off + size]


# page: change
# In a thread of its own: it is in no handler, and while it waits in the kernel the event
# loop answers.
def change():
    global lines
    dev = notify.fuse_device()
    for how in sys.stdin:
        how = how.strip()
        lines += 1  # first the change, then the notification
        result = 0
        try:
            if how == "epoch":
                notify.epoch(dev)
            elif how == "expire":
                notify.expire(dev, pyfuse3.ROOT_INODE, b"file")
            elif how == "prune":
                notify.prune(dev, FILE_NODE)
            elif how == "inode":
                pyfuse3.invalidate_inode(FILE_NODE)
        except OSError as error:
            result = error.errno
        print(how, result, lookups, flush=True)
# page: end


pyfuse3.init(Tree(), sys.argv[1], {"fsname=example"})
threading.Thread(target=change, daemon=True).start()
trio.run(pyfuse3.main)  # until it is unmounted
pyfuse3.close()
