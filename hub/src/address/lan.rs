//! The machine in its network: what it is called, and the addresses that others reach it under.

use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;

use if_addrs::IfOperStatus;

/// Beginnings of the names of interfaces that lead to containers, virtual machines and tunnels, not to a classroom.
const VIRTUAL: [&str; 18] = [
    "docker",
    "br-",
    "veth",
    "virbr",
    "vmnet",
    "vboxnet",
    "vethernet",
    "podman",
    "cni",
    "flannel",
    "lxc",
    "lxdbr",
    "tun",
    "tap",
    "utun",
    "wg",
    "zt",
    "tailscale",
];

/// The machine's name as its owner set it.
pub(super) fn machine() -> Option<String> {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    // Not on Linux: the program that every other system has for it.
    let named = kernel.or_else(|| Command::new("hostname").output().ok().and_then(|made| String::from_utf8(made.stdout).ok()));
    named.map(|name| name.trim().to_owned()).filter(|name| super::is_name(name))
}

/// An address and what it hangs on.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) interface: String,
    pub(super) ip: IpAddr,
    pub(super) up: bool,
    pub(super) tunnel: bool,
}

/// The addresses that others may reach this machine under, the most likely first. Asked each time: a laptop changes networks.
pub(super) fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the addresses of this machine cannot be listed: set public_url");
        vec![]
    });
    let candidates = interfaces.into_iter().map(|interface| Candidate {
        ip: interface.ip(),
        // Some drivers never say.
        up: matches!(interface.oper_status, IfOperStatus::Up | IfOperStatus::Unknown),
        tunnel: interface.is_p2p(),
        interface: interface.name,
    });
    order(candidates.collect())
}

pub(super) fn order(candidates: Vec<Candidate>) -> Vec<IpAddr> {
    let mut ranked: Vec<(u8, IpAddr)> = candidates
        .iter()
        .filter(|one| one.up && !one.tunnel && !is_virtual(&one.interface))
        .filter_map(|one| Some((rank(one.ip)?, one.ip)))
        .collect();
    // Equals stay in the system's order.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, ip)| ip).collect()
}

fn is_virtual(interface: &str) -> bool {
    let name = interface.to_ascii_lowercase();
    VIRTUAL.iter().any(|beginning| name.starts_with(beginning))
}

/// How likely a phone in the room reaches an address, 0 first; `None` if it cannot.
fn rank(ip: IpAddr) -> Option<u8> {
    match ip {
        ip if ip.is_loopback() || ip.is_unspecified() => None,
        IpAddr::V4(ip) if ip.is_private() => Some(0),
        IpAddr::V4(ip) if ip.is_link_local() => None,
        IpAddr::V4(ip) if shared(ip) => Some(4),
        IpAddr::V4(_) => Some(1),
        IpAddr::V6(ip) if ip.is_unicast_link_local() => None,
        IpAddr::V6(ip) if ip.is_unique_local() => Some(3),
        IpAddr::V6(_) => Some(2),
    }
}

/// 100.64.0.0/10: a provider's side of a router, or a tunnel.
fn shared(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    a == 100 && (64..128).contains(&b)
}
