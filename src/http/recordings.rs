//! Recordings: what is known of one, its sound, its shape. Each listening is in the audit log.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use crm::recordings::{self, Recording};
use crm::rights::Right;
use crm::segments::Segment;
use crm::words::RecordingStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Id};
use super::calls::visible_call;
use super::listening::Purpose;
use super::problem::{Answer, Problem};
use super::stream;
use super::{Caller, HttpState};
use crate::recordings::{Sound, SoundError};

/// Columns of a waveform unless asked otherwise: as wide as the player.
const DEFAULT_BUCKETS: usize = 600;
/// More than any screen is wide.
const MAX_BUCKETS: usize = 4000;
/// Each reads a whole file: the others wait for their turn.
const WAVEFORMS_AT_ONCE: usize = 2;

static WAVEFORMS: Semaphore = Semaphore::const_new(WAVEFORMS_AT_ONCE);

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(audio))
        .routes(routes!(waveform))
        .routes(routes!(segments))
}

/// The recording, if the caller may listen to it.
pub(super) async fn audible(http: &HttpState, caller: &Caller, id: Uuid) -> Answer<Recording> {
    let recording = recordings::get(&http.db, id).await?;
    if !caller.may(Right::ListenAllRecordings) {
        caller.require(Right::ListenOwnRecordings)?;
        let call = visible_call(http, caller, recording.call_id).await?.call;
        if call.agent.is_none_or(|agent| agent.id != caller.user.id) {
            return Err(Problem::not_found("recording"));
        }
    }
    Ok(recording)
}

/// The file of a recording that is whole.
pub(super) fn path(http: &HttpState, recording: &Recording) -> Answer<PathBuf> {
    match recording.status {
        RecordingStatus::Ready => {}
        RecordingStatus::Recording => {
            return Err(Problem::new(StatusCode::CONFLICT, "conflict").param("reason", "still_recording"));
        }
        RecordingStatus::Lost => return Err(Problem::not_found("recording")),
        RecordingStatus::Expired => return Err(Problem::new(StatusCode::GONE, "recording_expired")),
    }
    stream::inside(&http.config.hub.data_dir, &recording.path).ok_or_else(|| {
        tracing::error!(recording = %recording.id, "a recording's path leads out of its folder");
        Problem::not_found("recording")
    })
}

/// Its sound, opened: plain or sealed.
async fn open(http: &HttpState, recording: &Recording) -> Answer<Sound> {
    let (path, keys) = (path(http, recording)?, Arc::clone(&http.recording_keys));
    let opened = tokio::task::spawn_blocking(move || Sound::open(&path, &keys)).await;
    opened.map_err(|error| Problem::internal(&error))?.map_err(|error| unreadable(recording.id, &error))
}

fn unreadable(recording: Uuid, error: &SoundError) -> Problem {
    tracing::error!(%recording, %error, "a recording cannot be read");
    match error {
        SoundError::Io(error) if error.kind() == io::ErrorKind::NotFound => Problem::not_found("recording"),
        SoundError::NoKey => Problem::new(StatusCode::CONFLICT, "conflict").param("reason", "no_key"),
        _ => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

/// Length, channels, state.
#[utoipa::path(get, path = "/recordings/{id}", tag = "recordings", operation_id = "get_recording",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Recording), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Recording>> {
    Ok(Json(audible(&http, &caller, id).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AudioQuery {
    /// `true`: as a file to keep, and in the audit log as that.
    download: Option<bool>,
}

/// The sound as WAV: customer left, agent right. Takes `Range`.
#[utoipa::path(get, path = "/recordings/{id}/audio", tag = "recordings",
    params(("id" = Uuid, Path), AudioQuery, ("Range" = Option<String>, Header, description = "RFC 9110 section 14.2, one range of bytes")),
    responses((status = 200, description = "the whole", content_type = "audio/wav", body = Vec<u8>),
        (status = 206, description = "a part", content_type = "audio/wav", body = Vec<u8>),
        (status = 416, description = "no such part"), (status = 404, body = Problem),
        (status = 409, description = "still being recorded", body = Problem),
        (status = 410, description = "deleted by rule", body = Problem)))]
async fn audio(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(asked): Asked<AudioQuery>,
    headers: HeaderMap,
) -> Answer<Response> {
    let recording = audible(&http, &caller, id).await?;
    let sound = open(&http, &recording).await?;
    let tag = id.simple().to_string();
    let mut response = stream::sound(sound, "audio/wav", &tag, &headers)
        .map_err(|error| unreadable(id, &SoundError::Io(error)))?;
    let purpose = if asked.download == Some(true) { Purpose::Download } else { Purpose::Play };
    if purpose == Purpose::Download {
        let name = format!("attachment; filename=\"call-{}-{}.wav\"", recording.call_id, id.simple());
        let name = HeaderValue::try_from(name).map_err(|error| Problem::internal(&error))?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    if begins(&http, &caller, id, purpose) {
        let details = json!({ "call_id": recording.call_id });
        let entry = caller.entry(purpose.action(), Some(("recording", id)), details);
        // Before the first sound: who listens is known even if we die now.
        if let Err(problem) = http.write(move |tx| Box::pin(async move { entry.write(tx).await })).await {
            forget(&http, &caller, id, purpose);
            return Err(problem);
        }
    }
    Ok(response)
}

fn begins(http: &HttpState, caller: &Caller, recording: Uuid, purpose: Purpose) -> bool {
    let mut listenings = http.listenings.lock().unwrap_or_else(PoisonError::into_inner);
    listenings.begins(caller.user.id, recording, purpose, http.uptime())
}

fn forget(http: &HttpState, caller: &Caller, recording: Uuid, purpose: Purpose) {
    let mut listenings = http.listenings.lock().unwrap_or_else(PoisonError::into_inner);
    listenings.forget(caller.user.id, recording, purpose);
}

/// What each stretch of it is, in order and without gaps: conversation, hold, consultation and so on. Empty
/// while it is being recorded, and where it was made before there were any.
#[utoipa::path(get, path = "/recordings/{id}/segments", tag = "recordings",
    operation_id = "get_recording_segments", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Segment>), (status = 404, body = Problem)))]
async fn segments(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Vec<Segment>>> {
    let recording = audible(&http, &caller, id).await?;
    let duration_ms = recording.duration_ms.unwrap_or(0);
    Ok(Json(crm::segments::of_recording(&http.db, id, duration_ms).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WaveformQuery {
    /// Columns, 1 to 4000; 600 unless given.
    buckets: Option<usize>,
}

/// The loudest of each column, 0 to 255, by channel.
#[derive(Debug, Serialize, ToSchema)]
struct Waveform {
    left: Vec<u8>,
    right: Vec<u8>,
    duration_ms: u64,
}

/// The shape of the sound, to be drawn.
#[utoipa::path(get, path = "/recordings/{id}/waveform", tag = "recordings",
    params(("id" = Uuid, Path), WaveformQuery),
    responses((status = 200, body = Waveform), (status = 404, body = Problem),
        (status = 409, description = "still being recorded", body = Problem)))]
async fn waveform(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(asked): Asked<WaveformQuery>,
) -> Answer<Json<Waveform>> {
    let recording = audible(&http, &caller, id).await?;
    let buckets = asked.buckets.unwrap_or(DEFAULT_BUCKETS).clamp(1, MAX_BUCKETS);
    let _turn = WAVEFORMS.acquire().await.map_err(|error| Problem::internal(&error))?;
    let sound = open(&http, &recording).await?;
    let peaks = tokio::task::spawn_blocking(move || media::wav::peaks_of(sound, buckets))
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))?;
    Ok(Json(Waveform { left: peaks.left, right: peaks.right, duration_ms: peaks.duration_ms }))
}
