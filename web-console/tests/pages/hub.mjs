// A hub for looking at the built pages: answers the browser's requests by interception, so that no
// server runs and no production code knows of it. With the content security policy of the real one.

import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import * as aurora from "./company.mjs";

export const ORIGIN = "http://centralita.example";
const DIST = new URL("../../dist/", import.meta.url).pathname;
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; frame-ancestors 'none'";

const RIGHTS = {
  agent: [
    "handle_calls",
    "place_calls",
    "view_contacts",
    "edit_contacts",
    "view_own_calls",
    "listen_own_recordings",
    "place_test_calls",
    "view_queues",
  ],
  supervisor: [
    "place_calls",
    "view_wall",
    "view_contacts",
    "edit_contacts",
    "view_own_calls",
    "view_all_calls",
    "listen_all_recordings",
    "hold_recordings",
    "view_users",
    "set_agent_state",
    "place_test_calls",
    "view_queues",
  ],
  admin: [
    "view_wall",
    "view_contacts",
    "edit_contacts",
    "view_own_calls",
    "view_all_calls",
    "listen_all_recordings",
    "hold_recordings",
    "manage_users",
    "view_users",
    "view_audit",
    "manage_settings",
    "set_agent_state",
    "place_test_calls",
    "view_queues",
  ],
};

const hub = {
  name: "Aurora",
  version: "0.1.0",
  demo: true,
  inbound_numbers: [{ number: "+34910000100", label: "Support" }],
  demo_logins: aurora.users.map(({ email, role, display_name }) => ({
    email,
    role,
    display_name,
    password: "aurora",
  })),
};

const list = (items) => ({ items, next_cursor: null });
const byId = (items, id) => items.find((item) => item.id === id);

function hold() {
  return {
    id: aurora.id(990),
    contact_id: aurora.contacts[0].id,
    contact_name: aurora.contacts[0].name,
    reason: "Complaint 7",
    placed_by: { id: aurora.users[0].id, display_name: aurora.users[0].display_name },
    placed_at: aurora.ago(600),
  };
}

function wave(seed) {
  return Array.from({ length: 600 }, (_, n) =>
    Math.floor(n / 40) % 2 === seed
      ? Math.round(70 + 150 * Math.abs(Math.sin(n * 0.7) * Math.sin(n * 0.13)))
      : 4,
  );
}

function wav() {
  const seconds = 2;
  const data = Buffer.alloc(16000 * seconds * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(32000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Answers one API request: a body, or a problem. */
function api(path, method, scene) {
  const [, first, second, third] = path.split("/");
  const user = aurora.users.find((each) => each.role === scene.role) ?? aurora.users[0];
  const session = {
    user: { ...user, ...scene.look },
    rights: RIGHTS[scene.role] ?? [],
    csrf_token: "t",
    hub,
  };
  const contact = () => {
    const found = byId(aurora.contacts, second) ?? aurora.contacts[0];
    const [first_name, ...rest] = found.name.split(" ");
    return {
      ...found,
      first_name,
      last_name: rest.join(" "),
      language: "es",
      time_zone: "Europe/Madrid",
      notes: "Prefers calls in the morning.",
      created_at: aurora.ago(9e6),
      updated_at: aurora.ago(9e4),
      owner: { id: aurora.users[0].id, display_name: "Nuria Vidal" },
    };
  };
  switch (first) {
    case "hub":
      return hub;
    case "session":
      return scene.role || method === "POST" ? session : { problem: "not_signed_in", status: 401 };
    case "me":
      return session.user;
    case "not-ready-reasons":
      return aurora.reasons;
    case "dispositions":
      return aurora.dispositions;
    case "queues": {
      if (!second) return scene.empty ? [] : aurora.wall.queues;
      const queue = byId(aurora.wall.queues, second);
      if (third === "members")
        return queue === aurora.wall.queues[2] ? [] : aurora.users.slice(0, 4);
      return { ...queue, greeting: "welcome", music: null, overflow: null };
    }
    case "sounds":
      return ["welcome", "jazz", "all-busy"];
    case "routes":
      return scene.empty ? [] : aurora.routes;
    case "users":
      if (third !== "phones") return list(aurora.users);
      if (method === "POST") return { ...aurora.phones[0], password: "kTq7vXw2mPzR9sLb4NcD" };
      return scene.empty ? [] : aurora.phones;
    case "audit":
      return list(
        ["session.opened", "recording.listened", "contact.archived", "user.created"].map(
          (action, n) => ({
            id: aurora.id(2000 + n),
            at: aurora.ago(n * 1000),
            user: { id: aurora.users[n].id, display_name: aurora.users[n].display_name },
            action,
            subject_kind: action.split(".")[0],
            subject_id: aurora.id(600 + n),
            ip: "127.0.0.1",
            details: {},
          }),
        ),
      );
    case "holds":
      return list([hold()]);
    case "contacts":
      if (third === "hold") return { items: [] };
      if (!second) return list(aurora.contacts);
      return third === "timeline" ? list(aurora.timeline(contact())) : contact();
    case "companies":
      if (!second) return list(aurora.companies);
      return third === "contacts"
        ? list(aurora.contacts.slice(0, 20))
        : byId(aurora.companies, second);
    case "tickets":
      return second ? byId(aurora.tickets, second) : list(aurora.tickets);
    case "leads":
      return second ? byId(aurora.leads, second) : list(aurora.leads);
    case "calls": {
      if (!second) return list(aurora.calls);
      const call = byId(aurora.calls, second) ?? { ...aurora.calls[0], id: second };
      return {
        ...call,
        legs: ["customer", "agent"].map((role, n) => ({
          id: aurora.id(950 + n),
          role,
          peer: n ? "sip:nuria@aurora.example" : call.caller,
          started_at: call.started_at,
          ringing_at: call.started_at,
          answered_at: call.answered_at,
          ended_at: call.ended_at,
          ended_by: n ? "local" : "remote",
          code: 200,
          reason: "OK",
        })),
        recordings: call.recording_ids.map((rid) => ({
          id: rid,
          call_id: call.id,
          started_at: call.answered_at,
          duration_ms: 64000,
          channels: 2,
          sample_rate: 8000,
          status: "ready",
        })),
      };
    }
    case "recordings":
      if (third === "hold")
        return { items: [{ ...hold(), contact_id: null, recording_id: second }] };
      if (third === "waveform") return { left: wave(0), right: wave(1), duration_ms: 64000 };
      return {
        id: second,
        call_id: aurora.calls[0].id,
        started_at: aurora.ago(99),
        duration_ms: 64000,
        channels: 2,
        sample_rate: 8000,
        status: "ready",
        sha256: "9f".repeat(32),
        intact: true,
        verified_at: aurora.ago(60),
        held: true,
      };
    case "search":
      return {
        contacts: aurora.contacts.slice(0, 3),
        companies: aurora.companies.slice(0, 2),
        tickets: aurora.tickets.slice(0, 2),
        leads: aurora.leads.slice(0, 1),
      };
    case "demo":
      return { caller: "+34611200000", name: aurora.contacts[0].name };
    default:
      return { problem: "not_found", status: 404 };
  }
}

/** Puts the hub between `page` and the network. `scene`: {role, desk, look, silent}. */
export async function serve(page, scene) {
  await page.routeWebSocket(/\/ws$/, (socket) => {
    if (scene.silent) return;
    const say = (message) => socket.send(JSON.stringify(message));
    const now = () => new Date().toISOString();
    say({ op: "hello", epoch: "e1", now: now(), heartbeat_s: 20 });
    socket.onMessage((text) => {
      const asked = JSON.parse(text);
      if (asked.op !== "subscribe") return;
      const data =
        asked.topic === "agent"
          ? aurora.desk(scene.desk)
          : asked.topic === "wall"
            ? aurora.wall
            : {};
      say({ op: "snapshot", topic: asked.topic, epoch: "e1", seq: 1, now: now(), data });
    });
  });
  await page.route("**/*", async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.startsWith("/api/v1")) {
      if (url.pathname.endsWith("/audio"))
        return route.fulfill({ contentType: "audio/wav", body: wav() });
      const body = api(url.pathname.slice("/api/v1".length), route.request().method(), scene);
      if (body === undefined || body.problem) {
        const status = body?.status ?? 404;
        return route.fulfill({
          status,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "about:blank",
            title: "",
            status,
            code: body?.problem ?? "not_found",
          }),
        });
      }
      return route.fulfill({ contentType: "application/json", body: JSON.stringify(body) });
    }
    const file = extname(url.pathname) ? url.pathname : "/index.html";
    try {
      const body = await readFile(join(DIST, file));
      return route.fulfill({
        contentType: TYPES[extname(file)] ?? "application/octet-stream",
        headers: { "content-security-policy": POLICY },
        body,
      });
    } catch {
      return route.fulfill({ status: 404, body: "" });
    }
  });
}
