// SIPp as a telephone that plays one scenario of tests/scenarios, as tests/harness/sipp.rs starts it.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ARTEFACTS } from "./chromium.ts";
import { freePorts, Program } from "./process.ts";
import { writeUlaw } from "./sound.ts";

const SCENARIOS = fileURLToPath(new URL("../scenarios/", import.meta.url));
/** A scenario that has not ended by then never will. */
const TIMEOUT_S = 120;

export class Sipp {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
  ) {}

  /** `hub`: `HOST:PORT`. It waits for one call at `port`, and says one tone. */
  static async start(scenario: string, hub: string, port: number, hz: number): Promise<Sipp> {
    const folder = mkdtempSync(join(ARTEFACTS, "browser-sipp-"));
    // `rtp_stream` reads raw audio from the folder that SIPp runs in.
    writeUlaw(join(folder, "tone.ulaw"), hz, 2);
    const media = await freePorts(8);
    const own = ["-i", "127.0.0.1", "-p", `${port}`, "-mi", "127.0.0.1", "-mp", `${media}`];
    const once = ["-m", "1", "-nostdin", "-timeout", `${TIMEOUT_S}s`, "-timeout_error", "-watchdog_interval", "0"];
    const play = ["-sf", `${SCENARIOS}${scenario}.xml`];
    return new Sipp(Program.start(folder, ["sipp", hub, ...play, ...own, ...once]), folder);
  }

  /** Waits for the scenario's end: 0 when everything came as it expects. */
  ends(): Promise<number | null> {
    return this.program.ends();
  }

  async remove(): Promise<void> {
    await this.program.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
