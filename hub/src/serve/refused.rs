//! Why the hub cannot listen somewhere, and what to do: each cause has its own.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

/// The sentence for a door (`http`, `mqtt`, `mqtts`: its flag) that could not be opened.
pub(super) fn refused(door: &str, address: SocketAddr, error: &Error) -> anyhow::Error {
    let port = address.port();
    let why = match error.kind() {
        ErrorKind::AddrInUse => format!(
            "another program listens there already, perhaps a second hub. Stop it (`ss -ltnp` shows which one it is), or choose another \
             port with --{door}"
        ),
        ErrorKind::PermissionDenied if port < 1024 => format!(
            "ports below 1024 need a right that this user does not have. As a service: AmbientCapabilities=CAP_NET_BIND_SERVICE \
             (docs/operate.md); by hand once: sudo setcap cap_net_bind_service=+ep and the program's path. Or choose a port from 1024 on \
             with --{door}"
        ),
        ErrorKind::PermissionDenied => format!("the system does not allow it. Choose another port with --{door}"),
        ErrorKind::AddrNotAvailable => {
            let everywhere = if address.is_ipv4() { "0.0.0.0" } else { "[::]" };
            format!("this machine has no address {}. --{door} {everywhere}:{port} listens on all it has", address.ip())
        }
        _ => format!("{error}. Choose another address with --{door}"),
    };
    anyhow::anyhow!("cannot listen on {address} ({door}): {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own_fix() {
        let check = |address: &str, kind: ErrorKind, has: &str, has_not: &str| {
            let told = refused("http", address.parse().unwrap(), &kind.into()).to_string();
            assert!(told.contains(address) && told.contains("--http") && told.contains(has) && !told.contains(has_not), "{told}");
        };
        let other = "another program";
        check("0.0.0.0:8080", ErrorKind::AddrInUse, other, "right");
        check("0.0.0.0:443", ErrorKind::PermissionDenied, "CAP_NET_BIND_SERVICE", other);
        check("0.0.0.0:8080", ErrorKind::PermissionDenied, "does not allow", other);
        check("192.168.7.7:8080", ErrorKind::AddrNotAvailable, "--http 0.0.0.0:8080", other);
        check("[fd00::7]:8080", ErrorKind::AddrNotAvailable, "--http [::]:8080", other);
        check("0.0.0.0:8080", ErrorKind::OutOfMemory, "Choose another address", other);
    }
}
