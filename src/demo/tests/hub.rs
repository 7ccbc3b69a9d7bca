//! A small hub: a SIP stack with Aurora's devices, and media of its own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use media::{Channel, Direction, Event, LegStats, Prompt, Repeat};
use sip::LegEvent;
use tokio::sync::mpsc;

use crate::calls::Devices;
use crate::demo::endpoint;

pub const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// No step of a test takes longer; the machine may be busy.
const STEP_LIMIT: Duration = Duration::from_secs(30);

/// Aurora in a database of its own folder, which goes with it.
pub struct Company {
    pub db: crm::Db,
    pub keys: crm::Keys,
    _folder: Folder,
}

impl Company {
    pub async fn new() -> Self {
        let folder = Folder::new();
        let db = crm::Db::open(&crm::DbConfig::sqlite(&folder.0.join("aurora.db"))).await.expect("opened");
        db.migrate().await.expect("migrated");
        let keys = crm::Keys::load_or_create(&folder.0.join("key")).expect("a key");
        Self { db, keys, _folder: folder }
    }
}

struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("centralita-demo-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Some packets' worth.
const TONE_MS: u32 = 200;

pub struct Hub {
    pub sip: sip::Sip,
    pub incoming: mpsc::Receiver<sip::Incoming>,
    pub addr: SocketAddr,
    media: media::Media,
}

impl Hub {
    pub async fn new(company: &Company) -> Self {
        let config = sip::Config {
            listen: vec![sip::Listen { transport: sip::Transport::Udp, addr: SocketAddr::new(LOOPBACK, 0) }],
            realm: crate::demo::aurora::DOMAIN.to_owned(),
            trunks: vec![sip::Trunk { name: "demo".to_owned(), sources: vec![sip::Network::host(LOOPBACK)] }],
            ..sip::Config::default()
        };
        let devices = Devices { db: company.db.clone(), keys: company.keys.clone() };
        let (sip, incoming) =
            sip::start(config, Arc::new(devices), Vec::new()).await.expect("the hub listens");
        let addr = endpoint::udp_addr(&sip).expect("bound");
        let media =
            media::Media::start(media::Config { workers: 1, ..media::Config::on(LOOPBACK) }).expect("media");
        Self { sip, incoming, addr, media }
    }

    /// Calls somebody with an offer of a tone.
    pub async fn call(&self, target: sip::Target, to_user: &str) -> Side {
        let mut voice = HubVoice::open(&self.media);
        let call = sip::OutboundCall {
            target,
            from_user: "+34910000100".to_owned(),
            from_display: None,
            to_user: to_user.to_owned(),
            body: voice.sdp.offer(&[], Direction::SendRecv),
            headers: Vec::new(),
            ring_timeout: STEP_LIMIT,
            credentials: None,
        };
        let leg = self.sip.call(call).await.expect("called");
        Side { control: leg.commands(), leg, voice }
    }

    pub async fn call_phone(&self, username: &str) -> Side {
        self.call(sip::Target::Device(username.to_owned()), username).await
    }

    pub async fn call_customer(&self, customers: SocketAddr, number: &str) -> Side {
        self.call(sip::Target::Peer { addr: customers, transport: sip::Transport::Udp }, number).await
    }

    /// The next call that comes in, answered.
    pub async fn pick_up(&mut self) -> (Side, sip::Party) {
        let incoming = soon(self.incoming.recv()).await.expect("a call");
        let mut voice = HubVoice::open(&self.media);
        let answer = voice.take_offer(&incoming.body);
        let control = incoming.leg.commands();
        control.answer(answer).expect("answered");
        (Side { control, leg: incoming.leg, voice }, incoming.caller)
    }
}

struct HubVoice {
    session: media::Session,
    events: mpsc::Receiver<Event>,
    leg: media::LegId,
    sdp: media::sdp::LocalSdp,
}

impl HubVoice {
    fn open(media: &media::Media) -> Self {
        let (session, events) = media.open().expect("a session");
        let leg = session.add_leg(Channel::Left).expect("a leg");
        session.play(leg.id, Arc::new(Prompt::tone(440.0, TONE_MS)), Repeat::Once);
        Self { session, events, leg: leg.id, sdp: leg.sdp() }
    }

    fn take_offer(&mut self, body: &[u8]) -> Bytes {
        let offer = media::sdp::parse(body).expect("an offer");
        let (answer, remote) = self.sdp.answer(&offer, None, Direction::SendRecv).expect("acceptable");
        self.session.connect(self.leg, remote);
        answer
    }
}

/// The hub's side of one call.
pub struct Side {
    pub leg: sip::Leg,
    pub control: sip::LegControl,
    voice: HubVoice,
}

impl Side {
    /// The next event of signalling.
    pub async fn event(&mut self) -> LegEvent {
        soon(self.leg.event()).await.expect("not over yet")
    }

    pub async fn rings(&mut self) {
        let event = self.event().await;
        assert!(matches!(event, LegEvent::Ringing { code: 180, .. }), "{event:?}");
    }

    pub async fn is_answered(&mut self) {
        match self.event().await {
            LegEvent::Answered { body } => {
                let remote =
                    media::sdp::accept(&media::sdp::parse(&body).expect("an answer")).expect("acceptable");
                self.voice.session.connect(self.voice.leg, remote);
            }
            event => panic!("expected an answer, got {event:?}"),
        }
    }

    /// Until the far end's voice has arrived and all of our tone has gone out.
    pub async fn talks_both_ways(&mut self) {
        let (mut heard, mut said) = (false, false);
        while !(heard && said) {
            let event = soon(self.voice.events.recv()).await;
            match event.expect("a living session") {
                Event::Latched { .. } => heard = true,
                Event::PlayFinished { .. } => said = true,
                _ => {}
            }
        }
    }

    /// Puts the far end on hold and waits for its answer.
    pub async fn holds(&mut self) -> media::sdp::Description {
        let offer = self.voice.sdp.offer(&[], Direction::SendOnly);
        self.control.reoffer(offer).expect("a living leg");
        loop {
            match self.event().await {
                LegEvent::ReofferAnswered { body } => {
                    return media::sdp::parse(&body).expect("an answer");
                }
                LegEvent::Confirmed => {}
                event => panic!("expected an answer to the hold, got {event:?}"),
            }
        }
    }

    pub fn hangs_up(&self) {
        self.control.end(None).expect("a living leg");
    }

    /// How the leg ended, whatever came before.
    pub async fn ends(&mut self) -> sip::Ended {
        loop {
            if let LegEvent::Ended(ended) = self.event().await {
                return ended;
            }
        }
    }

    /// What went through the hub's sockets.
    pub async fn counts(mut self) -> LegStats {
        self.voice.session.remove_leg(self.voice.leg);
        loop {
            if let Event::LegClosed { stats, .. } = soon(self.voice.events.recv()).await.expect("counts") {
                return stats;
            }
        }
    }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(STEP_LIMIT, what).await.expect("it takes too long")
}
