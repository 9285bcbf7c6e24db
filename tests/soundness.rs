//! No constraint without a witness that only it rejects.

use pacioli_circuits::testing::small_book;

#[test]
fn an_honest_book_breaks_nothing() {
    assert_eq!(small_book().broken(), Vec::<String>::new());
}
