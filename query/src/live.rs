//! Live views: the newest windows of a property, recomputed where readings arrive, shared by everybody who watches.
//!
//! One task per (lesson, property, window). A commit wakes it, at most twelve times a second; it finds the windows that new
//! readings fall into (late ones too), asks for exactly those with the plan history is asked with, and keeps what
//! changed. A watcher asks for everything after the version it has: a slow one skips versions, nobody has a queue.
//!
//! Each Thing is shown around its own newest reading (`edge.rs`), so that a phone whose clock is wrong is on the board
//! like any other. Windows say the phenomenon time they are of; where on a figure they go is for the page to decide.

mod edge;
mod follow;
mod touched;
mod windows;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use bytes::Bytes;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use crate::reader::Reader;
use crate::scope::Scope;
use crate::spec::Window;
use windows::Windows;

/// What to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LiveSpec {
    /// Of what.
    pub property: ObservedProperty,
    /// How long a window is.
    pub window: Window,
}

pub(crate) type Key = (LessonId, LiveSpec);

/// The views somebody watches.
pub(crate) type Views = Arc<Mutex<HashMap<Key, Weak<View>>>>;

/// What all watchers of a key share. Gone with the last watcher.
pub(crate) struct View {
    key: Key,
    windows: Mutex<Windows>,
    version: watch::Sender<u64>,
    views: Views,
    /// Ends with the view.
    task: OnceLock<AbortOnDropHandle<()>>,
}

impl View {
    fn windows<T>(&self, with: impl FnOnce(&mut Windows) -> T) -> T {
        with(&mut self.windows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        // A new view of the same key may have taken the place already.
        if views.get(&self.key).is_some_and(|view| view.strong_count() == 0) {
            views.remove(&self.key);
        }
    }
}

/// One watcher of a live view, showing what its scope may see. Dropping the last one ends the computation.
#[derive(Clone)]
pub struct LiveView {
    scope: Scope,
    view: Arc<View>,
}

impl std::fmt::Debug for LiveView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveView").field("scope", &self.scope).field("key", &self.view.key).finish_non_exhaustive()
    }
}

impl LiveView {
    /// Changes with every new version, at most twelve times a second. The first one comes even if there is no reading.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.view.version.subscribe()
    }

    /// The windows that changed after `version` (0: all of the horizon) as the bytes of a
    /// [`Frame`](messwerk_lessons::frame::Frame), and the version they lead to. Watchers at the same version share the
    /// same bytes.
    pub fn changes_since(&self, version: u64) -> (u64, Bytes) {
        self.view.windows(|windows| windows.changes_since(version, self.scope.thing_id()))
    }

    /// The windows as they were computed, before a frame rounds them.
    #[cfg(test)]
    pub(crate) fn snapshot(&self) -> Vec<windows::Entry> {
        self.view.windows(|windows| windows.entries())
    }
}

/// Joins the view of a key, or begins it.
pub(crate) fn watch(scope: &Scope, spec: LiveSpec, views: &Views, reader: &Reader) -> LiveView {
    let key = (scope.lesson_id(), spec);
    let mut known = views.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(view) = known.get(&key).and_then(Weak::upgrade) {
        return LiveView { scope: *scope, view };
    }
    let view = Arc::new(View {
        key,
        windows: Mutex::new(Windows::new(spec)),
        version: watch::Sender::new(0),
        views: Arc::clone(views),
        task: OnceLock::new(),
    });
    known.insert(key, Arc::downgrade(&view));
    let task = follow::follow(Arc::downgrade(&view), reader.clone());
    // The view is new, so the place is free.
    let _ = view.task.set(AbortOnDropHandle::new(reader.machine.handle().spawn(task)));
    LiveView { scope: *scope, view }
}

#[cfg(test)]
mod tests;
