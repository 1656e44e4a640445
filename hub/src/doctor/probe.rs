//! Looking at a hub from outside: is something there, what does it answer, which certificate does it show.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Time for each step. In one network a connection takes milliseconds, a firewall that drops packets never answers.
const PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of an answer at most.
const LARGEST: u64 = 256 * 1024;

/// Whether something accepts connections there.
pub(super) async fn is_open(address: SocketAddr) -> bool {
    connect(address).await.is_ok()
}

async fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    Ok(timeout(PATIENCE, TcpStream::connect(address)).await??)
}

/// An answer's status, its head and its body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Asks a hub, over TLS if it is `secure`.
pub(super) async fn ask(address: SocketAddr, secure: bool, host: &str, path: &str, token: Option<&str>) -> anyhow::Result<Answer> {
    let stream = connect(address).await?;
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n{token}\r\n");
    let text = if secure { talk(shake(stream, host).await?, &request).await? } else { talk(stream, &request).await? };
    let (head, body) = text.split_once("\r\n\r\n").context("this is no HTTP")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("this is no HTTP")?;
    Ok(Answer { status, body: body.to_owned() })
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> anyhow::Result<String> {
    let exchange = async {
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LARGEST).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    Ok(String::from_utf8_lossy(&timeout(PATIENCE, exchange).await??).into_owned())
}

/// The certificates that a hub shows to who asks for `host`, unchecked: what is wrong with them is to be found out.
pub(super) async fn certificates(address: SocketAddr, host: &str) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let stream = shake(connect(address).await?, host).await?;
    let shown = stream.get_ref().1.peer_certificates().context("it showed no certificate")?;
    Ok(shown.iter().map(|certificate| certificate.clone().into_owned()).collect())
}

async fn shake(stream: TcpStream, host: &str) -> anyhow::Result<TlsStream<TcpStream>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider))).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())?;
    Ok(timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await??)
}

/// Takes any certificate, for a look at it. A teacher's token goes over such a connection on the hub's own machine only
/// (`doctor::command`).
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
