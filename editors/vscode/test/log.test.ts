// SPDX-License-Identifier: GPL-2.0-only

import assert from "node:assert/strict";
import { test } from "node:test";
import { logLine } from "../src/log";

/** through returns what the channel gets for some lines, as "level: text". */
function through(lines: string[], initialized: boolean): string[] {
	const got: string[] = [];
	const level = (name: string) => (text: string) => void got.push(`${name}: ${text}`);
	const channel = { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
	for (const line of lines) {
		logLine(line, channel, initialized);
	}
	return got;
}

const check = '2026-11-30T21:50:32.000Z\tINFO\tchecked\t{"file": "/w/a.bpf.c", "accepted": 1}';
const warning = "2026-11-30T21:50:32.000Z\tWARN\tnotification not handled";
const failure = '2026-11-30T21:50:32.000Z\tERROR\tcheck failed\t{"file": "/w/a.bpf.c"}';
const detail = "2026-11-30T21:50:32.000Z\tDEBUG\tthe client refused to show progress";

test("a check is no error", () => {
	assert.deepEqual(through([check, detail], true), [
		'info: checked {"file": "/w/a.bpf.c", "accepted": 1}',
		"debug: the client refused to show progress",
	]);
});

test("warnings and errors come by the protocol, but not before the server is initialized", () => {
	assert.deepEqual(through([warning, failure], true), []);
	assert.deepEqual(through([warning, failure], false), [
		"warn: notification not handled",
		'error: check failed {"file": "/w/a.bpf.c"}',
	]);
});

test("a crash is an error, line by line", () => {
	assert.deepEqual(through(["panic: no", "", "goroutine 1 [running]:"], true), [
		"error: panic: no",
		"error: ",
		"error: goroutine 1 [running]:",
	]);
});
