// The hub's HTTP API for an agent who sits at no browser.

import { type APIRequestContext, expect, request } from "@playwright/test";
import type { Login } from "./hub.ts";

// biome-ignore lint/suspicious/noExplicitAny: the API's answers are looked at from outside here
type Answered = any;

export class Api {
  private constructor(
    private readonly http: APIRequestContext,
    private readonly headers: Record<string, string>,
  ) {}

  static async signIn(url: string, { email, password }: Login): Promise<Api> {
    const http = await request.newContext({ baseURL: url });
    const headers = { Origin: url };
    const session = await http.post("/api/v1/session", { data: { email, password }, headers });
    const { csrf_token } = await session.json();
    return new Api(http, { ...headers, "X-CSRF-Token": csrf_token });
  }

  async get(path: string): Promise<Answered> {
    return (await this.http.get(`/api/v1${path}`)).json();
  }

  async ask(method: string, path: string, data: unknown = {}): Promise<{ status: number; body: Answered }> {
    const answer = await this.http.fetch(`/api/v1${path}`, { method, data, headers: this.headers });
    return { status: answer.status(), body: await answer.json().catch(() => null) };
  }

  /** The sound of a call, once it has ended and is on disk. */
  async recordingOf(call: string): Promise<Buffer> {
    await expect.poll(async () => (await this.get(`/calls/${call}`)).state, { timeout: 60_000 }).toBe("ended");
    const { recording_ids: ids } = await this.get(`/calls/${call}`);
    await expect.poll(async () => (await this.get(`/recordings/${ids[0]}`)).status).toBe("ready");
    return (await this.http.get(`/api/v1/recordings/${ids[0]}/audio`)).body();
  }

  /** Leaves nothing behind for the next test: no call, no wrap-up, not there. */
  async logOut(): Promise<void> {
    // A call, its wrap-up, and one more for a call that came in between.
    for (let step = 0; step < 3; step += 1) {
      const { agent, current } = await this.get("/agent");
      if (current) await this.ask("POST", `/calls/${current.id}/hang-up`);
      else if (agent.state === "wrap_up") await this.ask("POST", "/agent/wrap-up/finish");
      else break;
    }
    await this.ask("PUT", "/agent/state", { state: "logged_out" });
    await this.http.dispose();
  }
}
