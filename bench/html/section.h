/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * section.h - a section of a page: one file each, which registers itself.
 */
#ifndef FUSE_EPOCH_HTML_SECTION_H
#define FUSE_EPOCH_HTML_SECTION_H

#include <stdio.h>

#include "records.h"

struct html_section {
	unsigned int order; /* of the sections on the page */
	const char *id; /* for links to it */
	const char *title;
	/*
	 * Prints what stands below the title, or nothing: then the records have
	 * nothing for it, and it is left out.  Returns 0 or -errno.
	 */
	int (*print)(const struct html_records *all, FILE *out);
};

/* Registers a section, by a pointer in an ELF section of that name. */
#define HTML_SECTION(pointer, what)                     \
	static const struct html_section *const pointer \
		__attribute__((used, section("html_sections"))) = &(what)

#endif
