//! Journeys across crates: the tests beside this file prove, verify and attack whole books.
