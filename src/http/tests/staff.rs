//! A calls supervisor that runs no calls: it answers what it is told to, and remembers what it
//! was asked.

use std::sync::Mutex;

use chrono::Utc;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use uuid::Uuid;

use crate::calls_port::{CallCommand, CallControl, CallError, RecordCommand};
use crate::views::{
    AgentState, AgentView, Direction, LiveCall, LiveCallState, MatchKind, MyAgent, QueueView, RecordingState,
    ScreenPop, Team, TestCall, TestCallScenario, Wall, WantedState,
};

/// What was asked, one line each.
#[derive(Default)]
pub struct Staff {
    pub asked: Mutex<Vec<String>>,
}

impl Staff {
    fn note(&self, line: String) {
        self.asked.lock().expect("not poisoned").push(line);
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

fn mine(user: Uuid, state: AgentState) -> MyAgent {
    let agent = AgentView {
        id: user,
        display_name: "Ana".to_owned(),
        state,
        reason: None,
        since: Utc::now(),
        until: None,
        call_id: None,
        queue_id: None,
        pending: None,
        phone_reachable: true,
        queues: Vec::new(),
    };
    MyAgent {
        agent,
        phones: Vec::new(),
        phone_id: None,
        current: None,
        pop: None,
        wrap_up: None,
        queues: Vec::new(),
    }
}

fn answer<T: Send + 'static>(answer: Result<T, CallError>) -> BoxFuture<'static, Result<T, CallError>> {
    ready(answer).boxed()
}

impl CallControl for Staff {
    fn my_agent(&self, user: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        answer(Ok(mine(user, AgentState::LoggedOut)))
    }

    fn set_state(
        &self,
        by: Uuid,
        user: Uuid,
        wanted: WantedState,
    ) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        self.note(format!("{wanted:?} own={}", by == user));
        answer(Ok(mine(user, AgentState::Ready)))
    }

    fn choose_phone(&self, _: Uuid, _: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        answer(Err(CallError::NotFound { what: "phone" }))
    }

    fn finish_wrap_up(&self, _: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        answer(Err(CallError::NotReadyForCalls))
    }

    fn dial(
        &self,
        user: Uuid,
        number: String,
        _: Option<Uuid>,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.note(format!("dial {number}"));
        answer(Ok(dialled(user, number)))
    }

    fn answer(&self, _: Uuid, _: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        answer(Ok(()))
    }

    fn reject(&self, _: Uuid, _: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        answer(Err(CallError::CallGone))
    }

    fn hang_up(&self, _: Uuid, _: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        answer(Err(CallError::Internal("a secret of the house".to_owned())))
    }

    fn command(&self, _: Uuid, _: Uuid, command: CallCommand) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.note(format!("{command:?}"));
        answer(Err(CallError::NotNow))
    }

    fn record(
        &self,
        user: Uuid,
        own: bool,
        _: Uuid,
        command: RecordCommand,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.note(format!("recording: {command:?}{}", if own { "" } else { " of any call" }));
        answer(Ok(LiveCall { recording: RecordingState::Paused, ..dialled(user, "+34910000100".to_owned()) }))
    }

    fn pick_up(&self, _: Uuid, slot: u16) -> BoxFuture<'_, Result<(), CallError>> {
        self.note(format!("pick up {slot}"));
        answer(Ok(()))
    }

    fn take_ringing(&self, _: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        self.note(format!("pick up call {call}"));
        answer(Ok(()))
    }

    fn screen_pop(&self, _: Uuid) -> BoxFuture<'_, Result<ScreenPop, CallError>> {
        answer(Err(CallError::CallGone))
    }

    fn call_annotated(&self, _: Uuid) {
        self.note("annotated".to_owned());
    }

    fn team(&self) -> BoxFuture<'_, Team> {
        ready(Team::default()).boxed()
    }

    fn wall(&self) -> BoxFuture<'_, Wall> {
        let queue = QueueView {
            id: Uuid::nil(),
            name: "Support".to_owned(),
            waiting: 0,
            longest_wait_since: None,
            ready: 0,
            offered: 0,
            talking: 0,
            wrap_up: 0,
            not_ready: 0,
            answered_today: 0,
            abandoned_today: 0,
            ring_timeout_ms: 20_000,
            wrap_up_ms: 30_000,
            max_wait_ms: None,
        };
        ready(Wall { queues: vec![queue], ..Wall::default() }).boxed()
    }

    fn queues_changed(&self) {
        self.note("queues changed".to_owned());
    }

    fn users_changed(&self) {
        self.note("users changed".to_owned());
    }

    fn phones_changed(&self) {
        self.note("phones changed".to_owned());
    }

    fn sip_websocket(&self, _: sip::WebSocketPeer) -> Result<sip::WebSocketDoor, sip::WebSocketError> {
        Err(sip::WebSocketError::Closed)
    }

    fn sounds(&self) -> Vec<String> {
        vec!["greeting".to_owned(), "jazz".to_owned()]
    }

    fn place_test_call(
        &self,
        _: TestCallScenario,
        _: Option<Uuid>,
    ) -> BoxFuture<'_, Result<TestCall, CallError>> {
        answer(Err(CallError::DemoOnly))
    }
}

/// A call to `number` that rings.
fn dialled(user: Uuid, number: String) -> LiveCall {
    let now = Utc::now();
    LiveCall {
        id: Uuid::now_v7(),
        direction: Direction::Outbound,
        state: LiveCallState::Dialling,
        caller: "+34910000100".to_owned(),
        called: number,
        contact: None,
        match_kind: MatchKind::Unknown,
        queue_id: None,
        agent_id: Some(user),
        started_at: now,
        state_since: now,
        queued_at: None,
        answered_at: None,
        test: false,
        participants: Vec::new(),
        consulting: false,
        parked_slot: None,
        parked_by: None,
        recording: RecordingState::Off,
        recording_since: now,
        recording_rule: None,
    }
}
