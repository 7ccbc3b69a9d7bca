//! Dialogs (RFC 3261 section 12).

use std::net::SocketAddr;

use bytes::Bytes;

use super::flow::Flow;
use crate::{
    Transport,
    wire::{Headers, Method, NameAddr, Request, Response, SipUri, encode_user, split_list},
};

/// Record-Route values that are kept: more proxies than a call ever crosses.
const ROUTES_MAX: usize = 16;

/// What both sides of a call must know to speak about it.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    pub call_id: String,
    /// Whether we made the Call-ID.
    pub ours: bool,
    pub local_tag: String,
    /// `None` until the peer has given one.
    pub remote_tag: Option<String>,
    /// Our From in requests of ours, with tag.
    pub local: String,
    /// Our To in requests of ours, with tag once there is one.
    pub remote: String,
    pub local_seq: u32,
    pub remote_seq: Option<u32>,
    /// The peer's Contact: the request URI of what we send.
    pub target: String,
    routes: Vec<String>,
    /// Where the peer's packets came from last.
    pub flow: Flow,
    /// Whether the peer is reached through the flow, whatever its Contact says: a phone
    /// behind a NAT, or a connection.
    pub pinned: bool,
    /// Our Contact.
    pub contact: String,
}

/// Our Contact header; `name` is [`Flow::local_name`].
pub(crate) fn contact(user: &str, flow: &Flow, name: &str) -> String {
    let transport = match flow.transport {
        Transport::Udp => "",
        Transport::Tcp => ";transport=tcp",
        Transport::Tls => ";transport=tls",
        // RFC 7118 section 5.2: the same for both kinds.
        Transport::Ws | Transport::Wss => ";transport=ws",
    };
    format!("<sip:{}@{name}{transport}>", encode_user(user))
}

impl Dialog {
    /// The dialog of an INVITE that came in (section 12.1.1). `None` without a usable
    /// Contact.
    pub fn incoming(
        request: &Request,
        flow: Flow,
        name: &str,
        local_tag: String,
        pinned: bool,
    ) -> Option<Self> {
        let target = contact_uri(&request.headers)?;
        let user = SipUri::parse(&request.uri)?.user;
        let to = request.headers.get("To")?;
        Some(Self {
            call_id: request.head.call_id.clone(),
            ours: false,
            local: format!("{to};tag={local_tag}"),
            local_tag,
            remote: request.headers.get("From")?.to_owned(),
            remote_tag: Some(request.head.from_tag.clone()),
            local_seq: 0,
            remote_seq: Some(request.head.cseq),
            target,
            routes: record_routes(&request.headers).collect(),
            flow,
            pinned: pinned || flow.reliable(),
            contact: contact(&user, &flow, name),
        })
    }

    /// The dialog of an INVITE that goes out, before any answer. `from` and `to` are header
    /// values without tag.
    pub fn outgoing(names: Names, call_id: String, local_tag: String, flow: Flow) -> Self {
        Self {
            call_id,
            ours: true,
            local: format!("{};tag={local_tag}", names.from),
            local_tag,
            remote: names.to,
            remote_tag: None,
            local_seq: 1,
            remote_seq: None,
            target: names.target,
            routes: names.routes,
            flow,
            pinned: names.pinned || flow.reliable(),
            contact: contact(&names.user, &flow, &names.host),
        }
    }

    /// The dialog of an INVITE that went out, from the INVITE itself.
    pub fn of_request(request: &Request, flow: Flow) -> Option<Self> {
        Some(Self {
            call_id: request.head.call_id.clone(),
            ours: true,
            local_tag: request.head.from_tag.clone(),
            local: request.headers.get("From")?.to_owned(),
            remote: request.headers.get("To")?.to_owned(),
            remote_tag: None,
            local_seq: request.head.cseq,
            remote_seq: None,
            target: request.uri.clone(),
            routes: Vec::new(),
            flow,
            pinned: true,
            contact: request.headers.get("Contact")?.to_owned(),
        })
    }

    /// A 2xx to our INVITE makes the dialog (section 12.1.2).
    pub fn establish(&mut self, response: &Response) {
        self.remote_tag = Some(response.head.to_tag.clone().unwrap_or_default());
        if let Some(to) = response.headers.get("To") {
            self.remote = to.to_owned();
        }
        self.routes = record_routes(&response.headers).collect();
        // Section 12.1.2: the UAC takes the route in reverse.
        self.routes.reverse();
        self.refresh_target(&response.headers);
    }

    /// A target refresh (section 12.2.1.2, 12.2.2).
    pub fn refresh_target(&mut self, headers: &Headers) {
        if let Some(uri) = contact_uri(headers) {
            self.target = uri;
        }
    }

    /// The headers and the address of the next request (section 12.2.1.1). `headers` already
    /// holds the Via.
    pub fn request(
        &self,
        mut headers: Headers,
        method: Method,
        cseq: u32,
        body: Bytes,
    ) -> Result<Request, &'static str> {
        headers.push("From", self.local.as_str());
        headers.push("To", self.remote.as_str());
        headers.push("Call-ID", self.call_id.as_str());
        headers.push("CSeq", format!("{cseq} {method}"));
        let strict = self
            .routes
            .first()
            .and_then(|route| NameAddr::parse(route))
            .filter(|route| route.sip_uri().is_none_or(|uri| !uri.loose));
        let uri = match strict {
            None => {
                for route in &self.routes {
                    headers.push("Route", route.as_str());
                }
                self.target.clone()
            }
            // Section 12.2.1.1: a strict router wants itself in the request URI and the
            // target at the end of the route.
            Some(first) => {
                for route in self.routes.iter().skip(1) {
                    headers.push("Route", route.as_str());
                }
                headers.push("Route", format!("<{}>", self.target));
                first.uri
            }
        };
        if matches!(method, Method::Invite | Method::Update | Method::Notify) {
            headers.push("Contact", self.contact.as_str());
        }
        Request::build(method, uri, headers, body)
    }

    /// Where the next request goes: the flow of a phone or a connection, otherwise the first
    /// route or the target when it is an address, otherwise where the peer's packets came
    /// from.
    pub fn next_hop(&self) -> Flow {
        if self.pinned {
            return self.flow;
        }
        let uri = match self.routes.first() {
            Some(route) => NameAddr::parse(route).map(|route| route.uri),
            None => Some(self.target.clone()),
        };
        let remote: Option<SocketAddr> = uri
            .and_then(|uri| SipUri::parse(&uri))
            .and_then(|uri| uri.addr())
            .filter(|addr| addr.is_ipv4() == self.flow.remote.is_ipv4() && addr.port() != 0);
        Flow { remote: remote.unwrap_or(self.flow.remote), ..self.flow }
    }
}

/// Who calls whom.
#[derive(Debug)]
pub(crate) struct Names {
    /// From, without tag.
    pub from: String,
    /// To, without tag.
    pub to: String,
    /// Request URI.
    pub target: String,
    /// User part of our Contact.
    pub user: String,
    /// Host part of it, see [`Flow::local_name`].
    pub host: String,
    /// The route of the first request.
    pub routes: Vec<String>,
    /// See [`Dialog::pinned`].
    pub pinned: bool,
}

/// The first Contact, when it is an address.
pub(super) fn contact_uri(headers: &Headers) -> Option<String> {
    let value = headers.get("Contact")?;
    let contact = NameAddr::parse(split_list(value).first()?)?;
    contact.sip_uri().map(|_| contact.uri)
}

fn record_routes(headers: &Headers) -> impl DoubleEndedIterator<Item = String> {
    let routes: Vec<String> =
        headers.all("Record-Route").flat_map(split_list).take(ROUTES_MAX).map(str::to_owned).collect();
    routes.into_iter()
}
