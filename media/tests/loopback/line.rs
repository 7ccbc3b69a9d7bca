//! A browser's way out: a socket over UDP, or a connection on which datagrams are framed (RFC 4571).

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use str0m::Candidate;
use str0m::net::{Protocol, TcpType};

pub enum Line {
    Udp(UdpSocket),
    /// What came of the next frame is kept.
    Tcp(TcpStream, Vec<u8>),
}

impl Line {
    pub fn udp() -> Line {
        Line::Udp(UdpSocket::bind("127.0.0.1:0").expect("a loopback socket"))
    }

    pub fn tcp(to: SocketAddr) -> Line {
        let stream = TcpStream::connect(to).expect("somebody listens");
        stream.set_nodelay(true).expect("no delay");
        Line::Tcp(stream, Vec::new())
    }

    pub fn addr(&self) -> SocketAddr {
        match self {
            Line::Udp(socket) => socket.local_addr().expect("bound"),
            Line::Tcp(stream, _) => stream.local_addr().expect("connected"),
        }
    }

    pub fn protocol(&self) -> Protocol {
        match self {
            Line::Udp(_) => Protocol::Udp,
            Line::Tcp(..) => Protocol::Tcp,
        }
    }

    pub fn candidate(&self) -> Candidate {
        match self {
            Line::Udp(_) => Candidate::host(self.addr(), "udp"),
            Line::Tcp(..) => Candidate::builder().tcp().host(self.addr()).tcptype(TcpType::Active).build(),
        }
        .expect("a candidate")
    }

    pub fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        match self {
            Line::Udp(socket) => drop(socket.send_to(datagram, to).expect("sent")),
            Line::Tcp(stream, _) if stream.peer_addr().is_ok_and(|peer| peer == to) => {
                let length = u16::try_from(datagram.len()).expect("a datagram");
                let frame = [&length.to_be_bytes()[..], datagram].concat();
                // In pieces, as a network may cut it.
                let (first, second) = frame.split_at(frame.len() / 3);
                stream.write_all(first).and_then(|()| stream.write_all(second)).expect("sent");
            }
            Line::Tcp(..) => {}
        }
    }

    /// The next datagram, with where it came from.
    pub fn receive(&mut self, wait: Duration, bytes: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        match self {
            Line::Udp(socket) => {
                socket.set_read_timeout(Some(wait))?;
                socket.recv_from(bytes)
            }
            Line::Tcp(stream, kept) => {
                stream.set_read_timeout(Some(wait))?;
                loop {
                    if let Some([high, low]) = kept.first_chunk() {
                        let end = 2 + usize::from(u16::from_be_bytes([*high, *low]));
                        if let Some(datagram) = kept.get(2..end) {
                            bytes[..datagram.len()].copy_from_slice(datagram);
                            kept.drain(..end);
                            return Ok((end - 2, stream.peer_addr()?));
                        }
                    }
                    let mut piece = [0; 1_024];
                    match stream.read(&mut piece)? {
                        0 => return Err(ErrorKind::UnexpectedEof.into()),
                        length => kept.extend_from_slice(&piece[..length]),
                    }
                }
            }
        }
    }
}
