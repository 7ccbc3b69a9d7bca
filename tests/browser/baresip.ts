// baresip as a telephone without a sound card, as tests/harness/baresip.rs sets it up.

import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ARTEFACTS } from "./chromium.ts";
import { freePorts, Program } from "./process.ts";
import { writeTone } from "./sound.ts";

const MODULES = "/usr/lib/baresip/modules";
/** The phone's file source ends with its file: longer than any call of a test. */
const TONE_S = 240;
const TELEPHONE_HZ = 8_000;
/** How long a key is held: a person's pace. */
const KEY_DOWN_MS = 160;
/** The byte by which a key goes up again. */
const KEY_RELEASE = "\u0004";

export interface PhoneSetup {
  /** `HOST:PORT` of the hub. */
  hub: string;
  username: string;
  /** None: does not register, as somebody at a carrier. */
  password?: string;
  /** Picks up by itself. */
  answers?: boolean;
  /** The number it dials as it starts. */
  dials?: string;
  hz: number;
  port?: number;
}

export class Baresip {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    /** Its console on UDP: a byte is a key pressed. */
    private readonly keyboard: number,
  ) {}

  static async start(setup: PhoneSetup): Promise<Baresip> {
    const folder = mkdtempSync(join(ARTEFACTS, "browser-phone-"));
    mkdirSync(join(folder, "heard"));
    writeTone(join(folder, "speech.wav"), setup.hz, TONE_S, TELEPHONE_HZ);
    const port = setup.port ?? (await freePorts(2));
    const media = await freePorts(20);
    const keyboard = await freePorts(2);
    const config = [
      `sip_listen 127.0.0.1:${port}`,
      "net_interface 127.0.0.1",
      // Files relative to where the phone runs: it cuts names off after 127 bytes.
      "audio_source aufile,speech.wav",
      "ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1",
      `rtp_ports ${media}-${media + 19}`,
      `module_path ${MODULES}\nmodule g711.so\nmodule aufile.so\nmodule sndfile.so`,
      `module cons.so\ncons_listen 127.0.0.1:${keyboard}`,
      "snd_path heard\nmodule_tmp account.so\nmodule_app menu.so\n",
    ];
    const { username, password, hub } = setup;
    const login = password ? `;auth_user=${username};auth_pass=${password};regint=60` : ";regint=0";
    const mode = setup.answers ? "auto" : "manual";
    const account = `<sip:${username}@${hub}>${login};answermode=${mode};audio_codecs=PCMU/8000/1,PCMA/8000/1\n`;
    writeFileSync(join(folder, "config"), config.join("\n"));
    writeFileSync(join(folder, "accounts"), account);
    writeFileSync(join(folder, "contacts"), "");
    const dial = setup.dials ? ["-e", `/dial sip:${setup.dials}@${hub}`] : [];
    // `stdbuf` replaces itself by the phone, whose lines are then seen as they are printed.
    const program = Program.start(folder, ["stdbuf", "-oL", "baresip", "-f", folder, "-v", "-s", ...dial]);
    return new Baresip(program, folder, keyboard);
  }

  /** Hangs up and ends, as by Ctrl-C: baresip says BYE first. */
  async hangUp(): Promise<void> {
    await this.program.end("SIGTERM");
  }

  /** Presses a key of its keypad, as a person does during a call. */
  async press(key: string): Promise<void> {
    const console = createSocket("udp4");
    try {
      for (const [stroke, held] of [
        [key, KEY_DOWN_MS],
        [KEY_RELEASE, 0],
      ] as const) {
        await new Promise((sent) => console.send(stroke, this.keyboard, "127.0.0.1", sent));
        await new Promise((over) => setTimeout(over, held));
      }
    } finally {
      console.close();
    }
  }

  /** What it has played so far, mono, of its only call. */
  heard(): Buffer {
    const dumps = join(this.folder, "heard");
    const [file] = readdirSync(dumps).filter((name) => name.endsWith("-dec.wav"));
    if (!file) throw new Error(`the phone heard nothing:\n${readFileSync(join(this.folder, "output.log"), "utf8")}`);
    return readFileSync(join(dumps, file));
  }

  async remove(): Promise<void> {
    await this.program.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
