// SPDX-License-Identifier: GPL-2.0-only

// A daemon on go-fuse: one directory, one file, and each answer is good for an hour.
// A line on stdin makes the file a line longer and names the notification that tells
// the kernel; see results/sending.md.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

const (
	hour     = 3600
	rootNode = 1
	fileNode = 2
	line     = "line\n"
)

var lines, lookups int32 = 1, 0

type tree struct{ fuse.RawFileSystem }

func fill(node uint64, a *fuse.Attr) {
	*a = fuse.Attr{Ino: node, Mode: fuse.S_IFDIR | 0755, Nlink: 2}
	if node == fileNode {
		size := int(atomic.LoadInt32(&lines)) * len(line)
		*a = fuse.Attr{Ino: node, Mode: fuse.S_IFREG | 0444, Nlink: 1, Size: uint64(size)}
	}
}

func (tree) Lookup(_ <-chan struct{}, in *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	atomic.AddInt32(&lookups, 1)
	out.EntryValid = hour // no node: also that there is no such name
	if in.NodeId == rootNode && name == "file" {
		out.NodeId, out.AttrValid = fileNode, hour
		fill(fileNode, &out.Attr)
	}
	return fuse.OK
}

func (tree) GetAttr(_ <-chan struct{}, in *fuse.GetAttrIn, out *fuse.AttrOut) fuse.Status {
	out.AttrValid = hour
	fill(in.NodeId, &out.Attr)
	return fuse.OK
}

func (tree) Open(_ <-chan struct{}, _ *fuse.OpenIn, _ *fuse.OpenOut) fuse.Status {
	return fuse.OK
}

func (tree) Read(_ <-chan struct{}, in *fuse.ReadIn, buf []byte) (fuse.ReadResult, fuse.Status) {
	text := []byte(strings.Repeat(line, int(atomic.LoadInt32(&lines))))
	n := 0
	if in.Offset < uint64(len(text)) {
		n = copy(buf, text[in.Offset:])
	}
	return fuse.ReadResultData(buf[:n]), fuse.OK
}

// page: go
// The library keeps its descriptor to itself, so it is found by its name.  Where a
// process has several mounts, "fuse_connection" in /proc/self/fdinfo/N tells them apart.
func fuseDevice() (int, error) {
	for fd := 3; fd < 1024; fd++ {
		path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		if err == nil && path == "/dev/fuse" {
			return fd, nil
		}
	}
	return -1, syscall.ENOENT
}

// One write is one message: its header, in which the code is where a reply has its
// error, and what belongs to it.  In the byte order of the machine.
func send(dev int, code int32, parts ...interface{}) error {
	var body, message bytes.Buffer
	for _, part := range parts {
		binary.Write(&body, binary.LittleEndian, part)
	}
	binary.Write(&message, binary.LittleEndian, struct {
		Len    uint32
		Code   int32
		Unique uint64
	}{uint32(16 + body.Len()), code, 0})
	message.Write(body.Bytes())
	_, err := syscall.Write(dev, message.Bytes())
	return err
}

func epoch(dev int) error { // Linux 6.16
	return send(dev, 8)
}

func expire(dev int, parent uint64, name string) error { // 6.2; before, it invalidates
	return send(dev, 3, parent, uint32(len(name)), uint32(1), []byte(name+"\x00"))
}

func prune(dev int, nodes ...uint64) error { // 6.18
	return send(dev, 9, uint32(len(nodes)), uint32(0), uint64(0), nodes)
}

// In a goroutine of its own: it is in no handler, and holds no lock that one needs.
func change(server *fuse.Server, dev int) {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		atomic.AddInt32(&lines, 1) // first the change, then the notification
		var err error
		switch in.Text() {
		case "epoch":
			err = epoch(dev)
		case "expire":
			err = expire(dev, rootNode, "file")
		case "prune":
			err = prune(dev, fileNode)
		case "inode":
			if status := server.InodeNotify(fileNode, 0, 0); !status.Ok() {
				err = syscall.Errno(status)
			}
		}
		errno, _ := err.(syscall.Errno)
		fmt.Println(in.Text(), int(errno), atomic.LoadInt32(&lookups))
	}
}

// page: end

func main() {
	server, err := fuse.NewServer(tree{fuse.NewDefaultRawFileSystem()}, os.Args[1],
		&fuse.MountOptions{DirectMount: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		server.WaitMount()
		dev, err := fuseDevice()
		if err != nil {
			fmt.Fprintln(os.Stderr, "/dev/fuse:", err)
			os.Exit(1)
		}
		change(server, dev)
	}()
	server.Serve() // until it is unmounted
}
