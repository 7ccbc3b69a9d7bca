//! The notifier's side of subscriptions (RFC 6665).

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;

use super::{
    Alarm, Core, Output, Owner,
    dialog::Dialog,
    flow::Flow,
    inbound::RETRY_AFTER_S,
    registrar::same_contact,
    time::Time,
    transaction::{ClientKey, ServerKey},
};
use crate::{
    EventPackage, SubscriptionId,
    api::subscription::{Asked, SubscriptionCommand},
    wire::{Method, Request, Response, SipUri, quotable_id},
};

/// Subscriptions of one device: a panel of busy lamps has up to 60 keys.
const PER_DEVICE_MAX: usize = 64;

/// Subscriptions in all: a panel of 40 keys for each of 200 devices.
const ALL_MAX: usize = 8192;

/// Shortest and longest time, seconds; the longest is also what a phone gets that names none.
const EXPIRES_MIN_S: u32 = 60;
const EXPIRES_MAX_S: u32 = 3600;

/// How long the user may think about a subscription.
const ANSWER: Duration = Duration::from_secs(10);

/// All subscriptions.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    all: HashMap<SubscriptionId, Subscribed>,
    /// Call-ID and local tag to subscription.
    dialogs: HashMap<(String, String), SubscriptionId>,
    next: u64,
}

#[derive(Debug)]
struct Subscribed {
    dialog: Dialog,
    asked: Asked,
    /// The Event header's `id`, which is given back.
    event_id: Option<String>,
    phase: Phase,
    /// When it ends unless something happens.
    until: Time,
    /// What was told last.
    state: Bytes,
    /// The NOTIFY under way.
    notify: Option<ClientKey>,
    /// Whether the state is newer than that.
    stale: bool,
}

#[derive(Debug)]
enum Phase {
    /// Our user is asked.
    Asked {
        key: ServerKey,
    },
    Active,
}

/// Why a subscription is over (section 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// Its time has run out, or the device wants no more.
    Timeout,
    /// We have nothing more to tell.
    NoResource,
}

impl Reason {
    fn token(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::NoResource => "noresource",
        }
    }
}

/// Event, its `id`, and lifetime in seconds.
type Wish = (EventPackage, Option<String>, u32);

/// Code, and a header that explains.
type Refusal = (u16, &'static str, String);

/// What a SUBSCRIBE asks for.
fn asked(request: &Request) -> Result<Wish, Refusal> {
    let header = request.headers.get("Event").or_else(|| request.headers.get("o")).unwrap_or_default();
    let mut parts = header.split(';');
    let package = parts.next().and_then(|token| EventPackage::of(token.trim()));
    // Section 4.2.1.1 and 8.3.2.
    let package = package.ok_or((489, "Allow-Events", EventPackage::ALLOWED.to_owned()))?;
    let event_id = parts.find_map(|part| part.trim().strip_prefix("id=")).and_then(quotable_id);
    let expires = request.headers.get("Expires");
    let expires_s = expires.map_or(EXPIRES_MAX_S, |text| text.trim().parse().unwrap_or(EXPIRES_MAX_S));
    if (1..EXPIRES_MIN_S).contains(&expires_s) {
        return Err((423, "Min-Expires", EXPIRES_MIN_S.to_string()));
    }
    Ok((package, event_id, expires_s.min(EXPIRES_MAX_S)))
}

impl Core {
    /// A SUBSCRIBE outside any dialog, whose sender has proven to be `username`.
    pub(super) fn subscribe(
        &mut self,
        now: Time,
        key: &ServerKey,
        flow: Flow,
        request: &Request,
        username: &str,
    ) {
        let (event, event_id, expires_s) = match asked(request) {
            Ok(asked) => asked,
            Err((code, name, value)) => return self.refuse(now, key, code, &[(name, &value)]),
        };
        let target = SipUri::parse(&request.uri).map(|uri| uri.user).filter(|user| !user.is_empty());
        let Some(target) = target else {
            return self.refuse(now, key, 404, &[]);
        };
        let tag = self.dice.token();
        let Some(dialog) = Dialog::incoming(request, flow, &self.own_name(&flow), tag, true) else {
            return self.refuse(now, key, 400, &[("Warning", "399 sip \"Contact\"")]);
        };
        let asked = Asked { event, subscriber: username.to_owned(), target, expires_s };
        self.forget_earlier(&asked, &dialog);
        let all = &self.subscriptions.all;
        let of_device = all.values().filter(|other| other.asked.subscriber == username).count();
        if all.len() >= ALL_MAX || of_device >= PER_DEVICE_MAX {
            return self.refuse(now, key, 503, &[("Retry-After", RETRY_AFTER_S)]);
        }
        self.subscriptions.next += 1;
        let id = SubscriptionId(self.subscriptions.next);
        self.subscriptions.dialogs.insert((dialog.call_id.clone(), dialog.local_tag.clone()), id);
        let subscribed = Subscribed {
            dialog,
            asked: asked.clone(),
            event_id,
            phase: Phase::Asked { key: key.clone() },
            until: now + ANSWER,
            state: Bytes::new(),
            notify: None,
            stale: false,
        };
        self.put_subscription(id, subscribed);
        self.out.push_back(Output::Subscription { id, asked });
    }

    /// A phone that started anew asks the same again and knows nothing of its earlier dialog.
    fn forget_earlier(&mut self, asked: &Asked, dialog: &Dialog) {
        let Some(contact) = SipUri::parse(&dialog.target) else {
            return;
        };
        let same = |other: &Subscribed| {
            (other.asked.event, &other.asked.subscriber, &other.asked.target)
                == (asked.event, &asked.subscriber, &asked.target)
                && same_contact(&other.dialog.target, &contact)
                && matches!(other.phase, Phase::Active)
        };
        let earlier = self.subscriptions.all.iter().find(|(_, other)| same(other)).map(|(id, _)| *id);
        if let Some((id, _)) = earlier.and_then(|id| self.take_subscription(id).map(|taken| (id, taken))) {
            self.out.push_back(Output::SubscriptionEnded(id));
        }
    }

    /// A SUBSCRIBE inside a dialog: a refresh, or the end (section 4.2.1.4). False when there is no such
    /// subscription.
    pub(super) fn resubscribe(&mut self, now: Time, key: &ServerKey, flow: Flow, request: &Request) -> bool {
        let to_tag = request.head.to_tag.clone().unwrap_or_default();
        let found = self.subscriptions.dialogs.get(&(request.head.call_id.clone(), to_tag)).copied();
        let Some((id, mut subscribed)) = found.and_then(|id| Some((id, self.take_subscription(id)?))) else {
            return false;
        };
        self.keep_server(key);
        let known = subscribed.dialog.remote_tag.as_deref() == Some(request.head.from_tag.as_str());
        let late = subscribed.dialog.remote_seq.is_some_and(|seq| request.head.cseq <= seq);
        match asked(request) {
            _ if !known => self.refuse(now, key, 481, &[]),
            _ if late || matches!(subscribed.phase, Phase::Asked { .. }) => {
                self.refuse(now, key, 500, &[("Retry-After", "1")]);
            }
            Err((code, name, value)) => self.refuse(now, key, code, &[(name, &value)]),
            Ok((event, event_id, _))
                if event != subscribed.asked.event || event_id != subscribed.event_id =>
            {
                self.refuse(now, key, 489, &[("Allow-Events", EventPackage::ALLOWED)]);
            }
            Ok((_, _, expires_s)) => {
                subscribed.dialog.remote_seq = Some(request.head.cseq);
                subscribed.dialog.flow = flow;
                subscribed.dialog.refresh_target(&request.headers);
                self.confirm_subscription(now, key, &subscribed, expires_s);
                subscribed.until = now + Duration::from_secs(u64::from(expires_s));
                if expires_s == 0 {
                    self.end_subscription(now, id, subscribed, Some(Reason::Timeout));
                    return true;
                }
                self.notify(now, id, &mut subscribed);
            }
        }
        self.put_subscription(id, subscribed);
        true
    }

    /// An order of the user; one that comes too late is ignored.
    pub fn subscription(&mut self, now: Time, id: SubscriptionId, command: SubscriptionCommand) {
        let Some(mut subscribed) = self.take_subscription(id) else {
            return;
        };
        let asking = match &subscribed.phase {
            Phase::Asked { key } => Some(key.clone()),
            Phase::Active => None,
        };
        match (command, asking) {
            (SubscriptionCommand::Accept(state), Some(key)) => {
                subscribed.phase = Phase::Active;
                subscribed.state = state;
                let expires_s = subscribed.asked.expires_s;
                self.confirm_subscription(now, &key, &subscribed, expires_s);
                subscribed.until = now + Duration::from_secs(u64::from(expires_s));
                if expires_s == 0 {
                    // Section 4.4.3: asked once, told once.
                    self.end_subscription(now, id, subscribed, Some(Reason::Timeout));
                    return;
                }
                self.notify(now, id, &mut subscribed);
            }
            (SubscriptionCommand::Refuse(code), Some(key)) => {
                let code = if (400..700).contains(&code) { code } else { 480 };
                self.refuse(now, &key, code, &[]);
                self.end_subscription(now, id, subscribed, None);
                return;
            }
            (SubscriptionCommand::End, Some(key)) => {
                self.refuse(now, &key, 480, &[]);
                self.end_subscription(now, id, subscribed, None);
                return;
            }
            (SubscriptionCommand::Notify(state), None) => {
                subscribed.state = state;
                self.notify(now, id, &mut subscribed);
            }
            (SubscriptionCommand::End, None) => {
                self.end_subscription(now, id, subscribed, Some(Reason::NoResource));
                return;
            }
            (SubscriptionCommand::Notify(_), Some(_)) | (_, None) => {}
        }
        self.put_subscription(id, subscribed);
    }

    fn confirm_subscription(&mut self, now: Time, key: &ServerKey, subscribed: &Subscribed, expires_s: u32) {
        let Some(request) = self.request_of(key) else {
            return;
        };
        let mut response: Response = request.answer(200, &subscribed.dialog.local_tag);
        for route in request.headers.all("Record-Route") {
            response.headers.push("Record-Route", route);
        }
        response.headers.push("Contact", subscribed.dialog.contact.as_str());
        response.headers.push("Expires", expires_s.to_string());
        self.respond(now, key, response);
    }

    /// Tells the state, or remembers to as soon as the NOTIFY before is answered.
    fn notify(&mut self, now: Time, id: SubscriptionId, subscribed: &mut Subscribed) {
        if subscribed.notify.is_some() {
            subscribed.stale = true;
            return;
        }
        subscribed.stale = false;
        let left_s = (subscribed.until - now).as_secs();
        let state = format!("active;expires={left_s}");
        subscribed.notify = self.send_notify(now, subscribed, state, Owner::Subscription(id));
    }

    fn send_notify(
        &mut self,
        now: Time,
        subscribed: &mut Subscribed,
        state: String,
        owner: Owner,
    ) -> Option<ClientKey> {
        let Subscribed { dialog, asked, event_id, .. } = subscribed;
        dialog.local_seq = dialog.local_seq.saturating_add(1);
        let flow = dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        let event_id = event_id.as_ref().map(|id| format!(";id={id}")).unwrap_or_default();
        headers.push("Event", format!("{}{event_id}", asked.event.token()));
        headers.push("Subscription-State", state);
        headers.push("Contact", dialog.contact.as_str());
        if !subscribed.state.is_empty() {
            headers.push("Content-Type", asked.event.content_type());
        }
        let notify = dialog.request(headers, Method::Notify, dialog.local_seq, subscribed.state.clone());
        Some(self.send_request(now, notify.ok()?, flow, owner))
    }

    /// A NOTIFY was answered.
    pub(super) fn notified(&mut self, now: Time, id: SubscriptionId, key: &ClientKey, response: &Response) {
        if !response.is_final() {
            return;
        }
        let Some(mut subscribed) = self.take_subscription(id) else {
            return;
        };
        if subscribed.notify.as_ref() == Some(key) {
            subscribed.notify = None;
            if response.code >= 300 {
                // Section 4.2.2: the device no longer knows it.
                self.end_subscription(now, id, subscribed, None);
                return;
            }
            if subscribed.stale {
                self.notify(now, id, &mut subscribed);
            }
        }
        self.put_subscription(id, subscribed);
    }

    /// A NOTIFY got no answer (section 4.2.2).
    pub(super) fn notify_failed(&mut self, now: Time, id: SubscriptionId) {
        if let Some(subscribed) = self.take_subscription(id) {
            self.end_subscription(now, id, subscribed, None);
        }
    }

    pub(super) fn tick_subscription(&mut self, now: Time, id: SubscriptionId) {
        let Some(subscribed) = self.take_subscription(id) else {
            return;
        };
        if let Phase::Asked { key } = &subscribed.phase {
            let key = key.clone();
            self.refuse(now, &key, 480, &[]);
            self.end_subscription(now, id, subscribed, None);
        } else {
            self.end_subscription(now, id, subscribed, Some(Reason::Timeout));
        }
    }

    /// The last NOTIFY, where there is somebody to tell, and the user's end.
    fn end_subscription(
        &mut self,
        now: Time,
        id: SubscriptionId,
        mut subscribed: Subscribed,
        tell: Option<Reason>,
    ) {
        if let Some(reason) = tell {
            let state = format!("terminated;reason={}", reason.token());
            let _nobody_waits = self.send_notify(now, &mut subscribed, state, Owner::Nobody);
        }
        self.out.push_back(Output::SubscriptionEnded(id));
    }

    fn take_subscription(&mut self, id: SubscriptionId) -> Option<Subscribed> {
        let subscribed = self.subscriptions.all.remove(&id)?;
        let dialog = &subscribed.dialog;
        self.subscriptions.dialogs.remove(&(dialog.call_id.clone(), dialog.local_tag.clone()));
        self.alarms.set(Alarm::Subscription(id), None);
        Some(subscribed)
    }

    fn put_subscription(&mut self, id: SubscriptionId, subscribed: Subscribed) {
        let dialog = &subscribed.dialog;
        self.subscriptions.dialogs.insert((dialog.call_id.clone(), dialog.local_tag.clone()), id);
        self.alarms.set(Alarm::Subscription(id), Some(subscribed.until));
        self.subscriptions.all.insert(id, subscribed);
    }

    /// Subscriptions that stand, to be ended at a shutdown.
    pub fn subscription_ids(&self) -> Vec<SubscriptionId> {
        self.subscriptions.all.keys().copied().collect()
    }
}
