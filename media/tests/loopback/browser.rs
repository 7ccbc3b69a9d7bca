//! A browser of a few lines: another implementation of ICE, DTLS and SRTP than ours, driven by
//! hand.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid};
use str0m::net::Receive;
use str0m::rtp::RtpWrite;
use str0m::{Event, Input, Output, Rtc};

use crate::line::Line;
use crate::phone::{PATIENCE, Packet};

/// The payload type it uses for events.
pub const EVENT: u8 = 126;

pub struct Browser {
    rtc: Rtc,
    /// Its ways out; over one or more of them it is heard.
    lines: Vec<Line>,
    mid: Option<Mid>,
    sequence: u64,
    timestamp: u32,
    pub heard: Vec<Packet>,
    pub is_connected: bool,
}

impl Browser {
    pub fn new() -> Browser {
        Browser::over(Line::udp())
    }

    pub fn over(line: Line) -> Browser {
        let mut config = Rtc::builder().clear_codecs().set_rtp_mode(true);
        let codecs = config.codec_config();
        codecs.enable_pcmu(true, false);
        codecs.enable_pcma(true, false);
        let clock = Frequency::EIGHT_KHZ;
        codecs.add_config(EVENT.into(), None, Codec::Tele, clock, None, FormatParams::default());
        let mut browser = Browser {
            rtc: config.build(Instant::now()),
            lines: Vec::new(),
            mid: None,
            sequence: 65_500,
            timestamp: u32::MAX - 1_000,
            heard: Vec::new(),
            is_connected: false,
        };
        browser.plug(line);
        browser
    }

    /// One more way out.
    pub fn plug(&mut self, line: Line) {
        self.rtc.add_local_candidate(line.candidate());
        self.lines.push(line);
    }

    /// The first way out is there no more.
    pub fn unplug(&mut self) {
        let line = self.lines.remove(0);
        self.rtc.direct_api().invalidate_candidate(&line.candidate());
    }

    /// Where it is, by its first way out.
    pub fn addr(&self) -> SocketAddr {
        self.lines[0].addr()
    }

    /// Its first offer, or one that restarts.
    pub fn offer(&mut self) -> (Vec<u8>, SdpPendingOffer) {
        let mut change = self.rtc.sdp_api();
        match self.mid {
            None => {
                let kind = MediaKind::Audio;
                self.mid = Some(change.add_media(kind, Direction::SendRecv, None, None, None));
            }
            Some(_) => drop(change.ice_restart(true)),
        }
        let (offer, pending) = change.apply().expect("something changed");
        (offer.to_sdp_string().into_bytes(), pending)
    }

    pub fn take_answer(&mut self, pending: SdpPendingOffer, answer: &[u8]) {
        let text = std::str::from_utf8(answer).expect("text");
        let answer = SdpAnswer::from_sdp_string(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        self.rtc.sdp_api().accept_answer(pending, answer).expect("an answer it takes");
    }

    /// Answers our offer.
    pub fn answer(&mut self, offer: &[u8]) -> Vec<u8> {
        let text = std::str::from_utf8(offer).expect("text");
        let offer = SdpOffer::from_sdp_string(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let answer = self.rtc.sdp_api().accept_offer(offer).expect("an offer it takes");
        let text = answer.to_sdp_string();
        let mid = text.lines().find_map(|line| line.strip_prefix("a=mid:")).expect("a tag");
        self.mid = Some(mid.into());
        text.into_bytes()
    }

    /// Lives until this holds.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Browser) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < deadline, "never: {what}");
            self.turn();
        }
    }

    /// Lives for a turn: some milliseconds, or until a datagram comes.
    pub fn turn(&mut self) {
        self.try_turn().expect("a line that holds");
    }

    /// The same; fails if a line of its is closed.
    pub fn try_turn(&mut self) -> std::io::Result<()> {
        let wait = loop {
            match self.rtc.poll_output().expect("a living browser") {
                Output::Timeout(at) => break at.saturating_duration_since(Instant::now()),
                Output::Transmit(sent) => {
                    let mut lines = self.lines.iter_mut();
                    // Checks of a way that is gone go nowhere.
                    if let Some(line) = lines.find(|line| line.addr() == sent.source) {
                        line.send(sent.destination, &sent.contents);
                    }
                }
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::RtpPacket(packet)) => self.heard.push(Packet {
                    marker: packet.header.marker,
                    payload_type: *packet.header.payload_type,
                    sequence: packet.header.sequence_number,
                    timestamp: packet.header.timestamp,
                    ssrc: *packet.header.ssrc,
                    payload: packet.payload.to_vec(),
                }),
                Output::Event(_) => {}
            }
        };
        let wait = wait.clamp(Duration::from_millis(1), Duration::from_millis(5));
        let mut bytes = [0; 2_048];
        for line in &mut self.lines {
            let input = match line.receive(wait, &mut bytes) {
                Ok((length, source)) => {
                    let receive = Receive::new(line.protocol(), source, line.addr(), &bytes[..length]);
                    Input::Receive(Instant::now(), receive.expect("a datagram it knows"))
                }
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    Input::Timeout(Instant::now())
                }
                Err(e) => return Err(e),
            };
            self.rtc.handle_input(input).expect("a living browser");
        }
        Ok(())
    }

    /// Says the next 20 ms.
    pub fn say(&mut self, payload_type: u8, payload: &[u8]) {
        self.send(false, payload_type, payload);
        self.timestamp = self.timestamp.wrapping_add(160);
    }

    /// Presses a key as browsers do.
    pub fn press(&mut self, code: u8) {
        for (at, duration) in [160u16, 320, 480, 640, 800, 800, 800].into_iter().enumerate() {
            let [high, low] = duration.to_be_bytes();
            let end = if at >= 4 { 0x80 } else { 0 };
            self.send(at == 0, EVENT, &[code, end | 10, high, low]);
        }
        self.timestamp = self.timestamp.wrapping_add(1_600);
    }

    fn send(&mut self, marker: bool, payload_type: u8, payload: &[u8]) {
        let mid = self.mid.expect("described");
        let (now, timestamp) = (Instant::now(), self.timestamp);
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx_by_mid(mid, None).expect("a stream");
        let sequence = self.sequence.into();
        stream
            .write_rtp(RtpWrite::new(payload_type.into(), sequence, timestamp, now, payload).marker(marker));
        self.sequence += 1;
        // One to take it in, one to send it.
        self.turn();
        self.turn();
    }

    /// Waits for the next packet it hears.
    pub fn hear(&mut self) -> Packet {
        self.until("a packet comes", |browser| !browser.heard.is_empty());
        self.heard.remove(0)
    }
}
