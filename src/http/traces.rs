//! What was said in SIP about a call, as a ladder and as a capture. Each look is in the audit log.

use std::collections::HashMap;
use std::net::SocketAddr;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use crm::calls::CallDetail;
use crm::rights::Right;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::Id;
use super::calls::visible_call;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::trace::{self, Message, Said};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(ladder)).routes(routes!(capture))
}

/// What was said about a call, without credentials, keys, and digits of a paused recording.
#[derive(Serialize, ToSchema)]
struct CallTrace {
    call_id: Uuid,
    /// More may come.
    running: bool,
    /// Messages that there was no room for.
    left_out: u64,
    /// In the order of time.
    messages: Vec<TraceMessage>,
}

#[derive(Serialize, ToSchema)]
struct TraceMessage {
    /// To the microsecond.
    at: DateTime<Utc>,
    /// To the hub.
    incoming: bool,
    /// Whose message it is; none where the call's rows do not know the leg.
    leg_id: Option<Uuid>,
    sip_call_id: String,
    #[schema(value_type = String)]
    from: SocketAddr,
    #[schema(value_type = String)]
    to: SocketAddr,
    /// `udp`, `tcp`, `tls`, `ws`, `wss`.
    transport: String,
    /// Of a response, what it answers.
    method: String,
    /// Of a response.
    code: Option<u16>,
    /// `INVITE`, `200 OK`.
    summary: String,
    /// Media is described in it.
    sdp: bool,
    text: String,
}

/// The messages of a call with their legs.
#[utoipa::path(get, path = "/calls/{id}/trace", tag = "calls", operation_id = "get_call_trace",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CallTrace), (status = 403, body = Problem),
        (status = 404, description = "no such call, or nothing is kept of it", body = Problem)))]
async fn ladder(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<CallTrace>> {
    let (call, said) = looked_at(&http, &caller, id, "call.trace_viewed").await?;
    let legs: HashMap<&str, Uuid> = call.legs.iter().map(|leg| (&*leg.sip_call_id, leg.id)).collect();
    let messages = said.messages.into_iter().map(|message| shown(message, &legs)).collect();
    Ok(Json(CallTrace {
        call_id: id,
        running: call.call.ended_at.is_none(),
        left_out: said.left_out,
        messages,
    }))
}

fn shown(message: Message, legs: &HashMap<&str, Uuid>) -> TraceMessage {
    TraceMessage {
        at: DateTime::from_timestamp_micros(message.at_unix_us).unwrap_or_default(),
        incoming: message.incoming,
        leg_id: legs.get(&*message.sip_call_id).copied(),
        from: message.from(),
        to: message.to(),
        method: message.method().to_owned(),
        code: message.code(),
        summary: message.summary().to_owned(),
        sdp: message.has_sdp(),
        transport: message.transport,
        sip_call_id: message.sip_call_id,
        text: message.text,
    }
}

/// The same for Wireshark and its like; each message in one UDP datagram, however it travelled.
#[utoipa::path(get, path = "/calls/{id}/trace.pcap", tag = "calls", operation_id = "get_call_capture",
    params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/vnd.tcpdump.pcap", body = Vec<u8>),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn capture(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Response> {
    let (_, said) = looked_at(&http, &caller, id, "call.trace_downloaded").await?;
    let mut response = trace::capture(&said.messages).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.tcpdump.pcap"));
    let name = format!("attachment; filename=\"call-{id}.pcap\"");
    let name = HeaderValue::try_from(name).map_err(|error| Problem::internal(&error))?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// What was said, once the look at it is on record.
async fn looked_at(
    http: &HttpState,
    caller: &Caller,
    id: Uuid,
    action: &'static str,
) -> Answer<(CallDetail, Said)> {
    caller.require(Right::ViewTraces)?;
    let call = visible_call(http, caller, id).await?;
    let said = match http.trace.of(id).await {
        Some(said) => said,
        None => kept(http, id).await?,
    };
    let entry = caller.entry(action, Some(("call", id)), json!({}));
    http.write(move |tx| Box::pin(async move { entry.write(tx).await })).await?;
    Ok((call, said))
}

async fn kept(http: &HttpState, id: Uuid) -> Answer<Said> {
    let kept = crm::traces::of_call(&http.db, id).await?.ok_or_else(|| Problem::not_found("trace"))?;
    let messages = trace::unpack(&kept.body).map_err(|error| Problem::internal(&error))?;
    Ok(Said { messages, left_out: u64::try_from(kept.left_out).unwrap_or_default() })
}
