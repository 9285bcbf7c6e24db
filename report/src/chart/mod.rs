//! Charts, drawn by plotters as SVG.
//!
//! A drawing has no colours of its own: each ink is a shade that stands for a name, and the page's style
//! replaces it, in light, in dark, on paper and where a reader forces colours. Nothing is told by colour
//! alone: areas are full, hatched or outlined, lines whole or of dashes, and every bar has its figures
//! in words.

mod bars;
mod lines;

pub use bars::{Row, Track, bars};
pub use lines::{Series, lines};

use plotters::{
    backend::SVGBackend,
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea},
    style::{
        FontDesc, RGBColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::parts::Ink;

/// Pixels of a drawing across, for wide and for narrow screens.
const WIDTHS: [u32; 2] = [760, 320];

/// Lines that help reading.
const FAINT: RGBColor = RGBColor(0x60, 0x60, 0x60);
/// Words.
const WORDS: RGBColor = RGBColor(0x70, 0x70, 0x70);

/// The shade that stands for an ink: style.css has the same.
fn shade(ink: Ink) -> RGBColor {
    let shade = match ink {
        Ink::Owed => 0x10,
        Ink::Known => 0x20,
        Ink::Word => 0x30,
        Ink::Debt => 0x40,
        Ink::Fund => 0x50,
        Ink::Line => 0x80,
        Ink::Dashes => 0x90,
        Ink::Guide => 0x10,
    };
    RGBColor(shade, shade, shade)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A drawing of this size.
fn drawing(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&area).and_then(|()| area.present()).expect("a string takes all");
    }
    svg
}

/// Words that end or begin at their place, and stand below it.
fn words(size: i32, at: HPos) -> TextStyle<'static> {
    let style: TextStyle<'static> = FontDesc::from(("sans-serif", size)).into();
    style.color(&WORDS).pos(Pos::new(at, VPos::Top))
}

/// So many characters of a text at most.
fn brief(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
