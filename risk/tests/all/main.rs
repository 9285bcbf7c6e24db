//! Stress and calibration on small books.

mod calibrate;
mod stress;
mod stress_classes;
mod stress_margin;
