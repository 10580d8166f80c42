// SPDX-License-Identifier: GPL-2.0-only
/*
 * load - attach all programs of an object until a signal comes, then print the
 * sum of its map "answers", if it has one.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

static int attach(struct bpf_object *obj)
{
	struct bpf_program *prog;

	if (bpf_object__load(obj))
		return -1;
	bpf_object__for_each_program(prog, obj)
		if (!bpf_program__attach(prog))
			return -1;
	return 0;
}

static uint64_t sum_of(const struct bpf_object *obj, const char *map)
{
	int fd = bpf_object__find_map_fd_by_name(obj, map);
	char key[64], *last = NULL;
	uint64_t sum = 0, value;

	while (fd >= 0 && !bpf_map_get_next_key(fd, last, key)) {
		last = key;
		if (!bpf_map_lookup_elem(fd, key, &value))
			sum += value;
	}
	return sum;
}

int main(int argc, char **argv)
{
	struct bpf_object *obj;
	sigset_t set;
	int sig;

	if (argc != 2) {
		fprintf(stderr, "Usage: load OBJECT\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	obj = bpf_object__open(argv[1]);
	if (!obj || attach(obj)) {
		fprintf(stderr, "load: %s: can't be attached (above)\n",
			argv[1]);
		return 1;
	}
	puts("attached");
	fflush(stdout);
	sigwait(&set, &sig);
	printf("answers: %llu\n", (unsigned long long)sum_of(obj, "answers"));
	return 0;
}
