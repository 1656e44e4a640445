//! What an authority may vouch for: X.509 name constraints, made from what the hub is and read from a certificate.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context;
use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::tls::facts::address;
use crate::tls::{Facts, Own};

/// The private networks, as RFC 1918 and RFC 4193 give them away.
const PRIVATE: [(Ipv4Addr, u8); 3] =
    [(Ipv4Addr::new(10, 0, 0, 0), 8), (Ipv4Addr::new(172, 16, 0, 0), 12), (Ipv4Addr::new(192, 168, 0, 0), 16)];

/// Permitted names and networks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Permits {
    names: Vec<String>,
    /// Network and mask, of the same length.
    networks: Vec<(IpAddr, IpAddr)>,
}

impl Permits {
    /// Whether a name is one of them or below one.
    pub(super) fn name(&self, name: &str) -> bool {
        self.names.iter().any(|permitted| name.strip_suffix(permitted.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    /// Whether an address lies in one of the networks.
    pub(super) fn address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|(network, mask)| masked(address, *mask) == Some(*network))
    }
}

fn masked(address: IpAddr, mask: IpAddr) -> Option<IpAddr> {
    match (address, mask) {
        (IpAddr::V4(address), IpAddr::V4(mask)) => Some(IpAddr::V4(address & mask)),
        (IpAddr::V6(address), IpAddr::V6(mask)) => Some(IpAddr::V6(address & mask)),
        _ => None,
    }
}

/// The constraints of an authority for a hub: its names, and for each address the private network it belongs to. The hub may get
/// another address of the same network tomorrow; the whole network stands in the constraints and devices need no new authority. A
/// public address is permitted alone.
pub(super) fn for_hub(own: &Own) -> NameConstraints {
    let mut subtrees: Vec<GeneralSubtree> = own.names.iter().map(|name| GeneralSubtree::DnsName(name.clone())).collect();
    let mut networks: Vec<(IpAddr, u8)> = own.addresses.iter().map(|address| network(*address)).collect();
    networks.sort_unstable();
    networks.dedup();
    subtrees.extend(networks.into_iter().map(|(network, prefix)| GeneralSubtree::IpAddress(subnet(network, prefix))));
    NameConstraints { permitted_subtrees: subtrees, excluded_subtrees: vec![] }
}

fn network(address: IpAddr) -> (IpAddr, u8) {
    match address {
        IpAddr::V4(v4) => {
            let mask = |prefix: u8| Ipv4Addr::from(u32::MAX << (32 - u32::from(prefix)));
            let private = PRIVATE.into_iter().find(|(network, prefix)| v4 & mask(*prefix) == *network);
            private.map_or((address, 32), |(network, prefix)| (network.into(), prefix))
        }
        // fd00::/8: a school's own prefix may change, too.
        IpAddr::V6(v6) if v6.is_unique_local() => (IpAddr::from([0xfd00, 0, 0, 0, 0, 0, 0, 0_u16]), 8),
        IpAddr::V6(_) => (address, 128),
    }
}

fn subnet(network: IpAddr, prefix: u8) -> CidrSubnet {
    // The masks are written out: a shift by the whole width is a trap.
    match network {
        IpAddr::V4(network) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            CidrSubnet::V4(network.octets(), mask.to_be_bytes())
        }
        IpAddr::V6(network) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            CidrSubnet::V6(network.octets(), mask.to_be_bytes())
        }
    }
}

/// Facts, permits and common name of an authority's certificate.
pub(super) fn read(pem: &str) -> anyhow::Result<(Facts, Permits, String)> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes())?;
    let (_, certificate) = X509Certificate::from_der(&der)?;
    let mut permits = Permits::default();
    let constraints = certificate.name_constraints()?.context("it has no name constraints: it was not made by this program")?;
    for subtree in constraints.value.permitted_subtrees.iter().flatten() {
        match &subtree.base {
            GeneralName::DNSName(name) => permits.names.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => {
                let (network, mask) = bytes.split_at(bytes.len() / 2);
                permits.networks.extend(address(network).zip(address(mask)));
            }
            _ => {}
        }
    }
    let name = certificate.subject().iter_common_name().next().context("it has no name")?.as_str()?.to_owned();
    Ok((Facts::of(&der)?, permits, name))
}

/// The public key in a certificate.
pub(super) fn spki_of(pem: &str) -> anyhow::Result<Vec<u8>> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes())?;
    let (_, certificate) = X509Certificate::from_der(&der)?;
    Ok(certificate.public_key().subject_public_key.data.to_vec())
}
