//! Open files: a connection is one, and the log and the segments need theirs whatever the network does.

use crate::config::LimitsConfig;

/// Files kept free for the store: the log, segments being read and sealed, the catalogue, and some air.
const STORE: usize = 256;

/// Raises the number of files this process may have open as far as it may (shells and services begin with 1,024), and
/// lowers the limits of connections to what is left. A connection too many is then refused in words; without this the
/// next file of the log could not be opened.
pub(crate) fn make_room(limits: &mut LimitsConfig) {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(most) => fit(limits, usize::try_from(most).unwrap_or(usize::MAX)),
        Err(error) => tracing::warn!("the limit of open files is unknown ({error}): connections are bounded by the configuration only"),
    }
}

/// Keeps the proportion of the two doors.
fn fit(limits: &mut LimitsConfig, most: usize) {
    let (left, wanted) = (most.saturating_sub(STORE), limits.connections.saturating_add(limits.web_connections));
    if wanted <= left {
        return;
    }
    let share = |of: usize| (of as u128 * left as u128 / wanted as u128).max(1) as usize;
    (limits.connections, limits.web_connections) = (share(limits.connections), share(limits.web_connections));
    limits.connections_per_address = limits.connections_per_address.min(limits.connections);
    limits.web_connections_per_address = limits.web_connections_per_address.min(limits.web_connections);
    tracing::warn!(
        "only {most} files may be open at once, so the hub takes {} MQTT and {} web connections. More with `ulimit -n {2}` before the \
         start, or LimitNOFILE={2} in its systemd unit",
        limits.connections,
        limits.web_connections,
        wanted.saturating_add(STORE)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_store() {
        let check = |most: usize, connections: usize, web: usize| {
            let mut limits = LimitsConfig { connections: 10_000, web_connections: 5_000, ..LimitsConfig::default() };
            fit(&mut limits, most);
            assert_eq!((limits.connections, limits.web_connections), (connections, web), "{most}");
            assert!(limits.connections_per_address <= connections && limits.web_connections_per_address <= web);
        };
        check(20_000, 10_000, 5_000);
        check(15_256, 10_000, 5_000);
        check(1_024, 512, 256);
        check(100, 1, 1);
    }
}
