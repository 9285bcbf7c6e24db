//! The kinds of Parquet columns: what their values mean, and which a snapshot can use.

use parquet::{
    basic::{ConvertedType, LogicalType, Type},
    schema::types::ColumnDescriptor,
};

use crate::snapshot::{error::Fault, reading::Holds};

/// The meaning of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// UTF-8.
    Text,
    /// `unscaled / 10^scale`.
    Decimal { scale: u32 },
    /// 32 or 64 bits.
    Integer { signed: bool },
    /// 16 bytes, of which the text is hexadecimal digits in five groups.
    Uuid,
}

/// The kind of a column, or a fault if a snapshot cannot use it.
pub(super) fn kind_of(column: &ColumnDescriptor, holds: Holds) -> Result<Kind, Fault> {
    use ConvertedType as C;
    let physical = column.physical_type();
    let logical = column.logical_type_ref();
    if holds == Holds::Numbers
        && (matches!(physical, Type::FLOAT | Type::DOUBLE)
            || matches!(logical, Some(LogicalType::Float16)))
    {
        return Err(Fault::FloatColumn { column: column.name().to_owned() });
    }
    // Older writers omit the logical type; if given, it alone decides.
    let meaning = match logical {
        None => Some(column.converted_type()),
        Some(LogicalType::String | LogicalType::Enum) => Some(C::UTF8),
        Some(LogicalType::Decimal(_)) => Some(C::DECIMAL),
        Some(LogicalType::Integer(integer)) if integer.is_signed => Some(C::INT_64),
        Some(LogicalType::Integer(_)) => Some(C::UINT_64),
        Some(_) => None,
    };
    let kind = match (physical, meaning) {
        // Some writers do not say that their strings are text: each is checked when it is read.
        (Type::BYTE_ARRAY, Some(C::UTF8 | C::ENUM | C::NONE)) => Some(Kind::Text),
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
        (Type::FIXED_LEN_BYTE_ARRAY, None)
            if matches!(logical, Some(LogicalType::Uuid)) && column.type_length() == 16 =>
        {
            Some(Kind::Uuid)
        }
        _ => None,
    };
    let (is_usable, expected): (fn(Kind) -> bool, _) = match holds {
        // Whole numbers have one spelling; numbers with decimals are no ids.
        Holds::Accounts => (
            |kind| kind == Kind::Text || kind == Kind::Uuid || kind.is_whole(),
            "strings, integers or UUIDs",
        ),
        Holds::Names => (|kind| kind == Kind::Text, "strings"),
        Holds::Numbers => (|kind| kind != Kind::Uuid, "DECIMAL, integers or strings"),
    };
    kind.filter(|&kind| is_usable(kind)).ok_or_else(|| Fault::ColumnType {
        column: column.name().to_owned(),
        expected,
        got: match logical {
            Some(logical) => format!("{physical} ({logical:?})"),
            None => format!("{physical} ({})", column.converted_type()),
        },
    })
}

/// The scale of a `DECIMAL`, unless it is negative.
fn decimal_scale(column: &ColumnDescriptor) -> Option<u32> {
    let scale = match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) => decimal.scale,
        _ => column.type_scale(),
    };
    u32::try_from(scale).ok()
}

impl Kind {
    /// Whether the values are integers.
    fn is_whole(self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Decimal { scale: 0 })
    }

    /// The decimals of a number.
    pub fn scale(self) -> u32 {
        match self {
            Self::Decimal { scale } => scale,
            Self::Text | Self::Integer { .. } | Self::Uuid => 0,
        }
    }
}
