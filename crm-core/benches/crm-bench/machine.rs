//! What the figures were measured on, as far as the operating system says.

use std::fs;

use crm_core::Clock;

/// The machine and the day.
pub(crate) struct Machine {
    /// The name of the processor.
    pub(crate) processor: String,
    /// How many of them the program may use.
    pub(crate) cores: usize,
    /// The operating system.
    pub(crate) system: String,
    /// The day in UTC.
    pub(crate) day: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find(|line| line.starts_with("model name"));
        let model = model.and_then(|line| line.split_once(':')).map(|(_, name)| name.trim().to_owned());
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: model.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, kernel.trim()),
            day: crm_core::SystemClock.now().to_string().chars().take(10).collect(),
        }
    }
}

/// How many programs wanted a processor in the last minute, on average; nothing where nobody says.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// The most memory that the process has held so far, in bytes; nothing where nobody says.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}
