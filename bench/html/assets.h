/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * assets.h - style and script of the page, page.css and page.js, and their sums, by
 * which the page's policy knows them: a browser takes no others.
 */
#ifndef FUSE_EPOCH_HTML_ASSETS_H
#define FUSE_EPOCH_HTML_ASSETS_H

extern const char html_style[], html_script[];
extern const char html_style_sha256[], html_script_sha256[]; /* in base64 */

#endif
