// SPDX-License-Identifier: GPL-2.0-only

// What the server writes to standard error, at the level that each line has there.

import * as readline from "node:readline";

/** Channel is what is used of a log output channel. */
export interface Channel {
	debug(message: string): void;
	info(message: string): void;
	warn(message: string): void;
	error(message: string): void;
}

// A line of the server's log: time, level, message and fields, with tabs between them.
const logged = /^\S+\t(DEBUG|INFO|WARN|ERROR)\t(.*)$/;

/**
 * logLine passes on one line. Warnings and errors also come by the protocol once the server is
 * initialized, and are not said twice. What has no level was not written by the log: a crash.
 */
export function logLine(line: string, channel: Channel, initialized: boolean): void {
	const [, level, text] = logged.exec(line) ?? [];
	switch (level) {
		case "DEBUG":
			return channel.debug(text.replaceAll("\t", " "));
		case "INFO":
			return channel.info(text.replaceAll("\t", " "));
		case "WARN":
			return initialized ? undefined : channel.warn(text.replaceAll("\t", " "));
		case "ERROR":
			return initialized ? undefined : channel.error(text.replaceAll("\t", " "));
		default:
			return channel.error(line);
	}
}

/** pipeLog passes on all lines of a stream. */
export function pipeLog(input: NodeJS.ReadableStream, channel: Channel, initialized: () => boolean): void {
	readline.createInterface({ input, crlfDelay: Infinity }).on("line", (line) => logLine(line, channel, initialized()));
}
