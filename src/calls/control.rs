//! What the console may ask of agents and calls, carried out.

use std::sync::Arc;

use callcenter::{AgentId, CallId, Input, NotReadyReason, QueueId, Refusal};
use crm::routes::RouteTarget;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tracing::{error, info};
use uuid::Uuid;

use super::Shared;
use super::board::News;
use super::floor::{Answer, CallMessage, WishRefusal, WishReply};
use super::flow::{Callee, Plan, Wish};
use super::sounds::QueueSounds;
use super::start::read_queues;
use super::task::{Beginning, CallFacts, CallTask, Destination};
use super::who::{self, Who};
use crate::calls_port::{CallCommand, CallControl, CallError, CallTarget, RecordCommand};
use crate::demo::Demo;
use crate::views::{
    AgentState, Direction, LiveCall, MyAgent, PhoneKind, ScreenPop, Team, TestCall, TestCallScenario, Wall,
    WantedState,
};

/// The calls supervisor as HTTP and the live topics see it.
pub struct Control {
    pub shared: Arc<Shared>,
    /// Set on a demo hub.
    pub demo: Option<Arc<Demo>>,
}

impl Control {
    async fn mine(&self, user: Uuid) -> Result<MyAgent, CallError> {
        self.shared.board.my_agent(AgentId(user)).await.ok_or(CallError::NotFound { what: "agent" })
    }

    async fn ask(&self, input: Input) -> Result<(), CallError> {
        match self.shared.floor.ask(input).await {
            Answer::Done => Ok(()),
            Answer::Refused(refusal) => Err(refused(&refusal)),
            Answer::Gone => Err(CallError::Internal("the floor has stopped".to_owned())),
        }
    }

    /// The call must be this agent's, be it only ringing at the agent's phone.
    async fn own_call(&self, user: Uuid, call: Uuid) -> Result<(), CallError> {
        let mine = self.mine(user).await?;
        // In wrap-up the call is the agent's to write up, but no longer to steer.
        let has_it = mine.agent.call_id == Some(call) && mine.agent.state != AgentState::WrapUp;
        if has_it { Ok(()) } else { Err(CallError::CallGone) }
    }

    async fn tell(&self, call: Uuid, message: CallMessage) -> Result<(), CallError> {
        if self.shared.floor.tell(CallId(call), message).await { Ok(()) } else { Err(CallError::CallGone) }
    }

    async fn wish(&self, user: Uuid, call: Uuid, wish: Wish) -> Result<LiveCall, CallError> {
        let by = AgentId(user);
        self.ask_call(call, |reply| CallMessage::Wish { by, wish, reply }).await
    }

    async fn ask_call(
        &self,
        call: Uuid,
        message: impl FnOnce(WishReply) -> CallMessage,
    ) -> Result<LiveCall, CallError> {
        let done = self.shared.floor.ask_call(CallId(call), message).await;
        done.ok_or(CallError::CallGone)?.map_err(not_done)?;
        self.shared.board.call(call).await.ok_or(CallError::CallGone)
    }

    async fn carry_out(&self, user: Uuid, call: Uuid, command: CallCommand) -> Result<LiveCall, CallError> {
        self.own_call(user, call).await?;
        let wish = match command {
            CallCommand::Hold => Wish::Hold,
            CallCommand::Resume => Wish::Together,
            CallCommand::Transfer(CallTarget::Queue(queue)) => Wish::TransferToQueue(QueueId(queue)),
            CallCommand::Transfer(target) => Wish::Transfer(callee(target)?),
            CallCommand::Consult(target) => Wish::Consult(callee(target)?),
            CallCommand::CompleteTransfer => Wish::CompleteTransfer,
            CallCommand::CancelConsult => Wish::CancelConsult,
            CallCommand::Add(target) => Wish::Add(callee(target)?),
            CallCommand::Park => Wish::Park,
            CallCommand::Digits(digits) => {
                let by = AgentId(user);
                return self.ask_call(call, |reply| CallMessage::Digits { by, digits, reply }).await;
            }
        };
        self.wish(user, call, wish).await
    }

    async fn steer_recording(
        &self,
        user: Uuid,
        own: bool,
        call: Uuid,
        command: RecordCommand,
    ) -> Result<LiveCall, CallError> {
        if own {
            self.own_call(user, call).await?;
        }
        self.ask_call(call, |reply| CallMessage::Record { command, reply }).await
    }

    async fn take_parked(&self, user: Uuid, slot: u16) -> Result<(), CallError> {
        let parked = self.shared.floor.parked_in(slot).await;
        let CallId(call) = parked.ok_or(CallError::NotFound { what: "parked call" })?;
        self.wish(user, call, Wish::PickUp(AgentId(user))).await.map(drop).map_err(of_oneself)
    }

    async fn take(&self, user: Uuid, call: Uuid) -> Result<(), CallError> {
        let by = AgentId(user);
        self.ask_call(call, |reply| CallMessage::Take { by, reply }).await.map(drop).map_err(of_oneself)
    }

    async fn press_answer(&self, user: Uuid, call: Uuid) -> Result<(), CallError> {
        self.own_call(user, call).await?;
        let phone = self.shared.phones.rings(AgentId(user)).ok_or(CallError::PhoneNotReachable)?;
        match (&self.demo, phone.kind) {
            (Some(demo), PhoneKind::Demo) => demo.phones.answer(user).await.map_err(|failure| {
                info!(%failure, "demo phone not answered");
                CallError::CallGone
            }),
            // A desk phone is answered on the desk.
            _ => Err(CallError::Invalid { field: "phone", code: "answer_on_the_phone" }),
        }
    }

    async fn place(&self, user: Uuid, number: String, contact: Option<Uuid>) -> Result<LiveCall, CallError> {
        let shared = &self.shared;
        let agent = AgentId(user);
        let trunk = shared.outbound_trunk().ok_or(CallError::OutboundRefused)?;
        if !shared.phones.reachable(agent) {
            return Err(CallError::PhoneNotReachable);
        }
        let who = match contact {
            Some(contact) => who::chosen(&shared.db, contact).await?,
            None => Who::at(&shared.db, &number).await,
        };
        let id = Uuid::now_v7();
        self.ask(Input::OutboundStarted { agent, call: CallId(id) }).await?;
        let pop = who.pop(&shared.db, id, &number).await;
        shared.board.tell(News::Pop(pop)).await;
        let facts = CallFacts {
            id,
            direction: Direction::Outbound,
            trunk: Some(trunk.name.clone()),
            caller: trunk.caller_id.clone(),
            called: number.clone(),
            caller_display: None,
            contact: who.contact(),
            match_kind: who.kind(),
            queue: None,
            agent: Some(user),
            destination: Some(Destination::Number(number)),
            language: shared.language,
            sounds: QueueSounds::default(),
            test: false,
        };
        let beginning = Beginning { plan: Plan::AgentFirst { agent }, incoming: None };
        match CallTask::spawn(Arc::clone(shared), facts, beginning).await {
            Ok(live) => Ok(live),
            Err(failure) => {
                error!(%failure, "no media for an outbound call");
                let call = CallId(id);
                shared.floor.feed(Input::CallFinished { agent, call }).await;
                Err(CallError::Internal("no media session is free".to_owned()))
            }
        }
    }

    async fn test_call(
        &self,
        scenario: TestCallScenario,
        queue: Option<Uuid>,
    ) -> Result<TestCall, CallError> {
        let demo = self.demo.as_ref().ok_or(CallError::DemoOnly)?;
        let number = crm::routes::list(&self.shared.db)
            .await?
            .into_iter()
            .find(|route| match (&route.target, queue) {
                (RouteTarget::Queue { queue_id }, Some(wanted)) => *queue_id == wanted,
                (RouteTarget::Queue { .. }, None) => true,
                _ => false,
            })
            .map(|route| route.pattern)
            .ok_or(CallError::NotFound { what: "route" })?;
        demo.place_test_call(scenario, &number)
            .await
            .map_err(|failure| CallError::Internal(failure.to_string()))
    }
}

impl CallControl for Control {
    fn my_agent(&self, user: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        self.mine(user).boxed()
    }

    fn set_state(
        &self,
        by: Uuid,
        user: Uuid,
        wanted: WantedState,
    ) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        async move {
            let agent = AgentId(user);
            if by != user {
                info!(%by, %agent, ?wanted, "state set by another");
            }
            let input = match wanted {
                WantedState::Ready => Input::AgentReady { agent },
                WantedState::NotReady { reason } => {
                    Input::AgentNotReady { agent, reason: NotReadyReason::Chosen(reason) }
                }
                WantedState::LoggedOut => Input::AgentLoggedOut { agent },
            };
            self.ask(input).await?;
            self.mine(user).await
        }
        .boxed()
    }

    fn choose_phone(&self, user: Uuid, phone_id: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        async move {
            if !self.shared.phones.choose(AgentId(user), phone_id).await {
                return Err(CallError::NotFound { what: "phone" });
            }
            self.mine(user).await
        }
        .boxed()
    }

    fn finish_wrap_up(&self, user: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>> {
        async move {
            let agent = AgentId(user);
            self.ask(Input::WrapUpFinished { agent }).await?;
            self.mine(user).await
        }
        .boxed()
    }

    fn dial(
        &self,
        user: Uuid,
        number: String,
        contact: Option<Uuid>,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.place(user, number, contact).boxed()
    }

    fn answer(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        self.press_answer(user, call).boxed()
    }

    fn reject(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        async move {
            self.own_call(user, call).await?;
            self.tell(call, CallMessage::Reject { by: AgentId(user) }).await
        }
        .boxed()
    }

    fn hang_up(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        async move {
            self.own_call(user, call).await?;
            self.tell(call, CallMessage::HangUp { by: AgentId(user) }).await
        }
        .boxed()
    }

    fn command(
        &self,
        user: Uuid,
        call: Uuid,
        command: CallCommand,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.carry_out(user, call, command).boxed()
    }

    fn record(
        &self,
        user: Uuid,
        own: bool,
        call: Uuid,
        command: RecordCommand,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>> {
        self.steer_recording(user, own, call, command).boxed()
    }

    fn pick_up(&self, user: Uuid, slot: u16) -> BoxFuture<'_, Result<(), CallError>> {
        self.take_parked(user, slot).boxed()
    }

    fn take_ringing(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>> {
        self.take(user, call).boxed()
    }

    fn screen_pop(&self, call: Uuid) -> BoxFuture<'_, Result<ScreenPop, CallError>> {
        async move {
            let pop = self.shared.board.pop(call).await;
            pop.ok_or(CallError::CallGone)
        }
        .boxed()
    }

    fn call_annotated(&self, call: Uuid) {
        let board = self.shared.board.clone();
        tokio::spawn(async move { board.tell(News::Annotated(call)).await });
    }

    fn wall(&self) -> BoxFuture<'_, Wall> {
        self.shared.board.wall().boxed()
    }

    fn team(&self) -> BoxFuture<'_, Team> {
        self.shared.board.team().boxed()
    }

    fn queues_changed(&self) {
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            match read_queues(&shared.db).await {
                Ok(inputs) => {
                    for input in inputs {
                        shared.floor.feed(input).await;
                    }
                }
                Err(failure) => error!(%failure, "queues not read"),
            }
            shared.board.tell(News::Reread).await;
        });
    }

    fn phones_changed(&self) {
        let phones = self.shared.phones.clone();
        tokio::spawn(async move { phones.reread().await });
    }

    fn sip_websocket(&self, peer: sip::WebSocketPeer) -> Result<sip::WebSocketDoor, sip::WebSocketError> {
        self.shared.sip.websocket(peer)
    }

    fn sounds(&self) -> Vec<String> {
        self.shared.sounds.names().into_iter().collect()
    }

    fn users_changed(&self) {
        self.phones_changed();
        // Whoever may handle calls now has to be known to the floor too.
        self.queues_changed();
    }

    fn place_test_call(
        &self,
        scenario: TestCallScenario,
        queue: Option<Uuid>,
    ) -> BoxFuture<'_, Result<TestCall, CallError>> {
        self.test_call(scenario, queue).boxed()
    }
}

fn callee(target: CallTarget) -> Result<Callee, CallError> {
    match target {
        CallTarget::Number(number) => Ok(Callee::Number(number)),
        CallTarget::Agent(user) => Ok(Callee::Agent(AgentId(user))),
        CallTarget::Queue(_) => Err(CallError::Invalid { field: "to", code: "cannot_be_consulted" }),
    }
}

/// Where the one who asks is the one who is rung.
fn of_oneself(failure: CallError) -> CallError {
    match failure {
        CallError::ColleagueBusy => CallError::AgentBusy,
        other => other,
    }
}

fn not_done(refusal: WishRefusal) -> CallError {
    match refusal {
        WishRefusal::NotNow => CallError::NotNow,
        WishRefusal::AgentBusy => CallError::ColleagueBusy,
        WishRefusal::PhoneNotReachable => CallError::PhoneNotReachable,
        WishRefusal::OutboundRefused => CallError::OutboundRefused,
        WishRefusal::RecordingPolicy => CallError::RecordingPolicy,
        WishRefusal::NotInQueue => CallError::NotInQueue,
        WishRefusal::RecordingRefused => CallError::RecordingRefused,
        WishRefusal::NoDigits => CallError::Invalid { field: "digits", code: "not_digits" },
    }
}

fn refused(refusal: &Refusal) -> CallError {
    match refusal {
        Refusal::UnknownAgent => CallError::NotFound { what: "agent" },
        Refusal::AgentBusy => CallError::AgentBusy,
        Refusal::LoggedOut => CallError::NotReadyForCalls,
        Refusal::NotInWrapUp => CallError::CallGone,
        Refusal::ReasonTooLong => CallError::Invalid { field: "reason", code: "too_long" },
        other => CallError::Internal(other.to_string()),
    }
}
