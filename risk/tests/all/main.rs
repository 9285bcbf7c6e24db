//! Stress and calibration on small books.

mod calibrate;
mod speed;
mod stress;
mod stress_classes;
mod stress_margin;
