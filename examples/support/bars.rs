//! Bars of block characters.

/// A bar whose length is `value` of `most`, at most `width` columns, in steps of an eighth of a column.
pub(crate) fn bar(value: f64, most: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if most <= 0.0 || value <= 0.0 {
        return String::new();
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few columns"
    )]
    let eighths = ((value / most).min(1.0) * width as f64 * 8.0).round().max(1.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// How many whole columns each part of a stacked bar has; a part that is there has at least one.
pub(crate) fn stack(parts: &[f64], most: f64, width: usize) -> Vec<usize> {
    parts
        .iter()
        .map(|part| {
            if most <= 0.0 || *part <= 0.0 {
                return 0;
            }
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a few columns"
            )]
            let columns = (part / most * width as f64).round().max(1.0) as usize;
            columns
        })
        .collect()
}
