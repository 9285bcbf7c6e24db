//! The kinds of Parquet columns, and the exact numbers of their values.

use pacioli_rules::{Decimal, DecimalError, MAX_DIGITS};
use parquet::{
    basic::{ConvertedType, LogicalType, Type},
    schema::types::ColumnDescriptor,
};

use super::super::error::Fault;

/// The meaning of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// UTF-8.
    Text,
    /// `unscaled / 10^scale`.
    Decimal { scale: u32 },
    /// 32 or 64 bits.
    Integer { signed: bool },
}

/// The kind of a column, or a fault if a snapshot cannot use it; with `of_names` it must be text.
pub(super) fn kind_of(column: &ColumnDescriptor, of_names: bool) -> Result<Kind, Fault> {
    use ConvertedType as C;
    let physical = column.physical_type();
    let logical = column.logical_type_ref();
    if matches!(physical, Type::FLOAT | Type::DOUBLE)
        || matches!(logical, Some(LogicalType::Float16))
    {
        return Err(Fault::FloatColumn { column: column.name().to_owned() });
    }
    // Older writers omit the logical type; if given, it alone decides.
    let meaning = match logical {
        None => Some(column.converted_type()),
        Some(LogicalType::String) => Some(C::UTF8),
        Some(LogicalType::Decimal(_)) => Some(C::DECIMAL),
        Some(LogicalType::Integer(integer)) if integer.is_signed => Some(C::INT_64),
        Some(LogicalType::Integer(_)) => Some(C::UINT_64),
        Some(_) => None,
    };
    let kind = match (physical, meaning) {
        (Type::BYTE_ARRAY, Some(C::UTF8)) => Some(Kind::Text),
        (
            Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY,
            Some(C::DECIMAL),
        ) => decimal_scale(column).map(|scale| Kind::Decimal { scale }),
        (
            Type::INT32 | Type::INT64,
            Some(C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64),
        ) => Some(Kind::Integer { signed: true }),
        (Type::INT32 | Type::INT64, Some(C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64)) => {
            Some(Kind::Integer { signed: false })
        }
        _ => None,
    };
    match kind {
        Some(kind) if !of_names || kind == Kind::Text => Ok(kind),
        _ => Err(Fault::ColumnType {
            column: column.name().to_owned(),
            expected: if of_names { "strings" } else { "DECIMAL, integers or strings" },
            got: match logical {
                Some(logical) => format!("{physical} ({logical:?})"),
                None => format!("{physical} ({})", column.converted_type()),
            },
        }),
    }
}

/// The scale of a `DECIMAL`, if a [`Decimal`] can have it.
fn decimal_scale(column: &ColumnDescriptor) -> Option<u32> {
    let scale = match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) => decimal.scale,
        _ => column.type_scale(),
    };
    u32::try_from(scale).ok().filter(|&scale| scale as usize <= MAX_DIGITS)
}

impl Kind {
    /// The number encoded in 32 bits.
    pub fn number_in_32_bits(self, bits: i32) -> Result<Decimal, DecimalError> {
        match self {
            Self::Integer { signed: false } => self.number((bits as u32).into()),
            _ => self.number(bits.into()),
        }
    }

    /// The number encoded in 64 bits.
    pub fn number_in_64_bits(self, bits: i64) -> Result<Decimal, DecimalError> {
        match self {
            Self::Integer { signed: false } => self.number((bits as u64).into()),
            _ => self.number(bits.into()),
        }
    }

    /// The number of an unscaled integer.
    fn number(self, unscaled: i128) -> Result<Decimal, DecimalError> {
        let scale = match self {
            Self::Decimal { scale } => scale,
            Self::Text | Self::Integer { .. } => 0,
        };
        if unscaled.unsigned_abs() < 10u128.pow(MAX_DIGITS as u32) {
            Ok(Decimal::new(unscaled, scale))
        } else {
            Err(DecimalError::TooLong(unscaled.to_string()))
        }
    }

    /// The number encoded as a big-endian integer in two's complement.
    pub fn number_in_bytes(self, bytes: &[u8]) -> Result<Decimal, DecimalError> {
        let first = bytes.first().ok_or(DecimalError::Missing)?;
        let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
        let (head, tail) = bytes.split_at(bytes.len().saturating_sub(size_of::<i128>()));
        let mut word = [fill; size_of::<i128>()];
        word[size_of::<i128>() - tail.len()..].copy_from_slice(tail);
        let unscaled = i128::from_be_bytes(word);
        let negative = fill != 0;
        if head.iter().all(|&byte| byte == fill) && (unscaled < 0) == negative {
            self.number(unscaled)
        } else {
            Err(DecimalError::TooLong(format!("an integer of {} bytes", bytes.len())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTS: Kind = Kind::Decimal { scale: 2 };

    #[test]
    fn bytes_are_a_signed_integer_of_any_length() {
        let number = |bytes: &[u8]| CENTS.number_in_bytes(bytes).unwrap().to_string();
        assert_eq!(number(&[0x7B]), "1.23");
        assert_eq!(number(&[0xFF]), "-0.01");
        assert_eq!(number(&[0x00, 0x80]), "1.28");
        assert_eq!(number(&[[0; 16].as_slice(), &[0x01]].concat()), "0.01");
        assert_eq!(number(&[0xFF; 20]), "-0.01");
    }

    #[test]
    fn integers_past_the_digits_of_a_decimal_are_refused() {
        let most = 10i128.pow(MAX_DIGITS as u32) - 1;
        for unscaled in [most, -most] {
            assert_eq!(
                CENTS.number_in_bytes(&unscaled.to_be_bytes()).unwrap().mantissa(),
                unscaled
            );
        }
        for unscaled in [most + 1, -most - 1, i128::MIN] {
            let number = CENTS.number_in_bytes(&unscaled.to_be_bytes());
            assert!(matches!(number, Err(DecimalError::TooLong(_))));
        }
        for bytes in [[[0].as_slice(), &[0x80; 16]].concat(), [[1].as_slice(), &[0; 16]].concat()] {
            assert!(matches!(CENTS.number_in_bytes(&bytes), Err(DecimalError::TooLong(_))));
        }
        assert_eq!(CENTS.number_in_bytes(&[]), Err(DecimalError::Missing));
    }
}
