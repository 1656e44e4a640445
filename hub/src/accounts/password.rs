//! Passwords: what one must be, and its argon2id hash.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;

use crate::api::problem::Problem;

/// Characters of the shortest password.
const SHORTEST: usize = 10;
/// Bytes of the longest.
pub(super) const LONGEST: usize = 1024;
/// Hashes at the same time: on a small computer with two cores the lesson goes on beside them, and they take 38 MiB.
const AT_ONCE: usize = 2;
/// Hashes that wait for their turn, a second or two; one more is told to come back.
const QUEUE: usize = 64;

/// Refuses a password that is too short, and says how to make a good one. Any characters do: rules about them make passwords
/// that people write down.
pub(super) fn check(password: &str) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        let detail = format!(
            "A password has at least {SHORTEST} characters (and at most {LONGEST} bytes), any you like. Good ones are four words that do \
             not belong together: \"cloud piano seven bridge\"."
        );
        let long = password.len() > LONGEST;
        return Err(Problem::bad_request(detail).coded(if long { "password_long" } else { "password_short" }));
    }
    Ok(())
}

type Job = Box<dyn FnOnce() + Send>;

/// Computes hashes, few at a time, on threads of its own: an allocator keeps what a thread once needed, and on the runtime's
/// many threads that would be 19 MiB each. Cheap to share; the threads end with the last that does.
#[derive(Debug, Clone)]
pub(super) struct Hasher {
    jobs: mpsc::Sender<Job>,
    asked: Arc<AtomicUsize>,
}

impl Default for Hasher {
    fn default() -> Self {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..AT_ONCE {
            let waiting = Arc::clone(&waiting);
            // The lock is held for as long as it is waited, not while a hash is computed.
            std::thread::spawn(move || {
                loop {
                    let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { return };
                    // One that panics must not take its thread with it: there are only two.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
                }
            });
        }
        Self { jobs, asked: Arc::default() }
    }
}

/// Counted in until it is dropped.
struct Turn(Arc<AtomicUsize>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn argon2() -> Result<Argon2<'static>, Problem> {
    // OWASP's least for argon2id. More memory would be better against a stolen catalogue and worse on a small computer.
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Problem::internal(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Hasher {
    /// The hash of a new password, with a salt of its own, as text.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Problem> {
        let password = password.to_owned();
        self.turn(move || {
            let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(|error| Problem::internal(&error))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password has this hash.
    pub(super) async fn verify(&self, password: &str, hash: String) -> Result<bool, Problem> {
        let password = password.to_owned();
        self.turn(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| Problem::internal(&error))?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
        let turn = Turn(Arc::clone(&self.asked));
        if self.asked.fetch_add(1, Relaxed) >= AT_ONCE + QUEUE {
            return Err(Problem::unavailable("Very many sign in just now. Try again in a moment.").coded("busy"));
        }
        let (done, answer) = oneshot::channel();
        let job = move || {
            let found = work();
            // Held to the end of the work, also if nobody waits for it any more.
            drop(turn);
            let _ = done.send(found);
        };
        self.jobs.send(Box::new(job)).map_err(|_| Problem::internal(&"nobody computes hashes"))?;
        // Without an answer the work panicked.
        answer.await.unwrap_or_else(|_| Err(Problem::internal(&"a hash was not computed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_all_that_is_asked() {
        for (password, fits) in
            [("", false), ("neun Zeic", false), ("zehn Zeich", true), ("ÄÖÜäöüßéèê", true), ("          ", true), (&"x".repeat(1024), true)]
        {
            assert_eq!(check(password).is_ok(), fits, "{password:?}");
        }
        let refused = check(&"x".repeat(1025)).unwrap_err();
        assert_eq!((refused.status, refused.code), (400, "password_long"));
        assert!(refused.detail.contains("four words"), "{}", refused.detail);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hash_fits_its_password_only_and_never_looks_the_same() {
        let hasher = Hasher::default();
        let (one, other) = (hasher.hash("zehn Zeichen").await.unwrap(), hasher.hash("zehn Zeichen").await.unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(hasher.verify("zehn Zeichen", one.clone()).await.unwrap());
        assert!(!hasher.verify("zehn zeichen", one).await.unwrap());
        assert!(hasher.verify("x", "nonsense".to_owned()).await.is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_storm_has_two_turns_at_a_time_and_a_bounded_queue() {
        use std::sync::atomic::{AtomicBool, AtomicUsize};
        let (hasher, running, most) = (Hasher::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Nobody is ready before everybody has asked.
        let all_asked = Arc::new(AtomicBool::new(false));
        let work = |running: Arc<AtomicUsize>, most: Arc<AtomicUsize>, all_asked: Arc<AtomicBool>| {
            move || {
                most.fetch_max(running.fetch_add(1, Relaxed) + 1, Relaxed);
                while !all_asked.load(Relaxed) {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
                running.fetch_sub(1, Relaxed);
                Ok(())
            }
        };
        let storm = (0..500).map(|_| hasher.turn(work(Arc::clone(&running), Arc::clone(&most), Arc::clone(&all_asked))));
        let (answers, ()) = tokio::join!(futures::future::join_all(storm), async { all_asked.store(true, Relaxed) });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), AT_ONCE + QUEUE);
        assert!(
            answers.iter().filter_map(|answer| answer.as_ref().err()).all(|problem| problem.status == 503 && problem.retry_after.is_some())
        );
        assert_eq!(most.load(Relaxed), AT_ONCE);
        assert_eq!(hasher.asked.load(Relaxed), 0);
    }
}
