//! One TCP connection to the hub's MQTT door.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::BytesMut;
use rumqttc::mqttbytes::v4::{Connect, ConnectReturnCode, Disconnect, Packet, PingReq};
use rumqttc::mqttbytes::{self};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::LARGEST_INCOMING;

/// How long a phone waits for TCP and CONNACK.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a write may stall before the phone gives the connection up. A hub that is full stops reading: this is longer
/// than any commit.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// Keep-alive of phyphox on iOS, s.
const KEEP_ALIVE: u16 = 60;

/// Who connects.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    /// `phyphox_a1b2c3`.
    pub(crate) client_id: String,
    /// User name and password; phyphox sends none, the topic's token is the credential then.
    pub(crate) login: Option<(String, String)>,
}

/// An open connection with its CONNACK received.
#[derive(Debug)]
pub(crate) struct Link {
    socket: TcpStream,
    incoming: BytesMut,
}

impl Link {
    /// Connects with a clean session, once.
    ///
    /// # Errors
    /// No TCP connection, no CONNACK within 10 s, or a refusal (named as MQTT names it).
    pub(crate) async fn open(address: &str, credentials: &Credentials) -> Result<Self> {
        timeout(CONNECT_LIMIT, Self::try_open(address, credentials)).await.context("no CONNACK within 10 s")?
    }

    async fn try_open(address: &str, credentials: &Credentials) -> Result<Self> {
        let socket = TcpStream::connect(address).await.with_context(|| format!("MQTT at {address}"))?;
        socket.set_nodelay(true)?;
        let mut link = Self { socket, incoming: BytesMut::with_capacity(4096) };
        let mut connect = Connect::new(credentials.client_id.as_str());
        connect.keep_alive = KEEP_ALIVE;
        if let Some((user, password)) = &credentials.login {
            connect.set_login(user, password);
        }
        let mut out = BytesMut::new();
        connect.write(&mut out)?;
        link.write(&out).await?;
        match link.read().await? {
            Packet::ConnAck(ack) => ensure!(ack.code == ConnectReturnCode::Success, "the hub refused the connection: {:?}", ack.code),
            other => bail!("the hub answered CONNECT with {other:?}"),
        }
        Ok(link)
    }

    /// Writes whole packets.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        timeout(WRITE_LIMIT, self.socket.write_all(bytes)).await.context("the hub has not read for a minute")??;
        Ok(())
    }

    /// The next packet. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    /// The connection is closed, or what came is not MQTT.
    pub(crate) async fn read(&mut self) -> Result<Packet> {
        loop {
            match Packet::read(&mut self.incoming, LARGEST_INCOMING) {
                Ok(packet) => return Ok(packet),
                Err(mqttbytes::Error::InsufficientBytes(_)) => {}
                Err(error) => return Err(error).context("the hub sent no MQTT"),
            }
            ensure!(self.socket.read_buf(&mut self.incoming).await? > 0, "the hub closed the connection");
        }
    }

    /// Asks for a PINGRESP.
    pub(crate) async fn ping(&mut self) -> Result<()> {
        let mut out = BytesMut::new();
        PingReq.write(&mut out)?;
        self.write(&out).await
    }

    /// Says goodbye and closes.
    pub(crate) async fn close(mut self) -> Result<()> {
        let mut out = BytesMut::new();
        Disconnect.write(&mut out)?;
        self.write(&out).await?;
        self.socket.shutdown().await?;
        Ok(())
    }
}
