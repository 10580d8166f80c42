// SPDX-License-Identifier: GPL-2.0-only

// A daemon on fuser: one directory, one file, and each answer is good for an hour.  A
// line on stdin makes the file a line longer and names the notification that tells the
// kernel; see results/sending.md.
use fuser::{
    Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation, INodeNo, LockOwner,
    OpenFlags, ReplyAttr, ReplyData, ReplyEntry, Request, Session,
};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, UNIX_EPOCH};

const HOUR: Duration = Duration::from_secs(3600);
const FILE_NODE: INodeNo = INodeNo(2);
const LINE: &str = "line\n";
static LINES: AtomicU32 = AtomicU32::new(1);
static LOOKUPS: AtomicU32 = AtomicU32::new(0);

struct Tree;

fn attributes(node: INodeNo) -> FileAttr {
    let is_file = node == FILE_NODE;
    let size = LINES.load(SeqCst) as u64 * LINE.len() as u64;
    FileAttr {
        ino: node,
        size: if is_file { size } else { 0 },
        blocks: 0,
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind: if is_file {
            FileType::RegularFile
        } else {
            FileType::Directory
        },
        perm: if is_file { 0o444 } else { 0o755 },
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

impl Filesystem for Tree {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        LOOKUPS.fetch_add(1, SeqCst);
        if parent == INodeNo::ROOT && name == "file" {
            reply.entry(&HOUR, &attributes(FILE_NODE), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, node: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&HOUR, &attributes(node));
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let text = LINE.repeat(LINES.load(SeqCst) as usize);
        let rest = text.as_bytes().get(offset as usize..).unwrap_or(&[]);
        reply.data(&rest[..rest.len().min(size as usize)]);
    }
}

// page: rust
// One write is one message: its header, in which the code is where a reply has its error,
// and what belongs to it.  In the byte order of the machine.
fn send(mut dev: &File, code: i32, body: &[u8]) -> io::Result<()> {
    let mut message = Vec::new();
    message.extend((16 + body.len() as u32).to_ne_bytes());
    message.extend(code.to_ne_bytes());
    message.extend(0u64.to_ne_bytes()); // of no request
    message.extend(body);
    dev.write(&message).map(|_| ())
}

fn epoch(dev: &File) -> io::Result<()> {
    send(dev, 8, &[]) // Linux 6.16
}

fn expire(dev: &File, parent: u64, name: &[u8]) -> io::Result<()> {
    let mut body = parent.to_ne_bytes().to_vec();
    body.extend((name.len() as u32).to_ne_bytes());
    body.extend(1u32.to_ne_bytes()); // FUSE_EXPIRE_ONLY of 6.2; before, it invalidates
    body.extend(name);
    body.push(0);
    send(dev, 3, &body)
}

fn prune(dev: &File, nodes: &[u64]) -> io::Result<()> {
    let mut body = (nodes.len() as u32).to_ne_bytes().to_vec();
    body.extend(0u32.to_ne_bytes());
    body.extend(0u64.to_ne_bytes());
    nodes
        .iter()
        .for_each(|node| body.extend(node.to_ne_bytes()));
    send(dev, 9, &body) // 6.18
}

// In a thread of its own: it is in no handler, and holds no lock that one needs.
fn change(notifier: fuser::Notifier, dev: File) {
    for how in io::stdin().lines().map_while(Result::ok) {
        LINES.fetch_add(1, SeqCst); // first the change, then the notification
        let sent = match how.as_str() {
            "epoch" => epoch(&dev),
            "expire" => expire(&dev, INodeNo::ROOT.0, b"file"),
            "prune" => prune(&dev, &[FILE_NODE.0]),
            "inode" => notifier.inval_inode(FILE_NODE, 0, 0),
            _ => Ok(()),
        };
        let errno = sent.err().and_then(|e| e.raw_os_error()).unwrap_or(0);
        println!("{how} {errno} {}", LOOKUPS.load(SeqCst));
    }
}

fn main() -> io::Result<()> {
    let mount_point = std::env::args().nth(1).expect("where to mount it");
    let session = Session::new(Tree, mount_point, &Config::default())?;
    let (notifier, dev) = (session.notifier(), session.as_fd().try_clone_to_owned()?);
    std::thread::spawn(move || change(notifier, File::from(dev)));
    // page: end
    session.spawn()?.join() // until it is unmounted
}
