//! The world's clock as devices see it, and the wish to stop.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Unix time, s. A simulated phone has a clock of its own: this is what it is set by.
pub(crate) fn unix_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// Becomes true when the simulation shall end early: phones finish what is in flight and say goodbye.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Ends a simulation; dropping it ends nothing.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// A pair of a [`Stopper`] and the [`Stop`] that hears it.
pub fn stopper() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks everybody to stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// A simulation that runs to its end.
    pub fn never() -> Self {
        stopper().1
    }

    /// Whether to stop.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until asked; for ever if nobody is left who could.
    pub async fn asked(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
