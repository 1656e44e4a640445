//! One subscribing connection's way from the router to its queue, over any number of routers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use messwerk_lessons::topic;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::sleep;

use super::router::Shared;
use super::rumqttd_link::{Gone, Link, Router};
use super::{Change, Message};
use crate::mqtt::stats::{DoorStats, Refused};

/// Carries messages for one connection; owns its link.
pub(super) struct Pump {
    shared: Arc<Shared>,
    routers: watch::Receiver<Option<Arc<Router>>>,
    changes: mpsc::Receiver<Change>,
    mail: mpsc::Sender<Message>,
    stats: Arc<DoorStats>,
    filters: BTreeSet<String>,
    link: Option<(String, Link)>,
    /// Number of the newest message seen: after a new link, what was kept since then is delivered.
    seen: u64,
    /// Kept messages delivered to a new filter that the router may still bring: their numbers by topic.
    ahead: HashMap<Arc<str>, u64>,
    _seat: OwnedSemaphorePermit,
}

/// Pause before a link that could not be made is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// What a pump waits for.
enum Event {
    Change(Option<Change>),
    Message(Result<(u64, Message), Gone>),
    Router(bool),
    Retry,
}

impl Pump {
    pub(super) fn new(
        shared: Arc<Shared>,
        routers: watch::Receiver<Option<Arc<Router>>>,
        changes: mpsc::Receiver<Change>,
        mail: mpsc::Sender<Message>,
        stats: Arc<DoorStats>,
        seat: OwnedSemaphorePermit,
    ) -> Self {
        let seen = shared.latest().sequence();
        Self { shared, routers, changes, mail, stats, filters: BTreeSet::new(), link: None, seen, ahead: HashMap::new(), _seat: seat }
    }

    /// Runs until the connection or the fan-out is gone.
    pub(super) async fn run(mut self) {
        // Without a first router a filter could be answered before anything can come through it.
        if self.routers.wait_for(Option::is_some).await.is_err() {
            return;
        }
        loop {
            let event = tokio::select! {
                biased;
                change = self.changes.recv() => Event::Change(change),
                changed = self.routers.changed() => Event::Router(changed.is_ok()),
                message = next(&mut self.link) => Event::Message(message),
                () = sleep(RETRY), if self.link.is_none() && !self.filters.is_empty() => Event::Retry,
            };
            match event {
                Event::Change(None) | Event::Router(false) => return,
                Event::Change(Some(Change::Add(filter))) => {
                    self.filters.insert(filter.clone());
                    self.relink(false).await;
                    let kept = self.shared.latest().matching(&[filter], 0);
                    for (sequence, message) in kept {
                        self.ahead.insert(message.topic.clone(), sequence);
                        self.deliver(message);
                    }
                }
                Event::Change(Some(Change::Remove(filter))) => {
                    self.filters.remove(&filter);
                    self.relink(false).await;
                }
                Event::Router(true) => self.relink(true).await,
                Event::Retry => self.relink(true).await,
                Event::Message(Ok((sequence, message))) => self.forward(sequence, message),
                // The keeper has noticed too, or this link alone was thrown out.
                Event::Message(Err(Gone)) => self.link = None,
            }
        }
    }

    fn forward(&mut self, sequence: u64, message: Message) {
        if sequence <= self.seen {
            return;
        }
        self.seen = sequence;
        let delivered = self.ahead.get(&message.topic).is_some_and(|&ahead| sequence <= ahead);
        if self.ahead.values().all(|&ahead| ahead <= sequence) {
            self.ahead.clear();
        }
        if !delivered && self.filters.iter().any(|filter| topic::matches(filter, &message.topic)) {
            self.deliver(message);
        }
    }

    /// Links to the current router with the scope that the filters need, unless that link is there. After a failure
    /// the next attempt comes with the next router or a little later.
    async fn relink(&mut self, afresh: bool) {
        let scope = scope(&self.filters);
        if !afresh && self.link.as_ref().map(|(filter, _)| filter) == scope.as_ref() {
            return;
        }
        let replaced = self.link.take().is_some() || afresh;
        let (Some(scope), Some(router)) = (scope, self.routers.borrow_and_update().clone()) else { return };
        let Ok(link) = router.link(Some(&scope)).await else {
            tracing::debug!("no link to the fan-out's router yet");
            return;
        };
        self.link = Some((scope, link));
        if replaced {
            let filters: Vec<_> = self.filters.iter().cloned().collect();
            let (missed, seen) = {
                let latest = self.shared.latest();
                (latest.matching(&filters, self.seen), latest.sequence())
            };
            self.seen = seen;
            // What a new filter was given before is not missed, whether the old link had brought it as well or not.
            let ahead = std::mem::take(&mut self.ahead);
            let missed = missed.into_iter().filter(|(sequence, message)| ahead.get(&message.topic).is_none_or(|ahead| sequence > ahead));
            missed.for_each(|(_, message)| self.deliver(Message { retained: false, ..message }));
        }
    }

    fn deliver(&self, message: Message) {
        if let Err(TrySendError::Full(_)) = self.mail.try_send(message) {
            self.stats.refuse(Refused::SlowSubscriber);
        }
    }
}

async fn next(link: &mut Option<(String, Link)>) -> Result<(u64, Message), Gone> {
    match link {
        Some((_, link)) => link.next().await,
        None => std::future::pending().await,
    }
}

/// The one filter that a connection has in the router: its lesson's tree, or everything. Its own filters are matched
/// here: a router never forgets a filter, and delivers a message twice to two that overlap.
fn scope(filters: &BTreeSet<String>) -> Option<String> {
    let lesson = |filter: &String| {
        let mut levels = filter.split('/');
        match (levels.next(), levels.next(), levels.next()) {
            (Some(root), Some(lesson), Some(_)) if !filter.starts_with(['+', '#']) && !lesson.contains(['+', '#']) => {
                Some(format!("{root}/{lesson}/#"))
            }
            _ => None,
        }
    };
    let mut scopes: BTreeSet<_> = filters.iter().map(lesson).collect();
    match scopes.pop_first()? {
        Some(scope) if scopes.is_empty() => Some(scope),
        _ => Some(topic::ALL_OUT.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_has_one_filter_in_the_router() {
        let check = |filters: &[&str], expected: Option<&str>| {
            let filters = filters.iter().map(|filter| (*filter).to_owned()).collect();
            assert_eq!(scope(&filters).as_deref(), expected, "{filters:?}");
        };
        check(&[], None);
        check(&["out/a/#"], Some("out/a/#"));
        check(&["out/a/thing/x", "out/a/+/y", "out/a/outcomes"], Some("out/a/#"));
        check(&["out/a/#", "out/b/#"], Some("out/#"));
        check(&["out/+/outcomes"], Some("out/#"));
        check(&["out/a/x", "out/#"], Some("out/#"));
    }
}
