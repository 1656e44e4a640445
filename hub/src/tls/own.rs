//! What the hub is called and where it is: what a certificate of its own authority is for.

use std::net::IpAddr;

use crate::address;

/// Names and addresses of this machine, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Names, `localhost` among them.
    pub names: Vec<String>,
    /// Addresses, those of the loopback among them.
    pub addresses: Vec<IpAddr>,
}

impl Own {
    /// `names` and `localhost`; the addresses that others in the network reach, and the loopback's.
    pub fn of_this_machine(names: &[String]) -> Self {
        Self::new(names, address::in_network())
    }

    /// These names and addresses, and the loopback's.
    pub fn new(names: &[String], addresses: Vec<IpAddr>) -> Self {
        let mut names: Vec<String> = names.iter().filter(|name| is_host(name)).cloned().collect();
        names.push("localhost".to_owned());
        let mut addresses: Vec<IpAddr> = addresses.into_iter().filter(lasting).collect();
        addresses.extend([IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16])]);
        names.sort_unstable();
        names.dedup();
        addresses.sort_unstable();
        addresses.dedup();
        Self { names, addresses }
    }
}

/// Whether a certificate can carry the name.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label) && name.parse::<IpAddr>().is_err()
}

/// Whether an address is worth a certificate. Global IPv6 addresses change by the day, link-local ones cannot be opened.
fn lasting(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_link_local() && !address.is_unspecified(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}
