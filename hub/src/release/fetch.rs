//! Fetching from the addresses that the operator named, and from nowhere else that is not public.
//!
//! Whoever answers may send us on, but not into a private network: a hub stands beside printers, file servers and routers that trust
//! their neighbours. So each redirect is looked at here, and the addresses of another host's name are judged when the connection
//! is made, so that a name cannot change between a check and its use. Proxies are those of the environment (`HTTPS_PROXY`,
//! `NO_PROXY`); behind one, names are the proxy's matter.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{StatusCode, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, BodyReader, Error, Proxy};

use super::config::{address, bare};

/// A slow school line has this long for all of one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often one may be sent on.
const HOPS: usize = 3;

/// Why nothing was fetched. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// An address that is not asked.
    #[error("the address {0}")]
    Address(&'static str),
    /// Sent on to where nobody may send a hub.
    #[error("it sends us on to {0}, which is inside a private network or not encrypted; name the right address in messwerk.toml")]
    SentOn(String),
    /// From here to there and back.
    #[error("it sends us on again and again; name the right address in messwerk.toml")]
    Hops,
    /// Sent on to where the service there wants no programs (RFC 9309).
    #[error("it sends us on to {0}, which may not be asked")]
    Forbidden(String),
    /// Somebody answered something else.
    #[error("it answers {0}; check the address, and of another hub whether it publishes (sharing.publish)")]
    Status(u16),
    /// More than expected.
    #[error("its answer is larger than {0} KiB and was not taken")]
    TooLarge(u64),
    /// No connection.
    #[error("it cannot be reached ({0}); check network, proxy, and its certificate")]
    Unreachable(String),
}

/// What came.
#[derive(Debug)]
pub enum Answer {
    /// What we had is the newest.
    NotModified,
    /// Something else.
    Fetched {
        /// The bytes.
        body: Vec<u8>,
        /// What to ask with next time.
        etag: Option<String>,
        /// Where it came from in the end.
        url: String,
    },
}

/// Asks an address, as long as what it has is not called `etag`, for at most `most` bytes. Blocks, [`PATIENCE`] at most for each hop.
pub fn get(url: &str, etag: Option<&str>, most: u64) -> Result<Answer, FetchError> {
    let named = address(url).map_err(FetchError::Address)?;
    ask(&named, named.clone(), etag, most)
}

/// Fetches a file that a catalogue lists. `named` is the catalogue's address as the operator wrote it: if that was sent on, the file
/// is elsewhere, and what holds of a redirect holds of it, now and whenever it is fetched.
pub fn file(named: &str, url: &str, most: u64) -> Result<Answer, FetchError> {
    let named = address(named).map_err(FetchError::Address)?;
    let uri = elsewhere(address(url).map_err(FetchError::Address)?, &named)?;
    ask(&named, uri, None, most)
}

fn ask(named: &Uri, uri: Uri, etag: Option<&str>, most: u64) -> Result<Answer, FetchError> {
    match exchange(named, uri, &Asking { etag, ..Asking::default() })? {
        Reply::NotModified => Ok(Answer::NotModified),
        Reply::Later(status, _) => Err(FetchError::Status(status)),
        Reply::Body(Body { reader, etag, url, .. }) => {
            let mut body = vec![];
            let read = reader.take(most + 1).read_to_end(&mut body);
            read.map_err(|error| FetchError::Unreachable(error.to_string()))?;
            if body.len() as u64 > most {
                return Err(FetchError::TooLarge(most / 1024));
            }
            Ok(Answer::Fetched { body, etag, url })
        }
    }
}

/// Whether an address that we were sent on to may be asked.
pub type May<'a> = &'a dyn Fn(&Uri) -> bool;

/// How a question is put.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// What we have is called so (`If-None-Match`).
    pub etag: Option<&'a str>,
    /// What we have is of then (`If-Modified-Since`).
    pub modified: Option<&'a str>,
    /// So many bytes of it are here, of what is called so (`Range`, `If-Range`).
    pub from: Option<(u64, &'a str)>,
    /// Who asks (`User-Agent`).
    pub caller: &'a str,
    /// A proxy; without one that of the environment.
    pub proxy: Option<&'a str>,
    /// How long all of one answer may take.
    pub patience: Duration,
    /// How often one may be sent on.
    pub hops: usize,
    /// Looked up before each address that we are sent on to; without it all of them may be asked that [`open`] allows.
    pub may: Option<May<'a>>,
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self { etag: None, modified: None, from: None, caller: "messwerk", proxy: None, patience: PATIENCE, hops: HOPS, may: None }
    }
}

/// What was answered.
pub enum Reply {
    /// What we have is the newest.
    NotModified,
    /// Not now: the status (429, 503), and after how long.
    Later(u16, Option<Duration>),
    /// What comes.
    Body(Body),
}

/// An answer that is being read.
pub struct Body {
    /// Its bytes. They end with an error if the connection does before they are complete.
    pub reader: BodyReader<'static>,
    /// What to ask with next time.
    pub etag: Option<String>,
    /// The same by time.
    pub modified: Option<String>,
    /// Bytes of the whole, where it says so.
    pub whole: Option<u64>,
    /// From which byte on these are.
    pub begins: u64,
    /// Where it came from in the end.
    pub url: String,
}

/// Asks for `url`, which belongs to the origin of the address `named` that the operator wrote, and follows within the same rules. Blocks.
pub fn open(named: &str, url: &str, asking: &Asking<'_>) -> Result<Reply, FetchError> {
    let named = address(named).map_err(FetchError::Address)?;
    let uri = elsewhere(address(url).map_err(FetchError::Address)?, &named)?;
    exchange(&named, uri, asking)
}

fn exchange(named: &Uri, mut uri: Uri, asking: &Asking<'_>) -> Result<Reply, FetchError> {
    for _ in 0..=asking.hops {
        let own = same_origin(&uri, named);
        let agent = agent(own, asking)?;
        let mut request = agent.get(&uri);
        if let Some(etag) = asking.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(modified) = asking.modified {
            request = request.header(header::IF_MODIFIED_SINCE, modified);
        }
        if let Some((bytes, same)) = asking.from {
            request = request.header(header::RANGE, format!("bytes={bytes}-")).header(header::IF_RANGE, same);
        }
        let answer = request.call().map_err(|error| unreachable(&error, &uri))?;
        let status = answer.status();
        let told = |name: header::HeaderName| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).filter(|value| value.len() <= 200).map(str::to_owned)
        };
        if status == StatusCode::NOT_MODIFIED && (asking.etag.is_some() || asking.modified.is_some()) {
            return Ok(Reply::NotModified);
        }
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).unwrap_or_default();
            uri = sent_on(&uri, place, named)?;
            if asking.may.is_some_and(|may| !may(&uri)) {
                return Err(FetchError::Forbidden(uri.to_string().chars().take(200).collect()));
            }
            continue;
        }
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            // Dates are rare there, and whoever writes one is asked again by our own clock.
            let wait = told(header::RETRY_AFTER).and_then(|wait| wait.trim().parse().ok()).map(Duration::from_secs);
            return Ok(Reply::Later(status.as_u16(), wait));
        }
        let begins = match (status, asking.from) {
            (StatusCode::OK, _) => 0,
            (StatusCode::PARTIAL_CONTENT, Some((bytes, _)))
                if told(header::CONTENT_RANGE).is_some_and(|range| range.starts_with(&format!("bytes {bytes}-"))) =>
            {
                bytes
            }
            _ => return Err(FetchError::Status(status.as_u16())),
        };
        let (etag, modified) = (told(header::ETAG), told(header::LAST_MODIFIED));
        let whole = told(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()).map(|length| length.saturating_add(begins));
        return Ok(Reply::Body(Body { reader: answer.into_body().into_reader(), etag, modified, whole, begins, url: uri.to_string() }));
    }
    Err(FetchError::Hops)
}

/// What the resolver found out passes through the library's own error.
const PRIVATE: &str = "private address";

fn unreachable(error: &Error, uri: &Uri) -> FetchError {
    let text = error.to_string();
    if text.contains(PRIVATE) { FetchError::SentOn(uri.to_string()) } else { FetchError::Unreachable(text) }
}

/// Asks one address once. `own`: it is the one that the operator named, which may be in the school's own network.
fn agent(own: bool, asking: &Asking<'_>) -> Result<Agent, FetchError> {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let mut config = Config::builder();
    if let Some(proxy) = asking.proxy {
        config = config.proxy(Some(Proxy::new(proxy).map_err(|error| FetchError::Unreachable(error.to_string()))?));
    }
    let config = config
        .tls_config(tls)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(asking.patience))
        .max_response_header_size(16 * 1024)
        .user_agent(asking.caller)
        .build();
    let proxy = config.proxy().map(|proxy| (proxy.host().to_owned(), proxy.port()));
    Ok(Agent::with_parts(config, DefaultConnector::default(), Names { own, proxy, names: DefaultResolver::default() }))
}

fn same_origin(a: &Uri, b: &Uri) -> bool {
    let port = |uri: &Uri| uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b)
}

/// Where an answer sends us: elsewhere on the same origin, or to a public host over HTTPS.
fn sent_on(from: &Uri, place: &str, named: &Uri) -> Result<Uri, FetchError> {
    let refused = || FetchError::SentOn(place.chars().take(200).collect());
    let to = if place.starts_with('/') && !place.starts_with("//") {
        let (scheme, authority) = (from.scheme_str().unwrap_or("https"), from.authority().map_or("", |authority| authority.as_str()));
        format!("{scheme}://{authority}{place}")
    } else {
        place.to_owned()
    };
    elsewhere(address(&to).map_err(|_| refused())?, named)
}

/// An address that the operator did not write himself: of the origin that he named, or public.
fn elsewhere(to: Uri, named: &Uri) -> Result<Uri, FetchError> {
    if same_origin(&to, named) {
        return Ok(to);
    }
    let host = bare(to.host().unwrap_or_default());
    let private = host == "localhost" || host.parse::<IpAddr>().is_ok_and(is_private);
    if private || to.scheme_str() != Some("https") { Err(FetchError::SentOn(to.to_string().chars().take(200).collect())) } else { Ok(to) }
}

/// Looks names up; of a host that the operator did not name, only public addresses count.
#[derive(Debug)]
struct Names {
    own: bool,
    /// The operator named this one as well, and it usually is in the school's network.
    proxy: Option<(String, u16)>,
    names: DefaultResolver,
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let is_proxy = |(host, port): &(String, u16)| uri.host() == Some(host) && uri.port_u16() == Some(*port);
        if self.own || self.proxy.as_ref().is_some_and(is_proxy) || found.iter().all(|address| !is_private(address.ip())) {
            return Ok(found);
        }
        Err(Error::Other(PRIVATE.into()))
    }
}

/// Whether an address is not one of the public internet: of this machine, of a local network, of a carrier's, for documents, for many.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

/// RFC 6890 and what was added to its registry since.
fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = matches!((a, b, c), (0 | 240..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _));
    special || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || ip.is_documentation()
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    // An IPv4 address in the clothes of IPv6: mapped, by NAT64, by 6to4.
    let inner = match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    let inner = inner.is_some_and(|(high, low)| is_private_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))));
    // Everything that is given out to networks lies in 2000::/3.
    let global = (0x2000..0x4000).contains(&segments[0]) || segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
    inner
        || (!global && !matches!(segments, [0, 0, 0, 0, 0, 0xffff, ..]))
        || segments[..2] == [0x2001, 0xdb8]
        || (segments[0] == 0x2001 && segments[1] < 0x200)
}

#[cfg(test)]
mod tests;
