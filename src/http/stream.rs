//! A file, or a part of it, as an answer that never holds more than a block in memory.

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

use super::range::{Wanted, wanted};
use crate::recordings::Sound;

/// Read from the disk at a time: half a second of stereo at 8 kHz would be 16 KB.
const BLOCK_BYTES: usize = 64 * 1024;

/// The file of a path that the database keeps relative to the data folder. `None` for one that
/// would lead out of it: the database is trusted with much, not with the disk.
pub fn inside(folder: &Path, relative: &str) -> Option<PathBuf> {
    let relative = Path::new(relative);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && relative.components().next().is_some()).then(|| folder.join(relative))
}

/// Answers with the sound as far as `Range` and `If-Range` ask for it.
///
/// # Errors
/// It cannot be read.
pub fn sound(
    mut sound: Sound,
    content_type: &'static str,
    tag: &str,
    request: &HeaderMap,
) -> io::Result<Response> {
    let length = sound.length_bytes();
    let tag = format!("\"{tag}-{length:x}\"");
    let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    // RFC 9110 section 13.1.5: another version than the one begun with is sent whole.
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = text(header::RANGE).filter(|_| same);
    let (status, first, bytes, content_range) = match wanted(range, length) {
        Wanted::Whole => (StatusCode::OK, 0, length, None),
        Wanted::Part { first, last } => (
            StatusCode::PARTIAL_CONTENT,
            first,
            last - first + 1,
            Some(format!("bytes {first}-{last}/{length}")),
        ),
        Wanted::Unsatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0, Some(format!("bytes */{length}"))),
    };
    sound.seek(SeekFrom::Start(first))?;
    let mut response = (status, Body::from_stream(blocks(sound, bytes))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    for (name, value) in [(header::ETAG, Some(tag)), (header::CONTENT_RANGE, content_range)] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

fn blocks(sound: Sound, bytes: u64) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send {
    try_unfold((sound, bytes), async |(mut sound, left)| {
        if left == 0 {
            return Ok(None);
        }
        let size = usize::try_from(left).unwrap_or(BLOCK_BYTES).min(BLOCK_BYTES);
        let read = tokio::task::spawn_blocking(move || {
            let mut block = vec![0; size];
            let read = sound.read(&mut block)?;
            block.truncate(read);
            Ok::<_, io::Error>((sound, block))
        });
        let (sound, block) = read.await.map_err(io::Error::other)??;
        if block.is_empty() {
            // Shorter than it was: the connection must break, or the client would wait.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let left = left - block.len() as u64;
        Ok(Some((Bytes::from(block), (sound, left))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        let folder = Path::new("/data");
        assert_eq!(
            inside(folder, "recordings/2026/a.wav"),
            Some(PathBuf::from("/data/recordings/2026/a.wav"))
        );
        for path in ["/etc/passwd", "../secret", "recordings/../../secret", "", "./a"] {
            assert_eq!(inside(folder, path), None, "{path:?}");
        }
    }
}
