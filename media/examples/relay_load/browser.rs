//! An end of a call that is a browser: ICE, DTLS-SRTP and Opus, by another implementation than ours.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use media::CodecKind;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::Outcome;
use crate::order::Order;
use crate::timing::Timing;
use crate::words::{CLICK_EVERY, HEADER_BYTES, RATE};

/// By which the sound of Opus goes: what `str0m` offers.
const PAYLOAD_TYPE: u8 = 111;
/// A handshake on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Browser {
    rtc: Rtc,
    socket: UdpSocket,
    addr: SocketAddr,
    mid: Mid,
    timing: Option<Timing>,
    words: Arc<Vec<Vec<u8>>>,
    said: usize,
    sequence: u64,
    timestamp: u32,
    is_connected: bool,
    pub order: Order,
}

impl Browser {
    /// `meet` passes the offer on and returns the answer, both in Base64.
    pub fn new(
        words: Arc<Vec<Vec<u8>>>,
        begins_at: usize,
        meet: impl FnOnce(&str) -> Outcome<String>,
    ) -> Outcome<Browser> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        let addr = socket.local_addr()?;
        let mut config = Rtc::builder().clear_codecs().set_rtp_mode(true);
        config.codec_config().enable_opus(true, false);
        let mut rtc = config.build(Instant::now());
        rtc.add_local_candidate(Candidate::host(addr, "udp")?);
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().ok_or("nothing to offer")?;
        let answer = meet(&BASE64_STANDARD.encode(offer.to_sdp_string()))?;
        let answer = String::from_utf8(BASE64_STANDARD.decode(answer)?)?;
        rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer)?)?;
        Ok(Browser {
            rtc,
            socket,
            addr,
            mid,
            timing: None,
            words,
            said: begins_at,
            sequence: 0,
            timestamp: 0,
            is_connected: false,
            order: Order::default(),
        })
    }

    pub fn is_timed(&mut self, timing: Timing) {
        self.timing = Some(timing);
    }

    /// Lives until the handshake is done.
    pub fn connect(&mut self) -> Outcome<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_connected {
            if Instant::now() > deadline {
                return Err("a browser does not connect".into());
            }
            self.live()?;
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    pub fn say(&mut self) -> Outcome<()> {
        let at = self.said % self.words.len();
        // A click's mark is outside of the packet.
        if let Some(timing) = &self.timing {
            timing.mark(&mut [], at.is_multiple_of(CLICK_EVERY));
        }
        let payload = &self.words[at][HEADER_BYTES..];
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx_by_mid(self.mid, None).ok_or("no stream to speak on")?;
        let (sequence, now) = (self.sequence.into(), Instant::now());
        stream.write_rtp(RtpWrite::new(PAYLOAD_TYPE.into(), sequence, self.timestamp, now, payload));
        self.said += 1;
        self.sequence += 1;
        self.pause(1);
        self.live()
    }

    pub fn pause(&mut self, packets: u32) {
        self.timestamp = self.timestamp.wrapping_add(packets * CodecKind::Opus.clock_hz() / RATE);
    }

    /// Takes what has come and sends what is due.
    pub fn live(&mut self) -> Outcome<()> {
        self.rtc.handle_input(Input::Timeout(Instant::now()))?;
        self.send()?;
        let mut bytes = [0; 2_048];
        while let Ok((size, source)) = self.socket.recv_from(&mut bytes) {
            let receive = Receive::new(Protocol::Udp, source, self.addr, &bytes[..size])?;
            self.rtc.handle_input(Input::Receive(Instant::now(), receive))?;
            self.send()?;
        }
        Ok(())
    }

    fn send(&mut self) -> Outcome<()> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(_) => return Ok(()),
                Output::Transmit(sent) => {
                    self.socket.send_to(&sent.contents, sent.destination)?;
                }
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::RtpPacket(packet)) => self.order.heard(packet.header.sequence_number),
                Output::Event(_) => {}
            }
        }
    }
}
