//! Bars from left to right, with a name and figures above each.

use plotters::{
    coord::{ranged1d::Ranged, types::RangedCoordf64},
    element::{PathElement, Rectangle, Text},
    style::{Color, ShapeStyle, text_anchor::HPos},
};

use super::{Area, Drawn, FAINT, WIDTHS, brief, drawing, shade, words};
use crate::{parts::Ink, shown::shown, worth::short};

/// Bars of one line, each beginning where the one before ends, and a mark across it.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// The bars.
    pub bars: Vec<(Ink, f64)>,
    /// The mark.
    pub mark: Option<f64>,
}

/// The tracks of one thing.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its figures, in few words.
    pub says: String,
    /// Its tracks, from above.
    pub tracks: Vec<Track>,
}

const SIZE: i32 = 13;
const TRACK: i32 = 13;
const EDGE: i32 = 6;

/// The rows, for wide and for narrow screens.
pub fn bars(rows: &[Row]) -> [String; 2] {
    WIDTHS.map(|width| {
        let heights = rows.iter().map(|row| height(row, width));
        let tall = 24 + heights.sum::<i32>();
        drawing((width, tall.unsigned_abs()), |area| draw(area, rows, width, tall))
    })
}

/// A narrow row has its figures on a line of their own.
fn height(row: &Row, width: u32) -> i32 {
    let lines = if width == WIDTHS[0] { 1 } else { 2 };
    lines * (SIZE + 5) + row.tracks.len() as i32 * (TRACK + 2) + 12
}

fn largest(rows: &[Row]) -> f64 {
    let tracks = rows.iter().flat_map(|row| &row.tracks);
    let ends = tracks.flat_map(|track| {
        let end: f64 = track.bars.iter().map(|(_, length)| length).sum();
        [end, track.mark.unwrap_or_default()]
    });
    ends.fold(0.0, f64::max)
}

fn draw(area: &Area<'_>, rows: &[Row], width: u32, tall: i32) -> Drawn {
    let right = i32::try_from(width).unwrap_or_default() - EDGE;
    // Where all is nothing, any scale does.
    let most = Some(largest(rows)).filter(|most| *most > 0.0).unwrap_or(1.0);
    let x = |value: f64| EDGE + (value / most * f64::from(right - EDGE)).round() as i32;
    let is_wide = width == WIDTHS[0];
    let ticks = RangedCoordf64::from(0.0..most);
    let ticks = ticks.key_points(if is_wide { 7 } else { 4 });
    let places: Vec<i32> = ticks.iter().map(|tick| x(*tick)).collect();
    let floor = tall - 20;
    for (tick, place) in ticks.into_iter().zip(places.iter().copied()) {
        area.draw(&PathElement::new(
            [(place, floor - 3), (place, floor + 1)],
            FAINT.stroke_width(1),
        ))?;
        let at = match () {
            () if place < EDGE + 20 => HPos::Left,
            () if place > right - 20 => HPos::Right,
            () => HPos::Center,
        };
        area.draw(&Text::new(short(tick), (place, floor + 4), words(11, at)))?;
    }
    let mut top = 2;
    for row in rows {
        let name = brief(&shown(&row.name), if is_wide { 44 } else { 40 });
        area.draw(&Text::new(name, (EDGE, top), words(SIZE, HPos::Left)))?;
        let mut next = top + SIZE + 5;
        if is_wide {
            area.draw(&Text::new(row.says.clone(), (right, top), words(SIZE, HPos::Right)))?;
        } else {
            area.draw(&Text::new(row.says.clone(), (EDGE, next - 1), words(SIZE - 1, HPos::Left)))?;
            next += SIZE + 5;
        }
        // Lines that help reading stand behind the bars alone, not behind words.
        let end = next + row.tracks.len() as i32 * (TRACK + 2);
        for place in &places {
            let line = [(*place, next - 2), (*place, end)];
            area.draw(&PathElement::new(line, FAINT.stroke_width(1)))?;
        }
        for track in &row.tracks {
            draw_track(area, track, next, &x)?;
            next += TRACK + 2;
        }
        top = next + 12;
    }
    Ok(())
}

fn draw_track(area: &Area<'_>, track: &Track, top: i32, x: &dyn Fn(f64) -> i32) -> Drawn {
    let mut from = 0.0;
    for (ink, length) in &track.bars {
        let places = [(x(from), top), (x(from + length), top + TRACK)];
        from += length;
        if places[0].0 == places[1].0 {
            continue;
        }
        // What is owed is an outline, everything else an area.
        let style: ShapeStyle = match ink {
            Ink::Owed => shade(*ink).stroke_width(2),
            ink => shade(*ink).filled(),
        };
        area.draw(&Rectangle::new(places, style))?;
    }
    if let Some(mark) = track.mark {
        let places = [(x(mark), top - 3), (x(mark), top + TRACK + 3)];
        area.draw(&PathElement::new(places, shade(Ink::Fund).stroke_width(4)))?;
    }
    Ok(())
}
