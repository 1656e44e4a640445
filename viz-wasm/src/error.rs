//! What can be wrong with input to the charts. Nothing here panics: the page shows the sentence.

/// Why a message from the hub, or a request of the page, was not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VizError {
    /// A binary message that is no live frame of this version.
    #[error("live data: {0}")]
    Frame(#[from] messwerk_lessons::frame::FrameError),
    /// A text message that does not have the agreed fields.
    #[error("message from the hub: {0}; reload the page, it may be of another version than the hub")]
    Message(#[from] serde_json::Error),
    /// A property this version does not know.
    #[error("message from the hub: unknown property `{0}`; reload the page")]
    Property(String),
    /// A component that does not exist for the property.
    #[error("message from the hub: unknown component `{0}`; it is one of x, y, z, abs or value")]
    Component(String),
    /// A figure's name that is none of `sweep`, `tiles`, `overlay` and `strip`.
    #[error("there is no figure `{0}`; there are sweep, tiles, overlay and strip")]
    Figure(String),
    /// A plain figure's data do not make a figure; the text says what to mend.
    #[error("figure data: {0}")]
    Plain(String),
    /// The drawing backend refused.
    #[error("drawing failed: {0}")]
    Drawing(String),
}

/// The coarse kind of a [`VizError`], for callers that map it to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Bytes or text from outside are not what was agreed.
    Input,
    /// The caller asked for something that does not exist.
    NotFound,
    /// A failure while drawing.
    Internal,
}

impl VizError {
    /// The coarse kind.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Frame(_) | Self::Message(_) | Self::Property(_) | Self::Component(_) | Self::Plain(_) => ErrorKind::Input,
            Self::Figure(_) => ErrorKind::NotFound,
            Self::Drawing(_) => ErrorKind::Internal,
        }
    }
}
