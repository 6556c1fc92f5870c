//! What the variables of the environment say.

/// What is measured.
pub(crate) struct Settings {
    /// How many contacts, deals and cases there are.
    pub(crate) sizes: Vec<usize>,
    /// What the name of a step must contain.
    pub(crate) only: Option<String>,
    /// Whether the page of results in the repository is written anew.
    pub(crate) keep: bool,
}

impl Settings {
    pub(crate) fn read() -> Self {
        let sizes = std::env::var("CRM_BENCH_N").unwrap_or_else(|_| "10000,100000".to_owned());
        let sizes = sizes.split(',').map(|size| size.trim().parse().expect("CRM_BENCH_N has numbers"));
        Self {
            sizes: sizes.collect(),
            only: std::env::var("CRM_BENCH_ONLY").ok(),
            keep: std::env::var_os("CRM_BENCH_RESULTS").is_some(),
        }
    }
}
