//! What a connection reads: filters inside its rules, forwarded to the fan-out.

use std::sync::Arc;

use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{SubscribeFilter, SubscribeReasonCode};
use tokio::sync::mpsc;

use crate::admission::Login;

use super::door::Shared;
use super::fanout::{Change, Message};
use super::stats::Refused;

/// The subscriptions of one connection; no place at the fan-out is taken before the first granted filter.
pub(super) struct Subscriptions {
    shared: Arc<Shared>,
    changes: Option<mpsc::Sender<Change>>,
    filters: Vec<String>,
}

impl Subscriptions {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, changes: None, filters: Vec::new() }
    }

    /// Decides about the filters of one SUBSCRIBE: a return code for each, and once, with the first granted filter,
    /// the mail that the writer has to deliver. [`Self::activate`] follows after the SUBACK.
    pub(super) fn decide(
        &mut self,
        who: Option<&Login>,
        wanted: &[SubscribeFilter],
    ) -> (Vec<SubscribeReasonCode>, Vec<String>, Option<mpsc::Receiver<Message>>) {
        let (mut codes, mut granted, mut mail) = (Vec::with_capacity(wanted.len()), Vec::new(), None);
        for SubscribeFilter { path, .. } in wanted {
            let known = self.filters.contains(path);
            let allowed = path.len() <= self.shared.limits.topic_bytes
                && (known || self.filters.len() < self.shared.limits.filters)
                && may_read(who, path);
            if allowed
                && self.changes.is_none()
                && let Some(subscriber) = self.shared.fanout.join(self.shared.limits.mail, self.shared.stats.clone())
            {
                self.shared.stats.subscribed(true);
                self.changes = Some(subscriber.changes);
                mail = Some(subscriber.mail);
            }
            if allowed && self.changes.is_some() {
                if !known {
                    self.filters.push(path.clone());
                }
                granted.push(path.clone());
                // The fan-out delivers at most once; the norm lets a server grant less than was asked for.
                codes.push(SubscribeReasonCode::Success(QoS::AtMostOnce));
            } else {
                self.shared.stats.refuse(Refused::Subscription);
                codes.push(SubscribeReasonCode::Failure);
            }
        }
        (codes, granted, mail)
    }

    /// Lets messages for granted filters come; the kept ones follow at once, also for a filter subscribed to again.
    pub(super) async fn activate(&mut self, granted: Vec<String>) {
        for filter in granted {
            self.change(Change::Add(filter)).await;
        }
    }

    /// Drops filters; unknown ones are no error.
    pub(super) async fn remove(&mut self, filters: Vec<String>) {
        for filter in filters {
            if let Some(index) = self.filters.iter().position(|known| *known == filter) {
                self.filters.swap_remove(index);
                self.change(Change::Remove(filter)).await;
            }
        }
    }

    async fn change(&self, change: Change) {
        if let Some(changes) = &self.changes {
            // Closed only when the fan-out has stopped, that is with the hub.
            let _ = changes.send(change).await;
        }
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        if self.changes.is_some() {
            self.shared.stats.subscribed(false);
        }
    }
}

/// Whether somebody may read what a filter stands for. `in/…` may be read by nobody, and a lesson is read by who names it.
fn may_read(who: Option<&Login>, filter: &str) -> bool {
    match who {
        Some(Login::Thing(access)) => topic::covers(&topic::thing_out(access.lesson, access.thing), filter),
        Some(Login::Teacher(None)) => topic::is_of_one_lesson(filter),
        Some(Login::Teacher(Some(lessons))) => lessons.iter().any(|&lesson| topic::covers(&topic::lesson_out(lesson), filter)),
        Some(Login::Realm { .. }) | None => false,
    }
}
