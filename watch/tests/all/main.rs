//! The watch's shipped files, and its rules over the shipped crashes.

mod book;
mod crashes;
mod monitor;
mod systemd;
