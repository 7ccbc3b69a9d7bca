//! A desk phone whose keys a test presses one by one: several calls at a time, transfers that name
//! one of them, lamps. It speaks just enough SIP over UDP, and sends a tone where it has answered.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use md5::{Digest, Md5};

use crate::agent::AgentDesk;
use crate::hub::Hub;
use crate::sound::tone;
use crate::wait::PATIENCE;

/// What one datagram may hold.
const DATAGRAM_BYTES: usize = 65_535;
/// RFC 3261 section 17.1.1.1: T1, doubled up to T2 until there is an answer.
const RESEND_AFTER: Duration = Duration::from_millis(500);
const RESEND_LONGEST: Duration = Duration::from_secs(4);
/// A packet of sound: 20 ms of 8 kHz.
const PACKET: usize = 160;

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Message {
    text: String,
}

impl Message {
    /// The method, or none for an answer.
    fn method(&self) -> Option<&str> {
        self.text.split(' ').next().filter(|first| *first != "SIP/2.0")
    }

    /// The code of an answer.
    fn code(&self) -> Option<u16> {
        self.text.strip_prefix("SIP/2.0 ")?.split(' ').next()?.parse().ok()
    }

    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        let found = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    #[must_use]
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// A request's branch, which its repetitions share.
    fn branch(&self) -> String {
        self.header("Via").split("branch=").nth(1).unwrap_or_default().to_owned()
    }
}

/// One dialog of the phone.
pub struct Line {
    pub call_id: String,
    /// The phone's own From or To with its tag, and the hub's.
    local: String,
    remote: String,
    target: String,
    cseq: u32,
    sound: Option<Speech>,
}

impl Line {
    /// What a Replaces says that asks the hub to replace this dialog (RFC 3891 section 6.1).
    #[must_use]
    pub fn replaces(&self) -> String {
        let tag = |value: &str| value.split(";tag=").nth(1).unwrap_or_default().to_owned();
        format!("{};to-tag={};from-tag={}", self.call_id, tag(&self.remote), tag(&self.local))
    }
}

/// The phone.
pub struct Handset {
    socket: UdpSocket,
    hub: SocketAddr,
    username: String,
    password: String,
    hz: f64,
    made: u32,
    /// What has come and nobody has asked for yet.
    heard: Vec<Message>,
    /// Requests that were answered, with their answer: repeated when they are.
    answered: Vec<(String, String)>,
}

impl Handset {
    /// A phone at an agent's desk: registered and chosen.
    #[must_use]
    pub fn at(desk: &AgentDesk, hub: &Hub, hz: f64) -> Handset {
        desk.plug_in(hub);
        let socket = UdpSocket::bind(("127.0.0.1", desk.port)).expect("the desk's port is free again");
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout can be set");
        Handset {
            socket,
            hub: hub.sip().parse().expect("the hub's address"),
            username: desk.username.clone(),
            password: desk.password.clone(),
            hz,
            made: 0,
            heard: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// Waits for a call to this phone and lets it ring.
    pub fn rings(&mut self) -> Message {
        let invite = self.request("INVITE");
        self.reply(&invite, "180 Ringing", &[], "");
        invite
    }

    /// Picks up.
    pub fn answer(&mut self, invite: &Message) -> Line {
        let (body, media) = self.description();
        self.reply(invite, "200 OK", &["Content-Type: application/sdp"], &body);
        self.request("ACK");
        let (local, remote) = (self.tagged(&invite.header("To")), invite.header("From"));
        Line {
            call_id: invite.header("Call-ID"),
            local,
            remote,
            target: uri(&invite.header("Contact")),
            cseq: 0,
            sound: Some(Speech::begin(media, invite.body(), self.hz)),
        }
    }

    /// Refuses a call that rings, or answers it in another way than by picking up.
    pub fn refuse(&mut self, invite: &Message, status: &str, headers: &[&str]) {
        self.reply(invite, status, headers, "");
        self.request("ACK");
    }

    /// Waits until the hub takes back a call that rings, and stops ringing.
    pub fn is_cancelled(&mut self, invite: &Message) -> Message {
        loop {
            let cancel = self.request("CANCEL");
            if cancel.header("Call-ID") == invite.header("Call-ID") {
                self.refuse(invite, "487 Request Terminated", &[]);
                return cancel;
            }
        }
    }

    /// Dials, and waits for the answer.
    ///
    /// # Errors
    /// The final code when it is none of success.
    pub fn dial(&mut self, user: &str, headers: &[&str]) -> Result<Line, u16> {
        let (body, media) = self.description();
        let mut line = self.line(user);
        let mut all = vec!["Content-Type: application/sdp"];
        all.extend(headers);
        let answer = self.ask(&mut line, "INVITE", &all, &body)?;
        line.sound = Some(Speech::begin(media, answer.body(), self.hz));
        Ok(line)
    }

    /// Dials a colleague, who picks up.
    ///
    /// # Panics
    /// When the call does not come about.
    pub fn dials(&mut self, other: &mut Handset) -> (Line, Line) {
        let extension = other.username.clone();
        std::thread::scope(|scope| {
            let answered = scope.spawn(move || {
                let ringing = other.rings();
                other.answer(&ringing)
            });
            let line = self.dial(&extension, &[]).expect("the colleague picks up");
            (line, answered.join().expect("the colleague's phone"))
        })
    }

    /// Asks for the state of another; the subscription's line.
    ///
    /// # Errors
    /// The final code when it is refused.
    pub fn watch(&mut self, user: &str) -> Result<Line, u16> {
        let mut line = self.line(user);
        let headers = ["Event: dialog", "Accept: application/dialog-info+xml", "Expires: 600"];
        self.ask(&mut line, "SUBSCRIBE", &headers, "")?;
        Ok(line)
    }

    /// The next state that the hub tells, whatever it was before.
    pub fn notified(&mut self) -> Message {
        self.request("NOTIFY")
    }

    /// Waits for a told state that holds all of these.
    pub fn notified_of(&mut self, parts: &[&str]) -> Message {
        loop {
            let told = self.notified();
            if parts.iter().all(|part| told.body().contains(part)) {
                return told;
            }
        }
    }

    /// Waits for a told state whose header begins like this.
    pub fn notified_with(&mut self, header: &str, value: &str) -> Message {
        loop {
            let told = self.notified();
            if told.header(header).starts_with(value) {
                return told;
            }
        }
    }

    /// A request within a call; its final code.
    pub fn press(&mut self, line: &mut Line, method: &str, headers: &[&str]) -> u16 {
        match self.ask(line, method, headers, "") {
            Ok(_) => 200,
            Err(code) => code,
        }
    }

    /// REFER to `user`, in the place of the other line.
    pub fn join(&mut self, line: &mut Line, user: &str, other: &Line) -> u16 {
        let replaces = other.replaces().replace('@', "%40").replace(';', "%3B").replace('=', "%3D");
        let refer = format!("Refer-To: <sip:{user}@{}?Replaces={replaces}>", self.hub);
        self.press(line, "REFER", &[&refer])
    }

    /// Waits until the hub hangs this line up.
    pub fn is_hung_up_on(&mut self, line: &Line) {
        loop {
            if self.request("BYE").header("Call-ID") == line.call_id {
                return;
            }
        }
    }

    fn line(&mut self, user: &str) -> Line {
        self.made += 1;
        let own = self.socket.local_addr().expect("a bound socket");
        let host = format!("{}.{}@{}", own.port(), self.made, own.ip());
        let target = format!("sip:{user}@{}", self.hub);
        Line {
            call_id: host,
            local: self.tagged(&format!("<sip:{}@{}>", self.username, self.hub)),
            remote: format!("<{target}>"),
            target,
            cseq: 0,
            sound: None,
        }
    }

    /// A request and its final answer; a challenge is met, an INVITE acknowledged.
    fn ask(&mut self, line: &mut Line, method: &str, headers: &[&str], body: &str) -> Result<Message, u16> {
        let mut proof = None;
        loop {
            line.cseq += 1;
            let mut all: Vec<&str> = headers.to_vec();
            all.extend(proof.as_deref());
            let text = self.written(line, method, &all, body);
            let answer = self.exchange(&text, line, method);
            let code = answer.code().expect("an answer has a code");
            if method == "INVITE" {
                line.remote = answer.header("To");
                if (200..300).contains(&code) {
                    line.target = uri(&answer.header("Contact"));
                }
                let ack = self.written(line, "ACK", &[], "");
                // RFC 3261 section 17.1.1.3: of a refusal in the same transaction.
                let ack = if code < 300 { ack } else { same_branch(&ack, &text) };
                self.send(&ack);
            }
            match code {
                200..=299 => {
                    line.remote = answer.header("To");
                    return Ok(answer);
                }
                401 | 407 if proof.is_none() => {
                    line.remote = line.remote.split(";tag=").next().unwrap_or_default().to_owned();
                    proof = Some(self.proof(&answer, method, &line.target));
                }
                refused => return Err(refused),
            }
        }
    }

    fn exchange(&mut self, text: &str, line: &Line, method: &str) -> Message {
        let wanted = format!("{} {method}", line.cseq);
        let mut wait = RESEND_AFTER;
        let mut again = Instant::now();
        let mut rings = false;
        let began = Instant::now();
        loop {
            if !rings && Instant::now() >= again {
                self.send(text);
                again = Instant::now() + wait;
                wait = (wait * 2).min(RESEND_LONGEST);
            }
            self.listen();
            let is_answer = |message: &Message| {
                message.code().is_some()
                    && message.header("CSeq") == wanted
                    && message.header("Call-ID") == line.call_id
            };
            while let Some(at) = self.heard.iter().position(is_answer) {
                let message = self.heard.remove(at);
                if message.code().is_some_and(|code| code >= 200) {
                    return message;
                }
                rings = true;
            }
            assert!(began.elapsed() < PATIENCE, "no answer to\n{text}");
        }
    }

    fn written(&mut self, line: &Line, method: &str, headers: &[&str], body: &str) -> String {
        self.made += 1;
        let own = self.socket.local_addr().expect("a bound socket");
        let mut text = format!(
            "{method} {} SIP/2.0\r\nVia: SIP/2.0/UDP {own};rport;branch=z9hG4bK{}x{}\r\n\
             From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {method}\r\nMax-Forwards: 70\r\n\
             Contact: <sip:{}@{own}>\r\n",
            line.target,
            own.port(),
            self.made,
            line.local,
            line.remote,
            line.call_id,
            line.cseq,
            self.username,
        );
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        text
    }

    /// RFC 2617 section 3.2.2, with MD5 and, where it is asked for, `auth`.
    fn proof(&self, challenge: &Message, method: &str, uri: &str) -> String {
        let (asked, header) = match challenge.header("WWW-Authenticate") {
            empty if empty.is_empty() => (challenge.header("Proxy-Authenticate"), "Proxy-Authorization"),
            asked => (asked, "Authorization"),
        };
        let part = |name: &str| {
            let found = asked.split(&format!("{name}=")).nth(1).unwrap_or_default();
            let value = found.strip_prefix('"').and_then(|rest| rest.split('"').next());
            value.unwrap_or_else(|| found.split(',').next().unwrap_or_default()).to_owned()
        };
        let (realm, nonce) = (part("realm"), part("nonce"));
        let secret = hash(&format!("{}:{realm}:{}", self.username, self.password));
        let what = hash(&format!("{method}:{uri}"));
        let response = hash(&format!("{secret}:{nonce}:00000001:handset:auth:{what}"));
        format!(
            "{header}: Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm=MD5, cnonce=\"handset\", qop=auth, nc=00000001",
            self.username
        )
    }

    /// The next request of this kind, in the order in which they came. All but INVITE and ACK have
    /// been answered with 200 already.
    fn request(&mut self, method: &str) -> Message {
        let began = Instant::now();
        loop {
            if let Some(at) = self.heard.iter().position(|message| message.method() == Some(method)) {
                return self.heard.remove(at);
            }
            assert!(began.elapsed() < PATIENCE, "{} waits in vain for {method}", self.username);
            self.listen();
        }
    }

    fn listen(&mut self) {
        let mut datagram = vec![0; DATAGRAM_BYTES];
        let Ok((length, _)) = self.socket.recv_from(&mut datagram) else { return };
        let message = Message { text: String::from_utf8_lossy(&datagram[..length]).into_owned() };
        let Some(method) = message.method() else {
            self.heard.push(message);
            return;
        };
        let key = format!("{method} {}", message.branch());
        if let Some((_, answer)) = self.answered.iter().find(|(known, _)| *known == key) {
            self.send(answer);
            return;
        }
        match method {
            "ACK" => {}
            // In a dialog that stands: the hub changes its media, and is answered at once.
            "INVITE" if message.header("To").contains(";tag=") => {
                let (body, _) = self.description();
                self.reply(&message, "200 OK", &["Content-Type: application/sdp"], &body);
                return;
            }
            "INVITE" => {
                self.answered.push((key, String::new()));
            }
            _ => self.reply(&message, "200 OK", &[], ""),
        }
        self.heard.push(message);
    }

    fn reply(&mut self, request: &Message, status: &str, headers: &[&str], body: &str) {
        let own = self.socket.local_addr().expect("a bound socket");
        let mut text = format!("SIP/2.0 {status}\r\n");
        let head = request.text.split("\r\n\r\n").next().unwrap_or_default();
        for line in head.lines() {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            match name.as_str() {
                "via" | "from" | "call-id" | "cseq" | "record-route" => text.push_str(&format!("{line}\r\n")),
                "to" if line.contains(";tag=") => text.push_str(&format!("{line}\r\n")),
                "to" => text.push_str(&format!("{}\r\n", self.tagged(line))),
                _ => {}
            }
        }
        if !headers.iter().any(|header| header.starts_with("Contact:")) {
            text.push_str(&format!("Contact: <sip:{}@{own}>\r\n", self.username));
        }
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.send(&text);
        let key = format!("{} {}", request.method().unwrap_or_default(), request.branch());
        self.answered.retain(|(known, _)| *known != key);
        self.answered.push((key, text));
    }

    fn tagged(&self, value: &str) -> String {
        let port = self.socket.local_addr().expect("a bound socket").port();
        format!("{value};tag=h{port}x{}", self.made)
    }

    /// SDP for a socket of its own.
    fn description(&self) -> (String, UdpSocket) {
        let media = UdpSocket::bind("127.0.0.1:0").expect("a port for sound");
        let port = media.local_addr().expect("a bound socket").port();
        let body = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n\
             a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
        );
        (body, media)
    }

    fn send(&self, text: &str) {
        // What is lost is sent again.
        let _ = self.socket.send_to(text.as_bytes(), self.hub);
    }
}

/// A tone on its way, until it is dropped.
struct Speech {
    over: Arc<AtomicBool>,
}

impl Speech {
    fn begin(socket: UdpSocket, description: &str, hz: f64) -> Speech {
        let over = Arc::new(AtomicBool::new(false));
        let line = |kind: &str| description.lines().find_map(|line| line.strip_prefix(kind));
        let host = line("c=IN IP4 ").unwrap_or("127.0.0.1").trim();
        let port = line("m=audio ").and_then(|rest| rest.split(' ').next()).unwrap_or("9");
        let to = format!("{host}:{port}");
        let sound: Vec<u8> = tone(hz, 1).into_iter().map(crate::sound::ulaw).collect();
        let stop = Arc::clone(&over);
        std::thread::spawn(move || {
            let mut packets = sound.chunks_exact(PACKET).cycle();
            for number in 0_u16.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let stamp = u32::from(number) * PACKET as u32;
                let mut packet = vec![0x80, 0];
                packet.extend(number.to_be_bytes());
                packet.extend(stamp.to_be_bytes());
                packet.extend(7_u32.to_be_bytes());
                packet.extend(packets.next().unwrap_or_default());
                let _ = socket.send_to(&packet, &to);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Speech { over }
    }
}

impl Drop for Speech {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn uri(contact: &str) -> String {
    let inner = contact.split('<').nth(1).and_then(|rest| rest.split('>').next());
    inner.unwrap_or(contact).to_owned()
}

fn same_branch(ack: &str, of: &str) -> String {
    let branch = |text: &str| {
        let from = text.split("branch=").nth(1).unwrap_or_default();
        from.split("\r\n").next().unwrap_or_default().to_owned()
    };
    ack.replace(&branch(ack), &branch(of))
}

fn hash(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
