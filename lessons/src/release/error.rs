//! Why something is not released, or a Release not believed.

use super::Week;

/// Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The template shares nothing.
    #[error("this lesson's template does not allow results to leave the hub (share.aggregates = false)")]
    NotAllowed,
    /// The template shares no single results.
    #[error(
        "this lesson's template does not allow single results to leave the hub (share.singles = false); release the class's numbers only"
    )]
    SinglesNotAllowed,
    /// k-anonymity.
    #[error("{n} results count, and a release needs at least {k}: with fewer, a number would tell of single groups")]
    TooFew {
        /// Results that count.
        n: u32,
        /// How many it takes.
        k: u32,
    },
    /// Infinite, or so large that their squares are.
    #[error("some results are no numbers that a mean can be made of; leave those out first")]
    NotNumbers,
    /// A label or region that is none.
    #[error("{field}: write 1 to {most} characters, letters and signs only", most = super::LABEL)]
    Name {
        /// `label` or `region`.
        field: &'static str,
    },
    /// An earlier Release of the lesson and this one together would tell of few.
    #[error(
        "an earlier release of this lesson differs by few results ({more} more, {fewer} fewer): both together would tell of single groups, \
         because fewer than {k} differ. Withdraw the earlier one before anybody has fetched it, or leave it as it is"
    )]
    Difference {
        /// Results that are new or have changed.
        more: u32,
        /// Results that are not in it any more, or have changed.
        fewer: u32,
        /// How many would have to differ.
        k: u32,
    },
    /// Released before.
    #[error("these very results are released already; withdraw that release first if it is to look different")]
    Again,
    /// A format of another hub.
    #[error("it has format {found}, and this hub reads format {known}; a newer hub may", known = super::FORMAT)]
    Format {
        /// As it says.
        found: u32,
    },
    /// k below what is anonymous.
    #[error("it has k = {k}: numbers with fewer than {least} results behind them tell of single groups, and this hub does not keep them", least = super::LEAST_K)]
    SmallK {
        /// As it says.
        k: u32,
    },
    /// From the future.
    #[error("it is of week {week}, which has not begun: the clock of the hub that made it, or of this one, is wrong")]
    Future {
        /// As it says.
        week: Week,
    },
    /// Numbers that cannot all be true.
    #[error("its numbers contradict each other: {0}")]
    Contradiction(&'static str),
    /// Not written as a Release is.
    #[error("{field} is not written as it must be: {fix}")]
    Written {
        /// Which key.
        field: &'static str,
        /// What would be right.
        fix: &'static str,
    },
}
