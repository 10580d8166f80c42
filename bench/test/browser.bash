# SPDX-License-Identifier: GPL-2.0-only
# A headless Chromium for tests of pages, asked by way of its WebDriver.
# shellcheck shell=bash

need_browser() {
	local program
	for program in chromium chromedriver; do
		command -v $program >/dev/null ||
			skip "no $program here (Debian: chromium, chromium-driver)"
	done
	command -v curl >/dev/null || skip "no curl here"
}

# wd METHOD PATH [JSON]: what the driver answers, of the session if there is one.
wd() {
	curl -sS -X "$1" -H 'Content-Type: application/json' ${3:+-d "$3"} \
		"$driver/session${session:+/$session}$2"
}

# browser_start FOLDER: sets driver, driver_pid and session; its files lie there, also
# those that Chromium forgets in TMPDIR.
browser_start() {
	local said=$1/driver.log
	TMPDIR=$1 chromedriver --port=0 --log-level=SEVERE >"$said" 2>&1 3>&- &
	driver_pid=$!
	until_true 60 grep -q 'successfully on port' "$said" || return 1
	driver=http://127.0.0.1:$(sed -n 's/.*successfully on port \([0-9]*\).*/\1/p' "$said")
	session=
	session=$(wd POST '' "$(jq -n --arg dir "$1/profile" '{capabilities: {alwaysMatch: {
		"goog:loggingPrefs": {browser: "ALL"},
		"goog:chromeOptions": {args: ["--headless=new", "--no-sandbox", "--disable-gpu",
			"--disable-dev-shm-usage", "--hide-scrollbars", "--user-data-dir=\($dir)"]}}}}')" |
		jq -r '.value.sessionId // empty')
	[ -n "$session" ]
}

browser_stop() {
	[ -z "${session-}" ] || wd DELETE '' >/dev/null || true
	[ -z "${driver_pid-}" ] || kill "$driver_pid" 2>/dev/null || true
	wait 2>/dev/null || true
}

# cdp COMMAND JSON: of the protocol of developers' tools.
cdp() {
	wd POST /goog/cdp/execute "$(jq -n --arg cmd "$1" --argjson params "$2" '{$cmd, $params}')" |
		jq .value
}

# page_at WIDTH HEIGHT
page_at() {
	cdp Emulation.setDeviceMetricsOverride \
		"{\"width\": $1, \"height\": $2, \"deviceScaleFactor\": 1, \"mobile\": false}" >/dev/null
}

# page_scheme light|dark
page_scheme() {
	cdp Emulation.setEmulatedMedia \
		"{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"$1\"}]}" >/dev/null
}

page_open() { # FILE
	wd POST /url "$(jq -n --arg url "file://$1" '{$url}')" >/dev/null
}

# page_do SCRIPT: what its "return" says, as JSON.
page_do() {
	wd POST /execute/sync "$(jq -n --arg script "$1" '{$script, args: []}')" | jq -c .value
}

# What it complained about since it was asked last.
page_errors() {
	wd POST /se/log '{"type": "browser"}' | jq -r '.value[].message'
}

# page_shot FILE.png [HEIGHT]: of its first pixels, or of what is in the window.
page_shot() {
	wd GET /screenshot | jq -r .value | base64 -d >"$1"
}

# page_key KEY: one, as WebDriver calls it.
page_key() {
	wd POST /actions "$(jq -n --arg key "$1" '{actions: [{type: "key", id: "keyboard", actions:
		[{type: "keyDown", value: $key}, {type: "keyUp", value: $key}]}]}')" >/dev/null
}
