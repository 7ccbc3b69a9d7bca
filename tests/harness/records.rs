//! What the hub keeps of a call, as its API shows it, and what must be true of every kept call.

use serde_json::Value;

use crate::api::Api;
use crate::sound::Sound;
use crate::wait::eventually;

/// Waits until a call from `caller` has ended, and returns it in full. Calls without a leg are the
/// demo's invented past.
#[must_use]
pub fn finished_call(api: &Api, caller: &str) -> Value {
    finished(api, "caller", caller)
}

/// As [`finished_call`], of a call to `called`.
#[must_use]
pub fn finished_call_to(api: &Api, called: &str) -> Value {
    finished(api, "called", called)
}

fn finished(api: &Api, side: &str, number: &str) -> Value {
    eventually(&format!("a finished call whose {side} is {number}"), || {
        let calls = newest_calls(api).into_iter();
        let of_caller = calls.filter(|call| call[side] == number && !call["ended_at"].is_null());
        let mut whole =
            of_caller.filter_map(|call| Some(api.get(&format!("/calls/{}", call["id"].as_str()?))));
        whole.find(|call| call["legs"].as_array().is_some_and(|legs| !legs.is_empty()))
    })
}

/// The newest two hundred calls: more than a test makes, less than the demo's invented past.
#[must_use]
pub fn newest_calls(api: &Api) -> Vec<Value> {
    let page = api.get("/calls?limit=200");
    page["items"].as_array().cloned().unwrap_or_default()
}

/// The only recording of a finished call, read strictly.
#[must_use]
pub fn recording(api: &Api, call: &Value) -> Sound {
    let ids = call["recording_ids"].as_array().expect("a call lists its recordings");
    assert_eq!(ids.len(), 1, "one recording: {call}");
    recording_by_id(api, ids[0].as_str().expect("an id"))
}

/// A recording by its id, once it is ready, read strictly.
#[must_use]
pub fn recording_by_id(api: &Api, id: &str) -> Sound {
    eventually(&format!("recording {id} to be ready"), || {
        (api.get(&format!("/recordings/{id}"))["status"] == "ready").then_some(())
    });
    let (kind, bytes) = api.bytes(&format!("/recordings/{id}/audio"));
    assert_eq!(kind, "audio/wav");
    Sound::read(&bytes).unwrap_or_else(|error| panic!("recording {id} does not play: {error}"))
}

/// Every call of the hub has ended and says how and by whom; each of its recordings plays.
pub fn everything_is_accounted_for(api: &Api) {
    for summary in api.list("/calls") {
        assert!(!summary["ended_at"].is_null(), "still open: {summary}");
        assert!(summary["end_cause"].is_string(), "no cause: {summary}");
        assert!(summary["ended_by"].is_string(), "nobody ended it: {summary}");
        for id in summary["recording_ids"].as_array().into_iter().flatten() {
            let sound = recording_by_id(api, id.as_str().expect("an id"));
            assert_eq!(sound.channels.len(), 2, "each party on its own channel: {summary}");
        }
    }
}

/// A number that exactly one contact has, with that contact's id.
#[must_use]
pub fn known_caller(api: &Api) -> (String, String) {
    let contacts = api.get("/contacts?limit=50");
    let numbers = contacts["items"].as_array().expect("contacts are a list").iter().filter_map(|contact| {
        let number = contact["phones"][0]["e164"].as_str()?;
        Some((number.to_owned(), contact["id"].as_str()?.to_owned()))
    });
    for (number, id) in numbers {
        let encoded = number.replace('+', "%2B");
        if api.get(&format!("/contacts/lookup?number={encoded}"))["match"] == "known" {
            return (number, id);
        }
    }
    panic!("no contact of the demo has a number of its own");
}
