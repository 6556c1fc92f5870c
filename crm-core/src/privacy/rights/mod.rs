//! The rights of data subjects: requests with the clocks of their laws, what is handed out, and what follows.
//!
//! A request comes in, its clock runs by the law that it is made under ([`clock`]), the work on it is listed store by
//! store, and every step is an event that stays. [`Rights`] has what is done with requests; the packages that answer
//! requests for access and portability are in [`package`].

mod actions;
mod area;
pub mod clock;
mod clockwork;
mod decisions;
mod due;
pub mod ids;
pub mod kinds;
pub mod model;
pub mod package;
mod rectify;
mod rules;
mod stores;

pub use actions::IdentityCheck;
pub use area::Rights;
pub use clockwork::RequestClock;
pub use decisions::Review;
pub use due::DueRequest;
pub use ids::{
    AutomatedDecisionId, PublicHolidayId, RightsRequestEventId, RightsRequestId, RightsRequestTaskId,
};
pub use kinds::{
    IdentityState, PauseReason, RefusalGround, RequestChannel, RequestStatus, ReviewState, RightsEventKind,
    RightsRegime, SubjectRight, TaskState, TrafficLight,
};
pub use model::{AutomatedDecision, PublicHoliday, RightsRequest, RightsRequestEvent, RightsRequestTask};
pub use package::{Language, Package, PackageFile, PackageFormat, PackageOptions};
pub use rectify::{Rectification, Rectified};

crate::record::areas! {
    /// The requests of data subjects.
    rights_requests: RightsRequest;
    /// What happened to requests.
    rights_request_events: RightsRequestEvent;
    /// The work that requests ask for, store by store.
    rights_request_tasks: RightsRequestTask;
    /// The decisions that programs made about people.
    automated_decisions: AutomatedDecision;
    /// The days on which the controller does not work, besides those that the engine knows.
    public_holidays: PublicHoliday;
}
