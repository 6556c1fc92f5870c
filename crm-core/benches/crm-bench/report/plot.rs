//! Cost against size: one small plot for each step, all on one sheet, both axes logarithmic.

use std::path::Path;

use plotters::prelude::*;

use super::{Run, grouped, steps};
use crate::measure::{Line, real};

const COLUMNS: usize = 4;
const WIDTH: u32 = 340;
const HEIGHT: u32 = 230;
/// The strip above the plots, which says once what the colours mean.
const HEADER: u32 = 34;
const FLOOR: RGBColor = RGBColor(140, 140, 140);
const ENGINE: RGBColor = RGBColor(0, 110, 180);

/// Draws the sheet.
pub(super) fn sheet(runs: &[Run], path: &Path) {
    let steps = steps(runs);
    if steps.is_empty() {
        return;
    }
    let rows = steps.len().div_ceil(COLUMNS);
    let height = HEADER + HEIGHT * u32::try_from(rows).expect("there are few steps");
    let columns = u32::try_from(COLUMNS).expect("there are few columns");
    let root = SVGBackend::new(path, (WIDTH * columns, height)).into_drawing_area();
    root.fill(&WHITE).expect("an SVG file takes everything");
    let (strip, plots) = root.split_vertically(HEADER);
    header(&strip);
    for (area, step) in plots.split_evenly((rows, COLUMNS)).iter().zip(steps) {
        plot(area, runs, step);
    }
    root.present().expect("the plots can be written");
}

fn header(area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) {
    let mut left = 12;
    for (words, colour) in [("floor: SQL by hand", FLOOR), ("engine", ENGINE)] {
        let line = PathElement::new([(left, 17), (left + 22, 17)], colour.stroke_width(2));
        area.draw(&line).expect("an SVG file takes everything");
        area.draw(&Circle::new((left + 11, 17), 3, colour.filled())).expect("an SVG file takes everything");
        area.draw(&Text::new(words, (left + 30, 11), ("sans-serif", 13)))
            .expect("an SVG file takes everything");
        left += 170;
    }
    let axes =
        "microseconds of processor time an operation, against the number of contacts; both logarithmic";
    area.draw(&Text::new(axes, (left, 11), ("sans-serif", 13))).expect("an SVG file takes everything");
}

fn plot(area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, runs: &[Run], step: &Line) {
    let points = |of: fn(&Line) -> f64| -> Vec<(f64, f64)> {
        runs.iter().filter_map(|run| Some((real(run.size), of(run.line(step.name)?)))).collect()
    };
    let (floor, engine) = (points(|line| line.bare), points(|line| line.engine));
    let all = || floor.iter().chain(&engine);
    let least = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(f64::MAX, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(0.0, f64::max);
    // A little room around the sizes; whole decades of cost, whose ends are what the axis is labelled with.
    let across = least(|point| point.0) / 1.6..most(|point| point.0) * 1.6;
    let decade = |cost: f64| 10_f64.powf(cost);
    let up = decade(least(|point| point.1).log10().floor())..decade(most(|point| point.1).log10().ceil());
    let (across, up) = (across.log_scale(), up.log_scale());
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .caption(step.name, ("sans-serif", 13))
        .x_label_area_size(22)
        .y_label_area_size(52)
        .build_cartesian_2d(across, up)
        .expect("the ranges are not empty");
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.08))
        .x_labels(4)
        .y_labels(4)
        .x_label_formatter(&|size| grouped(*size))
        .y_label_formatter(&|micros| format!("{} µs", grouped(*micros)))
        .label_style(("sans-serif", 10))
        .draw()
        .expect("an SVG file takes everything");
    for (points, colour) in [(floor, FLOOR), (engine, ENGINE)] {
        let dots = points.iter().map(|point| Circle::new(*point, 3, colour.filled()));
        chart.draw_series(dots).expect("an SVG file takes everything");
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))
            .expect("an SVG file takes everything");
    }
}
