//! An end of a call that speaks plain RTP.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use media::CodecKind;

use crate::Outcome;
use crate::order::Order;
use crate::timing::{self, Heard, Timing};
use crate::words::{CLICK_EVERY, RATE};

pub struct Phone {
    socket: UdpSocket,
    to: SocketAddr,
    /// Of what it says.
    timing: Option<Timing>,
    heard_apart: bool,
    words: Arc<Vec<Vec<u8>>>,
    /// The RTP clock's steps a packet.
    step: u32,
    said: usize,
    sequence: u16,
    timestamp: u32,
    pub order: Order,
}

impl Phone {
    /// `meet` says where we are and is told where to speak to.
    pub fn new(
        kind: CodecKind,
        words: Arc<Vec<Vec<u8>>>,
        begins_at: usize,
        meet: impl FnOnce(&str) -> Outcome<String>,
    ) -> Outcome<Phone> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        let to = meet(&socket.local_addr()?.to_string())?.parse()?;
        Ok(Phone {
            socket,
            to,
            timing: None,
            heard_apart: false,
            words,
            step: kind.clock_hz() / RATE,
            said: begins_at,
            sequence: 0,
            timestamp: 0,
            order: Order::default(),
        })
    }

    /// What it says from now on is timed.
    pub fn is_timed(&mut self, timing: Timing) {
        self.timing = Some(timing);
    }

    pub fn say(&mut self) -> io::Result<()> {
        let at = self.said % self.words.len();
        let mut packet = self.words[at].clone();
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        if let Some(timing) = &self.timing {
            timing.mark(&mut packet, at.is_multiple_of(CLICK_EVERY));
        }
        self.said += 1;
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(self.step);
        self.socket.send_to(&packet, self.to)?;
        Ok(())
    }

    /// So many packets were not said.
    pub fn pause(&mut self, packets: u32) {
        self.timestamp = self.timestamp.wrapping_add(packets * self.step);
    }

    /// Hears in a thread of its own what the other end says by this timing.
    pub fn time(&mut self, timing: Timing, length: Duration) -> io::Result<JoinHandle<Heard>> {
        self.heard_apart = true;
        timing::listen(&self.socket, timing, length)
    }

    /// Takes what has come.
    pub fn listen(&mut self) {
        if self.heard_apart {
            return;
        }
        let mut bytes = [0; 1_024];
        while self.socket.recv(&mut bytes).is_ok() {
            self.order.heard(u16::from_be_bytes([bytes[2], bytes[3]]));
        }
    }
}
