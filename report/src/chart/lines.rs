//! Lines over time.

use jiff::{SignedDuration, Timestamp};
use plotters::{
    chart::ChartBuilder,
    element::{Circle, TriangleMarker},
    series::{DashedLineSeries, LineSeries},
    style::{Color, text_anchor::HPos},
};

use super::{Area, Drawn, FAINT, WIDTHS, WORDS, drawing, shade, words};
use crate::{parts::Ink, worth::short};

/// One line.
#[derive(Clone, Debug)]
pub struct Series {
    /// How it is drawn.
    pub ink: Ink,
    /// Its points in order of time.
    pub points: Vec<(Timestamp, f64)>,
}

/// Points beyond which they are not marked one by one.
const MARKED: usize = 60;
const DAY: f64 = 86_400.0;

/// The lines, for wide and for narrow screens, on a scale that reaches to `with`: to 0, or to what they
/// are to be compared with, which is drawn. `None` with fewer than two points in time.
pub fn lines(series: &[Series], with: Option<f64>) -> Option<[String; 2]> {
    let points = || series.iter().flat_map(|one| &one.points);
    let first = points().map(|(time, _)| *time).min()?;
    let last = points().map(|(time, _)| *time).max()?;
    let span = days(first, last);
    if span <= 0.0 {
        return None;
    }
    let values = || points().map(|(_, value)| *value).chain(with);
    let least = values().fold(f64::INFINITY, f64::min);
    let most = values().fold(f64::NEG_INFINITY, f64::max);
    let room = ((most - least) * 0.15).max(most.abs() * 0.005).max(1e-9);
    let scale = if least == 0.0 { 0.0 } else { least - room }..most + room;
    Some(WIDTHS.map(|width| {
        drawing((width, if width == WIDTHS[0] { 260 } else { 230 }), |area| {
            draw(area, series, (first, span, with), scale.clone(), width == WIDTHS[0])
        })
    }))
}

fn days(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / DAY
}

/// A day as text, with the hour where there are few days.
fn named(first: Timestamp, day: f64, span: f64) -> String {
    let time = first.checked_add(SignedDuration::from_secs_f64(day * DAY));
    let text = time.unwrap_or(first).to_string();
    let (date, hour) = text.split_once('T').unwrap_or((&text, ""));
    match (span < 3.0, hour.get(..5)) {
        (true, Some(hour)) => format!("{} {hour}", date.get(5..).unwrap_or(date)),
        _ => date.to_owned(),
    }
}

fn draw(
    area: &Area<'_>,
    series: &[Series],
    (first, span, with): (Timestamp, f64, Option<f64>),
    scale: std::ops::Range<f64>,
    is_wide: bool,
) -> Drawn {
    let is_small = scale.end < 100.0;
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .margin_right(if is_wide { 44 } else { 34 })
        .x_label_area_size(28)
        .y_label_area_size(if is_wide { 60 } else { 48 })
        .build_cartesian_2d(0.0..span, scale)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(FAINT.mix(0.0))
        .bold_line_style(FAINT.stroke_width(1))
        .axis_style(WORDS.stroke_width(1))
        .label_style(words(if is_wide { 12 } else { 11 }, HPos::Left))
        .x_labels(if is_wide { 6 } else { 3 })
        .y_labels(5)
        .x_label_formatter(&|day| named(first, *day, span))
        .y_label_formatter(&|value| if is_small { format!("{value:.3}") } else { short(*value) })
        .draw()?;
    if let Some(with) = with.filter(|with| *with != 0.0) {
        let line = [(0.0, with), (span, with)];
        chart.draw_series(LineSeries::new(line, shade(Ink::Guide).stroke_width(1)))?;
    }
    for one in series {
        let ink = shade(one.ink);
        let points: Vec<_> =
            one.points.iter().map(|(time, value)| (days(first, *time), *value)).collect();
        if one.ink == Ink::Dashes {
            let line = DashedLineSeries::new(points.clone(), 7, 5, ink.stroke_width(2));
            chart.draw_series(line)?;
        } else {
            chart.draw_series(LineSeries::new(points.clone(), ink.stroke_width(2)))?;
        }
        if points.len() > MARKED {
            continue;
        }
        if one.ink == Ink::Dashes {
            let marks = points.iter().map(|place| TriangleMarker::new(*place, 6, ink.filled()));
            chart.draw_series(marks)?;
        } else {
            chart.draw_series(points.iter().map(|place| Circle::new(*place, 4, ink.filled())))?;
        }
    }
    Ok(())
}
