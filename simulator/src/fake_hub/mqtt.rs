//! A tiny MQTT 3.1.1 door on rumqttc's codec.

use std::collections::HashSet;

use bytes::BytesMut;
use rumqttc::mqttbytes::v4::{ConnAck, ConnectReturnCode, Packet, PingResp, PubAck, PubComp, PubRec, Publish};
use rumqttc::mqttbytes::{Error, QoS};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::FakeHub;

pub(super) async fn listen(hub: FakeHub, listener: TcpListener) {
    for number in 0.. {
        let (socket, _) = listener.accept().await.unwrap();
        let hub = hub.clone();
        let state = hub.state.clone();
        let task = tokio::spawn(async move {
            // A broken connection is part of the tests.
            let _ = Door { hub: hub.clone(), number, socket, incoming: BytesMut::new(), unreleased: HashSet::new() }.serve().await;
            hub.state().open.remove(&number);
        });
        let mut state = state.lock().unwrap();
        state.open.insert(number, (None, String::new(), task.abort_handle()));
        state.connections.1 += 1;
        state.connections.0 = state.connections.0.max(state.open.len());
    }
}

struct Door {
    hub: FakeHub,
    number: u64,
    socket: TcpStream,
    incoming: BytesMut,
    /// QoS 2: ids whose PUBREL has not come.
    unreleased: HashSet<u16>,
}

impl Door {
    async fn serve(&mut self) -> std::io::Result<()> {
        loop {
            let mut out = BytesMut::new();
            let end = match self.read().await? {
                Packet::Connect(connect) => {
                    if let Some(entry) = self.hub.state().open.get_mut(&self.number) {
                        entry.1 = connect.client_id;
                    }
                    let refused = self.hub.behaviour.refuse.is_some();
                    let code = if refused { ConnectReturnCode::NotAuthorized } else { ConnectReturnCode::Success };
                    ConnAck::new(code, false).write(&mut out).unwrap();
                    refused
                }
                Packet::Publish(publish) => !self.publish(publish, &mut out).await,
                Packet::PubRel(release) => {
                    self.unreleased.remove(&release.pkid);
                    PubComp::new(release.pkid).write(&mut out).unwrap();
                    false
                }
                Packet::PingReq => {
                    PingResp.write(&mut out).unwrap();
                    false
                }
                _ => true,
            };
            self.socket.write_all(&out).await?;
            if end {
                return Ok(());
            }
        }
    }

    /// Whether the connection goes on.
    async fn publish(&mut self, publish: Publish, out: &mut BytesMut) -> bool {
        let mut levels = publish.topic.split('/');
        let (root, token, level) = (levels.next().unwrap(), levels.next().unwrap().to_owned(), levels.next().unwrap());
        assert!(root == "in" && levels.next().is_none(), "{}", publish.topic);
        self.take_over(&token);
        let again = publish.qos == QoS::ExactlyOnce && !self.unreleased.insert(publish.pkid);
        if !again && self.hub.take(&token, level, &publish.payload).is_none() {
            return false;
        }
        tokio::time::sleep(self.hub.behaviour.delay).await;
        match publish.qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => drop(PubAck::new(publish.pkid).write(out).unwrap()),
            QoS::ExactlyOnce => drop(PubRec::new(publish.pkid).write(out).unwrap()),
        }
        true
    }

    /// The first accepted topic tells whose the connection is: an older one of the same Thing and client id ends.
    fn take_over(&self, token: &str) {
        let mut state = self.hub.state();
        let Some(entry) = state.open.get_mut(&self.number) else { return };
        if entry.0.replace(token.to_owned()).is_some() {
            return;
        }
        let client_id = entry.1.clone();
        let older: Vec<u64> = state
            .open
            .iter()
            .filter(|(number, (owner, id, _))| **number < self.number && owner.as_deref() == Some(token) && *id == client_id)
            .map(|(number, _)| *number)
            .collect();
        for number in older {
            if let Some((_, _, task)) = state.open.remove(&number) {
                task.abort();
                state.takeovers += 1;
            }
        }
    }

    async fn read(&mut self) -> std::io::Result<Packet> {
        loop {
            match Packet::read(&mut self.incoming, 1 << 20) {
                Ok(packet) => return Ok(packet),
                Err(Error::InsufficientBytes(_)) => {}
                Err(error) => panic!("the simulator sent no MQTT: {error}"),
            }
            if self.socket.read_buf(&mut self.incoming).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
