//! Tables whose columns line up by the width that text has on the screen.

use console::{Alignment, measure_text_width, pad_str, truncate_str};

use super::screen::{WIDTH, dim};

/// A column: its title, and on which side its cells stand.
struct Column {
    title: &'static str,
    alignment: Alignment,
    most: usize,
}

/// A table. Cells may hold colours.
#[derive(Default)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

enum Row {
    Cells(Vec<String>),
    Below(usize, String),
    Rule,
}

/// What stands between two columns.
const GAP: &str = "  ";

impl Table {
    /// A column whose cells begin on the left, cut to a width.
    pub(crate) fn left(mut self, title: &'static str, most: usize) -> Self {
        self.columns.push(Column { title, alignment: Alignment::Left, most });
        self
    }

    /// A column of numbers.
    pub(crate) fn right(mut self, title: &'static str) -> Self {
        self.columns.push(Column { title, alignment: Alignment::Right, most: WIDTH });
        self
    }

    pub(crate) fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(Row::Cells(cells.into_iter().map(|cell| cell.to_string()).collect()));
    }

    /// A line that begins under a column and goes on under the next ones.
    pub(crate) fn below(&mut self, column: usize, text: impl ToString) {
        self.rows.push(Row::Below(column, text.to_string()));
    }

    /// A rule, for example above a sum.
    pub(crate) fn rule(&mut self) {
        self.rows.push(Row::Rule);
    }

    pub(crate) fn print(&self) {
        let widths: Vec<usize> = (0..self.columns.len()).map(|place| self.width(place)).collect();
        let whole = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.to_owned()).collect();
        println!("  {}", dim(self.joined(&titles, &widths)));
        println!("  {}", dim("─".repeat(whole)));
        for row in &self.rows {
            match row {
                Row::Cells(cells) => println!("  {}", self.joined(cells, &widths)),
                Row::Below(column, text) => {
                    let start = widths[..*column].iter().map(|width| width + GAP.len()).sum::<usize>();
                    let text = truncate_str(text, WIDTH.saturating_sub(start + 2), "…");
                    println!("  {}{text}", " ".repeat(start));
                }
                Row::Rule => println!("  {}", dim("─".repeat(whole))),
            }
        }
    }

    fn width(&self, place: usize) -> usize {
        let column = &self.columns[place];
        let cells = self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => cells.get(place).map(|cell| measure_text_width(cell)),
            Row::Below(..) | Row::Rule => None,
        });
        let widest = cells.max().unwrap_or_default().max(measure_text_width(column.title));
        widest.min(column.most)
    }

    fn joined(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (place, (column, width)) in self.columns.iter().zip(widths).enumerate() {
            if place > 0 {
                line.push_str(GAP);
            }
            let cell = cells.get(place).map_or("", String::as_str);
            line.push_str(&pad_str(&truncate_str(cell, *width, "…"), *width, column.alignment, None));
        }
        line.trim_end().to_owned()
    }
}
