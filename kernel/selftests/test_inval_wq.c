// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upstream's worker (inval_wq, from 6.19) drops nothing of the current epoch.
 * It does: it calls shrink_dcache_sb(), and so what clients look up while it is
 * at work goes as well.  test_shrink shows the same for epoch_shrink=2.
 *
 * red: 7.3
 * skip: any
 */
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* The least it takes; the worker for epochs runs at once all the same. */
#define SECONDS "5"

enum { OLD = 20000, FRESH = 20 };

int main(void)
{
	uint64_t before;

	ktap_begin();
	server_start();
	server_need_epochs();
	if (!set_parameter("inval_wq", SECONDS)) {
		server_stop();
		ktap_skip_all("not supported: fuse has no inval_wq");
	}
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", OLD);
	add_files(ROOT, "fresh%u", FRESH);
	list_dir("dir");

	before = server_forgotten();
	server_bump();
	lookups_of_all("fresh%u", FRESH);
	ktap_control(
		poll_until(server_forgotten() - before >= OLD, PATIENCE_MS),
		"what is old is forgotten");
	ktap_is(lookups_of_all("fresh%u", FRESH), 0,
		"LOOKUPs of names of the current epoch");

	set_parameter("inval_wq", "0");
	server_stop();
	return ktap_end();
}
