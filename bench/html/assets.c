// SPDX-License-Identifier: GPL-2.0-only
#include "assets.h"

/* The text of a file of bench/html; built from the top of the tree. */
#define ASSET(name, file)                           \
	__asm__(".section .rodata\n"                \
		".globl html_" #name "\n"           \
		"html_" #name ":\n"                 \
		".incbin \"bench/html/" file "\"\n" \
		".byte 0\n"                         \
		".previous\n")

ASSET(style, "page.css");
ASSET(script, "page.js");

/* The Makefile knows them. */
const char html_style_sha256[] = STYLE_SHA256;
const char html_script_sha256[] = SCRIPT_SHA256;
