//! A phone's socket: its batches come in and are answered after the commit; the lesson and its own result go out.
//! `docs/classroom-protocol.md` is the same for people who write a page.
//!
//! One task per phone and no queue without a bound: at most [`UNANSWERED`] batches are read before their answers are sent, and
//! of the lesson and the results only the newest is told. A phone that is slow to read is read slowly; it holds up nobody
//! else, for nobody waits for it.

mod batch;
mod talk;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, close_code};
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::future::{BoxFuture, OptionFuture};
use futures::stream::FuturesOrdered;
use messwerk_ingest::admission::ThingAccess;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use serde_json::Value;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use self::batch::{Answer, Name, Submitted};
use self::talk::{Hello, Said};
use crate::access::Bearer;
use crate::address::Address;
use crate::api::extract::Upgrade;
use crate::api::lessons::{join_of, message, template_of};
use crate::api::problem::Problem;
use crate::api::socket;
use crate::flow::LessonFlow;
use crate::flow::pages::Turn;
use crate::flow::presence::Source;
use crate::flow::state::{LessonState, Phase, Telling};
use crate::results::Results;
use crate::state::Hub;

/// Time for the first message.
const HELLO: Duration = Duration::from_secs(5);
/// Batches without an answer. At more the socket is not read, as a page knows that keeps to it.
const UNANSWERED: usize = 32;
/// How often a phone is asked whether it is there.
const PING: Duration = Duration::from_secs(20);
/// A phone that answered nothing for this long is gone.
const DEAD: Duration = Duration::from_secs(65);
/// How often a phone is told that others came and went.
const OTHERS: Duration = Duration::from_secs(2);
/// A phone has this long after its lesson's end, and after each further batch, to bring what it still has.
const REST: Duration = Duration::from_secs(2);
/// Time to answer what has been read when the socket must close.
const DRAIN: Duration = Duration::from_secs(3);
/// Bytes of a text message.
const TEXT: usize = 4096;
/// Bytes read from a socket at once.
const BUFFER: usize = 8 * 1024;
/// What a message may have beyond a packet, and how many packets one is read to: what is too large is refused in words, and
/// beyond that the connection breaks off, as nobody reads it to its end.
const SPARE: usize = 1024;
const READ: usize = 4;

/// Why the hub closes, as codes that a page can tell apart.
mod code {
    pub(super) const BAD_MESSAGE: u16 = 4400;
    pub(super) const UNKNOWN_TOKEN: u16 = 4401;
    pub(super) const OTHER_PAGE: u16 = 4409;
    pub(super) const LESSON_OVER: u16 = 4410;
    pub(super) const TRY_AGAIN: u16 = 1013;
}

/// Upgrades to a phone's socket; its token comes in the first message, so that no log of addresses has it.
#[utoipa::path(get, path = "/api/v1/phone", responses(
    (status = 101, description = "WebSocket: docs/classroom-protocol.md"),
    (status = 400, body = Problem, description = "no WebSocket"),
))]
pub async fn connect(State(hub): State<Hub>, address: Address, upgrade: Upgrade) -> Response {
    upgrade.limited(READ * hub.packet_bytes, BUFFER).on_upgrade(move |socket| serve(hub, address, socket))
}

/// How a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The phone is gone.
    Gone,
    /// We say why.
    Close(u16, &'static str),
}

const BAD: End = End::Close(code::BAD_MESSAGE, "bad_message");
const UNKNOWN: End = End::Close(code::UNKNOWN_TOKEN, "unknown_token");

async fn serve(hub: Hub, address: Address, mut socket: WebSocket) {
    let end = match enter(&hub, &address, &mut socket).await {
        Ok(mut phone) => {
            let end = phone.run(&mut socket).await;
            phone.drain(&mut socket, end).await;
            end
        }
        Err(end) => end,
    };
    match end {
        End::Close(code @ code::BAD_MESSAGE, reason) => socket::refuse(&mut socket, code, reason).await,
        End::Close(code, reason) => socket::close(&mut socket, code, reason).await,
        End::Gone => {}
    }
}

/// Reads the first message and finds out whose socket this is.
async fn enter(hub: &Hub, address: &Address, socket: &mut WebSocket) -> Result<Phone, End> {
    let first = tokio::select! {
        () = hub.stopping.cancelled() => return Err(End::Close(close_code::AWAY, "stopping")),
        first = timeout(HELLO, socket.recv()) => first,
    };
    let hello = match first {
        Ok(Some(Ok(Message::Text(text)))) => Hello::read(&text).ok_or(BAD)?,
        Ok(Some(Ok(Message::Close(_))) | None) => return Err(End::Gone),
        Ok(Some(_)) | Err(_) => return Err(BAD),
    };
    // A token from a phyphox file is no page's: it becomes a Thing with its data, not here.
    let access = match hub.access.bearer(&hello.token) {
        Ok(Some(Bearer::Thing(access))) => access,
        Ok(Some(Bearer::Teacher)) => return Err(End::Close(code::UNKNOWN_TOKEN, "teacher_token")),
        Ok(None) => return Err(UNKNOWN),
        Err(error) => {
            tracing::error!("catalogue look-up failed: {error}");
            return Err(End::Close(code::TRY_AGAIN, "unavailable"));
        }
    };
    let flow = match hub.flow.of(access.lesson) {
        Ok(Some(flow)) => flow,
        Ok(None) => return Err(UNKNOWN),
        Err(error) => {
            tracing::error!("catalogue look-up failed: {error}");
            return Err(End::Close(code::TRY_AGAIN, "unavailable"));
        }
    };
    let join = join_of(hub, address, &flow.now().lesson);
    Ok(Phone::new(hub.clone(), flow, &access, hello, join))
}

/// One phone's socket.
struct Phone {
    hub: Hub,
    flow: Arc<LessonFlow>,
    lesson: LessonId,
    thing: ThingId,
    token: Arc<str>,
    join: Value,
    turn: Turn,
    /// Read, and not yet given to the pipeline.
    waiting: VecDeque<(Name, Bytes, Micros)>,
    /// Being given to it; one after the other, in the order they came.
    submitting: Option<BoxFuture<'static, Submitted>>,
    /// Waiting for their commits.
    commits: FuturesOrdered<BoxFuture<'static, Answer>>,
    /// The lesson as it was told last, and when.
    told: Option<(Arc<LessonState>, Instant)>,
    /// When the newest lesson is told at the latest.
    due: Option<Instant>,
    /// The result that was told last.
    result: String,
    /// When anything came.
    heard: Instant,
    /// When a batch came.
    brought: Instant,
    /// Channels that were written down.
    channels: u32,
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.flow.pages.leave(&self.turn);
        self.hub.flow.presence().note(self.lesson, self.thing, |seen, _| seen.sockets = seen.sockets.saturating_sub(1));
    }
}

impl Phone {
    fn new(hub: Hub, flow: Arc<LessonFlow>, access: &ThingAccess, hello: Hello, join: Value) -> Self {
        let (lesson, thing) = (access.lesson, access.thing);
        let turn = flow.pages.speak(thing, &hello.page);
        hub.flow.presence().heard(lesson, thing, |seen| {
            seen.sockets += 1;
            seen.source = Some(Source::Web);
            seen.platform = hello.platform;
        });
        let now = Instant::now();
        Self {
            hub,
            flow,
            lesson,
            thing,
            token: hello.token.into(),
            join,
            turn,
            waiting: VecDeque::new(),
            submitting: None,
            commits: FuturesOrdered::new(),
            told: None,
            due: None,
            result: String::new(),
            heard: now,
            brought: now,
            channels: 0,
        }
    }

    fn unanswered(&self) -> usize {
        self.waiting.len() + usize::from(self.submitting.is_some()) + self.commits.len()
    }

    async fn run(&mut self, socket: &mut WebSocket) -> End {
        let mut lesson = self.flow.watch();
        let mut results = self.hub.results.watch(self.lesson);
        results.mark_changed();
        let first = lesson.borrow_and_update().clone();
        let Some(welcome) = self.welcome(&first) else { return UNKNOWN };
        if !send(socket, welcome).await {
            return End::Gone;
        }
        let mut pings = interval_at(Instant::now() + PING, PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if self.submitting.is_none()
                && let Some((name, bytes, received)) = self.waiting.pop_front()
            {
                self.submitting = Some(Box::pin(batch::submit(self.hub.clone(), Arc::clone(&self.token), name, bytes, received)));
            }
            let over = (lesson.borrow().phase == Phase::Ended && self.unanswered() == 0).then(|| self.brought.max(self.since_end()) + REST);
            let reading = self.unanswered() < UNANSWERED;
            tokio::select! {
                () = self.hub.stopping.cancelled() => return End::Close(close_code::AWAY, "stopping"),
                () = self.turn.other.cancelled() => return End::Close(code::OTHER_PAGE, "other_page"),
                () = self.turn.again.cancelled() => return End::Close(close_code::NORMAL, "connected_again"),
                changed = lesson.changed() => {
                    if changed.is_err() { return UNKNOWN }
                    let newest = lesson.borrow_and_update().clone();
                    if newest.thing(self.thing).is_none() {
                        return UNKNOWN;
                    }
                    if !self.lesson(socket, newest).await {
                        return End::Gone;
                    }
                }
                () = at(self.due), if self.due.is_some() => {
                    let newest = lesson.borrow().clone();
                    if !self.tell(socket, newest).await {
                        return End::Gone;
                    }
                }
                Some(submitted) = OptionFuture::from(self.submitting.as_mut()) => {
                    self.submitting = None;
                    match submitted {
                        Submitted::Queued(commit) => self.commits.push_back(commit),
                        Submitted::Answered(answer) => self.commits.push_back(Box::pin(std::future::ready(answer))),
                    }
                }
                Some(answer) = self.commits.next(), if !self.commits.is_empty() => {
                    match answer {
                        Answer::Unknown => return UNKNOWN,
                        Answer::Text(text) => if !send(socket, text).await { return End::Gone },
                    }
                }
                changed = results.changed() => {
                    if changed.is_err() { return UNKNOWN }
                    let newest = results.borrow_and_update().clone();
                    if !self.results(socket, newest).await {
                        return End::Gone;
                    }
                }
                received = socket.recv(), if reading => {
                    let message = match received {
                        Some(Ok(Message::Close(_))) | None => return End::Gone,
                        // Not what a WebSocket says, or the connection broke: then nobody hears it.
                        Some(Err(_)) => return BAD,
                        Some(Ok(message)) => message,
                    };
                    self.heard = Instant::now();
                    if let Err(end) = self.take(socket, message).await {
                        return end;
                    }
                }
                _ = pings.tick() => {
                    if self.heard.elapsed() > DEAD && reading {
                        return End::Gone;
                    }
                    let now = self.hub.clock.now().to_le_bytes();
                    if !socket::send(socket, Message::Ping(Bytes::copy_from_slice(&now))).await {
                        return End::Gone;
                    }
                }
                () = at(over), if over.is_some() => return End::Close(code::LESSON_OVER, "lesson_over"),
            }
        }
    }

    /// When the phone was told of the lesson's end.
    fn since_end(&self) -> Instant {
        self.told.as_ref().map_or(self.heard, |(_, at)| *at)
    }

    /// Takes a message of the phone.
    async fn take(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        match message {
            Message::Binary(bytes) if bytes.len() > self.hub.packet_bytes + SPARE => return Err(BAD),
            Message::Binary(bytes) => {
                let name = Name::read(&bytes).ok_or(BAD)?;
                self.brought = Instant::now();
                self.waiting.push_back((name, bytes, self.hub.clock.now()));
            }
            Message::Text(text) if text.len() > TEXT => return Err(BAD),
            Message::Text(text) => {
                let hub_time = self.hub.clock.now();
                match Said::read(&text).ok_or(BAD)? {
                    Said::Ping { t } => {
                        if !send(socket, talk::pong(&t, hub_time)).await {
                            return Err(End::Gone);
                        }
                    }
                    Said::Status(status) => self.hub.flow.presence().heard(self.lesson, self.thing, |seen| status.note(seen)),
                    Said::Channel(channel) => self.channel(channel).await,
                }
            }
            Message::Pong(sent) => {
                let sent = <[u8; 8]>::try_from(&sent[..]).map(Micros::from_le_bytes).ok();
                let way = sent.map(|sent| self.hub.clock.now().saturating_sub(sent)).filter(|way| (0..60_000_000).contains(way));
                self.hub.flow.presence().heard(self.lesson, self.thing, |seen| {
                    seen.rtt_ms = way.map(|way| way as f64 / 1000.0).or(seen.rtt_ms);
                });
            }
            Message::Ping(_) | Message::Close(_) => {}
        }
        Ok(())
    }

    /// Writes down what the page knows of a sensor.
    async fn channel(&mut self, channel: talk::ChannelSaid) {
        // A page says it once a sensor and again when its clock is known better; whoever says it in a loop is not heard.
        self.channels += 1;
        if self.channels > talk::CHANNELS {
            return;
        }
        let alignment = self.hub.flow.presence().of(self.lesson).get(&self.thing).and_then(|seen| seen.uncertainty);
        let Some((property, channel)) = channel.checked(alignment) else { return };
        let (hub, thing) = (self.hub.clone(), self.thing);
        let write = move || Ok(hub.store.catalogue().set_channel(thing, property, &channel)?);
        if let Err(problem) = crate::api::blocking(write).await {
            tracing::warn!("a channel was not written down: {}", problem.detail);
        }
    }

    fn telling(&self) -> Telling {
        Telling { property: None, join: self.join.clone(), you: Some(self.thing), now: self.hub.clock.now() }
    }

    /// The first message, or nothing if the Thing was removed just now.
    fn welcome(&mut self, state: &Arc<LessonState>) -> Option<String> {
        let template = template_of(&self.hub, &state.lesson);
        let template = template.inspect_err(|problem| tracing::warn!("lesson not described: {}", problem.detail)).ok()?;
        let message =
            state.message(&template, &self.telling()).inspect_err(|problem| tracing::warn!("lesson not described: {}", problem.detail));
        let welcome = talk::welcome(state, &template, self.thing, &self.token, &message.ok()?)?;
        self.told = Some((Arc::clone(state), Instant::now()));
        Some(welcome)
    }

    /// Tells a change of the lesson: at once if it concerns this phone, else soon.
    async fn lesson(&mut self, socket: &mut WebSocket, state: Arc<LessonState>) -> bool {
        let waits = self.told.as_ref().filter(|(told, _)| told.same_for(self.thing, &state)).map(|(_, at)| *at + OTHERS);
        match waits.filter(|until| *until > Instant::now()) {
            Some(until) => {
                self.due = Some(until);
                true
            }
            None => self.tell(socket, state).await,
        }
    }

    async fn tell(&mut self, socket: &mut WebSocket, state: Arc<LessonState>) -> bool {
        self.due = None;
        let message = message(&self.hub, &state, &self.telling());
        self.told = Some((state, Instant::now()));
        match message {
            Ok(text) => send(socket, text).await,
            Err(problem) => {
                tracing::warn!("lesson not described: {}", problem.detail);
                true
            }
        }
    }

    async fn results(&mut self, socket: &mut WebSocket, results: Option<Arc<Results>>) -> bool {
        let Some(results) = results else { return true };
        let text = talk::result(&results, self.thing);
        if text == self.result {
            return true;
        }
        self.result.clone_from(&text);
        send(socket, text).await
    }

    /// Answers what has been read before the socket closes, as far as that takes no time.
    async fn drain(&mut self, socket: &mut WebSocket, end: End) {
        if end == End::Gone || end == UNKNOWN {
            return;
        }
        let answers = async {
            if let Some(submitting) = self.submitting.take()
                && let Submitted::Queued(commit) = submitting.await
            {
                self.commits.push_back(commit);
            }
            while let Some(answer) = self.commits.next().await {
                if let Answer::Text(text) = answer
                    && !send(socket, text).await
                {
                    return;
                }
            }
        };
        let _ = timeout(DRAIN, answers).await;
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

async fn send(socket: &mut WebSocket, text: impl Into<Utf8Bytes>) -> bool {
    socket::send(socket, Message::Text(text.into())).await
}
