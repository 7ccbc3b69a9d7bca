// A TURN server of the tests' own: coturn, on loopback, sharing a secret with the hub.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { ARTEFACTS } from "./chromium.ts";
import { freePorts, Program } from "./process.ts";

/** A page's call takes one of them, and one more while it is loaded anew. */
const RELAYED_PORTS = 20;
// Long, for a shared machine; reached only when the program is broken.
const READY_WITHIN_MS = 60_000;

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const stream = connect(port, "127.0.0.1");
    stream.once("connect", () => {
      stream.destroy();
      resolve(true);
    });
    stream.once("error", () => resolve(false));
  });
}

export class Coturn {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
  ) {}

  /** Listens at `port` for UDP and TCP, and reads no configuration of the machine's. */
  static async start(port: number, secret: string): Promise<Coturn> {
    const folder = mkdtempSync(join(ARTEFACTS, "browser-turn-"));
    const relayed = await freePorts(RELAYED_PORTS);
    const here = ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers"];
    const ports = [`--listening-port=${port}`, `--min-port=${relayed}`, `--max-port=${relayed + RELAYED_PORTS - 1}`];
    const login = ["--realm=turn.test", "--use-auth-secret", `--static-auth-secret=${secret}`];
    const files = [`--userdb=${join(folder, "turndb")}`, `--pidfile=${join(folder, "pid")}`, "--log-file=stdout"];
    const off = ["-n", "--no-cli", "--no-tls", "--no-dtls", "--no-rfc5780", "--no-multicast-peers"];
    const program = Program.start(folder, ["turnserver", ...off, ...here, ...ports, ...login, ...files]);
    const coturn = new Coturn(program, folder);
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await isOpen(port))) {
      if (Date.now() > until) {
        await coturn.end();
        throw new Error(`coturn was never ready:\n${coturn.log()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return coturn;
  }

  log(): string {
    return readFileSync(join(this.folder, "output.log"), "utf8");
  }

  async end(): Promise<void> {
    await this.program.end("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
