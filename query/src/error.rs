//! What can go wrong with a question.

use std::time::Duration;

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::object_store;
use parquet::errors::ParquetError;

/// Why a question has no answer; [`Error::kind`] is what callers decide on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The question itself is wrong; the sentence names the fix.
    #[error("{0}")]
    Invalid(String),
    /// What was asked for is not there or not in the caller's scope.
    #[error("{0}")]
    NotFound(String),
    /// More questions at once than the hub answers.
    #[error("the hub is answering as many questions as it can; ask again in a few seconds")]
    Busy,
    /// The answer took longer than a question may.
    #[error("no answer within {} s; ask for a shorter time span, one thing or a longer window", .0.as_secs())]
    Deadline(Duration),
    /// The reader of a streamed answer stopped reading.
    #[error("nobody read the answer for {} s", .0.as_secs())]
    Stalled(Duration),
    /// The answer needs more memory than a question may have.
    #[error("the answer needs more memory than a question may have; ask for a shorter time span or a longer window")]
    Memory,
    /// A file turned out unreadable while the answer was being written: what was written so far is not all, and the next
    /// answer goes without the file and says so.
    #[error("the data file {0} cannot be read; ask again: the answer then goes without it and says what is missing")]
    Unreadable(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] messwerk_store::Error),
    /// A defect: the plan could not be built or carried out.
    #[error("the question failed: {0}")]
    Engine(DataFusionError),
    /// A defect: the answer could not be written in the format asked for.
    #[error("the answer could not be written: {0}")]
    Encode(String),
}

/// The classes of [`Error`] that callers treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's mistake; asking again does not help.
    Invalid,
    /// Unknown id, or not in scope.
    NotFound,
    /// The question is right and too large.
    TooLarge,
    /// Not now.
    Unavailable,
    /// A defect or a damaged disk.
    Internal,
}

/// `Result` with this crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The class of this error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid(_) => ErrorKind::Invalid,
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Deadline(_) | Self::Memory => ErrorKind::TooLarge,
            Self::Busy | Self::Stalled(_) | Self::Unreadable(_) => ErrorKind::Unavailable,
            Self::Store(error) => match error.kind() {
                messwerk_store::ErrorKind::NotFound => ErrorKind::NotFound,
                messwerk_store::ErrorKind::Unavailable => ErrorKind::Unavailable,
                _ => ErrorKind::Internal,
            },
            Self::Engine(_) | Self::Encode(_) => ErrorKind::Internal,
        }
    }

    /// Whether a file can be what is wrong: what comes from reading or decoding, not from planning or computing. A thread
    /// that panicked may have read nonsense.
    pub(crate) fn is_of_a_file(&self) -> bool {
        let Self::Engine(error) = self else { return matches!(self, Self::Unreadable(_)) };
        let of_a_file = |error: &(dyn std::error::Error + 'static)| {
            error.is::<std::io::Error>()
                || error.is::<ParquetError>()
                || error.is::<ArrowError>()
                || error.is::<object_store::Error>()
                || error.is::<tokio::task::JoinError>()
        };
        std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source()).any(of_a_file)
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => Self::Memory,
            root => match missing_file(root) {
                Some(path) => Self::Unreadable(path),
                None => Self::Engine(error),
            },
        }
    }
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        DataFusionError::from(error).into()
    }
}

/// The path if `error` or anything below it says that a file is not there.
fn missing_file(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(object_store::Error::NotFound { path, .. }) = error.downcast_ref() {
            return Some(path.clone());
        }
        if let Some(Error::Unreadable(path)) = error.downcast_ref() {
            return Some(path.clone());
        }
        next = error.source();
    }
    None
}
