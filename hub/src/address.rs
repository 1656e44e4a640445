//! How the hub is called: the address somebody asked under, the names it answers to, and the address that phones reach.
//!
//! A page of another site can make its own name point at the hub (DNS rebinding); its requests then look as if they came
//! from a page of the hub. The name in `Host` still is that site's, so only names that are known to be the hub's are answered.

mod lan;
mod listen;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Version, header};

use crate::api::problem::Problem;
use crate::config::Config;
use crate::state::Hub;
use crate::web::Secure;

pub(crate) use self::listen::{listening, optional_socket, socket};

/// Where somebody reaches the hub: `http` or `https`, and host with port as they wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    secure: bool,
    authority: String,
}

impl Address {
    /// The address of a path, which begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// What a browser calls the origin: `http://192.168.1.5:8080`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }

    /// The host without its port; an IPv6 address keeps its brackets.
    pub fn name(&self) -> &str {
        split(&self.authority).map_or(self.authority.as_str(), |(name, _)| name)
    }

    /// Whether what is said under it is encrypted.
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// Whether it means the hub's own machine, so that nobody else reaches it.
    pub fn local(&self) -> bool {
        is_local(self.name())
    }

    /// Whether browsers give a page under it sensors, and keep a cookie that is marked `Secure`.
    pub fn trusted(&self) -> bool {
        self.secure || self.local()
    }

    /// Whether a browser's `Origin` is a page of this address. What was asked over TLS was asked by a page that came over TLS:
    /// anybody on the way can write a page of `http://` and the same host. The other way round nothing can be forged, and a proxy
    /// that ends TLS without saying so (`behind_proxy` is off, or it sets no `X-Forwarded-Proto`) looks exactly like that.
    pub fn is_origin(&self, origin: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let fits = scheme == "https" || scheme == "http" && !self.secure;
        if !fits {
            return false;
        }
        let port = if scheme == "https" { ":443" } else { ":80" };
        let bare = |authority: &str| {
            let authority = authority.to_ascii_lowercase();
            authority.strip_suffix(port).unwrap_or(&authority).to_owned()
        };
        bare(authority) == bare(&self.authority)
    }
}

impl FromRequestParts<Hub> for Address {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        // The guard in front of all routes has put it there; a request that came past it is read again.
        match parts.extensions.get::<Self>() {
            Some(address) => Ok(address.clone()),
            None => hub.addresses.asked(parts),
        }
    }
}

/// The address that a request came from: of who asked, also where a reverse proxy passed it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<Hub> for Peer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.ok_or_else(|| Problem::internal(&"a request without the address it came from"))?;
        Ok(Self(hub.addresses.peer(&parts.headers, connected.0.ip())))
    }
}

/// The names and addresses of one hub.
#[derive(Debug)]
pub struct Addresses {
    /// In lower case, without a dot at the end.
    names: BTreeSet<String>,
    public: Option<Address>,
    behind_proxy: bool,
    bound: SocketAddr,
}

impl Addresses {
    /// The names a configuration gives, the machine's own, and where the web port listens.
    pub fn new(config: &Config, bound: SocketAddr) -> Self {
        let public = config.public_url.as_deref().and_then(|url| parse_url(url).ok());
        let machine = lan::machine();
        let first = machine.as_deref().and_then(|name| name.split('.').next()).unwrap_or_default();
        let mut names: BTreeSet<String> = config.hosts.iter().map(|name| canonical(name)).collect();
        names.extend(machine.as_deref().map(canonical));
        if !first.is_empty() {
            names.extend([canonical(first), format!("{}.local", canonical(first))]);
        }
        names.extend(public.as_ref().map(|public| canonical(public.name())));
        Self { names, public, behind_proxy: config.behind_proxy, bound }
    }

    /// The address of a request, or the Problem that the hub is not called that.
    pub fn asked(&self, parts: &Parts) -> Result<Address, Problem> {
        let mut hosts = parts.uri.authority().map(|authority| authority.as_str()).into_iter().collect::<Vec<_>>();
        for host in parts.headers.get_all(header::HOST) {
            hosts.push(host.to_str().map_err(|_| unreadable("is no text"))?);
        }
        let secure = parts.extensions.get::<Secure>().is_some_and(|secure| secure.0) || self.proxy_says_tls(&parts.headers);
        let Some(&first) = hosts.first() else {
            // HTTP/1.0 has no Host. Browsers have spoken HTTP/1.1 since before there was anything to defend.
            return match parts.version {
                Version::HTTP_10 => Ok(Address { secure, authority: self.bound.to_string() }),
                _ => Err(unreadable("is missing")),
            };
        };
        if hosts.iter().any(|host| !host.eq_ignore_ascii_case(first)) {
            return Err(unreadable("is there twice"));
        }
        let Some((name, _)) = split(first) else { return Err(unreadable("is no host and port")) };
        if !self.known(name) {
            return Err(Problem::new(
                StatusCode::MISDIRECTED_REQUEST,
                "Another name",
                format!(
                    "This hub is not called {:?}. Use its IP address, or put this name into `hosts` (or the whole address into \
                     `public_url`) in messwerk.toml and restart the hub.",
                    name.chars().take(80).collect::<String>()
                ),
            )
            .coded("unknown_host"));
        }
        Ok(Address { secure, authority: first.to_owned() })
    }

    fn proxy_says_tls(&self, headers: &HeaderMap) -> bool {
        let told = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
        self.behind_proxy && told.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
    }

    /// Who asked, for counting. A proxy adds the address it was asked from at the end of `X-Forwarded-For`; what stands before that,
    /// anybody can have written.
    fn peer(&self, headers: &HeaderMap, connected: IpAddr) -> IpAddr {
        let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|list| list.to_str().ok()?.rsplit(',').next());
        let told = last.filter(|_| self.behind_proxy).and_then(|address| address.trim().trim_matches(['[', ']']).parse().ok());
        told.unwrap_or(connected)
    }

    /// Whether the hub answers to a name. Addresses in figures are always its own: nobody's name points there.
    fn known(&self, name: &str) -> bool {
        literal(name).is_some() || is_local(name) || self.names.contains(&canonical(name))
    }

    /// Whether an address is the one under which the hub is known to everybody, over TLS. Only then may a browser be told to
    /// use nothing else for a year (HSTS).
    pub fn lasting(&self, address: &Address) -> bool {
        let public = self.public.as_ref().filter(|public| public.secure && literal(public.name()).is_none());
        address.secure && public.is_some_and(|public| canonical(public.name()) == canonical(address.name()))
    }

    /// The names the hub answers to, besides `localhost` and its addresses.
    pub fn names(&self) -> Vec<String> {
        self.names.iter().filter(|name| literal(name).is_none()).cloned().collect()
    }

    /// The address that phones reach, for codes and links: `public_url`, else what was asked under unless that is the hub's own
    /// machine, then the machine's address in the local network. Without one it stays what was asked, and is
    /// [`local`](Address::local).
    pub fn shown(&self, asked: &Address) -> Address {
        if let Some(public) = &self.public {
            return public.clone();
        }
        let near = if asked.local() { self.reachable().into_iter().next() } else { None };
        near.map_or_else(|| asked.clone(), |ip| self.at(ip, asked.secure))
    }

    /// Every address under which others may reach the hub, the most likely first; empty if it listens on its own machine only.
    pub fn everywhere(&self, secure: bool) -> Vec<Address> {
        let public = self.public.clone();
        public.into_iter().chain(self.reachable().into_iter().map(|ip| self.at(ip, secure))).collect()
    }

    /// Every address under which a browser opens the hub, each once: those in the network, then the one on the hub's own machine.
    /// `secure`: the hub has a certificate. Its own machine is served without, see `web::plain`.
    pub fn all(&self, secure: bool) -> Vec<Address> {
        let mut all: Vec<Address> = Vec::new();
        let own = self.here(false);
        let own = if own.local() { own } else { self.here(secure) };
        for address in self.everywhere(secure).into_iter().chain([own]) {
            if !all.contains(&address) {
                all.push(address);
            }
        }
        all
    }

    /// Whether nobody but the hub's own machine can reach it, whatever its networks.
    pub fn only_here(&self) -> bool {
        self.bound.ip().is_loopback() && self.public.is_none()
    }

    /// The port at which [`shown`](Self::shown) is reached without TLS, which the hub serves beside it on its own port: weather stations
    /// know no other. `None` where a proxy takes everything over TLS and the hub's own port is nobody's.
    pub fn plain_port(&self) -> Option<u16> {
        let own = self.bound.port();
        let Some(public) = &self.public else { return Some(own) };
        let port = split(&public.authority).and_then(|(_, port)| port);
        match public.secure {
            false => Some(port.unwrap_or(80)),
            true => (!self.behind_proxy && !self.bound.ip().is_loopback()).then_some(own),
        }
    }

    /// The address on the hub's own machine.
    pub fn here(&self, secure: bool) -> Address {
        let ip = self.bound.ip();
        if ip.is_unspecified() || ip.is_loopback() {
            return Address { secure, authority: with_port("localhost", self.bound.port(), secure) };
        }
        self.at(ip, secure)
    }

    fn reachable(&self) -> Vec<IpAddr> {
        match self.bound.ip() {
            // Who listens on every IPv4 address hears nobody over IPv6; the other way round both are heard.
            ip if ip.is_unspecified() => lan::addresses().into_iter().filter(|found| ip.is_ipv6() || found.is_ipv4()).collect(),
            ip if ip.is_loopback() => vec![],
            ip => vec![ip],
        }
    }

    fn at(&self, ip: IpAddr, secure: bool) -> Address {
        let name = match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Address { secure, authority: with_port(&name, self.bound.port(), secure) }
    }
}

impl Hub {
    /// [`Addresses::shown`].
    pub fn shown(&self, asked: &Address) -> Address {
        self.addresses.shown(asked)
    }
}

/// Reads `public_url`: `https://hub.example.org`, with a port if need be, without a path.
pub(crate) fn parse_url(url: &str) -> anyhow::Result<Address> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let fits = ["http", "https"].contains(&scheme) && split(authority).is_some();
    anyhow::ensure!(fits, "public_url = {url:?}: write http:// or https://, the host, a port if it is another, and nothing after it");
    Ok(Address { secure: scheme == "https", authority: authority.to_owned() })
}

/// The addresses of this machine that others may reach, the most likely first.
pub(crate) fn in_network() -> Vec<IpAddr> {
    lan::addresses()
}

/// Whether a text is a host's name without scheme and port, as `hosts` wants it.
pub(crate) fn is_name(text: &str) -> bool {
    split(text).is_some_and(|(name, port)| port.is_none() && literal(name).is_none())
}

fn with_port(name: &str, port: u16, secure: bool) -> String {
    let default = if secure { 443 } else { 80 };
    if port == default { name.to_owned() } else { format!("{name}:{port}") }
}

/// Host and port of an authority; `None` if it is none.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') { authority.find(']')? + 1 } else { authority.find(':').unwrap_or(authority.len()) };
    let (name, port) = authority.split_at(end);
    let fits = if name.starts_with('[') {
        literal(name).is_some()
    } else {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let port = match port {
        "" => None,
        port => Some(port.strip_prefix(':')?.parse().ok()?),
    };
    fits.then_some((name, port))
}

fn canonical(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn literal(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

fn is_local(name: &str) -> bool {
    canonical(name) == "localhost" || literal(name).is_some_and(|ip| ip.to_canonical().is_loopback())
}

fn unreadable(what: &str) -> Problem {
    Problem::bad_request(format!("The header Host {what}. Send it once, as HTTP/1.1 wants it: the host and port that were asked for."))
}

#[cfg(test)]
mod tests;
