// Programs that a test runs beside the hub: they end with it, whatever happens.

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

/** Below the kernel's ephemeral range, and apart from what tests/harness takes. */
const FIRST_PORT = 26_000;
const LAST_PORT = 32_000;
const TRIES = 200;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}

/** The first of `count` UDP ports in a row that nobody holds now; even (RFC 3550 section 11). */
export async function freePorts(count: number): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const first = FIRST_PORT + 2 * Math.floor((Math.random() * (LAST_PORT - count - FIRST_PORT)) / 2);
    const ports = Array.from({ length: count }, (_, at) => first + at);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

export class Program {
  private constructor(private readonly child: ChildProcess) {}

  /** Runs in `folder`, where its output goes to `output.log`. */
  static start(folder: string, command: string[]): Program {
    const output = openSync(join(folder, "output.log"), "a");
    // The kernel ends the program when this process dies, however it dies.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
      cwd: folder,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    return new Program(child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async ends(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null)
      await new Promise((resolve) => this.child.once("exit", resolve));
    return this.child.exitCode;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.ends();
  }
}
