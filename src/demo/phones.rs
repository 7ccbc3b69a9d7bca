//! The agents' demo phones: one SIP endpoint that registers every agent's demo device with the hub.
//!
//! A phone rings until Answer is pressed or three seconds have passed, then speaks and listens. One
//! task owns all phones; each call is a task of its own. If the endpoint fails, the hub sees phones
//! that do not answer: the agents become not ready, and their desk phones still work.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use super::assets::Speech;
use super::behaviour::{Manner, Order, Pickup};
use super::chance::Chance;
use super::error::DemoError;
use super::talk::{Heard, ORDERS_LIMIT, Talk, Voice};
use super::{aurora, endpoint};

/// How long a demo phone rings before it answers by itself.
pub const RINGS: Duration = Duration::from_secs(3);
/// How long an agent of a staffed demo talks, in seconds.
const STAFFED_TALK_S: (usize, usize) = (8, 20);
/// Buttons pressed by all agents together that wait for the owner task.
const PRESSES_LIMIT: usize = 64;
/// How long a second call waits for the first to be over before it is told 486. A hub may send BYE or
/// CANCEL and a new INVITE in one breath; the first call's task has to wake up before the phone is free.
const BUSY_GRACE: Duration = Duration::from_millis(250);
/// Time for the phones' calls to end when the demo stops.
const STOP_LIMIT: Duration = Duration::from_secs(2);
/// How long a registration is asked for; refreshed by the SIP stack.
const REGISTRATION_S: u32 = 600;
/// Any seed would do: it only spreads how long staffed agents talk.
const TALK_SEED: u64 = 0x057A_FFED;

/// A phone to be registered.
#[derive(Clone, Debug)]
pub struct PhoneAccount {
    pub user_id: Uuid,
    /// SIP user and digest user name.
    pub username: String,
    pub secret: String,
    pub speech: Speech,
}

/// What all demo phones do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneMode {
    /// Somebody sits at the console: the phone talks until one side is told to hang up.
    Attended,
    /// Nobody does: the phone hangs up after a while.
    Staffed,
}

/// The agents' demo phones. Dropping it ends their calls.
#[derive(Debug)]
pub struct DemoPhones {
    presses: mpsc::Sender<Press>,
    stop: watch::Sender<bool>,
    owner: JoinHandle<()>,
}

#[derive(Debug)]
struct Press {
    user_id: Uuid,
    order: Order,
    done: oneshot::Sender<Result<(), DemoError>>,
}

impl DemoPhones {
    /// Registers every account with the hub, one after the other, and answers once all of them are.
    pub async fn start(
        media: media::Media,
        hub: SocketAddr,
        accounts: Vec<PhoneAccount>,
        mode: PhoneMode,
    ) -> Result<Self, DemoError> {
        // Twice: a phone that talks still says 486 to a second call.
        let (sip, incoming) =
            endpoint::open(endpoint::loopback_of(hub.ip()), "phone", accounts.len() * 2 + 1).await?;
        let mut registrations = Vec::with_capacity(accounts.len());
        for account in &accounts {
            let client = sip::RegisterClient {
                registrar: hub,
                transport: sip::Transport::Udp,
                aor_user: account.username.clone(),
                domain: aurora::DOMAIN.to_owned(),
                username: account.username.clone(),
                password: account.secret.clone(),
                expires_s: REGISTRATION_S,
            };
            let registration = sip.register(client).await.map_err(|err| DemoError::Registration {
                username: account.username.clone(),
                reason: err.to_string(),
            })?;
            registrations.push(registration);
        }
        tracing::info!(phones = accounts.len(), "demo phones are registered");
        let (presses, pressed) = mpsc::channel(PRESSES_LIMIT);
        let (stop, stopped) = watch::channel(false);
        let owner = Owner {
            sip,
            media,
            _registrations: registrations,
            phones: accounts
                .into_iter()
                .map(|account| (account.username.clone(), Phone { account, call: None }))
                .collect(),
            mode,
            chance: Chance::new(TALK_SEED),
            calls: JoinSet::new(),
            waiting: JoinSet::new(),
            stop: stopped,
        };
        Ok(Self { presses, stop, owner: tokio::spawn(owner.run(incoming, pressed)) })
    }

    /// Presses Answer on the ringing phone of a user; nothing happens to one that talks already.
    pub async fn answer(&self, user_id: Uuid) -> Result<(), DemoError> {
        self.press(user_id, Order::Answer).await
    }

    /// Refuses the ringing call with 486 Busy Here.
    pub async fn reject(&self, user_id: Uuid) -> Result<(), DemoError> {
        self.press(user_id, Order::Reject).await
    }

    /// Puts the receiver down: BYE for a call that talks, 603 Decline for one that rings.
    pub async fn hang_up(&self, user_id: Uuid) -> Result<(), DemoError> {
        self.press(user_id, Order::HangUp).await
    }

    async fn press(&self, user_id: Uuid, order: Order) -> Result<(), DemoError> {
        let (done, answer) = oneshot::channel();
        self.presses.send(Press { user_id, order, done }).await.map_err(|_| DemoError::Stopping)?;
        answer.await.map_err(|_| DemoError::Stopping)?
    }

    /// Ends the phones' calls, takes back their registrations and closes their port.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(err) = self.owner.await {
            tracing::warn!(%err, "demo phones did not stop cleanly");
        }
    }
}

struct Phone {
    account: PhoneAccount,
    /// Where to press buttons of the phone's running call.
    call: Option<mpsc::Sender<Order>>,
}

/// The task that owns the phones.
struct Owner {
    sip: sip::Sip,
    media: media::Media,
    /// They end with the owner.
    _registrations: Vec<sip::RegistrationHandle>,
    /// By user name.
    phones: HashMap<String, Phone>,
    mode: PhoneMode,
    chance: Chance,
    /// Each answers its phone's user name.
    calls: JoinSet<(String, Heard)>,
    /// Second calls in their grace. The SIP stack's limit of calls bounds them.
    waiting: JoinSet<sip::Incoming>,
    stop: watch::Receiver<bool>,
}

impl Owner {
    async fn run(mut self, mut incoming: mpsc::Receiver<sip::Incoming>, mut pressed: mpsc::Receiver<Press>) {
        let mut stop = self.stop.clone();
        loop {
            tokio::select! {
                () = endpoint::told(&mut stop) => break,
                call = incoming.recv() => match call {
                    Some(call) => self.arrived(call),
                    None => break,
                },
                Some(press) = pressed.recv() => {
                    // Whoever asked may have gone away meanwhile.
                    let _ = press.done.send(self.press(press.user_id, press.order));
                }
                Some(ended) = self.calls.join_next() => self.ended(ended),
                Some(waited) = self.waiting.join_next() => match waited {
                    Ok(call) => self.ring(call),
                    Err(err) => tracing::error!(%err, "a demo phone's second call broke"),
                },
            }
        }
        // Calls that nobody has taken are refused by being dropped.
        self.waiting.shutdown().await;
        endpoint::finish(&mut self.calls, STOP_LIMIT).await;
        self.sip.shutdown().await;
    }

    fn arrived(&mut self, incoming: sip::Incoming) {
        let phone = self.phones.get(&incoming.called);
        match phone.and_then(|phone| phone.call.clone()).filter(|call| !call.is_closed()) {
            None => self.ring(incoming),
            Some(call) => {
                self.waiting.spawn(async move {
                    // Still talking after the grace: `ring` looks for itself.
                    let _ = tokio::time::timeout(BUSY_GRACE, call.closed()).await;
                    incoming
                });
            }
        }
    }

    fn ring(&mut self, incoming: sip::Incoming) {
        let Some(phone) = self.phones.get_mut(&incoming.called) else {
            endpoint::refuse(&incoming, 404, "Not Found");
            return;
        };
        // A call whose task is over is cleared by `ended`; until then its channel may be closed.
        if phone.call.as_ref().is_some_and(|call| !call.is_closed()) {
            endpoint::refuse(&incoming, 486, "Busy Here");
            return;
        }
        let voice = match Voice::open(&self.media, phone.account.speech.prompt()) {
            Ok(voice) => voice,
            Err(err) => {
                tracing::warn!(%err, "demo phone has no sound");
                endpoint::refuse(&incoming, 500, "Server Internal Error");
                return;
            }
        };
        let talk = match self.mode {
            PhoneMode::Attended => None,
            PhoneMode::Staffed => Some(self.chance.seconds(STAFFED_TALK_S)),
        };
        let talk = Talk::called(incoming, voice, Manner { pickup: Pickup::After(RINGS), talk });
        let (orders, ordered) = mpsc::channel(ORDERS_LIMIT);
        phone.call = Some(orders);
        let (username, stop) = (phone.account.username.clone(), self.stop.clone());
        self.calls.spawn(async move { (username, talk.run(ordered, stop).await) });
    }

    fn press(&mut self, user_id: Uuid, order: Order) -> Result<(), DemoError> {
        let phone = self.phones.values().find(|phone| phone.account.user_id == user_id);
        let call = phone.and_then(|phone| phone.call.as_ref()).ok_or(DemoError::NoCall)?;
        // Full: several buttons were pressed that the call has not even looked at; one more says nothing new.
        match call.try_send(order) {
            Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(DemoError::NoCall),
        }
    }

    fn ended(&mut self, ended: Result<(String, Heard), tokio::task::JoinError>) {
        match ended {
            Ok((username, _)) => {
                if let Some(phone) = self.phones.get_mut(&username) {
                    // A next call may have begun between the end of this one and now.
                    phone.call.take_if(|call| call.is_closed());
                }
            }
            Err(err) => tracing::error!(%err, "a demo phone's call broke"),
        }
    }
}
