// The built program as a fixture: booted once a worker on free ports in a fresh folder, ended with it.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, type Page, expect } from "@playwright/test";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const ARTEFACTS = join(PROJECT, "artefacts");
// Long, for a shared machine; reached only when the program is broken.
const READY_WITHIN_MS = 120_000;

// The sign-in page asks whether there is a session; the browser itself reports the 401.
const EXPECTED = /status of 401/;

export interface Login {
  email: string;
  password: string;
  role: string;
}

/** A desk phone that nobody has plugged in, with the agent whose it is. */
export interface Device {
  email: string;
  username: string;
  password: string;
}

export interface Hub {
  url: string;
  /** The same over https, with a certificate that nobody vouches for. */
  secureUrl: string;
  /** `HOST:PORT` for SIP over UDP. */
  sip: string;
  logins: Login[];
  devices: Device[];
}

function program(): string {
  const path = process.env.CENTRALITA_BIN ?? join(PROJECT, "target/debug/centralita");
  if (!existsSync(path)) throw new Error(`${path} is not there: cargo build --package centralita`);
  return path;
}

/** The hub reads CENTRALITA_… as configuration; ours to the tests are no keys of it. */
function environment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("CENTRALITA_"));
  return { ...Object.fromEntries(others), ...variables };
}

async function ready(file: string, child: ChildProcess, log: string): Promise<Hub> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the hub ended at start:\n${readFileSync(log, "utf8")}`);
    if (existsSync(file)) {
      try {
        const said = JSON.parse(readFileSync(file, "utf8"));
        return {
          url: `http://${said.http}`,
          secureUrl: `https://${said.https}`,
          sip: said.sip_udp,
          logins: said.logins,
          devices: said.devices,
        };
      } catch {
        // Half written: look again.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the hub was never ready:\n${readFileSync(log, "utf8")}`);
}

interface WorkerFixtures {
  /** Configuration of the hub by environment variables; a file that sets some has a hub of its own. */
  hubVariables: Record<string, string>;
  hub: Hub;
}

export async function fillIn(page: Page, url: string, login: Login): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Email").fill(login.email);
  await page.getByLabel("Password", { exact: true }).fill(login.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
}

export const test = base.extend<{ signIn: (role: string, page?: Page) => Promise<void> }, WorkerFixtures>({
  hubVariables: [{}, { scope: "worker", option: true }],
  hub: [
    async ({ hubVariables }, use) => {
      mkdirSync(ARTEFACTS, { recursive: true });
      const folder = mkdtempSync(join(ARTEFACTS, "browser-hub-"));
      const log = join(folder, "hub.log");
      const output = openSync(log, "a");
      const data = join(folder, "data");
      const child = spawn(
        "setpriv",
        // The kernel ends the program when this process dies, however it dies.
        ["--pdeathsig", "KILL", "--", program(), "demo", "--data", data, "--http", "127.0.0.1:0"].concat([
          "--sip",
          "127.0.0.1:0",
          "--rtp-ports",
          "0",
        ]),
        { stdio: ["ignore", output, output], env: environment(hubVariables) },
      );
      closeSync(output);
      try {
        await use(await ready(join(data, "ready.json"), child, log));
      } finally {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null && child.kill("SIGKILL")) await ended;
        rmSync(data, { recursive: true, force: true });
      }
    },
    { scope: "worker", timeout: READY_WITHIN_MS },
  ],
  baseURL: async ({ hub }, use) => use(hub.url),
  // An exception in the page, a refused resource or React's own complaint fails the test that caused it.
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) complaints.push(message.text());
    });
    await use(page);
    expect(complaints, "what the page complained about").toEqual([]);
  },
  signIn: async ({ hub, page }, use) => {
    await use(async (role, other) => {
      const target = other ?? page;
      const login = hub.logins.find((one) => one.role === role);
      if (!login) throw new Error(`no login with the role ${role}`);
      await fillIn(target, hub.url, login);
    });
  },
});

export { expect };
