//! The types of a result's columns: those whose text is exact, and what to do about others.

use postgres::types::{Kind, Type};

/// How a column's text is written as CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// As it is.
    Text,
    /// Without the zeros that end its decimals: they are how it is stored, and not its value.
    Number,
}

/// How a column is written, or why it cannot be.
pub(crate) fn column_of(name: &str, of: &Type) -> Result<Column, String> {
    let refuse = |why: &str| Err(format!("column `{}`: {why}", name.escape_debug()));
    match of.kind() {
        Kind::Domain(base) => return column_of(name, base),
        Kind::Enum(_) => return Ok(Column::Text),
        _ => {}
    }
    match *of {
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UUID => Ok(Column::Text),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::NUMERIC => Ok(Column::Number),
        Type::FLOAT4 | Type::FLOAT8 => refuse(
            "holds floating-point numbers, which are not exact; they must be stored as NUMERIC",
        ),
        Type::MONEY => {
            refuse("is of type money, whose text depends on the server; cast it to numeric")
        }
        Type::BYTEA => {
            refuse("is of type bytea; write encode(..., 'hex') or convert_from(..., 'UTF8')")
        }
        _ if of.name() == "citext" => Ok(Column::Text),
        _ => refuse(&format!("is of type {}; cast it to text or numeric", of.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_exact_text_are_taken_and_others_are_not() {
        for (of, column) in [
            (Type::TEXT, Column::Text),
            (Type::UUID, Column::Text),
            (Type::INT8, Column::Number),
            (Type::NUMERIC, Column::Number),
        ] {
            assert_eq!(column_of("x", &of), Ok(column));
        }
        for of in [Type::FLOAT8, Type::MONEY, Type::BYTEA, Type::JSONB, Type::BOOL, Type::DATE] {
            let why = column_of("x\n", &of).unwrap_err();
            assert!(why.starts_with("column `x\\n`: "), "{why}");
        }
    }
}
