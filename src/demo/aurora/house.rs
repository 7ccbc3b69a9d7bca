//! Aurora's own side: its people, queues, numbers, and the words they choose from.

use crm::words::{DispositionKind, Role};

/// The domain of Aurora, also the realm of its phones.
pub const DOMAIN: &str = "aurora.example";
/// Every demo login has it; the banner says so. The demo listens on loopback unless told otherwise.
pub const PASSWORD: &str = "aurora-demo";

/// Somebody who works at Aurora.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// What stands before the @ and names the devices.
    pub handle: &'static str,
    pub display_name: &'static str,
    pub role: Role,
    /// Which queues the person serves, by [`Queue::key`].
    pub queues: &'static [&'static str],
    /// The language of the agent's recorded speech.
    pub speaks: &'static str,
}

impl Person {
    pub fn email(&self) -> String {
        format!("{}@{DOMAIN}", self.handle)
    }

    /// The SIP user of the phone inside the hub.
    pub fn demo_phone(&self) -> String {
        format!("{}-demo", self.handle)
    }

    /// The SIP user of a phone that somebody connects from outside.
    pub fn desk_phone(&self) -> String {
        format!("{}-desk", self.handle)
    }
}

const fn person(
    handle: &'static str,
    display_name: &'static str,
    role: Role,
    queues: &'static [&'static str],
    speaks: &'static str,
) -> Person {
    Person { handle, display_name, role, queues, speaks }
}

pub const STAFF: &[Person] = &[
    person("admin", "Alma Rivas", Role::Admin, &[], "es"),
    person("supervisor", "Bruno Falk", Role::Supervisor, &[], "en"),
    person("ana", "Ana Belmonte", Role::Agent, &["support", "billing"], "es"),
    person("ben", "Ben Harker", Role::Agent, &["support"], "en"),
    person("carla", "Carla Nieto", Role::Agent, &["support", "sales"], "es"),
    person("daniel", "Daniel Osei", Role::Agent, &["sales"], "en"),
    person("mei", "Mei Lin", Role::Agent, &["support", "sales"], "en"),
    person("oscar", "Óscar Prats", Role::Agent, &["billing", "sales"], "es"),
    person("julia", "Julia Sander", Role::Marketer, &[], "en"),
];

/// A queue and the number that leads to it.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    pub key: &'static str,
    pub name: &'static str,
    /// E.164.
    pub number: &'static str,
    pub ring_timeout_ms: i64,
    pub wrap_up_ms: i64,
    pub max_wait_ms: i64,
    pub weight: i32,
}

pub const QUEUES: &[Queue] = &[
    Queue {
        key: "support",
        name: "Support",
        number: "+34910000100",
        ring_timeout_ms: 20_000,
        wrap_up_ms: 30_000,
        max_wait_ms: 180_000,
        weight: 20,
    },
    Queue {
        key: "sales",
        name: "Sales",
        number: "+34910000101",
        ring_timeout_ms: 15_000,
        wrap_up_ms: 45_000,
        max_wait_ms: 120_000,
        weight: 30,
    },
    Queue {
        key: "billing",
        name: "Billing",
        number: "+34910000102",
        ring_timeout_ms: 20_000,
        wrap_up_ms: 60_000,
        max_wait_ms: 240_000,
        weight: 10,
    },
];

/// A text in each language of the console.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub en: &'static str,
    pub es: &'static str,
    pub zh: &'static str,
}

const fn words(en: &'static str, es: &'static str, zh: &'static str) -> Words {
    Words { en, es, zh }
}

/// Code, label, outcome kind.
pub const DISPOSITIONS: &[(&str, Words, DispositionKind)] = &[
    ("resolved", words("Resolved", "Resuelto", "已解决"), DispositionKind::Success),
    ("ticket_opened", words("Ticket opened", "Incidencia abierta", "已建工单"), DispositionKind::Success),
    ("call_back", words("Call back agreed", "Volver a llamar", "约定回电"), DispositionKind::Callback),
    (
        "information",
        words("Information given", "Información facilitada", "已提供信息"),
        DispositionKind::Neutral,
    ),
    ("sale", words("Sale", "Venta", "成交"), DispositionKind::Success),
    ("not_interested", words("Not interested", "Sin interés", "无意向"), DispositionKind::Failure),
    ("wrong_number", words("Wrong number", "Número equivocado", "打错电话"), DispositionKind::Neutral),
    ("no_conversation", words("Nobody spoke", "No habló nadie", "无人应答"), DispositionKind::Neutral),
];

/// Code, label, whether the time is paid.
pub const NOT_READY_REASONS: &[(&str, Words, bool)] = &[
    ("break", words("Break", "Pausa", "休息"), true),
    ("lunch", words("Lunch", "Comida", "午餐"), false),
    ("training", words("Training", "Formación", "培训"), true),
    ("paperwork", words("Paperwork", "Gestiones", "文书工作"), true),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_is_a_login_for_each_role_and_six_agents() {
        let count = |role: Role| STAFF.iter().filter(|person| person.role == role).count();
        assert_eq!(
            (count(Role::Admin), count(Role::Supervisor), count(Role::Agent), count(Role::Marketer)),
            (1, 1, 6, 1)
        );
    }

    #[test]
    fn every_queue_has_agents_and_every_agent_has_queues_that_exist() {
        let keys: HashSet<&str> = QUEUES.iter().map(|queue| queue.key).collect();
        let served: HashSet<&str> = STAFF.iter().flat_map(|person| person.queues).copied().collect();
        assert_eq!(keys, served);
        assert!(STAFF.iter().all(|person| (person.role == Role::Agent) != person.queues.is_empty()));
    }

    #[test]
    fn handles_make_names_that_need_no_escaping_in_a_sip_uri() {
        assert!(STAFF.iter().all(|person| person.handle.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
