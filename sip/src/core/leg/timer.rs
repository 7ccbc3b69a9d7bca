//! Session timers (RFC 4028): a call whose peer has died without a word ends.

use std::time::Duration;

use bytes::Bytes;

use super::state::{LegState, Offer, Ours};
use crate::{
    EndedBy, SessionTimer,
    core::{Core, Owner, reach::Reach, time::Time},
    wire::{
        ALLOW, Headers, Method, Refresher, Request, Response, SUPPORTED, SUPPORTED_WITHOUT_100REL,
        SessionExpires, lists, min_se,
    },
};

/// Section 10: who does not refresh hangs up this long before the end, or a third of the interval
/// when that is less. So do we when our refreshes fail.
const HANG_UP_BEFORE: Duration = Duration::from_secs(32);

/// How often one request is repeated because of 422: once for each proxy on the way, and more
/// proxies with ever larger minima are a loop.
const TOO_SMALL_MAX: u8 = 3;

/// The longest interval that a peer may talk us into; a dead call must end within a day.
const INTERVAL_MAX_S: u32 = 86_400;

/// Pause after a refresh that was refused for now.
const REFRESH_RETRY: Duration = Duration::from_secs(4);

/// What a leg knows about its session.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Our latest description that the peer has.
    pub local: Bytes,
    /// The peer's.
    pub remote: Bytes,
    /// Whether the peer understands UPDATE.
    pub peer_updates: bool,
    /// The largest Min-SE heard, seconds.
    min_se_s: u32,
    /// 422 answers to the request under way.
    too_small: u8,
    timer: Option<Timer>,
}

/// A running session timer.
#[derive(Debug)]
struct Timer {
    interval_s: u32,
    /// When to refresh; `None` when the peer does.
    refresh_at: Option<Time>,
    hang_up_at: Time,
}

impl Session {
    /// Notes what the peer says about itself.
    pub fn hear(&mut self, headers: &Headers) {
        if headers.get("Allow").is_some() {
            self.peer_updates = lists(headers, "Allow", "UPDATE");
        }
    }

    /// Notes a description of ours that went out.
    pub fn describe(&mut self, body: &Bytes) {
        if !body.is_empty() {
            self.local = body.clone();
        }
    }

    pub fn stop(&mut self) {
        self.timer = None;
    }

    /// Another request begins.
    pub fn begin(&mut self) {
        self.too_small = 0;
    }

    /// Whether a refresh could be written at all.
    fn can_refresh(&self) -> bool {
        self.peer_updates || !self.local.is_empty()
    }

    fn start(&mut self, now: Time, seconds: u32, ours: bool) {
        let interval_s = seconds.clamp(1, INTERVAL_MAX_S);
        let interval = Duration::from_secs(interval_s.into());
        self.timer = (!ours || self.can_refresh()).then(|| Timer {
            interval_s,
            // Section 7.2: half of the interval.
            refresh_at: ours.then(|| now + interval / 2),
            hang_up_at: now + (interval - HANG_UP_BEFORE.min(interval / 3)),
        });
    }

    /// Section 7.3: a larger interval after 422. False when the refusal stands.
    pub fn raise(&mut self, response: &Response) -> bool {
        let Some(asked_s) = min_se(&response.headers).filter(|s| *s > self.min_se_s) else {
            return false;
        };
        if response.code != 422 || self.too_small >= TOO_SMALL_MAX || asked_s > INTERVAL_MAX_S {
            return false;
        }
        self.too_small += 1;
        self.min_se_s = asked_s;
        if let Some(timer) = &mut self.timer {
            timer.interval_s = timer.interval_s.max(asked_s);
        }
        true
    }

    /// When to look at it; a refresh that must wait for another request does not count.
    pub fn deadline(&self, may_refresh: bool) -> Option<Time> {
        let timer = self.timer.as_ref()?;
        let refresh_at = timer.refresh_at.filter(|_| may_refresh);
        Some(refresh_at.map_or(timer.hang_up_at, |at| at.min(timer.hang_up_at)))
    }
}

impl LegState {
    /// Whether a refresh may go out. One to a phone whose connection is lost would only find out
    /// what we know, and end a call that waits for the phone to come back.
    pub(super) fn may_refresh(&self) -> bool {
        self.may_offer() && matches!(self.reach, Reach::Address | Reach::Here(_))
    }
}

impl Core {
    /// What an INVITE that begins a call says about session timers.
    pub(super) fn ask_for_timer(&self, session: &Session, headers: &mut Headers) {
        let supported = if session.local.is_empty() { SUPPORTED_WITHOUT_100REL } else { SUPPORTED };
        headers.push("Supported", supported);
        if let Some(SessionTimer { expires_s, min_se_s }) = self.config.session_timer {
            let min_s = min_se_s.max(session.min_se_s);
            headers.push("Session-Expires", expires_s.max(min_s).to_string());
            headers.push("Min-SE", min_s.to_string());
        }
    }

    /// What a request inside the dialog says: the roles stay (section 7.4).
    pub(super) fn keep_timer(&self, session: &Session, headers: &mut Headers) {
        headers.push("Allow", ALLOW);
        headers.push("Supported", SUPPORTED_WITHOUT_100REL);
        if let Some(timer) = &session.timer {
            let refresher = if timer.refresh_at.is_some() { Refresher::Uac } else { Refresher::Uas };
            let expires = SessionExpires { seconds: timer.interval_s, refresher: Some(refresher) };
            headers.push("Session-Expires", expires.text());
            if session.min_se_s > 0 {
                headers.push("Min-SE", session.min_se_s.to_string());
            }
        }
    }

    /// Section 9: an interval below our minimum, of a peer that understands 422.
    pub(in crate::core) fn interval_too_small(&self, request: &Request) -> Option<u32> {
        let min_s = self.config.session_timer?.min_se_s;
        let asked = SessionExpires::read(&request.headers)?;
        (asked.seconds < min_s && lists(&request.headers, "Supported", "timer")).then_some(min_s)
    }

    /// Section 9: what our 2xx says, and the timer that begins with it.
    pub(super) fn answer_timer(
        &self,
        now: Time,
        session: &mut Session,
        request: &Request,
        response: &mut Response,
    ) {
        session.hear(&request.headers);
        session.stop();
        let Some(config) = self.config.session_timer else {
            return;
        };
        let supports = lists(&request.headers, "Supported", "timer");
        let asked = SessionExpires::read(&request.headers);
        let seconds = match asked {
            Some(asked) => asked.seconds.max(config.min_se_s).min(INTERVAL_MAX_S),
            None if supports => config.expires_s.max(min_se(&request.headers).unwrap_or(0)),
            // Neither the peer nor a proxy wants one.
            None => return,
        };
        // Table 2: who asks for the role gets it; who does not know of it cannot have it.
        let ours = !supports || asked.and_then(|a| a.refresher) != Some(Refresher::Uac);
        session.start(now, seconds, ours);
        if session.timer.is_none() {
            return;
        }
        let refresher = Some(if ours { Refresher::Uas } else { Refresher::Uac });
        response.headers.push("Session-Expires", SessionExpires { seconds, refresher }.text());
        if !ours {
            response.headers.push("Require", "timer");
        }
    }

    /// Section 7.2: what a 2xx to a request of ours says.
    pub(super) fn timer_answered(&self, now: Time, session: &mut Session, response: &Response) {
        session.hear(&response.headers);
        session.stop();
        if self.config.session_timer.is_none() {
            return;
        }
        if let Some(expires) = SessionExpires::read(&response.headers) {
            session.start(now, expires.seconds, expires.refresher != Some(Refresher::Uas));
        }
    }

    pub(super) fn tick_timer(&mut self, now: Time, leg: &mut LegState) {
        let may = leg.may_refresh();
        let Some(timer) = leg.session.timer.as_mut() else {
            return;
        };
        if timer.hang_up_at <= now {
            leg.session.stop();
            self.leg_lost(now, leg, EndedBy::Timeout, 408, "session expired");
        } else if may && timer.refresh_at.is_some_and(|at| at <= now) {
            leg.session.begin();
            self.send_refresh(now, leg);
        }
    }

    /// Section 7.4: UPDATE without a body when the peer knows it, else a re-INVITE that changes
    /// nothing.
    fn send_refresh(&mut self, now: Time, leg: &mut LegState) {
        leg.login.begin();
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        self.keep_timer(&leg.session, &mut headers);
        let (method, body) = if leg.session.peer_updates {
            (Method::Update, Bytes::new())
        } else {
            headers.push("Content-Type", "application/sdp");
            (Method::Invite, leg.session.local.clone())
        };
        if let Ok(request) = leg.dialog.request(headers, method, leg.dialog.local_seq, body) {
            let key = self.send_request(now, request, flow, Owner::Leg(leg.id));
            leg.offer = Offer::Ours { key, what: Ours::Refresh };
        } else {
            self.refresh_later(now, leg);
        }
    }

    /// A refresh was refused: 422 raises the interval, an UPDATE that is not known becomes an
    /// INVITE, anything else is tried again until the session expires.
    pub(super) fn refresh_refused(&mut self, now: Time, leg: &mut LegState, response: &Response) {
        let update = response.head.cseq_method == Method::Update;
        if leg.session.raise(response) {
            self.send_refresh(now, leg);
        } else if update && matches!(response.code, 405 | 501) && !leg.session.local.is_empty() {
            leg.session.peer_updates = false;
            self.send_refresh(now, leg);
        } else {
            self.refresh_later(now, leg);
        }
    }

    fn refresh_later(&mut self, now: Time, leg: &mut LegState) {
        // Within the ranges of section 14.1 of RFC 3261, so that two refreshes part.
        let pause = REFRESH_RETRY / if leg.dialog.ours { 1 } else { 3 };
        if let Some(timer) = leg.session.timer.as_mut().filter(|timer| timer.refresh_at.is_some()) {
            timer.refresh_at = Some(now + pause);
        }
    }
}
