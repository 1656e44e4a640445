//! One connection: CONNECT within its time, then packets in batches of one read, until it ends.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use rumqttc::mqttbytes::v4::{ConnectReturnCode, LastWill, Packet, SubAck, UnsubAck};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use crate::admission::{Login, Refusal};
use crate::pipeline::Room;
use crate::seats::Seat;

use super::connect::{self, Connect, connack};
use super::door::Shared;
use super::packet;
use super::presence::{Cause, Claim, Line, Owner};
use super::publisher::{Publisher, pingresp};
use super::realm::Member;
use super::stats::Refused;
use super::subscriptions::Subscriptions;
use super::writer::{Reply, Writer, send};

/// Room for one read. 100 small packets; more per read is not measurably faster, and 3,000 phones hold 24 MiB.
const READ: usize = 8 * 1024;
/// Replies queued for the writer. Full: the socket is not read.
const REPLIES: usize = 64;
/// Time for a connection that will be turned away to send its CONNECT.
const TURN_AWAY: Duration = Duration::from_secs(2);

/// How a session ends.
enum End {
    /// DISCONNECT: the will is forgotten.
    Goodbye,
    /// The peer is gone, whether reading or writing found out.
    Lost,
    /// We close, for a reason that was already counted or is counted now.
    Refused(Refused),
    /// The hub stops.
    Closed,
}

impl From<Refused> for End {
    fn from(reason: Refused) -> Self {
        Self::Refused(reason)
    }
}

/// Serves one connection until it ends.
pub(super) async fn serve<S>(mut stream: S, peer: IpAddr, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let Some(seat) = shared.seats.enter(peer) else {
        shared.stats.refuse(Refused::TooManyConnections);
        return turn_away(stream, &shared).await;
    };
    let line = Line::new(&shared.stop);
    let mut buffer = BytesMut::with_capacity(READ);
    let opening = timeout(shared.limits.connect_time, open(&mut stream, &mut buffer, &shared, &line));
    let opened = tokio::select! {
        biased;
        () = line.close.cancelled() => Err(None),
        opened = opening => opened.unwrap_or(Err(Some(Refused::ConnectTimeout))),
    };
    match opened {
        Ok(opened) => run(stream, buffer, opened, seat, line, shared).await,
        Err(reason) => {
            if let Some(reason) = reason {
                shared.stats.refuse(reason);
                tracing::debug!(%peer, reason = reason.name(), "MQTT connection refused");
            }
            let _ = timeout(shared.limits.write_time, stream.shutdown()).await;
        }
    }
}

/// Reads a CONNECT and answers CONNACK 3. The answer comes after CONNECT, as the norm wants it, and would else be lost
/// in the reset that unread bytes cause.
async fn turn_away<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, shared: &Shared) {
    let Ok(_permit) = shared.turned_away.try_acquire() else { return };
    let mut buffer = BytesMut::with_capacity(256);
    let answer = async {
        read_connect(&mut stream, &mut buffer, shared).await.ok()?;
        send(&mut stream, &connack(ConnectReturnCode::ServiceUnavailable, false)).await.ok()?;
        stream.shutdown().await.ok()
    };
    let _ = timeout(TURN_AWAY, answer).await;
}

/// Reads until a CONNECT is complete; answers one that is invalid.
async fn read_connect<S>(stream: &mut S, buffer: &mut BytesMut, shared: &Shared) -> Result<Connect, Option<Refused>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match connect::next(buffer, shared.limits.connect_bytes, shared.limits.client_id_bytes) {
            Ok(Some(connect)) => return Ok(connect),
            Ok(None) => {}
            Err(refusal) => {
                if let Some(answer) = refusal.answer {
                    send(stream, &answer).await.map_err(|_| Some(refusal.reason))?;
                }
                return Err(Some(refusal.reason));
            }
        }
        match stream.read_buf(buffer).await {
            // A port scan or a load balancer's probe says nothing; the end of a started CONNECT is malformed.
            Ok(0) if buffer.is_empty() => return Err(None),
            Ok(0) => return Err(Some(Refused::Malformed)),
            Ok(_) => {}
            Err(_) => return Err(None),
        }
    }
}

/// A client that has its CONNACK.
struct Opened {
    connect: Connect,
    who: Option<Login>,
    claim: Option<Claim>,
    realm: Option<Member>,
}

/// CONNECT, login, CONNACK.
async fn open<S>(stream: &mut S, buffer: &mut BytesMut, shared: &Arc<Shared>, line: &Arc<Line>) -> Result<Opened, Option<Refused>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let connect = read_connect(stream, buffer, shared).await?;
    let login = if connect.user.is_empty() && connect.password.is_empty() {
        Ok(shared.admission.nobody())
    } else {
        shared.admission.login(&connect.user, &connect.password).await.map(Some)
    };
    let refused = match login.map_err(answer).and_then(|who| enter(who, &connect, shared, line)) {
        Ok((who, claim, realm)) => {
            // Outside a realm no session outlives its connection: session present is 0 also where one was asked for.
            let present = realm.as_ref().is_some_and(|(_, present)| *present);
            send(stream, &connack(ConnectReturnCode::Success, present)).await.map_err(|_| None)?;
            shared.stats.accept();
            return Ok(Opened { connect, who, claim, realm: realm.map(|(member, _)| member) });
        }
        Err(refused) => refused,
    };
    send(stream, &connack(refused.1, false)).await.map_err(|_| Some(refused.0))?;
    Err(Some(refused.0))
}

/// How a refused login is counted and answered.
fn answer(refusal: Refusal) -> (Refused, ConnectReturnCode) {
    match refusal {
        Refusal::BadCredentials => (Refused::BadCredentials, ConnectReturnCode::BadUserNamePassword),
        Refusal::UnknownToken | Refusal::Locked | Refusal::Full => (Refused::UnknownToken, ConnectReturnCode::NotAuthorized),
        Refusal::Unavailable => (Refused::Unavailable, ConnectReturnCode::ServiceUnavailable),
    }
}

type Entered = (Option<Login>, Option<Claim>, Option<(Member, bool)>);

/// Takes the client id over from an older connection of the same owner, and a realm's session up.
fn enter(who: Option<Login>, connect: &Connect, shared: &Shared, line: &Arc<Line>) -> Result<Entered, (Refused, ConnectReturnCode)> {
    let owner = match &who {
        None => return Ok((who, None, None)),
        Some(Login::Thing(access)) => Owner::Thing(access.thing),
        Some(Login::Realm { root }) if !root.is_empty() => Owner::Realm(root.clone()),
        Some(Login::Realm { .. } | Login::Teacher(_)) => shared.owner(&connect.user, &connect.password),
    };
    let claim = shared.claim(owner.clone(), &connect.client_id, line);
    let realm = match &who {
        Some(Login::Realm { root }) => {
            let joined = shared.realms.join(owner, root.clone(), &connect.client_id, connect.clean_session, &shared.stats);
            Some(joined.ok_or((Refused::Unavailable, ConnectReturnCode::ServiceUnavailable))?)
        }
        _ => None,
    };
    Ok((who, claim, realm))
}

/// From CONNACK to the end.
async fn run<S>(stream: S, buffer: BytesMut, opened: Opened, seat: Seat, line: Arc<Line>, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (reader, socket) = tokio::io::split(stream);
    let (replies, queue) = mpsc::channel(REPLIES);
    let writer = Writer { socket, replies: queue, line: line.clone(), write_time: shared.limits.write_time };
    let mut writer = tokio::spawn(writer.run());
    let Opened { connect: Connect { client_id, keep_alive, will, .. }, who, claim, realm } = opened;
    if let Some(member) = &realm {
        member.deliver(replies.downgrade());
    }
    let publisher = Publisher::new(shared.clone(), line.clone(), client_id, who, claim);
    let subscriptions = Subscriptions::new(shared.clone());
    let mut session = Session { shared: shared.clone(), line, replies, publisher, subscriptions, realm, room: None };
    let end = session.read(reader, buffer, silence(keep_alive, &shared)).await;
    session.leave(end, will).await;
    drop(session);
    if timeout(shared.limits.drain_time, &mut writer).await.is_err() {
        writer.abort();
    }
    drop(seat);
}

/// One and a half keep-alives, or the longest silence we bear where it is off.
fn silence(keep_alive: u16, shared: &Shared) -> Duration {
    match keep_alive {
        0 => shared.limits.silence,
        seconds => Duration::from_millis(u64::from(seconds) * 1500),
    }
}

/// Gives the memory of a large packet back: the buffer would keep it as long as the connection lasts.
fn shrink(buffer: &mut BytesMut) {
    let mut small = BytesMut::with_capacity(READ.max(buffer.len()));
    small.extend_from_slice(buffer);
    *buffer = small;
}

struct Session {
    shared: Arc<Shared>,
    line: Arc<Line>,
    replies: mpsc::Sender<Reply>,
    publisher: Publisher,
    subscriptions: Subscriptions,
    realm: Option<Member>,
    /// For the packet that is being read, if it is larger than the read buffer.
    room: Option<Room>,
}

impl Session {
    /// Reads until the connection ends. What was taken before the end is submitted, except when the line is cut while
    /// the pipeline makes us wait.
    async fn read<S: AsyncRead>(&mut self, mut reader: ReadHalf<S>, mut buffer: BytesMut, silence: Duration) -> End {
        let line = self.line.clone();
        let mut closed = pin!(line.close.cancelled());
        let mut heard = Instant::now();
        // One timer for the whole connection: it is moved only when it fires, not at every packet.
        let mut alarm = pin!(sleep_until(heard + silence));
        let mut packet_due = None;
        loop {
            let took = tokio::select! {
                biased;
                () = &mut closed => return self.closed(),
                took = self.take_all(&mut buffer) => took,
            };
            match took {
                Ok(true) => heard = Instant::now(),
                Ok(false) => {}
                Err(end) => return end,
            }
            let made = tokio::select! {
                biased;
                () = &mut closed => return self.closed(),
                made = self.make_room(&mut buffer) => made,
            };
            let made = match made {
                Ok(made) => made,
                Err(end) => return end,
            };
            if made {
                // We did not listen while there was no room: the peer's time begins now.
                heard = Instant::now();
                packet_due = Some(heard + self.shared.limits.packet_time);
                alarm.as_mut().reset(heard + silence.min(self.shared.limits.packet_time));
            } else if self.room.is_none() {
                packet_due = None;
            }
            loop {
                tokio::select! {
                    biased;
                    () = &mut closed => return self.closed(),
                    () = &mut alarm => {
                        let now = Instant::now();
                        if packet_due.is_some_and(|due| due <= now) {
                            return Refused::PacketTimeout.into();
                        }
                        if heard + silence <= now {
                            return Refused::KeepAlive.into();
                        }
                        alarm.as_mut().reset(packet_due.map_or(heard + silence, |due| due.min(heard + silence)));
                    }
                    read = reader.read_buf(&mut buffer) => match read {
                        Ok(1..) => break,
                        Ok(0) | Err(_) => return End::Lost,
                    },
                }
            }
        }
    }

    /// Makes room in the buffer for the next read. For a packet that is larger than a read, memory is set aside before:
    /// `true` if it was now. The packet begins at the start of the buffer, as all before it have been taken.
    async fn make_room(&mut self, buffer: &mut BytesMut) -> Result<bool, End> {
        if self.room.is_some() {
            return Ok(false);
        }
        if let Some(whole) = self.large(buffer).await? {
            self.room = Some(self.publisher.room(whole).await);
            buffer.reserve(whole.saturating_sub(buffer.len()));
            return Ok(true);
        }
        if buffer.capacity() - buffer.len() < READ / 2 {
            buffer.reserve(READ);
        }
        Ok(false)
    }

    /// The bytes of the packet that begins in the buffer, if it is larger than a read and it is certain that its sender
    /// may send it: an announcement alone, from anybody, takes no memory. A topic fits into the read buffer.
    async fn large(&mut self, buffer: &[u8]) -> Result<Option<usize>, End> {
        let limits = &self.shared.limits;
        // What is refused has been refused by now.
        let Ok(Some(header)) = packet::header(buffer, limits.remaining()) else { return Ok(None) };
        let whole = header.length + header.remaining;
        if whole <= READ {
            return Ok(None);
        }
        match &self.publisher.who {
            Some(Login::Realm { .. }) => {}
            _ if header.kind == packet::kind::PUBLISH => {
                let Some(topic) = packet::topic(buffer, header, limits.topic_bytes)? else { return Ok(None) };
                self.publisher.resolve(topic, &[]).await?;
            }
            Some(_) => {}
            // Who has no name has nothing to subscribe to either.
            None => return Err(Refused::Oversized.into()),
        }
        Ok(Some(whole))
    }

    fn closed(&self) -> End {
        match self.line.cause() {
            Some(Cause::Refused(reason)) => End::Refused(reason),
            Some(Cause::Lost) => End::Lost,
            None => End::Closed,
        }
    }

    /// Takes every complete packet in the buffer; whether there was one.
    async fn take_all(&mut self, buffer: &mut BytesMut) -> Result<bool, End> {
        let mut any = false;
        self.publisher.tick(Instant::now());
        let end = loop {
            match packet::next(buffer, self.shared.limits.remaining()) {
                Ok(Some(packet)) => {
                    any = true;
                    let room = self.room.take();
                    let large = room.is_some();
                    if let Err(end) = self.take(packet).await {
                        break Some(end);
                    }
                    // Room that was made for one packet is used for no other, nor held while more is waited for.
                    if large || self.publisher.full() {
                        self.submit(room).await?;
                    }
                    if large {
                        shrink(buffer);
                    }
                }
                Ok(None) => break None,
                Err(reason) => break Some(reason.into()),
            }
        };
        self.submit(None).await?;
        end.map_or(Ok(any), Err)
    }

    async fn submit(&mut self, room: Option<Room>) -> Result<(), End> {
        match self.publisher.submit(room).await? {
            Some(pending) => self.reply(Reply::After(pending)).await,
            None => Ok(()),
        }
    }

    async fn reply(&self, reply: Reply) -> Result<(), End> {
        self.replies.send(reply).await.map_err(|_| self.closed())
    }

    async fn now(&self, write: impl FnOnce(&mut BytesMut)) -> Result<(), End> {
        let mut bytes = BytesMut::new();
        write(&mut bytes);
        self.reply(Reply::Now(bytes.freeze())).await
    }

    async fn take(&mut self, packet: Packet) -> Result<(), End> {
        match packet {
            Packet::PingReq => self.reply(Reply::Now(pingresp())).await?,
            Packet::Disconnect => return Err(End::Goodbye),
            // `packet::next` lets none of these through.
            Packet::Connect(_) | Packet::ConnAck(_) | Packet::SubAck(_) | Packet::UnsubAck(_) | Packet::PingResp => {
                return Err(Refused::Malformed.into());
            }
            packet if let Some(member) = &self.realm => {
                let answer = member.take(packet)?;
                self.reply(Reply::Now(answer)).await?;
            }
            Packet::Publish(publish) => self.publisher.take(publish).await?,
            Packet::PubRel(release) => self.publisher.release(release.pkid),
            Packet::Subscribe(subscribe) => {
                // The SUBSCRIBE may follow the publish that says whose connection this is: nothing to wait for, the
                // topic was accepted when it was taken.
                let (codes, granted, mail) = self.subscriptions.decide(self.publisher.who.as_ref(), &subscribe.filters);
                self.now(|out| drop(SubAck::new(subscribe.pkid, codes).write(out))).await?;
                if let Some(mail) = mail {
                    self.reply(Reply::Mail(mail)).await?;
                }
                self.subscriptions.activate(granted).await;
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.subscriptions.remove(unsubscribe.topics).await;
                self.now(|out| drop(UnsubAck::new(unsubscribe.pkid).write(out))).await?;
            }
            // Nothing we sent asks for these: we grant QoS 0. A client that resumes a session elsewhere may send them.
            Packet::PubAck(_) | Packet::PubRec(_) | Packet::PubComp(_) => {}
        }
        Ok(())
    }

    /// Counts why, and publishes the will unless the client said goodbye or the hub stops.
    async fn leave(&mut self, end: End, will: Option<LastWill>) {
        // The will needs room of its own.
        self.room = None;
        let will = match end {
            End::Goodbye | End::Closed => None,
            End::Lost => will,
            End::Refused(reason) => {
                self.shared.stats.refuse(reason);
                tracing::debug!(reason = reason.name(), "MQTT connection closed");
                will
            }
        };
        match (&self.realm, will) {
            (Some(member), will) => member.leave(will),
            (None, Some(will)) => self.publisher.will(will).await,
            (None, None) => {}
        }
    }
}
