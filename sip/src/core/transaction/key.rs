//! How a message finds its transaction (RFC 3261 section 17.1.3 and 17.2.3).

use crate::wire::{Head, Method, Request, Response};

/// Names a client transaction: the branch that we chose, and the method.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientKey {
    branch: String,
    method: Method,
}

impl ClientKey {
    pub fn of_request(request: &Request) -> Self {
        Self { branch: request.head.branch.clone(), method: request.method.clone() }
    }

    /// Section 17.1.3: the method of CSeq tells a CANCEL from the INVITE it shares the
    /// branch with.
    pub fn of_response(response: &Response) -> Self {
        Self { branch: response.head.branch.clone(), method: response.head.cseq_method.clone() }
    }
}

/// Names a server transaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ServerKey {
    id: String,
    method: Method,
}

impl ServerKey {
    /// Section 17.2.3: branch, sent-by and method; an ACK matches its INVITE.
    pub fn of(request: &Request) -> Self {
        let method = match request.method {
            Method::Ack => Method::Invite,
            ref other => other.clone(),
        };
        Self { id: identity(&request.head, &method), method }
    }

    /// What names it, the method aside.
    pub fn text(&self) -> &str {
        &self.id
    }

    /// Section 9.2: the INVITE that a CANCEL means.
    pub fn cancelled_by(cancel: &Request) -> Self {
        Self { id: identity(&cancel.head, &Method::Invite), method: Method::Invite }
    }
}

fn identity(head: &Head, method: &Method) -> String {
    if head.has_cookie() {
        return format!("{}\n{}", head.branch, head.sent_by);
    }
    // Section 17.2.3 for RFC 2543 elements: Call-ID, From tag, CSeq and top Via. The request
    // URI and the To tag are left out, as an ACK may differ in both.
    format!(
        "2543\n{}\n{}\n{}\n{method}\n{}\n{}",
        head.call_id, head.from_tag, head.cseq, head.sent_by, head.branch
    )
}
