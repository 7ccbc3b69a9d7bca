// An invented company for looking at the pages: the shapes are the API's, the people are nobody.

const NOW = Date.now();
/** A moment some seconds ago, RFC 3339. */
export const ago = (seconds) => new Date(NOW - seconds * 1000).toISOString();
export const ahead = (seconds) => new Date(NOW + seconds * 1000).toISOString();
export const id = (n) => `01930000-0000-7000-8000-${String(n).padStart(12, "0")}`;

export const queues = ["Support", "Sales", "Facturación"].map((name, n) => ({
  id: id(100 + n),
  name,
}));

const FIRST = [
  "María",
  "Lars",
  "Chloé",
  "王",
  "Giulia",
  "Ahmed",
  "Zoë",
  "Piotr",
  "Inês",
  "陈",
  "Noah",
  "Fátima",
];
const LAST = [
  "García Ortega",
  "Jensen",
  "Dubois",
  "伟",
  "Rossi",
  "Haddad",
  "Müller",
  "Nowak",
  "Carvalho",
  "静",
  "Smith",
  "Benítez",
];
const TITLES = [
  "Head of purchasing",
  "Jefa de almacén",
  "Office manager",
  "Owner",
  null,
  "采购经理",
];

export const companies = [
  "Nordlicht Logistik",
  "Talleres Ibáñez",
  "Blue Heron Dental",
  "青山贸易",
  "Café Lumière",
  "Ostrava Steel",
].map((name, n) => ({
  id: id(200 + n),
  name,
  domain: `company${n}.example`,
  phone: `+3491000${2000 + n}`,
  country: ["DE", "ES", "GB", "CN", "FR", "CZ"][n],
  industry: ["Logistics", "Automotive", "Health", "Trade", "Food", "Metal"][n],
  contacts_count: 12 + n * 7,
}));

export const contacts = Array.from({ length: 120 }, (_, n) => ({
  id: id(1000 + n),
  name: `${FIRST[n % 12]} ${LAST[(n * 5) % 12]}`,
  company: n % 5 === 4 ? null : { id: companies[n % 6].id, name: companies[n % 6].name },
  job_title: TITLES[n % 6],
  phones: [
    {
      e164: `+34611${String(200000 + n * 37)}`,
      display: `+34 611 ${200 + n} ${String(n).padStart(3, "0")}`,
      kind: "mobile",
    },
  ],
  emails: [{ address: `contact${n}@company${n % 6}.example`, kind: "work" }],
  open_tickets: n % 4,
  last_interaction_at: ago(4000 * (n + 1)),
}));

export const users = [
  ["Nuria Vidal", "nuria", "agent"],
  ["Tom Okafor", "tom", "agent"],
  ["Elena Petrova", "elena", "agent"],
  ["Jonas Weber", "jonas", "agent"],
  ["李娜", "lina", "agent"],
  ["Sara Lindqvist", "sara", "supervisor"],
  ["Adrián Soler", "adrian", "admin"],
  ["Ruth Meyer", "ruth", "marketer"],
].map(([display_name, login, role], n) => ({
  id: id(10 + n),
  email: `${login}@aurora.example`,
  display_name,
  role,
  locale: null,
  theme: "light",
  density: "comfortable",
  active: n !== 7,
}));

export const routes = [
  ["+34910000100", "Support line", { kind: "queue", queue_id: queues[0].id }],
  ["+34910000177", "Nuria, direct", { kind: "user", user_id: users[0].id }],
  ["+349100002*", "Night watch", { kind: "external", number: "+34611200000" }],
  ["*", "Everything else", { kind: "queue", queue_id: queues[1].id }],
].map(([pattern, label, target], n) => ({
  id: id(970 + n),
  pattern,
  label,
  target,
  position: 10 * (n + 1),
}));

export const phones = [
  ["desk", "Desk phone", "nuria-desk"],
  ["browser", "Browser", `browser-${"0123456789abcdef".repeat(2)}`],
].map(([kind, label, username], n) => ({
  id: id(980 + n),
  user_id: users[0].id,
  kind,
  label,
  username,
  realm: "aurora.example",
}));

export const reasons = [
  ["break", "Break", "Descanso", "休息"],
  ["lunch", "Lunch", "Comida", "午餐"],
  ["training", "Training", "Formación", "培训"],
  ["paperwork", "Paperwork", "Papeleo", "文书工作"],
].map(([code, en, es, zh]) => ({ code, label: { en, es, zh }, paid: code !== "lunch" }));

export const dispositions = [
  ["resolved", "Resolved", "Resuelta", "已解决"],
  ["follow_up", "Follow-up needed", "Requiere seguimiento", "需要跟进"],
  ["sale", "Sale", "Venta", "成交"],
  ["not_interested", "Not interested", "Sin interés", "无意向"],
  ["wrong_number", "Wrong number", "Número equivocado", "打错号码"],
  ["voicemail", "Voicemail", "Buzón de voz", "语音信箱"],
].map(([code, en, es, zh], n) => ({
  id: id(300 + n),
  code,
  label: { en, es, zh },
  kind: "neutral",
  position: n + 1,
  active: true,
}));

const ref = (contact) => ({
  id: contact.id,
  name: contact.name,
  company_name: contact.company?.name ?? null,
});

export const tickets = Array.from({ length: 40 }, (_, n) => ({
  id: id(400 + n),
  number: 1042 + n,
  subject: [
    "Pallet scanner shows wrong stock",
    "Factura duplicada de octubre",
    "Delivery arrived damaged",
    "Password reset fails",
    "发票抬头需要修改",
  ][n % 5],
  status: ["open", "pending", "open", "solved", "closed"][n % 5],
  priority: ["high", "normal", "urgent", "low"][n % 4],
  kind: "question",
  contact: ref(contacts[n]),
  company: contacts[n].company,
  owner: { id: users[n % 5].id, display_name: users[n % 5].display_name },
  description:
    "The scanner at dock 4 counts each pallet twice since Monday.\nRestarted, same result.",
  created_at: ago(90000 + n * 8000),
  updated_at: ago(3000 + n * 5000),
}));

export const leads = Array.from({ length: 16 }, (_, n) => ({
  id: id(500 + n),
  title: [
    "Second warehouse, 40 scanners",
    "Renovación anual",
    "Trial for three shops",
    "五年框架合同",
  ][n % 4],
  status: ["new", "contacted", "qualified", "won", "lost"][n % 5],
  source: ["Web form", "Trade fair", "Referral"][n % 3],
  contact: ref(contacts[n + 3]),
  company: contacts[n + 3].company,
  owner: { id: users[1].id, display_name: users[1].display_name },
  created_at: ago(86400 * (n + 1)),
}));

export const calls = Array.from({ length: 60 }, (_, n) => {
  const missed = n % 6 === 5;
  const inbound = n % 4 !== 3;
  const contact = n % 7 === 6 ? null : contacts[n % 9];
  const number = contact?.phones[0].e164 ?? "+442079460958";
  return {
    id: id(600 + n),
    direction: inbound ? "inbound" : "outbound",
    state: "ended",
    caller: inbound ? number : "+34910000100",
    called: inbound ? "+34910000100" : number,
    contact: contact ? ref(contact) : null,
    match: contact ? "known" : "unknown",
    queue: inbound ? queues[n % 3] : null,
    agent: missed ? null : { id: users[n % 5].id, display_name: users[n % 5].display_name },
    started_at: ago(1500 + n * 2900),
    answered_at: missed ? null : ago(1480 + n * 2900),
    ended_at: ago(1300 + n * 2900),
    end_cause: missed ? "abandoned" : "completed",
    ended_by: n % 2 ? "agent" : "customer",
    wait_ms: 4000 + n * 700,
    talk_ms: missed ? null : 45000 + n * 9000,
    disposition: missed || n % 3 === 2 ? null : dispositions[n % 4],
    note: n % 3 === 0 && !missed ? "Wants the corrected invoice before Friday. Prefers mail." : "",
    ticket: n % 4 === 0 ? tickets[n % 8] : null,
    lead: null,
    recording_ids: missed ? [] : [id(700 + n)],
    test: n % 5 === 0,
  };
});

export const timeline = (contact) => [
  {
    id: id(800),
    kind: "call",
    occurred_at: calls[0].started_at,
    summary: "",
    direction: "inbound",
    user: calls[0].agent,
    call: { ...calls[0], contact: ref(contact) },
  },
  {
    id: id(801),
    kind: "note",
    occurred_at: ago(50000),
    summary: "Asked for the English price list; sent by mail.",
    body: "Asked for the English price list; sent by mail.\nSpeaks Spanish with the warehouse.",
    user: { id: users[0].id, display_name: "Nuria Vidal" },
  },
  {
    id: id(802),
    kind: "ticket",
    occurred_at: ago(90000),
    summary: `#${tickets[0].number} ${tickets[0].subject}`,
    user: { id: users[1].id, display_name: "Tom Okafor" },
    ticket: tickets[0],
  },
  {
    id: id(803),
    kind: "call",
    occurred_at: ago(190000),
    summary: "",
    direction: "outbound",
    user: calls[3].agent,
    call: { ...calls[3], contact: ref(contact) },
  },
  {
    id: id(804),
    kind: "call",
    occurred_at: ago(290000),
    summary: "",
    direction: "inbound",
    user: null,
    call: { ...calls[5], contact: ref(contact) },
  },
];

export const pop = (callId, chosen) => ({
  call_id: callId,
  number: "+34611200000",
  number_display: "+34 611 200 000",
  match: chosen.length === 1 ? "known" : chosen.length ? "maybe" : "unknown",
  contacts: chosen.map((contact) => ({
    id: contact.id,
    name: contact.name,
    company: contact.company,
    job_title: contact.job_title,
    language: "es",
    open_tickets: tickets.slice(0, 2),
    open_leads: leads.slice(0, 1),
    recent: timeline(contact),
  })),
});

export const liveCall = (n, state, more = {}) => ({
  id: id(900 + n),
  direction: "inbound",
  state,
  caller: "+34611200000",
  called: "+34910000100",
  contact: ref(contacts[n]),
  match: "known",
  queue_id: queues[0].id,
  agent_id: null,
  started_at: ago(90),
  state_since: ago(20 + n * 13),
  queued_at: ago(60),
  answered_at: state === "talking" ? ago(20 + n * 13) : null,
  test: true,
  participants: [],
  consulting: false,
  ...more,
});

const agentOf = (n, state, more = {}) => ({
  id: users[n].id,
  display_name: users[n].display_name,
  state,
  reason: null,
  since: ago(35 + n * 91),
  until: null,
  call_id: null,
  queue_id: null,
  pending: null,
  phone_reachable: n !== 3,
  queues: [queues[0].id, queues[1 + (n % 2)].id],
  ...more,
});

export const wall = {
  agents: [
    agentOf(0, "talking", { pending: "not_ready" }),
    agentOf(1, "ready"),
    agentOf(2, "offered"),
    agentOf(3, "not_ready", { reason: "lunch" }),
    agentOf(4, "wrap_up"),
  ],
  calls: [
    liveCall(0, "talking", { agent_id: users[0].id }),
    liveCall(1, "ringing", { agent_id: users[2].id }),
    liveCall(2, "waiting"),
    liveCall(3, "waiting", { contact: null, match: "unknown", caller: "+442079460958" }),
    liveCall(4, "dialling", {
      direction: "outbound",
      agent_id: users[1].id,
      queue_id: null,
      called: "+8613800138000",
    }),
  ],
  queues: queues.map((queue, n) => ({
    ...queue,
    waiting: [3, 0, 1][n],
    longest_wait_since: [ago(74), null, ago(12)][n],
    ready: [1, 2, 0][n],
    offered: [1, 0, 0][n],
    talking: 1,
    wrap_up: [1, 0, 0][n],
    not_ready: [1, 1, 1][n],
    answered_today: [124, 58, 31][n],
    abandoned_today: [6, 1, 0][n],
    ring_timeout_ms: 15000,
    wrap_up_ms: 45000,
    max_wait_ms: n ? null : 300000,
  })),
};

/** The desk of the first agent: `idle`, `offered`, `maybe`, `unknown`, `talking`, `consulting`, `conference`, `elsewhere` (no phone on this page) or `wrap_up`. */
export function desk(scene) {
  const base = {
    agent: agentOf(0, "ready"),
    phones: [
      { id: id(50), kind: "demo", label: "Demo phone 1", reachable: true },
      { id: id(51), kind: "desk", label: "nuria-desk", reachable: false },
    ],
    phone_id: id(50),
    current: null,
    pop: null,
    wrap_up: null,
    queues: queues.slice(0, 2),
  };
  const ringing = (chosen, contact) => {
    const current = liveCall(0, "ringing", { agent_id: users[0].id, state_since: ago(4), contact });
    return {
      ...base,
      agent: agentOf(0, "offered", { since: ago(4), until: ahead(11) }),
      current,
      pop: pop(current.id, chosen),
    };
  };
  switch (scene) {
    case "offered":
      return ringing([contacts[0]], ref(contacts[0]));
    case "maybe":
      return ringing(contacts.slice(0, 3), null);
    case "unknown":
      return ringing([], null);
    case "talking": {
      const current = liveCall(0, "talking", { agent_id: users[0].id });
      return {
        ...base,
        agent: agentOf(0, "talking", { since: ago(20) }),
        current,
        pop: pop(current.id, [contacts[0]]),
      };
    }
    case "consulting":
    case "conference":
    case "elsewhere": {
      const current = liveCall(0, "talking", {
        agent_id: users[0].id,
        consulting: scene === "consulting",
        participants: [
          { leg_id: id(60), kind: "customer", peer: "+34611200000", answered: true },
          { leg_id: id(61), kind: "agent", peer: "nuria", answered: true, user_id: users[0].id },
          { leg_id: id(62), kind: "guest", peer: "+34911000000", answered: scene !== "consulting" },
        ],
      });
      const browser = { id: id(52), kind: "browser", label: "Browser", reachable: true };
      return {
        ...base,
        ...(scene === "elsewhere" && { phones: [...base.phones, browser], phone_id: browser.id }),
        agent: agentOf(0, "talking", { since: ago(20) }),
        current,
        pop: pop(current.id, [contacts[0]]),
      };
    }
    case "wrap_up":
      return {
        ...base,
        agent: agentOf(0, "wrap_up", { since: ago(12), until: ahead(33) }),
        wrap_up: {
          call_id: id(900),
          until: ahead(33),
          disposition_id: dispositions[0].id,
          note: "Pallet scanner at dock 4 replaced.",
          ticket_id: tickets[0].id,
          lead_id: null,
        },
      };
    default:
      return base;
  }
}
